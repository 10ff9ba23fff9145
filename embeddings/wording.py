"""How ordinary a run of Chinese is: the log-probability of its likeliest words.

The pieces and their probabilities are those that the shipped encoder's tokenizer was trained to
(Kudo 2018, unigram language model), whatever encoder is at work.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Mapping
from pathlib import Path

from embeddings.encoder import SHIPPED

_LONGEST = 4  # characters of a piece
_UNSEEN = -14.0  # a character that no piece has; rarer than the rarest


class Wording:
    """The pieces of everyday text, each with its log-probability."""

    def __init__(self, pieces: Mapping[str, float]) -> None:
        self._pieces = pieces

    @classmethod
    def load(cls, folder: Path = SHIPPED) -> Wording:
        """Return the pieces of the tokenizer in `folder`.

        Raises:
            OSError, KeyError, ValueError: the tokenizer is missing or is none of that kind.
        """
        written = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
        return cls({piece: score for piece, score in written["model"]["vocab"] if score < 0})

    def __contains__(self, piece: str) -> bool:
        return piece in self._pieces

    def words(self, run: str) -> tuple[str, ...]:
        """Return the likeliest words of a run of characters, in order; joined they are the run."""
        best = [0.0] + [-math.inf] * len(run)
        begins = [0] * (len(run) + 1)
        for end in range(1, len(run) + 1):
            for start in range(max(0, end - _LONGEST), end):
                score = best[start] + self._score(run[start:end])
                if score > best[end]:
                    best[end], begins[end] = score, start
        cuts = [len(run)]
        while cuts[-1]:
            cuts.append(begins[cuts[-1]])
        cuts.reverse()
        return tuple(run[a:b] for a, b in itertools.pairwise(cuts))

    def score(self, run: str) -> float:
        """Return the log-probability of a run by its likeliest words, 0 for the empty run."""
        return sum(self._score(word) for word in self.words(run))

    def _score(self, piece: str) -> float:
        return self._pieces.get(piece, _UNSEEN if len(piece) == 1 else -math.inf)
