"""The questions that people ask most about a city, for those who do not know what to ask."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from bot.advisor import Advisor

_FILE = Path(__file__).with_name("common_questions.toml")
_MOST = 6
_ANYWHERE = ""


@cache
def written() -> dict[str, tuple[str, ...]]:
    """Return the questions that were written down, by the full name of the city; "" is any city."""
    content = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {city: tuple(asked) for city, asked in content["questions"].items()}


def common_questions(advisor: Advisor, city: str) -> tuple[str, ...]:
    """Return the questions for a city, at most six.

    Where nobody wrote any down, they are the first that the city's documents are known to be asked.
    """
    if city in written():
        return written()[city][:_MOST]
    code = next((c for c in advisor.settler.covered if advisor.regions.get(c).name == city), None)
    policies = advisor.corpus.in_regions((code,)) if code else ()
    asked = [city + ways[0].asks[0] for policy in policies for ways in policy.phrasings.values() if ways]
    return tuple(asked[:_MOST]) or written()[_ANYWHERE][:_MOST]
