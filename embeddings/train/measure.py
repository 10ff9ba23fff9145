"""How well the encoder alone finds passages on public question sets that it was not trained on.

python -m embeddings.train.measure DATA [MODEL]
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import SHIPPED, Encoder
from embeddings.train.reading import NoTrainingData, rows
from knowledge.normalize import normalized

SETS = ("ncp_dev", "stard_dev", "domainrag", "esun_faq")
_AT_ONCE = 64  # questions


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of all questions, 0 to 1."""

    hit_1: float
    hit_5: float
    hit_10: float
    mrr_10: float
    questions: int

    def __str__(self) -> str:
        return (
            f"hit@1 {self.hit_1:.3f}  hit@5 {self.hit_5:.3f}  hit@10 {self.hit_10:.3f}  "
            f"MRR@10 {self.mrr_10:.3f}  n={self.questions}"
        )


def measure(place: Path, encoder: Encoder) -> Figures:
    """Return the figures of one set, its passages scored as title and text."""
    passages = tuple(rows(place / "corpus.jsonl.gz"))
    asked = tuple(rows(place / "queries.jsonl.gz"))
    ids = [str(passage["id"]) for passage in passages]
    known = encoder.encode([normalized(f"{p.get('title', '')} {p['text']}") for p in passages])
    vectors = encoder.encode([normalized(question["query"]) for question in asked])
    ranks = [
        _rank(scores, ids, question["gold"])
        for start in range(0, len(asked), _AT_ONCE)
        for scores, question in zip(vectors[start : start + _AT_ONCE] @ known.T, asked[start:], strict=False)
    ]
    return _figures(ranks)


def _rank(scores: NDArray[np.float32], ids: Sequence[str], gold: Sequence[str]) -> int:
    """Return the place of the best right passage, 1 the first; a tie counts against us."""
    wanted = set(gold)
    right = np.array([passage in wanted for passage in ids])
    if not right.any():
        raise ValueError(f"none of {sorted(wanted)} is among the passages")
    return int((scores[~right] >= scores[right].max()).sum()) + 1


def _figures(ranks: Sequence[int]) -> Figures:
    place = np.array(ranks)
    inverse = np.where(place <= 10, 1 / place, 0.0)
    hit_1, hit_5, hit_10 = (float((place <= k).mean()) for k in (1, 5, 10))
    return Figures(hit_1, hit_5, hit_10, float(inverse.mean()), len(ranks))


def main(arguments: Sequence[str]) -> int:
    if not 1 <= len(arguments) <= 2:
        print("usage: python -m embeddings.train.measure DATA [MODEL]", file=sys.stderr)
        return 2
    encoder = Encoder.load(Path(arguments[1]) if len(arguments) == 2 else SHIPPED)
    for name in SETS:
        try:
            print(f"{name:10}  {measure(Path(arguments[0]) / 'dev' / name, encoder)}", flush=True)
        except NoTrainingData as error:
            print(error, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
