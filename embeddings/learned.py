"""What the rows of a region teach: which clause words ask about, and whether it says what they ask.

Both are linear models over characters, trained while the index is built, in seconds, from the clauses
and from how people ask about them (phrasings). At a question they cost a few additions.
"""

from __future__ import annotations

import json
import math
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from embeddings.lexical import tokens

_SOFT = 0.3  # C of the margin; from 0.1 to 1 the development questions hardly tell the difference
_TRUST = 30.0  # C of the judge; set on the development questions
_CELLS = 2**19  # of the judge's hashed features; 4 bytes each


class ClauseGuess:
    """Which of a region's clauses a message asks about: one margin a clause, from −1 to about 1.

    One linear support vector machine a clause over the tf-idf of characters and pairs
    (Joachims 1998, Text Categorization with Support Vector Machines).
    """

    def __init__(
        self,
        words: Mapping[str, int],
        rarity: NDArray[np.float32],
        weights: NDArray[np.float32],
        bias: NDArray[np.float32],
        clauses: Sequence[str],
    ) -> None:
        self._words, self._rarity = words, rarity
        self._weights, self._bias = weights, bias
        self._clauses = tuple(clauses)

    @classmethod
    def train(cls, texts: Sequence[str], clauses: Sequence[str]) -> ClauseGuess:
        """Learn from (n,) texts and the full id of the clause that each is about."""
        # Imported here because only building an index needs them.
        from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]
        from sklearn.svm import LinearSVC  # type: ignore[import-untyped]

        counting = TfidfVectorizer(analyzer=tokens, sublinear_tf=True)
        counted = counting.fit_transform(texts)
        names = sorted(set(clauses))
        rarity = counting.idf_.astype(np.float32)
        words = {word: int(at) for word, at in counting.vocabulary_.items()}
        if len(names) == 1:  # nothing to tell apart
            return cls(words, rarity, np.zeros((len(words), 1), np.float32), np.zeros(1, np.float32), names)
        learned = LinearSVC(C=_SOFT, random_state=0).fit(counted, clauses)
        weights, bias = learned.coef_.T, learned.intercept_
        if len(names) == 2:  # of two classes only the second one's margin is kept
            weights, bias = np.hstack([-weights, weights]), np.hstack([-bias, bias])
        return cls(words, rarity, weights.astype(np.float32), bias.astype(np.float32), names)

    def margins(self, text: str) -> dict[str, float]:
        """Return for each clause, by full id, how surely a normalised message asks about it."""
        counts = Counter(self._words[token] for token in tokens(text) if token in self._words)
        if not counts:
            return dict.fromkeys(self._clauses, -1.0)
        places = np.fromiter(counts, dtype=np.int64)
        often = np.array([1 + math.log(count) for count in counts.values()], dtype=np.float32)
        values = often * self._rarity[places]
        values /= np.linalg.norm(values)
        found = (values @ self._weights[places] + self._bias).tolist()
        return dict(zip(self._clauses, found, strict=True))

    def save(self, folder: Path) -> None:
        ordered = sorted(self._words, key=self._words.__getitem__)
        (folder / "guess.json").write_text(json.dumps([ordered, self._clauses]), encoding="utf-8")
        np.savez(folder / "guess.npz", rarity=self._rarity, weights=self._weights, bias=self._bias)

    @classmethod
    def load(cls, folder: Path) -> ClauseGuess:
        """Return what `save` wrote.

        Raises:
            OSError, ValueError, KeyError: it is missing or damaged.
        """
        ordered, clauses = json.loads((folder / "guess.json").read_text(encoding="utf-8"))
        with np.load(folder / "guess.npz") as arrays:
            rarity, weights, bias = arrays["rarity"], arrays["weights"], arrays["bias"]
        if weights.shape != (len(ordered), len(clauses)):
            raise ValueError(f"{folder}: weights {weights.shape}, expected {len(ordered), len(clauses)}")
        return cls({word: at for at, word in enumerate(ordered)}, rarity, weights, bias, clauses)


class Judge:
    """Whether a clause says what a message asks about it, as log-odds that it does not.

    A logistic regression over runs of one to three characters, each with whether the clause has it, and
    with the clause itself (features hashed: Weinberger 2009).
    """

    def __init__(self, weights: NDArray[np.float32], bias: float) -> None:
        self._weights, self._bias = weights, bias

    @classmethod
    def train(cls, asks: Sequence[tuple[str, str, str]], unsaid: Sequence[bool]) -> Judge:
        """Learn from (message, full id, text of the clause) and whether the clause leaves it unsaid.

        Where all are of one kind there is nothing to learn, and every question counts as answered.
        """
        if len(set(unsaid)) < 2:
            return cls(np.zeros(_CELLS, np.float32), -_SURE)
        from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
        from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

        cells = [sorted(_cells(*ask)) for ask in asks]
        ends = np.cumsum([0, *(len(row) for row in cells)])
        values = np.concatenate([np.full(len(row), len(row) ** -0.5, np.float32) for row in cells])
        rows = csr_matrix((values, np.concatenate(cells), ends), shape=(len(asks), _CELLS))
        learned = LogisticRegression(C=_TRUST, solver="liblinear", max_iter=300).fit(rows, unsaid)
        return cls(learned.coef_[0].astype(np.float32), float(learned.intercept_[0]))

    def unsaid(self, message: str, clause_id: str, clause_text: str) -> float:
        """Return the log-odds that the clause does not say what a normalised message asks."""
        cells = list(_cells(message, clause_id, clause_text))
        if not cells:
            return -_SURE
        return float(self._weights[cells].sum() / math.sqrt(len(cells))) + self._bias

    def save(self, path: Path) -> None:
        np.savez_compressed(path, weights=self._weights, bias=self._bias)

    @classmethod
    def load(cls, path: Path) -> Judge:
        """Return what `save` wrote.

        Raises:
            OSError, ValueError, KeyError: it is missing or damaged.
        """
        with np.load(path) as arrays:
            return cls(arrays["weights"], float(arrays["bias"]))


_SURE = 5.0  # log-odds of what was never seen to be unsaid
_RUNS = re.compile(r"[\u3400-\u9fff]+|[a-zA-Z0-9.%]+")


def _cells(message: str, clause_id: str, clause_text: str) -> set[int]:
    return {zlib.crc32(feature.encode()) % _CELLS for feature in _features(message, clause_id, clause_text)}


def _features(message: str, clause_id: str, clause_text: str) -> Iterator[str]:
    for run in cast("list[str]", _RUNS.findall(message)):
        for size in (1, 2, 3):
            for start in range(len(run) - size + 1):
                piece = run[start : start + size]
                yield f"{piece} in" if piece in clause_text else f"{piece} not in"
                if size > 1:
                    yield piece
                    yield f"{piece} {clause_id}"
