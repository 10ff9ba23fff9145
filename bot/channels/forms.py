"""A fact of the dictionary ↔ a field of a form: what is asked, what was typed, and the raw value it is.

What somebody typed is never lost and never guessed at: what cannot be read goes to the dictionary as
it is, and comes back with the dictionary's sentence about it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from bot.channels.pages import read_day
from knowledge.facts import Fact, FactType

Typed: TypeAlias = Mapping[str, Sequence[str]]  # input name → what was typed, as an address holds it
Raw: TypeAlias = object  # what the dictionary reads; None is "asked, and not said"

DECLINED = "-"  # the value of the button 不清楚
YES, NO = "yes", "no"
ROWS = 3  # of a fact that is several records
_FEW = 5  # options that are shown as buttons; more are a list
_LONGEST = 200  # characters of one input that are looked at

_TYPED = {FactType.INT: "numeric", FactType.DECIMAL: "decimal"}
_WAN = re.compile(r"(\d+(?:\.\d+)?)万")
_INTEGER = re.compile(r"-?\d{1,18}")
_PARTS = re.compile(r"[,;、\s]+")
_FIELD_NAMES = {"licensed": "领了营业证照", "stable_months": "稳定经营的月数"}


@dataclass(frozen=True, slots=True)
class Input:
    """One box to type in."""

    name: str
    label: str  # "" where the field's own question says it
    kind: str  # text, date, month
    mode: str  # the keyboard: text, numeric, decimal
    value: str


@dataclass(frozen=True, slots=True)
class Field:
    """A fact as a form asks for it."""

    name: str  # of the fact, qualified where it is about one program alone
    question: str
    label: str
    unit: str
    shape: str  # radio, select, checkbox, list, boxes
    options: tuple[tuple[str, str], ...]
    inputs: tuple[Input, ...]
    chosen: tuple[str, ...]
    problem: str = ""
    wanted: bool = False  # the calculation waits for it

    @property
    def used(self) -> bool:
        """Whether there is something in it to look at."""
        return bool(self.problem or self.chosen or any(box.value for box in self.inputs))


def field(
    fact: Fact, typed: Typed, name: str = "", question: str = "", problem: str = "", wanted: bool = False
) -> Field:
    """Return the field of a fact with what was typed into it."""
    name = name or fact.name
    shape = _shape(fact)
    options = (
        ((YES, "是"), (NO, "不是")) if fact.type is FactType.BOOL else tuple((fact.options or {}).items())
    )
    inputs = tuple(_inputs(fact, name, typed)) if shape in ("list", "boxes") else ()
    chosen = tuple(typed.get(name, ()))
    return Field(
        name,
        question or fact.question,
        fact.label,
        fact.unit,
        shape,
        options,
        inputs,
        chosen,
        problem,
        wanted,
    )


def _shape(fact: Fact) -> str:
    if fact.type is FactType.SET:
        return "checkbox"
    if fact.type is FactType.BOOL or (fact.type is FactType.ENUM and len(fact.options or {}) <= _FEW):
        return "radio"
    if fact.type is FactType.ENUM:
        return "select"
    return "list" if fact.type is FactType.TEXT else "boxes"


def _inputs(fact: Fact, name: str, typed: Typed) -> Iterable[Input]:
    def value(of: str) -> str:
        return "".join(list(typed.get(of, ()))[:1])

    if fact.type is FactType.RECORD:
        for option, label in (fact.options or {}).items():
            yield Input(f"{name}.{option}", label, "text", "decimal", value(f"{name}.{option}"))
    elif fact.type is FactType.RECORDS:
        for row in range(ROWS):
            for part, kind in (fact.fields or {}).items():
                of = f"{name}.{row}.{part}"
                hint = "(是/否)" if kind is FactType.BOOL else ""
                label = f"第{row + 1}家:{_FIELD_NAMES.get(part, part)}{hint}"
                yield Input(of, label, "text", "text", value(of))
    else:
        box = fact.type.value if fact.type in (FactType.DATE, FactType.MONTH) else "text"
        yield Input(name, "", box, _TYPED.get(fact.type, "text"), value(name))


# ── typed → raw ──────────────────────────────────────────────────────────────────────────────


def names(fact: Fact, name: str = "") -> tuple[str, ...]:
    """Return the names of the inputs that a fact is typed into."""
    made = field(fact, {}, name)
    return tuple(one.name for one in made.inputs) or (made.name,)


def raw(fact: Fact, typed: Typed, name: str = "") -> tuple[bool, Raw]:
    """Return whether anything was typed for a fact, and its raw value; None is "asked, and not said"."""
    name = name or fact.name
    given = {of: [clean(one) for one in typed.get(of, ()) if one.strip()] for of in names(fact, name)}
    given = {of: values for of, values in given.items() if values}
    if not given:
        return False, None
    if given.get(name) == [DECLINED]:
        return True, None
    if fact.type is FactType.RECORD:
        return True, {of.rpartition(".")[2]: values[0] for of, values in given.items()}
    if fact.type is FactType.RECORDS:
        return True, _records(fact, given)
    return True, _one(fact, given[name])


def _one(fact: Fact, values: list[str]) -> Raw:
    match fact.type:
        case FactType.SET:
            return values
        case FactType.INTS:
            return [_integer(part) for part in _PARTS.split(values[0]) if part]
        case FactType.BOOL:
            return {YES: True, NO: False, "是": True, "否": False, "不是": False}.get(values[0], values[0])
        case FactType.INT:
            return _integer(_number(values[0], fact.unit))
        case FactType.DECIMAL:
            return _number(values[0], fact.unit)
        case FactType.DATE:
            day = read_day(values[0])
            return day.isoformat() if day else values[0]
    return values[0]


def _records(fact: Fact, given: Mapping[str, list[str]]) -> Raw:
    rows: dict[str, dict[str, Raw]] = {}
    for of, values in given.items():
        _, row, part = of.rsplit(".", 2)
        kind = (fact.fields or {})[part]
        yes_or_no = {"是": True, "否": False, "不是": False, YES: True, NO: False}
        rows.setdefault(row, {})[part] = (
            yes_or_no.get(values[0], values[0]) if kind is FactType.BOOL else _integer(values[0])
        )
    return list(rows.values())


def clean(text: str) -> str:
    """Return what was typed with full-width digits and letters made plain (１２ → 12)."""
    return unicodedata.normalize("NFKC", text[:_LONGEST]).strip()


def _number(text: str, unit: str) -> str:
    """Return a number as people type it, in figures alone: 3万元 → 30000, 5人 → 5."""
    text = text.replace(",", "").replace(" ", "").removesuffix(unit).removesuffix("元") if unit else text
    if found := _WAN.fullmatch(text):
        return f"{(Decimal(found[1]) * 10000).normalize():f}"
    return text


def _integer(text: str) -> int | str:
    return int(text) if _INTEGER.fullmatch(text) else text


# ── raw → words, and → typed ─────────────────────────────────────────────────────────────────


def in_words(fact: Fact, value: Raw) -> str:
    """Return a raw value as people say it: 硕士研究生, 是, 6人; 不愿说 for what was declined."""
    options = fact.options or {}
    if value is None:
        return "没有说"
    if isinstance(value, bool):
        return "是" if value else "不是"
    if isinstance(value, str | int | Decimal | date):
        return options.get(str(value), f"{value}{fact.unit}")
    if isinstance(value, Mapping):
        return "、".join(
            f"{options.get(str(name), name)}{number}{fact.unit}" for name, number in value.items()
        )
    if isinstance(value, Iterable):
        return "、".join(in_words(fact, one) for one in value)
    return str(value)


def typed(fact: Fact, value: Raw, name: str = "") -> dict[str, list[str]]:
    """Return what one would type for a raw value: the inverse of `raw`."""
    name = name or fact.name
    if value is None:
        return {name: [DECLINED]}
    if isinstance(value, bool):
        return {name: [YES if value else NO]}
    if isinstance(value, Mapping):
        return {f"{name}.{part}": [str(number)] for part, number in value.items()}
    if isinstance(value, list | tuple) and fact.type is FactType.RECORDS:
        return {
            f"{name}.{row}.{part}": [("是" if item else "否") if isinstance(item, bool) else str(item)]
            for row, record in enumerate(value)
            for part, item in record.items()
        }
    if isinstance(value, list | tuple | frozenset | set):
        parts = [str(one) for one in value]
        return {name: parts if fact.type is FactType.SET else ["、".join(parts)]}
    return {name: [str(value)]}
