"""What people ask about and a text need not speak of (matters.toml), and whether a clause does.

A near miss is answered with "the document does not say", never with the figure beside it: 买房补贴 is
not 租房补贴, and 几天到账 is not 满6个月.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

SHIPPED = Path(__file__).with_name("matters.toml")


class MatterKind(StrEnum):
    THING = "thing"  # the clause, or how people ask about it, has to name it
    DETAIL = "detail"  # the statement that answers has to say it
    GROUP = "group"  # the clause has to name it, or name no group at all in a document that does


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that may be asked about, how people say it and how documents write it."""

    name: str
    kind: MatterKind
    asks: re.Pattern[str]
    has: re.Pattern[str]

    def is_in(self, text: str) -> bool:
        return bool(self.has.search(text) or self.asks.search(text))


@dataclass(frozen=True, slots=True)
class Texts:
    """What may speak of a matter, from the narrowest to the widest."""

    statement: str  # the part of the clause that would answer
    clause: str
    document: str


@cache
def shipped() -> tuple[Matter, ...]:
    """Return the matters that ship, in the order of the file."""
    return load(SHIPPED)


def load(path: Path) -> tuple[Matter, ...]:
    """Return the matters of a file.

    Raises:
        ValueError: an entry lacks a key, has another one, or is no regular expression.
    """
    entries = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(_matter(path, name, dict(entry)) for name, entry in entries.items())


def _matter(path: Path, name: str, entry: dict[str, str]) -> Matter:
    if not {"kind", "asks"} <= entry.keys() <= {"kind", "asks", "has"}:
        raise ValueError(f"{path}:{name}:应有 kind、asks,可有 has,写的是 {', '.join(entry)}")
    try:
        asks, has = re.compile(entry["asks"]), re.compile(entry.get("has", entry["asks"]))
        return Matter(name, MatterKind(entry["kind"]), asks, has)
    except (re.error, ValueError) as error:
        raise ValueError(f"{path}:{name}:{error}") from error


_GROUPS = re.compile(r"大学生|毕业生|博士|留学|导师|青年|妇女|农民|退役|残疾|失业|就业困难")


def unsaid(asking: str, texts: Texts, phrasings: Sequence[str], matters: Sequence[Matter]) -> str | None:
    """Return the words of `asking` for something that the clause does not speak of; None if it does.

    `asking` is the part of a message that asks.
    """
    for matter in matters:
        found = matter.asks.search(asking)
        if found and not _speaks_of(matter, texts, phrasings):
            return _ASKING.sub("", found.group())
    return _other_benefit(asking, texts.clause, phrasings)


def subjects(asking: str, matters: Sequence[Matter]) -> tuple[Matter, ...]:
    """Return the matters of `asking` that a whole clause has to name; no details of one."""
    return tuple(m for m in matters if m.kind is not MatterKind.DETAIL and m.asks.search(asking))


_ASKING = re.compile(r"^(?:(?:要|需要)?(?:什么|哪些)|多少)(?=[\u4e00-\u9fff]{2})")  # 什么材料 is about 材料
# The two characters before the word for a sum say which sum is meant: 高温补贴, 摊位费, 求职补贴.
_BENEFIT = re.compile(r"([\u4e00-\u9fff]{2})(?:补贴|补助|津贴|奖金|奖励|(?<![免收])费)")
_NO_NAME = re.compile(
    r"什么|多少|哪|这|那|额外|另外|次性|可以|能|领|有|没|政府|国家|给|每|申请|享受|各种|相关|发|拿|的|说|会|啥|就业|创业"
)


def _other_benefit(asking: str, clause: str, phrasings: Sequence[str]) -> str | None:
    """Return a benefit that is asked about by a name which neither the clause nor any phrasing has."""
    for found in _BENEFIT.finditer(asking):
        name = found.group(1)
        known = name in clause or any(name in text for text in phrasings)
        if not known and not _NO_NAME.search(name):
            return found.group()
    return None


def _speaks_of(matter: Matter, texts: Texts, phrasings: Sequence[str]) -> bool:
    match matter.kind:
        case MatterKind.THING:
            return matter.is_in(texts.clause) or any(matter.asks.search(text) for text in phrasings)
        case MatterKind.DETAIL:
            return matter.is_in(texts.statement)
        case MatterKind.GROUP:
            open_to_all = not _GROUPS.search(texts.statement) and matter.is_in(texts.document)
            return matter.is_in(texts.clause) or open_to_all
