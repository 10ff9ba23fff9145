"""What a document says about itself: number, dates, validity, repeals, target years.

Each reading comes with the words it was read from, so that a person can check it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from knowledge.numerals import chinese_integer

_NUMERAL = r"[〇零一二三四五六七八九十\d]"
_DAY = re.compile(
    rf"({_NUMERAL}{{4}})年({_NUMERAL}{{1,3}})月({_NUMERAL}{{1,3}})日|(\d{{4}})-(\d{{1,2}})-(\d{{1,2}})"
)
_VALIDITY = re.compile(
    rf"自({_DAY.pattern.split('|')[0]})起(?:施行|实施|执行)(?:,有效期至({_DAY.pattern.split('|')[0]}))?"
)
_REPEAL = re.compile(r"《([^《》]+)》(?:\(([^()]+)\))?[^。;《》]{0,12}(?:同时)?废止")


@dataclass(frozen=True, slots=True)
class Validity:
    """The days on which a document says it is in force (有效期); both ends are inclusive."""

    since: date
    until: date | None
    quote: str


@dataclass(frozen=True, slots=True)
class Repealed:
    title: str
    number: str | None
    quote: str


def days(text: str) -> tuple[date, ...]:
    """Return the days written in `text`, in order: 2023年7月5日, 二〇二三年七月五日, 2023-07-05.

    Raises:
        ValueError: a day is written that no calendar has, such as 2023年2月30日.
    """
    return tuple(_day(found) for found in _DAY.finditer(text))


def _day(found: re.Match[str]) -> date:
    written = [group for group in found.groups() if group is not None]
    year, month, day = (_integer(group) for group in written)
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ValueError(f"{found.group()!r} is not a day of any calendar: {error}") from error


def _integer(written: str) -> int:
    return int(written) if written.isdecimal() else chinese_integer(written)


def validity(text: str) -> Validity | None:
    """Return the validity that `text` states, or None if it states none."""
    found = _VALIDITY.search(text)
    if not found:
        return None
    stated = days(found.group())
    return Validity(stated[0], stated[1] if len(stated) > 1 else None, found.group())


def repeals(text: str) -> tuple[Repealed, ...]:
    """Return the documents that `text` puts out of force."""
    return tuple(Repealed(m.group(1), m.group(2), m.group()) for m in _REPEAL.finditer(text))
