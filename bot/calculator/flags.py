"""The sentences that go with the flags of a result, in Chinese, kept in a data file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def sentences() -> Mapping[str, str]:
    """Return flag → sentence."""
    content = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {str(flag): str(text) for flag, text in content.items()}


def sentence(flag: str) -> str:
    """Return the sentence of a flag.

    Raises:
        KeyError: the flag has none; a test holds every flag of every program to have one.
    """
    return sentences()[flag]
