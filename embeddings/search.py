"""Both searches, fused, within a chain of regions and a set of policies.

Region and policy are hard filters: what is not in them cannot be found, however similar it is.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from numpy.typing import NDArray

from embeddings.encoder import Encoder
from embeddings.index import DamagedIndex, Manifest, read_manifest, read_rows
from embeddings.lexical import WordIndex
from embeddings.store import DamagedStore, VectorStore
from embeddings.types import ScoredClause
from knowledge.corpus import Corpus

_NEAREST_ROWS = 60
_WORDS = 0.7  # share of the word score in the fused score; the rest is the cosine


@dataclass(slots=True)
class _Hit:
    """A clause, and the best that its rows scored."""

    clause_id: str
    score: float = -2.0
    words: float = 0.0
    cosine: float = -1.0
    row_id: str = ""
    statements: dict[int, float] = field(default_factory=dict)

    def take(self, row_id: str, at: int | None, words: float, cosine: float) -> None:
        score = _fused(words, cosine)
        if score > self.score:
            self.score, self.row_id = score, row_id
        self.words, self.cosine = max(self.words, words), max(self.cosine, cosine)
        if at is not None:
            self.statements[at] = max(self.statements.get(at, -2.0), score)


class Generation:
    """One built index, open for reading."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        place = folder / manifest.generation
        try:
            self._store = VectorStore(place / "vectors")
            regions = self._store.regions()
            self._words = {region: WordIndex.load(place / "words" / region) for region in regions}
            self._rows = {region: read_rows(place, region) for region in regions}
            self._policies = {
                region: {clause_id.partition("#")[0] for _, clause_id, _ in rows}
                for region, rows in self._rows.items()
            }
        except (DamagedStore, OSError, ValueError, KeyError) as error:
            raise DamagedIndex(f"{place}: {error}") from error
        self.name = manifest.generation

    def find(
        self, text: str, vector: NDArray[np.float32], region: str, policies: Sequence[str]
    ) -> list[_Hit]:
        """Return a hit for each of a region's clauses, unordered."""
        rows = self._rows.get(region)
        if rows is None:
            return []
        words = self._words[region].scores(text)
        # Chroma's filter costs several times the search; where it would keep everything it is left out.
        among = None if self._policies[region] <= set(policies) else policies
        near = dict(self._store.nearest(region, vector, _NEAREST_ROWS, among))
        farthest = min(near.values(), default=0.0)
        hits: dict[str, _Hit] = {}
        for (row_id, clause_id, at), word in zip(rows, words.tolist(), strict=True):
            if clause_id.partition("#")[0] in policies:
                hit = hits.setdefault(clause_id, _Hit(clause_id))
                hit.take(row_id, at, word, near.get(row_id, farthest))
        return list(hits.values())

    def close(self) -> None:
        self._store.close()


def _fused(words: float, cosine: float) -> float:
    return _WORDS * words + (1 - _WORDS) * max(cosine, 0.0)


@dataclass(slots=True)
class _Open:
    generation: Generation
    retired: Generation | None = None  # kept one swap longer, for questions that are on their way


class ClauseRetriever(BaseRetriever):
    """langchain's door to the clauses: `invoke(text, regions=…, policies=…)`, best first.

    It notices a new generation by itself and goes over to it between two questions.
    """

    corpus: Corpus
    encoder: Any
    folder: Path
    _lock: threading.Lock
    _open: _Open | None = None

    def __init__(self, corpus: Corpus, encoder: Encoder, folder: Path) -> None:
        super().__init__(corpus=corpus, encoder=encoder, folder=folder)  # type: ignore[call-arg]
        self._lock = threading.Lock()
        self._generation()

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        regions: Sequence[str] = (),
        policies: Sequence[str] = (),
        k: int = 5,
    ) -> list[Document]:
        vector = self.encoder.encode([query])[0]
        generation = self._generation()
        found = [hit for r in regions for hit in generation.find(query, vector, r, policies)]
        found.sort(key=lambda hit: -hit.score)
        return [
            Document(
                self.corpus.clause(hit.clause_id).text,
                id=hit.clause_id,
                metadata={
                    "score": hit.score,
                    "words": hit.words,
                    "vectors": hit.cosine,
                    "row": hit.row_id,
                    "statements": hit.statements,
                },
            )
            for hit in found[:k]
        ]

    def _generation(self) -> Generation:
        manifest = read_manifest(self.folder)
        with self._lock:
            if self._open is None:
                self._open = _Open(Generation(self.folder, manifest))
            elif self._open.generation.name != manifest.generation:
                if self._open.retired:
                    self._open.retired.close()
                self._open = _Open(Generation(self.folder, manifest), self._open.generation)
            return self._open.generation

    def close(self) -> None:
        with self._lock:
            if self._open:
                self._open.generation.close()
                if self._open.retired:
                    self._open.retired.close()
                self._open = None


def scored(corpus: Corpus, documents: Sequence[Document]) -> tuple[ScoredClause, ...]:
    """Return what the retriever found as our own type, in the same order."""
    return tuple(
        ScoredClause(
            clause=corpus.clause(str(document.id)),
            score=document.metadata["score"],
            words=document.metadata["words"],
            vectors=document.metadata["vectors"],
            found_by=document.metadata["row"],
            statements=document.metadata["statements"],
        )
        for document in documents
    )
