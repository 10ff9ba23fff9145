"""Finding rows by their words: BM25 over characters, character pairs, and numbers kept whole.

No dictionary is needed, so a new word of policy is found on its first day. bm25s keeps the scores
memory-mapped; source of the formula: Robertson and Zaragoza, The Probabilistic Relevance Framework.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any, cast

import bm25s  # type: ignore[import-untyped]  # it ships no stubs
import numpy as np
from numpy.typing import NDArray

_TOKENS = re.compile(r"[〔\[]\d{4}[〕\]]\d+号|[a-z][a-z0-9+.\-]*|\d+(?:\.\d+)?|[\u3400-\u9fff]+", re.I)
_K1, _B = 1.2, 0.75

# Words that are not what they begin with: a 博士后 is no 博士. Each counts as one character of its own.
_COMPOUNDS = {"博士后": "\u3400"}
_NO_MARKS = {0x3400: None}

logging.getLogger("bm25s").setLevel(logging.WARNING)  # it sets itself to DEBUG


def tokens(text: str) -> list[str]:
    """Return the tokens of a normalised text.

    Each Han character and each pair of neighbours; numbers, Latin words and document numbers whole.
    """
    found: list[str] = []
    for match in _TOKENS.finditer(text.lower()):
        run = match.group().translate(_NO_MARKS)
        for word, sign in _COMPOUNDS.items():
            run = run.replace(word, sign)
        if "\u3400" <= run[0] <= "\u9fff":
            found += run
            found += (run[i : i + 2] for i in range(len(run) - 1))
        else:
            found.append(run)
    return found


class WordIndex:
    """The words of one region's rows."""

    def __init__(self, scores: bm25s.BM25) -> None:
        self._scores = scores
        sparse = cast(dict[str, Any], scores.scores)
        self._data: NDArray[np.float32] = sparse["data"]
        self._starts: NDArray[np.int32] = sparse["indptr"]
        self._rarest = float(self._data.max(initial=0.0))

    @classmethod
    def build(cls, texts: list[str]) -> WordIndex:
        scores = bm25s.BM25(k1=_K1, b=_B)
        scores.index([tokens(text) for text in texts], show_progress=False)
        return cls(scores)

    def save(self, folder: Path) -> None:
        self._scores.save(folder, show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> WordIndex:
        return cls(bm25s.BM25.load(folder, mmap=True, load_corpus=False))

    def scores(self, text: str) -> NDArray[np.float32]:
        """Return (n,) float32, for each row the share of the question's words that it has, 0 to 1.

        A word counts by how rare it is; one that no row has counts like the rarest.
        """
        words = tokens(text)
        known = self._scores.get_tokens_ids(words)
        rows = int(self._scores.scores["num_docs"])
        if not known:
            return np.zeros(rows, dtype=np.float32)
        possible = sum(self._best(word) for word in known)
        possible += self._rarest * (len(words) - len(known))
        found = self._scores.get_scores_from_ids(known)
        return cast("NDArray[np.float32]", (found / possible).astype(np.float32))

    def _best(self, word: int) -> float:
        start, end = int(self._starts[word]), int(self._starts[word + 1])
        return float(self._data[start:end].max(initial=0.0))
