"""plain.toml: what each part of a clause says in plain words (白话), tied to the words it stands for.

A person wrote it ahead of time; nothing of it may say a figure that its quote does not say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from knowledge.normalize import normalized
from knowledge.numerals import Figure, Measure, chinese_integer, figures
from knowledge.types import Clause, Plain

WORDS = ("gives", "to", "mistake", "next")  # Chinese, one value each
_NUMBER = re.compile(r"(?P<digits>\d+(?:\.\d+)?)(?: (?P<times>million|billion))?")
_TIMES = {"million": 10**6, "billion": 10**9}
_HAN_NUMBER = re.compile("[一二两三四五六七八九十百千]+")
_AMOUNTS = {Measure.MONEY, Measure.SHARE}


class Untied(ValueError):
    """An entry is not borne out by the clause: which key, and why (Chinese, for the staff who wrote it)."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(f"{key}: {problem}")
        self.key = key
        self.problem = problem


class Entry(BaseModel):
    """One entry of the file, as it is written there."""

    model_config = ConfigDict(extra="forbid", strict=True)

    clause: str
    quote: Annotated[str, Field(min_length=2)]  # verbatim
    gives: Annotated[str, Field(min_length=2)]
    to: str
    mistake: str
    next: str
    en: Annotated[str, Field(min_length=2)]


class PlainFile(BaseModel):
    """A plain.toml."""

    model_config = ConfigDict(extra="forbid", strict=True)

    reviewed_by: str  # empty until a person has signed
    plain: tuple[Entry, ...]


def tied(file: PlainFile, clauses: Sequence[Clause]) -> Mapping[str, tuple[Plain, ...]]:
    """Return the plain words by clause id, in the order of the text.

    Raises:
        Untied: a quote is not verbatim, two overlap, or words say a figure that their quote does not.
    """
    known = {clause.clause_id: clause for clause in clauses}
    found: dict[str, list[Plain]] = {}
    for entry in file.plain:
        if entry.clause not in known:
            raise Untied(entry.clause, "没有这一条款")
        found.setdefault(entry.clause, []).append(_tied(entry, known[entry.clause]))
    ordered = {clause: tuple(sorted(plain, key=lambda p: p.start)) for clause, plain in found.items()}
    for clause, plain in ordered.items():
        for before, after in pairwise(plain):
            if after.start < before.end:
                raise Untied(clause, f"两处引文重叠:“{before.gives}”和“{after.gives}”")
    return ordered


def _tied(entry: Entry, clause: Clause) -> Plain:
    place = clause.text.find(entry.quote)
    if place < 0:
        raise Untied(f"{entry.clause}.quote", f"条款里没有“{entry.quote}”")
    if problem := next(_unborne(entry), None):
        raise Untied(f"{entry.clause}.{problem[0]}", problem[1])
    start = clause.start + place
    return Plain(
        start=start,
        end=start + len(entry.quote),
        gives=entry.gives,
        to=entry.to,
        mistake=entry.mistake,
        next=entry.next,
        en=entry.en,
    )


def _unborne(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield key and problem of every figure that the words have and the quote has not, or the reverse."""
    quoted = _values(figures(entry.quote))
    for key in WORDS:
        words = normalized(getattr(entry, key))
        if strange := _values(figures(words)) - quoted:
            yield key, f"“{words}”里的数 {_listed(strange)} 引文里没有"
    if strange := _numbers(entry.en) - quoted - _numbers(entry.quote):
        yield "en", f"“{entry.en}”里的数 {_listed(strange)} 引文里没有"
    amounts = _values(f for f in figures(entry.quote) if f.measure in _AMOUNTS)
    said = _values(figures(normalized(f"{entry.gives}。{entry.to}")))
    if lost := amounts - said:
        yield "gives", f"引文里的 {_listed(lost)} 没有说到"


def _numbers(text: str) -> set[Decimal]:
    """Return every number that stands in a text, in digits, in Chinese or as 3 million; 十四五 holds 14."""
    digits = _NUMBER.finditer(text.replace(",", ""))
    found = {Decimal(match["digits"]) * _TIMES.get(match["times"] or "", 1) for match in digits}
    for run in _HAN_NUMBER.findall(text):
        parts = (run[start:end] for start, end in combinations(range(len(run) + 1), 2))
        found |= {Decimal(chinese_integer(part)) for part in parts}
    return found


def _values(found: Iterator[Figure] | Sequence[Figure]) -> set[Decimal]:
    return {Decimal(value) for figure in found for value in figure.values}


def _listed(values: set[Decimal]) -> str:
    return "、".join(f"{value.normalize():f}" for value in sorted(values))
