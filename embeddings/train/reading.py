"""The public training texts as passages: what can be found, and what a person could ask for it.

The files lie in `DATA/train`, JSON lines, gzip; the model card names their origins and licences.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.normalize import normalized

# Normalising has made ；！？，： half-width.
_SENTENCE = re.compile(r"[^。;!?\n]+[。;!?\n]?")
_CLAUSE = re.compile(r"[^,。;!?:\n]+[,。;!?:\n]?")
_PASSAGE_CHARACTERS = 220
_NEWS_CHARACTERS = 450  # the beginning of an article; keeps preparation short
_SHORTEST = 6  # characters; shorter sentences say too little to be found by


class NoTrainingData(RuntimeError):
    """The data folder lacks a file; says which."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one source. Passages that follow each other in a list come from one source."""

    title: str
    sentences: tuple[str, ...]
    questions: tuple[str, ...] = ()  # written by people for this passage: headlines, questions


@dataclass(frozen=True, slots=True)
class Texts:
    """The passages by kind, each kind in the order of its file."""

    laws: tuple[Passage, ...]
    news: tuple[Passage, ...]
    broadcasts: tuple[Passage, ...]
    questions: tuple[Passage, ...]

    def all(self) -> Iterator[Passage]:
        yield from self.laws
        yield from self.news
        yield from self.broadcasts
        yield from self.questions


def read(data: Path) -> Texts:
    """Return every training passage, normalised.

    Raises:
        NoTrainingData: a file is missing.
    """
    place = data / "train"
    laws = (_law(row) for row in rows(place / "law_articles.jsonl.gz"))
    news = (p for row in rows(place / "news.jsonl.gz") for p in _news(row))
    broadcasts = (p for row in rows(place / "broadcast_headlines.jsonl.gz") for p in _broadcast(row))
    questions = (
        _asked(row)
        for name in ("drcd_dev_questions", "cmrc_trial_questions")
        for row in rows(place / f"{name}.jsonl.gz")
        if row["question"]  # DRCD has a few without
    )
    return Texts(_findable(laws), _findable(news), _findable(broadcasts), tuple(questions))


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON-lines file.

    Raises:
        NoTrainingData: the file is missing.
    """
    if not path.is_file():
        raise NoTrainingData(f"{path} is missing; the model card lists the data that is needed")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _findable(passages: Iterator[Passage]) -> tuple[Passage, ...]:
    """Leave out what has nothing but the sentence that would ask for it."""
    return tuple(passage for passage in passages if len(passage.sentences) > 1)


def _law(row: dict[str, Any]) -> Passage:
    text = normalized(row["text"][: 2 * _PASSAGE_CHARACTERS])
    sentences = _split(_SENTENCE, text)
    if len(sentences) < 2:
        sentences = _split(_CLAUSE, text)
    return Passage(normalized(row["law"]), sentences)


def _news(row: dict[str, Any]) -> Iterator[Passage]:
    text = normalized(row["text"][:_NEWS_CHARACTERS]).removeprefix("原标题:")
    for sentences in _chunks(_split(_SENTENCE, text)):
        yield Passage("", sentences)


def _broadcast(row: dict[str, Any]) -> Iterator[Passage]:
    headline = normalized(row["headline"])
    text = normalized(row["text"][:_NEWS_CHARACTERS])
    for number, sentences in enumerate(_chunks(_split(_SENTENCE, text))):
        yield Passage("", sentences, () if number else (headline,))


def _asked(row: dict[str, Any]) -> Passage:
    text = normalized(row["passage"][: 2 * _PASSAGE_CHARACTERS])
    return Passage("", _split(_SENTENCE, text), (normalized(row["question"]),))


def _split(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    return tuple(s for s in pattern.findall(text) if len(s) >= _SHORTEST)


def _chunks(sentences: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    chunk: list[str] = []
    for sentence in sentences:
        chunk.append(sentence)
        if sum(map(len, chunk)) >= _PASSAGE_CHARACTERS:
            yield tuple(chunk)
            chunk = []
    if chunk:
        yield tuple(chunk)
