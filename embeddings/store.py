"""The vector store, and the only door to chromadb: one collection a region, keyed by row id."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, cast

import chromadb
import numpy as np
from chromadb.api.client import Client
from chromadb.config import Settings
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from embeddings.types import Row

_ADD_AT_ONCE = 5000  # Chroma refuses batches much larger than this


class DamagedStore(RuntimeError):
    """The folder of the vector store cannot be opened or lacks what it should hold."""


class Vectors(Protocol):
    """What turns texts of documents, and questions, into unit vectors (embeddings.encoder)."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]: ...

    def encode_questions(self, texts: Sequence[str]) -> NDArray[np.float32]: ...


class _Known(Embeddings):
    """Vectors for langchain: those that are known already, the rest from the encoder."""

    def __init__(self, encoder: Vectors, known: Mapping[str, list[float]]) -> None:
        self._encoder = encoder
        self._known = known
        self.encoded = 0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self.encoded += len(new)
        made = dict(zip(new, self._encoder.encode(new).tolist(), strict=True)) if new else {}
        return [self._known.get(text) or made[text] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


_REGISTRY = threading.Lock()  # chromadb counts the clients of a folder in a table that no lock guards


class VectorStore:
    """The rows of all regions as vectors, in one folder. Close it: it holds files open."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        if not create and not (folder / "chroma.sqlite3").exists():
            raise DamagedStore(f"{folder}: chroma.sqlite3 is missing")
        settings = Settings(anonymized_telemetry=False)
        try:
            with _REGISTRY:
                client = chromadb.PersistentClient(str(folder), settings=settings)
        except Exception as error:  # chromadb raises whatever its sqlite or its Rust part raised
            raise DamagedStore(f"{folder}: {error}") from error
        self._client = cast("Client", client)  # its type lacks close()
        self._collections: dict[str, Chroma] = {}

    def add(self, rows: Sequence[Row], encoder: Vectors, known: Mapping[str, list[float]]) -> int:
        """Add rows; return how many texts had to be encoded because `known` lacks them."""
        vectors = _Known(encoder, known)
        for region in dict.fromkeys(row.region for row in rows):
            collection = self._collection(region, vectors)
            mine = [row for row in rows if row.region == region]
            for start in range(0, len(mine), _ADD_AT_ONCE):
                batch = mine[start : start + _ADD_AT_ONCE]
                collection.add_documents([_document(row) for row in batch], ids=[row.row_id for row in batch])
        return vectors.encoded

    def drop(self, region: str) -> None:
        """Forget all rows of a region."""
        self._collections.pop(region, None)
        self._client.delete_collection(f"region-{region}")

    def known(self, region: str) -> dict[str, list[float]]:
        """Return the vector of every text of a region, by text."""
        held = self._collection(region).get(include=["documents", "embeddings"])
        return dict(zip(held["documents"], (v.tolist() for v in held["embeddings"]), strict=True))

    def regions(self) -> tuple[str, ...]:
        return tuple(c.name.removeprefix("region-") for c in self._client.list_collections())

    def count(self, region: str) -> int:
        """Return how many rows a region has."""
        return len(self._collection(region).get(include=[])["ids"])

    def nearest(
        self, region: str, vector: NDArray[np.float32], k: int, policies: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return (row id, cosine −1 to 1) of the `k` nearest rows of these policies or of all, best first."""
        inside: dict[str, Any] | None = {"policy": {"$in": list(policies)}} if policies is not None else None
        found = self._collection(region).similarity_search_by_vector_with_relevance_scores(
            vector.tolist(), k=k, filter=inside
        )
        return [(str(document.id), 1.0 - distance) for document, distance in found]

    def close(self) -> None:
        self._collections.clear()
        with _REGISTRY:
            self._client.close()

    def _collection(self, region: str, vectors: Embeddings | None = None) -> Chroma:
        if vectors is None and region in self._collections:
            return self._collections[region]
        collection = Chroma(
            collection_name=f"region-{region}",
            embedding_function=vectors,
            client=self._client,
            collection_configuration={"hnsw": {"space": "cosine"}},
        )
        self._collections[region] = collection
        return collection


def _document(row: Row) -> Document:
    return Document(row.text, metadata={"clause": row.clause_id, "policy": row.policy_id})
