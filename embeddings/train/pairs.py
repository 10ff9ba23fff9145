"""Pairs for contrastive training: what asks, and the passage that answers.

A passage's sentence, asked as a person might, looks for the rest of its passage. A batch holds
whole stretches of one law or one article, because their passages are the hard ones to tell apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from embeddings.train.asking import Asking
from embeddings.train.reading import Passage, Texts

Ids = NDArray[np.int32]

_ENCODED_AT_ONCE = 20_000
_LONGEST_PASSAGE = 160  # pieces
_KEPT_IN_PASSAGE = 0.25  # chance that the passage keeps the sentence that asks for it
_TITLED = 0.7  # chance that a law's article comes with the law's title
_HEADLINE_ASKS = 0.6  # chance that a headline asks, where there is one
_DROPPED = 0.15  # chance of each piece of a question to be left out


@dataclass(frozen=True, slots=True)
class Share:
    """How many pairs of one kind a batch holds, in stretches of neighbouring passages."""

    stretches: int
    passages: int  # in a stretch


LAWS, NEWS, BROADCASTS, QUESTIONS = Share(64, 8), Share(64, 4), Share(40, 4), Share(96, 1)


@dataclass(frozen=True, slots=True)
class Ragged:
    """Many texts as pieces in one array; row i is `ids[starts[i]:starts[i + 1]]`."""

    ids: Ids
    starts: NDArray[np.int64]

    def __getitem__(self, row: int) -> Ids:
        return self.ids[self.starts[row] : self.starts[row + 1]]

    def __len__(self) -> int:
        return len(self.starts) - 1


@dataclass(frozen=True, slots=True)
class Kind:
    """The passages of one kind in pieces."""

    share: Share
    titles: Ragged  # one a passage
    sentences: Ragged  # all passages' sentences
    asked: Ragged  # the same sentences as questions
    first: NDArray[np.int64]  # (passages + 1,) number of a passage's first sentence
    questions: Ragged  # written by people
    first_question: NDArray[np.int64]  # (passages + 1,)


def prepare(texts: Texts, tokenizer: Tokenizer, asking: Asking) -> tuple[Kind, ...]:
    """Return the four kinds, tokenized once: doing it batch by batch would take most of the time."""
    return (
        _kind(LAWS, texts.laws, tokenizer, asking),
        _kind(NEWS, texts.news, tokenizer, asking),
        _kind(BROADCASTS, texts.broadcasts, tokenizer, asking),
        _kind(QUESTIONS, texts.questions, tokenizer, asking),
    )


def batch(kinds: Sequence[Kind], chance: np.random.Generator) -> tuple[Ragged, Ragged]:
    """Return questions and passages of one batch; row i of one belongs to row i of the other."""
    questions: list[Ids] = []
    passages: list[Ids] = []
    for kind in kinds:
        last = len(kind.titles) - kind.share.passages
        for start in chance.integers(0, last + 1, kind.share.stretches):
            for number in range(start, start + kind.share.passages):
                question, passage = _pair(kind, number, chance)
                questions.append(question)
                passages.append(passage[:_LONGEST_PASSAGE])
    return _thinned(_ragged(questions), chance), _ragged(passages)


def _pair(kind: Kind, number: int, chance: np.random.Generator) -> tuple[Ids, Ids]:
    first, end = int(kind.first[number]), int(kind.first[number + 1])
    written = int(kind.first_question[number]), int(kind.first_question[number + 1])
    starts = kind.sentences.starts
    luck = chance.random(3)
    title = kind.titles[number] if luck[0] < _TITLED else kind.titles.ids[:0]
    whole = kind.sentences.ids[starts[first] : starts[end]]
    if written[0] < written[1] and (kind.share.passages == 1 or luck[1] < _HEADLINE_ASKS):
        return kind.questions[int(chance.integers(*written))], whole
    sentence = int(chance.integers(first, end))
    if luck[2] < _KEPT_IN_PASSAGE:
        return kind.asked[sentence], np.concatenate((title, whole))
    before = kind.sentences.ids[starts[first] : starts[sentence]]
    after = kind.sentences.ids[starts[sentence + 1] : starts[end]]
    return kind.asked[sentence], np.concatenate((title, before, after))


def _thinned(texts: Ragged, chance: np.random.Generator) -> Ragged:
    """Leave pieces out by chance, so that no single word is relied on."""
    kept = chance.random(len(texts.ids)) >= _DROPPED
    counts = np.concatenate(([0], np.cumsum(kept)))
    return Ragged(texts.ids[kept], counts[texts.starts])


def _kind(share: Share, passages: Sequence[Passage], tokenizer: Tokenizer, asking: Asking) -> Kind:
    sentences = [s for passage in passages for s in passage.sentences]
    return Kind(
        share,
        titles=_encoded(tokenizer, [passage.title for passage in passages]),
        sentences=_encoded(tokenizer, sentences),
        asked=_encoded(tokenizer, [asking.ask(sentence) for sentence in sentences]),
        first=_firsts(len(passage.sentences) for passage in passages),
        questions=_encoded(tokenizer, [q for passage in passages for q in passage.questions]),
        first_question=_firsts(len(passage.questions) for passage in passages),
    )


def _encoded(tokenizer: Tokenizer, texts: Sequence[str]) -> Ragged:
    found: list[Ids] = []
    for start in range(0, len(texts), _ENCODED_AT_ONCE):
        encodings = tokenizer.encode_batch_fast(texts[start : start + _ENCODED_AT_ONCE])
        found += (np.array(encoding.ids, dtype=np.int32) for encoding in encodings)
    return _ragged(found)


def _ragged(texts: Sequence[Ids]) -> Ragged:
    ids = np.concatenate(texts) if texts else np.zeros(0, dtype=np.int32)
    return Ragged(ids, _firsts(map(len, texts)))


def _firsts(lengths: Iterable[int]) -> NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(np.fromiter(lengths, dtype=np.int64)))).astype(np.int64)
