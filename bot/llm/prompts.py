"""What a model is told (bot/prompts/, one file a prompt)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import Template

_PROMPTS = Path(__file__).parents[1] / "prompts"


@cache
def prompt(name: str, **words: str) -> str:
    """Return the prompt `name`, its $slots filled.

    Raises:
        FileNotFoundError: there is no such prompt.
        KeyError: a slot of it was not given.
    """
    return Template((_PROMPTS / f"{name}.txt").read_text(encoding="utf-8")).substitute(words).strip()
