"""One program, one person's facts, one day: what a formula and a condition may read, and the trace of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from bot.calculator.logic import Evaluation, Known
from knowledge.facts import Facts, Record, Value
from knowledge.programs import Dated, Program, Target


class MissingFact(LookupError):
    """A formula needs a fact that is not known."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Case(Evaluation):
    """Reads facts and parameters by the role that the program gives them; each parameter read is traced."""

    def __init__(
        self, program: Program, facts: Facts, known: Known, day: date, last_day: date | None
    ) -> None:
        super().__init__(known, day)
        self.program = program
        self.facts = facts
        self.last_day = last_day
        self.steps: list[str] = []
        self.lacking: str | None = None  # the fact that a formula stopped at
        self.read: dict[str, Dated] = {}  # the trace: parameter → the value that holds on the day

    @property
    def groups(self) -> Mapping[str, tuple[str, ...]]:
        return self.program.amount.groups

    def figure(self, param: str) -> Decimal:
        """Return the value of a parameter on the day, and trace it.

        Raises:
            LookupError: it has no value on that day.
        """
        parameter = self.program.parameters[param]
        dated = parameter.at(self.day)
        if dated is None:
            raise LookupError(f"{self.program.id}: {param} has no value on {self.day}")
        self.read[param] = dated
        if isinstance(dated.value, date):
            raise LookupError(f"{self.program.id}: {param} is a day, not a number")
        return Decimal(dated.value)

    def param(self, role: str) -> Decimal:
        return self.figure(self.program.amount.params[role])

    def knows(self, fact: str) -> bool:
        return fact in self.known

    def value(self, role: str) -> Value | None:
        return self.known.get(self.program.amount.facts.get(role, ""))

    def need(self, role: str) -> Value:
        """Return the fact in this role.

        Raises:
            MissingFact: it is not known.
        """
        fact = self.program.amount.facts[role]
        if fact not in self.known:
            raise MissingFact(fact)
        return self.known[fact]

    def number(self, role: str) -> Decimal | None:
        value = self.value(role)
        return None if value is None else Decimal(str(value))

    def need_number(self, role: str) -> Decimal:
        return Decimal(str(self.need(role)))

    def number_of(self, fact: str) -> Decimal:
        """Return a number by the fact's own name.

        Raises:
            MissingFact: it is not known.
        """
        if fact not in self.known:
            raise MissingFact(fact)
        return Decimal(str(self.known[fact]))

    def chosen(self, role: str) -> Decimal:
        """Return the sum that goes with the choice."""
        return self.figure(self.program.amount.cases[str(self.need(role))])

    def label(self, role: str) -> str:
        """Return the choice in Chinese."""
        fact = self.program.amount.facts[role]
        value = str(self.known[fact])
        return (self.facts[fact].options or {}).get(value, value)

    def record(self, role: str) -> Record:
        value = self.need(role)
        assert isinstance(value, Mapping), f"{role} is not a record"
        return value

    def records(self, role: str) -> tuple[Record, ...]:
        value = self.need(role)
        items = value if isinstance(value, tuple) else ()
        return tuple(item for item in items if isinstance(item, Mapping))

    def target(self) -> Target:
        """Return the target that the fact `metric` names; a document with one target needs no name."""
        if len(self.program.targets) == 1:
            return self.program.targets[0]
        if "metric" not in self.known:
            raise MissingFact("metric")
        return find_target(self.program, str(self.known["metric"]))

    def after_last_day(self, day: date) -> bool:
        return self.last_day is not None and day > self.last_day

    def step(self, line: str) -> None:
        if line not in self.steps:
            self.steps.append(line)


def find_target(program: Program, metric: str) -> Target:
    """Return the target of that name.

    Raises:
        LookupError: the document has no such target.
    """
    for target in program.targets:
        if metric == target.metric or metric in target.aliases:
            return target
    raise LookupError(f"{program.id} has no target {metric!r}")
