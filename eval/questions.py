"""The questions: one record holds what is asked and what is expected."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from pathlib import Path

SHIPPED = Path(__file__).with_name("questions")


class Part(StrEnum):
    """What a question is for."""

    DEVELOPMENT = "development"  # failures are read and their mechanism is mended
    SCORED = "scored"  # only counted


@dataclass(frozen=True, slots=True)
class Case:
    """One question with its expectation; the fields are described in questions/README.md."""

    id: str
    author: str
    kind: str
    message: str
    region: str | None
    as_of: date
    status: tuple[str, ...]  # "redirected_*" takes the whole family
    clauses: tuple[str, ...]  # full ids; () where none is expected
    figures: tuple[str, ...]  # as written: 30000元
    not_figures: tuple[str, ...]
    why: str

    @property
    def part(self) -> Part:
        """Questions about one clause stay together, so that its wording is not learned from the test."""
        group = f"{self.author} {self.clauses[0] if self.clauses else self.id}"
        return Part.SCORED if zlib.crc32(group.encode()) % 2 else Part.DEVELOPMENT


def load(folder: Path = SHIPPED) -> tuple[Case, ...]:
    """Return all cases, by file and line.

    Raises:
        ValueError: a line is not a case; file, line and reason are named.
    """
    cases = [
        _case(path, number, line) for path in sorted(folder.glob("*.jsonl")) for number, line in _lines(path)
    ]
    ids = [case.id for case in cases]
    if doubled := {case_id for case_id in ids if ids.count(case_id) > 1}:
        raise ValueError(f"{folder}: ids that stand twice: {', '.join(sorted(doubled))}")
    return tuple(cases)


def _lines(path: Path) -> list[tuple[int, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def _case(path: Path, number: int, line: str) -> Case:
    try:
        written = json.loads(line)
        listed = {name: tuple(written[name]) for name in ("status", "clauses", "figures", "not_figures")}
        case = Case(**{**written, **listed, "as_of": date.fromisoformat(written["as_of"])})
    except (ValueError, KeyError, TypeError) as error:
        names = ", ".join(field.name for field in fields(Case))
        raise ValueError(f"{path.name} line {number}: {error}; a case has {names}") from error
    return case
