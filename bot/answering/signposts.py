"""Where to send people whose matter these documents do not cover, from signposts.toml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("signposts.toml")


@dataclass(frozen=True, slots=True)
class Signpost:
    """A subject that is another service's business, and what is said about it."""

    subject: str  # the status is redirected_<subject>
    words: re.Pattern[str]
    text: str  # fixed; holds telephone numbers and no other figure
    source: str
    reviewed_by: str
    urgent: bool = False  # said before anything else is looked at


@cache
def signposts() -> tuple[Signpost, ...]:
    """Return all signposts, in the order in which they are tried."""
    entries = tomllib.loads(_FILE.read_text(encoding="utf-8"))["signpost"]
    return tuple(Signpost(**{**entry, "words": re.compile(entry["words"])}) for entry in entries)


def signpost(text: str, asking: str) -> Signpost | None:
    """Return the first signpost whose words stand in a normalised message.

    Urgent ones are looked for in all of it, the others in `asking`, the part that asks: 娃要中考 is a
    worry beside the question, not the question.
    """
    found = (post for post in signposts() if post.words.search(text if post.urgent else asking))
    return next(found, None)
