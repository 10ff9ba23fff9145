"""The table: one vector a piece, trained so that a question lies near the passage that answers it."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from embeddings.train.pairs import Kind, Ragged, batch

_LEARNING_RATE = 0.01
_WARM_UP = 0.05  # share of the steps
_SCALE = 20.0  # cosines are multiplied by this before the softmax, as in sentence-transformers


class Table(nn.Module):
    """A piece's vector is its own plus the mean of its characters'.

    So a rare word starts from what its characters mean. The sum is folded into one table at the
    end; nothing of it is left at run time.
    """

    def __init__(self, characters: Ragged, weights: NDArray[np.float32], dimensions: int) -> None:
        """Start at random directions, as long as a piece is rare: that alone is a word match.

        Args:
            characters: for each piece, the pieces that are its characters.
            weights: (pieces,) float32, how rare each piece is.
            dimensions: length of a vector.
        """
        super().__init__()
        rare = torch.from_numpy(weights)[:, None]
        noise = torch.randn(len(weights), 2 * dimensions) / dimensions**0.5
        self.own = nn.Parameter(noise[:, :dimensions] * rare)
        self.shared = nn.Parameter(noise[:, dimensions:] * rare / 2)
        self.characters = torch.from_numpy(characters.ids.astype(np.int64))
        self.starts = torch.from_numpy(characters.starts[:-1])

    def folded(self) -> Tensor:
        """Return (pieces, dimensions) float32."""
        return self.own + functional.embedding_bag(self.characters, self.shared, self.starts, mode="mean")


def train(
    kinds: Sequence[Kind], tokenizer: Tokenizer, dimensions: int, steps: int, seed: int
) -> NDArray[np.float32]:
    """Return the trained table, (pieces, dimensions) float32; the same for the same seed."""
    torch.manual_seed(seed)
    chance = np.random.default_rng(seed)
    table = Table(_characters(tokenizer), _rarity(kinds, tokenizer), dimensions)
    optimizer = torch.optim.Adam(table.parameters(), lr=_LEARNING_RATE, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, _LEARNING_RATE, steps, pct_start=_WARM_UP, cycle_momentum=False
    )
    started = time.monotonic()
    for step in range(steps):
        questions, passages = batch(kinds, chance)
        vectors = table.folded()
        loss = _loss(_means(vectors, questions), _means(vectors, passages))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
        if step % 100 == 0:
            print(
                f"step {step} of {steps}  loss {loss.item():.3f}  {time.monotonic() - started:.0f} s",
                flush=True,
            )
    with torch.inference_mode():
        result: NDArray[np.float32] = table.folded().numpy().copy()
    return result


def _means(vectors: Tensor, texts: Ragged) -> Tensor:
    ids, starts = torch.from_numpy(texts.ids.astype(np.int64)), torch.from_numpy(texts.starts[:-1])
    return functional.normalize(functional.embedding_bag(ids, vectors, starts, mode="mean"))


def _loss(questions: Tensor, passages: Tensor) -> Tensor:
    """Each question must find its passage among the batch's, and each passage its question."""
    cosines = _SCALE * questions @ passages.T
    right = torch.arange(len(cosines))
    there = functional.cross_entropy(cosines, right)
    back = functional.cross_entropy(cosines.T, right)
    return (there + back) / 2


def _rarity(kinds: Sequence[Kind], tokenizer: Tokenizer) -> NDArray[np.float32]:
    """Return (pieces,) float32, the self-information of each piece, scaled to 0 to 1."""
    counts = np.ones(tokenizer.get_vocab_size())
    for kind in kinds:
        counts += np.bincount(kind.sentences.ids, minlength=len(counts))
    information = -np.log(counts / counts.sum())
    rarity: NDArray[np.float32] = (information / information.max()).astype(np.float32)
    return rarity


def _characters(tokenizer: Tokenizer) -> Ragged:
    pieces = [tokenizer.id_to_token(number) or "" for number in range(tokenizer.get_vocab_size())]
    numbers = {piece: number for number, piece in enumerate(pieces)}
    found = [[numbers[char] for char in piece if char in numbers] for piece in pieces]
    starts = np.concatenate(([0], np.cumsum([len(row) for row in found])))
    ids = np.array([number for row in found for number in row], dtype=np.int32)
    return Ragged(ids, starts.astype(np.int64))
