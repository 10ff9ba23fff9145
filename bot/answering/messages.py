"""The fixed sentences, and how their slots are filled: each with a span that has its own source."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from bot.answering.signposts import signposts
from bot.types import SourceKind, Span

LABEL = "（内容由AI生成）"

_FILE = Path(__file__).with_name("messages.toml")
_SLOT = re.compile(r"\{(\w+)\}")

Words = Span | tuple[Span, ...]


@cache
def sentences() -> dict[str, str]:
    """Return every fixed sentence by its name, such as `notice.ended` or `signpost.pension`."""
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    own = {f"{table}.{name}": text for table, names in tables.items() for name, text in names.items()}
    return own | {f"signpost.{post.subject}": post.text for post in signposts()}


def say(name: str, **slots: Words) -> tuple[Span, ...]:
    """Return the fixed sentence `name` as spans, its slots filled.

    Raises:
        KeyError: there is no such sentence, or a slot of it was not given.
    """
    pieces = _SLOT.split(sentences()[name])  # fixed, slot, fixed, slot, …, fixed
    spans: list[Span] = []
    for index, piece in enumerate(pieces):
        if index % 2:
            words = slots[piece]
            spans += (words,) if isinstance(words, Span) else words
        elif piece:
            spans.append(Span(piece, SourceKind.FIXED, name))
    return tuple(spans)


def is_piece_of(text: str, name: str) -> bool:
    """Whether `text` is one of the fixed pieces of the sentence `name`."""
    sentence = sentences().get(name)
    return sentence is not None and text in _SLOT.split(sentence)[::2]
