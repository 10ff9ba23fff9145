"""The words that people use about these policies (terms.txt); slips of the keyboard are read as these."""

from __future__ import annotations

from pathlib import Path

SHIPPED = Path(__file__).with_name("terms.txt")
ENGLISH = Path(__file__).with_name("english.txt")


def load(path: Path = SHIPPED) -> tuple[str, ...]:
    """Return the terms of a file, in its order; a line that begins with # is a remark."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(term for line in lines if not line.startswith("#") for term in line.split())


def english(path: Path = ENGLISH) -> dict[str, str]:
    """Return the term for each English word or phrase of a file; a line that begins with # is a remark."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.rsplit(" ", 1) for line in lines if line and not line.startswith("#"))
