"""Both searches, fused, within a chain of regions and a set of policies.

Region and policy are hard filters: what is not in them cannot be found, however similar it is.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from numpy.typing import NDArray

from embeddings.encoder import Encoder
from embeddings.index import JUDGE, DamagedIndex, Listed, Manifest, is_encoded_by, read_manifest, read_rows
from embeddings.learned import ClauseGuess, Judge
from embeddings.lexical import WordIndex
from embeddings.store import DamagedStore, VectorStore
from embeddings.types import ScoredClause
from knowledge.corpus import Corpus
from knowledge.types import Clause

_NEAREST_ROWS = 60


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each part counts: set on the development questions, to nought to see what a part brings."""

    words: float = 0.7  # share of the word score in the fused score; the rest is the cosine
    guess: float = 0.3  # what the phrasings taught (a margin from −1 up), beside the fused score
    judge: float = 1.0  # of the judge's log-odds


class _Region:
    """The rows of one region, laid out so that a question costs a few passes over arrays."""

    def __init__(self, rows: Sequence[Listed], words: WordIndex, guess: ClauseGuess) -> None:
        self.words, self.guess = words, guess
        self.clauses = tuple(dict.fromkeys(row.clause_id for row in rows))
        self.policies = tuple(clause_id.partition("#")[0] for clause_id in self.clauses)
        self.rows = rows
        self._place = {row.row_id: number for number, row in enumerate(rows)}
        clause = {clause_id: number for number, clause_id in enumerate(self.clauses)}
        self._clause = np.array([clause[row.clause_id] for row in rows])
        self._asked = np.array([row.is_asked and row.unsaid is None for row in rows])
        self._unsaid = np.array([row.unsaid is not None for row in rows])
        self.statements = tuple(dict.fromkeys((row.clause_id, row.at) for row in rows if row.at is not None))
        statement = {key: number for number, key in enumerate(self.statements)}
        places = (-1 if row.at is None else statement[row.clause_id, row.at] for row in rows)
        self._statement = np.array(list(places))

    def hits(self, text: str, near: Mapping[str, float], weights: Weights) -> list[_Hit]:
        """Return a hit for each clause, unordered; `near` holds the cosine of the nearest rows."""
        words = self.words.scores(text)
        cosines = np.full(len(self.rows), min(near.values(), default=0.0), dtype=np.float32)
        cosines[[self._place[row_id] for row_id in near]] = list(near.values())
        scores = (weights.words * words + (1 - weights.words) * np.maximum(cosines, 0.0)).astype(np.float32)
        margins = self.guess.margins(text)
        best = self._best(scores, np.ones(len(scores), dtype=bool))
        asked, unsaid = self._best(scores, self._asked), self._best(scores, self._unsaid)
        stated = np.full(len(self.statements), -2.0, dtype=np.float32)
        about = self._statement >= 0
        np.maximum.at(stated, self._statement[about], scores[about])
        hits = {
            clause_id: _Hit(
                clause_id=clause_id,
                score=float(scores[best[number]])
                + weights.guess * max(margins.get(clause_id, -1.0) + 1.0, 0.0),
                words=float(words[best[number]]),
                cosine=float(cosines[best[number]]),
                row_id=self.rows[best[number]].row_id,
                asked=float(scores[asked[number]]) if asked[number] >= 0 else 0.0,
                unsaid=self._unsaid_hit(scores, unsaid[number]),
            )
            for number, clause_id in enumerate(self.clauses)
        }
        for (clause_id, at), score in zip(self.statements, stated.tolist(), strict=True):
            hits[clause_id].statements[at] = score
        return list(hits.values())

    def _best(self, scores: NDArray[np.float32], among: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return (clauses,) int64, the row with the highest score of each clause; −1 where it has none."""
        rows = np.flatnonzero(among)
        ordered = rows[np.argsort(scores[rows], kind="stable")]
        best = np.full(len(self.clauses), -1, dtype=np.int64)
        best[self._clause[ordered]] = ordered  # of a clause's rows the last, and best, stays
        return best

    def _unsaid_hit(self, scores: NDArray[np.float32], row: int) -> tuple[float, str | None]:
        return (float(scores[row]), self.rows[row].unsaid) if row >= 0 else (0.0, None)


@dataclass(slots=True)
class _Hit:
    """A clause, and the best that its rows scored."""

    clause_id: str
    score: float
    words: float
    cosine: float
    row_id: str
    asked: float
    unsaid: tuple[float, str | None]
    statements: dict[int, float] = field(default_factory=dict)


class Generation:
    """One built index, open for reading."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        place = folder / manifest.generation
        try:
            self._store = VectorStore(place / "vectors")
            self._regions = {region: _opened(place, region) for region in self._store.regions()}
            self.judge = Judge.load(place / JUDGE)
        except (DamagedStore, OSError, ValueError, KeyError) as error:
            raise DamagedIndex(f"{place}: {error}") from error
        self.name = manifest.generation

    def find(
        self, text: str, vector: NDArray[np.float32], code: str, policies: Sequence[str], weights: Weights
    ) -> list[_Hit]:
        """Return a hit for each clause of a region's policies, unordered."""
        region = self._regions.get(code)
        if region is None:
            return []
        # Chroma's filter costs several times the search; where it would keep everything it is left out.
        among = None if set(region.policies) <= set(policies) else policies
        near = dict(self._store.nearest(code, vector, _NEAREST_ROWS, among))
        return [
            hit for hit in region.hits(text, near, weights) if hit.clause_id.partition("#")[0] in policies
        ]

    def close(self) -> None:
        self._store.close()


def _opened(place: Path, region: str) -> _Region:
    words = place / "words" / region
    return _Region(read_rows(place, region), WordIndex.load(words), ClauseGuess.load(words))


@dataclass(slots=True)
class _Open:
    generation: Generation
    retired: Generation | None = None  # kept one swap longer, for questions that are on their way


class ClauseRetriever(BaseRetriever):
    """langchain's door to the clauses: `invoke(text, regions=…, policies=…)`, best first.

    It notices a new generation by itself and goes over to it between two questions; one that another
    encoder made it leaves to those who have that encoder.
    """

    corpus: Corpus
    encoder: Any
    folder: Path
    weights: Weights = Weights()
    _lock: threading.Lock
    _open: _Open | None = None

    def __init__(
        self, corpus: Corpus, encoder: Encoder, folder: Path, weights: Weights | None = None
    ) -> None:
        weights = weights or Weights()
        super().__init__(corpus=corpus, encoder=encoder, folder=folder, weights=weights)  # type: ignore[call-arg]
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
        vector = self.encoder.encode_questions([query])[0]
        generation = self._generation()
        found = [hit for r in regions for hit in generation.find(query, vector, r, policies, self.weights)]
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
                    "asked": hit.asked,
                    "unsaid": hit.unsaid,
                },
            )
            for hit in found[:k]
        ]

    def unsaid(self, text: str, clause: Clause) -> float:
        """Return the log-odds that a clause does not say what a normalised message asks about it."""
        return self.weights.judge * self._generation().judge.unsaid(text, clause.full_id, clause.text)

    def _generation(self) -> Generation:
        manifest = read_manifest(self.folder)
        with self._lock:
            if self._open is None:
                self._open = _Open(Generation(self.folder, manifest))
            elif self._open.generation.name != manifest.generation and self._encoded(manifest):
                if self._open.retired:
                    self._open.retired.close()
                self._open = _Open(Generation(self.folder, manifest), self._open.generation)
            return self._open.generation

    def _encoded(self, manifest: Manifest) -> bool:
        return is_encoded_by(self.encoder, self.folder / manifest.generation)

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
            asked=document.metadata["asked"],
            unsaid=document.metadata["unsaid"],
        )
        for document in documents
    )
