"""The questions: one record holds what is asked and what is expected."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).with_name("questions")


class Part(StrEnum):
    """What a case is for."""

    DEVELOPMENT = "development"  # failures are read and their mechanism is mended
    SCORED = "scored"  # only counted


def part(author: str, group: str) -> Part:
    """Return the part that all cases of an author about one thing belong to."""
    return Part.SCORED if zlib.crc32(f"{author} {group}".encode()) % 2 else Part.DEVELOPMENT


@dataclass(frozen=True, slots=True)
class Expected:
    """What an answer has to be; the fields are described in questions/README.md."""

    status: tuple[str, ...]  # "redirected_*" takes the whole family
    clauses: tuple[str, ...]  # full ids; () where none is expected
    figures: tuple[str, ...]  # as written: 30000元
    not_figures: tuple[str, ...]
    not_said: tuple[str, ...] = ()  # words that an attack tries to put into the answer


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a case and what its answer has to be."""

    message: str
    expected: Expected
    asks: tuple[Expected, ...] = ()  # of a letter, one for each thing it asks


@dataclass(frozen=True, slots=True)
class Case:
    """A question, a letter or a dialogue."""

    id: str
    author: str
    kind: str
    region: str | None
    as_of: date
    turns: tuple[Turn, ...]  # one, but in a dialogue
    pair: str | None = None  # what an answerable question and its near miss share

    @property
    def part(self) -> Part:
        """Cases about one clause stay together, so that its wording is not learned from the test."""
        clauses = self.turns[0].expected.clauses
        return part(self.author, self.pair or (clauses[0] if clauses else self.id))


def load(folder: Path = SHIPPED) -> tuple[Case, ...]:
    """Return all cases, by file and line.

    Raises:
        ValueError: a line is not a case, or an id stands twice; file, line and reason are named.
    """
    cases = [case for path in sorted(folder.glob("*.jsonl")) for case in _cases(path)]
    ids = [case.id for case in cases]
    if doubled := {case_id for case_id in ids if ids.count(case_id) > 1}:
        raise ValueError(f"{folder}: ids that stand twice: {', '.join(sorted(doubled))}")
    return tuple(cases)


def _cases(path: Path) -> Iterator[Case]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            yield _case(json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path.name} line {number}: {error!r}") from error


def _case(written: Mapping[str, Any]) -> Case:
    turns = written.get("turns") or [written]
    return Case(
        id=written["id"],
        author=written["author"],
        kind=written["kind"],
        region=written["region"],
        as_of=date.fromisoformat(written["as_of"]),
        turns=tuple(_turn(turn) for turn in turns),
        pair=written.get("pair"),
    )


def _turn(written: Mapping[str, Any]) -> Turn:
    asks = tuple(_expected(ask) for ask in written.get("asks", ()))
    return Turn(written["message"], _expected(written), asks)


def _expected(written: Mapping[str, Any]) -> Expected:
    return Expected(
        status=tuple(written["status"]),
        clauses=tuple(written["clauses"]),
        figures=tuple(written["figures"]),
        not_figures=tuple(written.get("not_figures", ())),
        not_said=tuple(written.get("not_said", ())),
    )
