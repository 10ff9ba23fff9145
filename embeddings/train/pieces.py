"""The tokenizer: frequent Chinese words and single characters, found by counting, not by a dictionary."""

from __future__ import annotations

import random
from collections.abc import Iterable

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

UNKNOWN = "[UNK]"
_RUNS = r"[\x{3400}-\x{9fff}]+|[a-z]+|[0-9]+"
_SAMPLE_CHARACTERS = 3_000_000  # ten million took two and a half minutes


def build(texts: Iterable[str], pieces: int, chance: random.Random) -> Tokenizer:
    """Return a tokenizer of `pieces` pieces of one to four characters; punctuation is dropped.

    Unigram language model: Kudo 2018, Subword Regularization. Pieces never cross punctuation or
    go from Han characters to digits, so that 8000元 is a figure and a unit.
    """
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(_RUNS), "removed", invert=True)
    trainer = trainers.UnigramTrainer(
        vocab_size=pieces,
        max_piece_length=4,
        n_sub_iterations=1,
        special_tokens=[UNKNOWN],
        unk_token=UNKNOWN,
        show_progress=False,
    )
    tokenizer.train_from_iterator(_sample(texts, chance), trainer)
    return tokenizer


def _sample(texts: Iterable[str], chance: random.Random) -> list[str]:
    shuffled = list(texts)
    chance.shuffle(shuffled)
    taken, characters = 0, 0
    while taken < len(shuffled) and characters < _SAMPLE_CHARACTERS:
        characters += len(shuffled[taken])
        taken += 1
    return shuffled[:taken]
