"""The fact dictionary: what can be known about a person or a firm, its type and range, and how to ask for it.

A raw JSON value becomes a typed one or is refused: never rounded, never guessed, never a float.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knowledge.mistakes import in_chinese

SHIPPED = Path(__file__).parent / "facts.toml"

Record: TypeAlias = Mapping[str, "int | bool | Decimal"]
Value: TypeAlias = (
    bool | int | Decimal | str | date | frozenset[str] | tuple[int, ...] | tuple[Record, ...] | Record
)

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ISO_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_PLAIN_NUMBER = re.compile(r"-?\d{1,18}(?:\.\d{1,9})?")
_LARGEST = Decimal(10) ** 13  # far beyond any figure of a policy; keeps sums exact and short
_MOST_PLACES = 9
_YEARS = range(1900, 2101)
_LONGEST = {"text": 100, "ints": 50, "records": 100}


class FactType(StrEnum):
    """The shape of a fact's value."""

    ENUM = "enum"
    TEXT = "text"  # free words; options are suggestions
    INT = "int"
    DECIMAL = "decimal"
    BOOL = "bool"
    DATE = "date"
    MONTH = "month"  # "2024-03"
    SET = "set"  # some of the options
    INTS = "ints"  # one whole number a year, in order
    RECORD = "record"  # one amount for each option
    RECORDS = "records"  # several objects of the same fields


class InvalidFact(ValueError):
    """A value that is not of the fact's type or range."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name}: {problem}")
        self.name = name
        self.problem = problem  # Chinese, for the person who typed it


@dataclass(frozen=True, slots=True)
class Fact:
    """One entry of the dictionary."""

    name: str
    type: FactType
    label: str  # 连续参保月数
    whose: str  # self, household, firm, project, document
    question: str
    unit: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    above: Decimal | None = None  # the value must be greater than this
    options: Mapping[str, str] | None = None  # value → Chinese label
    fields: Mapping[str, FactType] | None = None  # of a record in records
    local: bool = False  # about one program alone
    past: bool = False  # a date no later than the day of asking
    grows: str | None = None  # 再连续参保: how a larger number comes about
    changes: str | None = None  # 在杭州落实工作: how a no becomes a yes

    def read(self, raw: object, day: date) -> Value:
        """Return the typed value of `raw`; `day` is the day of asking.

        Raises:
            InvalidFact: wrong type, out of range, or a float.
        """
        return _READERS[self.type](self, raw, day)

    def refuse(self, problem: str) -> InvalidFact:
        return InvalidFact(self.name, problem)


@dataclass(frozen=True, slots=True)
class Facts(Mapping[str, Fact]):
    """The dictionary, in asking order."""

    entries: Mapping[str, Fact]

    def __getitem__(self, name: str) -> Fact:
        return self.entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    @staticmethod
    @cache
    def shipped() -> Facts:
        """Return the dictionary that ships with the product."""
        return load(SHIPPED)


# ── typed values ─────────────────────────────────────────────────────────────────────────────


def _read_enum(fact: Fact, raw: object, day: date) -> str:
    options = fact.options or {}
    if not isinstance(raw, str) or raw not in options:
        raise fact.refuse(f"应为{'、'.join(options)}之一,给的是 {_shown(raw)}")
    return raw


def _read_text(fact: Fact, raw: object, day: date) -> str:
    if not isinstance(raw, str) or not raw.strip() or len(raw) > _LONGEST["text"]:
        raise fact.refuse(f"应为1到100个字的文字,给的是 {_shown(raw)}")
    return raw.strip()


def _read_int(fact: Fact, raw: object, day: date) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise fact.refuse(f"应为整数,给的是 {_shown(raw)}")
    _check_range(fact, Decimal(raw))
    return raw


def _read_decimal(fact: Fact, raw: object, day: date) -> Decimal:
    number = _decimal(raw)
    if number is None:
        raise fact.refuse(f"应为数,给的是 {_shown(raw)}")
    _check_range(fact, number)
    if fact.unit == "元" and number != round(number, 2):
        raise fact.refuse(f"金额最多到分,给的是 {_shown(raw)}")
    return number


def _read_bool(fact: Fact, raw: object, day: date) -> bool:
    if not isinstance(raw, bool):
        raise fact.refuse(f"应为 true 或 false,给的是 {_shown(raw)}")
    return raw


def _read_date(fact: Fact, raw: object, day: date) -> date:
    value = parse_day(raw)
    if value is None or value.year not in _YEARS:
        raise fact.refuse(f"应为日期,如 2024-06-30,给的是 {_shown(raw)}")
    if fact.past and value > day:
        raise fact.refuse(f"不能晚于 {day},给的是 {value}")
    return value


def _read_month(fact: Fact, raw: object, day: date) -> date:
    if not isinstance(raw, str) or not _ISO_MONTH.fullmatch(raw) or int(raw[:4]) not in _YEARS:
        raise fact.refuse(f"应为年月,如 2024-03,给的是 {_shown(raw)}")
    return date(int(raw[:4]), int(raw[5:]), 1)


def _read_set(fact: Fact, raw: object, day: date) -> frozenset[str]:
    if not isinstance(raw, list | tuple):
        raise fact.refuse(f"应为一组选项,给的是 {_shown(raw)}")
    chosen = [_read_enum(fact, item, day) for item in raw]
    if len(set(chosen)) != len(chosen):
        raise fact.refuse("选项重复")
    return frozenset(chosen)


def _read_ints(fact: Fact, raw: object, day: date) -> tuple[int, ...]:
    if not isinstance(raw, list | tuple) or not 1 <= len(raw) <= _LONGEST["ints"]:
        raise fact.refuse(f"应为1到50个整数,给的是 {_shown(raw)}")
    return tuple(_read_int(fact, item, day) for item in raw)


def _read_record(fact: Fact, raw: object, day: date) -> Record:
    names = fact.options or {}
    if not isinstance(raw, Mapping) or set(raw) != set(names):
        raise fact.refuse(f"应逐项写明{'、'.join(names)},给的是 {_shown(raw)}")
    return {name: _read_decimal(fact, raw[name], day) for name in names}


def _read_records(fact: Fact, raw: object, day: date) -> tuple[Record, ...]:
    if not isinstance(raw, list | tuple) or len(raw) > _LONGEST["records"]:
        raise fact.refuse(f"应为一组记录,给的是 {_shown(raw)}")
    return tuple(_one_record(fact, item) for item in raw)


def _one_record(fact: Fact, raw: object) -> Record:
    fields = fact.fields or {}
    if not isinstance(raw, Mapping) or set(raw) != set(fields):
        raise fact.refuse(f"每条记录应写明{'、'.join(fields)},给的是 {_shown(raw)}")
    return {name: _field(fact, kind, raw[name]) for name, kind in fields.items()}


def _field(fact: Fact, kind: FactType, raw: object) -> int | bool:
    if kind is FactType.BOOL and isinstance(raw, bool):
        return raw
    whole = kind is FactType.INT and isinstance(raw, int) and not isinstance(raw, bool)
    if whole and isinstance(raw, int) and 0 <= raw <= 100_000:
        return raw
    raise fact.refuse(f"记录里的值不对:{_shown(raw)}")


_READERS: Mapping[FactType, Callable[[Fact, object, date], Value]] = {
    FactType.ENUM: _read_enum,
    FactType.TEXT: _read_text,
    FactType.INT: _read_int,
    FactType.DECIMAL: _read_decimal,
    FactType.BOOL: _read_bool,
    FactType.DATE: _read_date,
    FactType.MONTH: _read_month,
    FactType.SET: _read_set,
    FactType.INTS: _read_ints,
    FactType.RECORD: _read_record,
    FactType.RECORDS: _read_records,
}


def parse_day(raw: object) -> date | None:
    """Return the day of a `date` or of "YYYY-MM-DD"; None for anything else."""
    if type(raw) is date:
        return raw
    if not isinstance(raw, str) or not _ISO_DAY.fullmatch(raw):
        return None
    try:
        return date.fromisoformat(raw)
    except ValueError:
        return None


def _decimal(raw: object) -> Decimal | None:
    """Return the exact number, or None; a float is never one."""
    if isinstance(raw, bool | float):
        return None
    if isinstance(raw, str) and not _PLAIN_NUMBER.fullmatch(raw):
        return None
    if not isinstance(raw, int | Decimal | str):
        return None
    try:
        number = Decimal(raw)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) >= _LARGEST:
        return None
    return number if number == round(number, _MOST_PLACES) else None


def _check_range(fact: Fact, number: Decimal) -> None:
    if fact.minimum is not None and number < fact.minimum:
        raise fact.refuse(f"不能小于{fact.minimum},给的是 {number}")
    if fact.maximum is not None and number > fact.maximum:
        raise fact.refuse(f"不能大于{fact.maximum},给的是 {number}")
    if fact.above is not None and number <= fact.above:
        raise fact.refuse(f"应大于{fact.above},给的是 {number}")
    if abs(number) >= _LARGEST:
        raise fact.refuse(f"数字过大:{number}")


def _shown(raw: object) -> str:
    shown = repr(raw)
    return shown if len(shown) <= 40 else shown[:39] + "…"


# ── facts.toml ───────────────────────────────────────────────────────────────────────────────

_Limit = int | Annotated[str, Field(pattern=r"^\d+(\.\d+)?$")]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    type: Annotated[FactType, Field(strict=False)]
    label: Annotated[str, Field(min_length=1)]
    whose: Annotated[str, Field(pattern="^(self|household|firm|project|document)$")]
    question: Annotated[str, Field(min_length=4)]
    unit: str = ""
    min: _Limit | None = None
    max: _Limit | None = None
    above: _Limit | None = None
    options: dict[str, str] | None = None
    fields: dict[str, Annotated[FactType, Field(strict=False)]] | None = None
    local: bool = False
    past: bool = False
    grows: str | None = None
    changes: str | None = None


class FactsRefused(ValueError):
    """The dictionary has a mistake; the message says where, in Chinese."""


def load(path: Path) -> Facts:
    """Return the dictionary of a `facts.toml`.

    Raises:
        FactsRefused: it is not TOML, or an entry is not as it should be.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise FactsRefused(f"{path}:读不出来:{error}") from error
    return Facts({name: _fact(path, name, entry) for name, entry in content.items()})


def _fact(path: Path, name: str, entry: object) -> Fact:
    try:
        read = _Entry.model_validate(entry)
    except ValidationError as error:
        key = ".".join([name, *(str(step) for step in error.errors()[0]["loc"])])
        raise FactsRefused(f"{path}:{key}:{in_chinese(error)}") from error
    if read.type in (FactType.ENUM, FactType.SET, FactType.RECORD) and not read.options:
        raise FactsRefused(f"{path}:{name}.options:缺少选项")
    return Fact(
        name=name,
        type=read.type,
        label=read.label,
        whose=read.whose,
        question=read.question,
        unit=read.unit,
        minimum=_limit(read.min),
        maximum=_limit(read.max),
        above=_limit(read.above),
        options=read.options,
        fields=read.fields,
        local=read.local,
        past=read.past,
        grows=read.grows,
        changes=read.changes,
    )


def _limit(limit: int | str | None) -> Decimal | None:
    return None if limit is None else Decimal(limit)
