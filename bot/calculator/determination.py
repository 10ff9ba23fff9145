"""What the calculator says about one program and one person on one day, and its JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from knowledge.programs import Kind, Program


class Eligibility(StrEnum):
    """Whether the conditions that the text states are met. Never whether a person is "eligible"."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a program is in force on a day."""

    in_force: bool | None  # None: the document states no validity
    reason: str | None = None  # not_yet, expired, repealed
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """One stated condition and how it came out."""

    id: str
    text: str
    met: bool | None
    quote: str | None
    clause: str


@dataclass(frozen=True, slots=True)
class TraceRow:
    """A figure that was used, and where it stands."""

    param: str
    value: int | Decimal | date
    unit: str
    clause: str
    quote: str


@dataclass(frozen=True, slots=True)
class Determination:
    """The answer of the calculator; JSON-ready by `to_json`."""

    program: Program
    as_of: date
    standing: Standing
    eligibility: Eligibility | None  # None: the text sets no condition on a person
    kind: Kind
    amount: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    historic: Decimal | None = None  # the sum while the document was in force
    historic_low: Decimal | None = None
    historic_high: Decimal | None = None
    missing: tuple[str, ...] = ()  # still to be asked, in order
    declined: tuple[str, ...] = ()  # wanted, and not to be asked again
    failed: tuple[str, ...] = ()
    premises: tuple[str, ...] = ()  # conditions that are asked last and were taken as met
    conditions: tuple[ConditionResult, ...] = ()
    flags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  # the flags as sentences
    steps: tuple[str, ...] = ()
    trace: tuple[TraceRow, ...] = ()
    details: Mapping[str, object] = field(default_factory=dict)
    determination_id: str = ""

    def to_json(self) -> dict[str, object]:
        """Return the determination as JSON types; whole yuan are integers, other amounts strings."""
        program = self.program
        return {
            "program": program.id,
            "policy": program.policy_id,
            "clause": program.clause,
            "title": program.title,
            "quote": program.quote,
            "audience": list(program.audience),
            "as_of": self.as_of.isoformat(),
            "in_force": self.standing.in_force,
            "reason": self.standing.reason,
            "eligibility": self.eligibility.value if self.eligibility else None,
            "kind": self.kind.value,
            "amount_yuan": yuan(self.amount),
            "min_yuan": yuan(self.low),
            "max_yuan": yuan(self.high),
            "historic_amount_yuan": yuan(self.historic),
            "historic_min_yuan": yuan(self.historic_low),
            "historic_max_yuan": yuan(self.historic_high),
            "unit": program.unit,
            "paid": program.paid,
            "missing": list(self.missing),
            "declined": list(self.declined),
            "failed": list(self.failed),
            "premises": list(self.premises),
            "conditions": [
                {"id": c.id, "text": c.text, "met": c.met, "quote": c.quote, "clause": c.clause}
                for c in self.conditions
            ],
            "unverified": [item.text for item in program.unverified],
            "flags": list(self.flags),
            "notes": list(self.notes),
            "steps": list(self.steps),
            "trace": [
                {
                    "param": row.param,
                    "value": figure_json(row.value),
                    "unit": row.unit,
                    "clause": row.clause,
                    "quote": row.quote,
                }
                for row in self.trace
            ],
            "reviewed_by": program.reviewed_by,
            "determination_id": self.determination_id,
            **{key: plain(value) for key, value in self.details.items()},
        }


@dataclass(frozen=True, slots=True)
class InvalidInput:
    """The input was refused: which fields, and why."""

    program_id: str
    as_of: str
    problems: Mapping[str, str]  # field → Chinese

    def to_json(self) -> dict[str, object]:
        return {
            "program": self.program_id,
            "as_of": self.as_of,
            "error": "invalid_input",
            "fields": list(self.problems),
            "problems": dict(self.problems),
        }


def yuan(amount: Decimal | None) -> int | str | None:
    """Return whole yuan as an integer, other amounts as a string with two places."""
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() else f"{amount:.2f}"


def figure_json(value: int | Decimal | date) -> int | str:
    """Return a figure of the text as an integer, or as a string: "0.5", "2025-12-31"."""
    return value if isinstance(value, int) else str(value)


def plain(value: object) -> object:
    """Return `value` in JSON types; every Decimal in a result is an amount."""
    if isinstance(value, Decimal):
        return yuan(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value
