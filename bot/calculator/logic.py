"""Three-valued conditions (Kleene): yes, no, and not known. Unknown is not zero, and not no."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from bot.calculator.dates import months_later, years_later
from knowledge.facts import Value
from knowledge.programs import Op, Predicate

Known = Mapping[str, Value]


def all_of(verdicts: Iterable[bool | None]) -> bool | None:
    """Return no if any is no, else unknown if any is unknown, else yes."""
    found = set(verdicts)
    if False in found:
        return False
    return None if None in found else True


def any_of(verdicts: Iterable[bool | None]) -> bool | None:
    """Return yes if any is yes, else unknown if any is unknown, else no."""
    found = set(verdicts)
    if True in found:
        return True
    return None if None in found else False


class Evaluation(ABC):
    """Evaluates conditions over what is known on one day; whose figures they are, a subclass knows."""

    def __init__(self, known: Known, day: date) -> None:
        self.known = known
        self.day = day
        self.flags: list[str] = []

    @abstractmethod
    def figure(self, param: str) -> Decimal:
        """Return the value of a parameter on the day, and trace that it was read."""

    def flag(self, name: str) -> None:
        if name not in self.flags:
            self.flags.append(name)

    def test(self, predicate: Predicate) -> bool | None:
        """Return yes, no or None for not known."""
        match predicate.op:
            case Op.ANY:
                return any_of([self.test(each) for each in predicate.tests])
            case Op.ALL:
                return self._all(predicate)
            case Op.UNSTATED:
                self.flag(predicate.flag)
                return None
            case Op.GIVEN:
                return (predicate.fact in self.known) is predicate.values[0]
        value = self.known.get(predicate.fact)
        return None if value is None else self._leaf(predicate, value)

    def _all(self, predicate: Predicate) -> bool | None:
        """A part that is no settles it, so what stands behind it is not even looked at."""
        verdict: bool | None = True
        for each in predicate.tests:
            if each.op is Op.UNSTATED and verdict is None:
                continue  # whether the open question is this person's is itself not known
            one = self.test(each)
            if one is False:
                return False
            verdict = None if one is None else verdict
        return verdict

    def _leaf(self, predicate: Predicate, value: Value) -> bool | None:
        match predicate.op:
            case Op.KNOWN:
                return True
            case Op.IS | Op.IN:
                return value in predicate.values
            case Op.NOT_IN:
                return value not in predicate.values
            case Op.OPEN:
                return self._open(predicate, str(value))
            case Op.INCLUDES:
                return isinstance(value, frozenset) and predicate.values[0] in value
            case Op.LACKS:
                return isinstance(value, frozenset) and predicate.values[0] not in value
            case Op.WITHIN_YEARS | Op.AFTER_YEARS | Op.MONTHS_WITHIN_YEARS:
                return self._by_date(predicate, value)
            case Op.EACH:
                return self._each(predicate, value)
        return self._by_number(predicate, value)

    def _open(self, predicate: Predicate, value: str) -> bool | None:
        if value in predicate.values:
            return True
        if any(word in value for word in predicate.ruled_out):
            return False
        self.flag("open_list")
        return None

    def _by_number(self, predicate: Predicate, value: Value) -> bool | None:
        if isinstance(value, tuple):  # one number a year: one of them is enough
            return any_of(self._compare(predicate, Decimal(str(each))) for each in value)
        return self._compare(predicate, Decimal(str(value)))

    def _compare(self, predicate: Predicate, number: Decimal) -> bool | None:
        match predicate.op:
            case Op.POSITIVE:
                return number > 0
            case Op.LT_FACT:
                other = self.known.get(predicate.other)
                return None if other is None else number < Decimal(str(other))
            case Op.LT_SUM:
                return number < sum(self.figure(param) for param in predicate.params)
        limit = self.figure(predicate.params[0])
        match predicate.op:
            case Op.GE:
                return number >= limit
            case Op.GT:
                return number > limit
            case Op.LE:
                return number <= limit
            case Op.LT:
                self._flag_birthday(predicate)
                return number < limit
        raise AssertionError(f"no test for {predicate.op}")

    def _flag_birthday(self, predicate: Predicate) -> None:
        born = self.known.get("birth_date")
        if (
            predicate.fact == "age"
            and isinstance(born, date)
            and years_later(born, self.day.year - born.year, up=False) == self.day
        ):
            self.flag("boundary_day")

    def _by_date(self, predicate: Predicate, value: Value) -> bool | None:
        assert isinstance(value, date), f"{predicate.fact} is not a date"
        years = int(self.figure(predicate.params[0]))
        if predicate.op is Op.MONTHS_WITHIN_YEARS:
            return self.day < months_later(value, 12 * years)
        edge = years_later(value, years, up=predicate.op is Op.AFTER_YEARS)
        if self.day == edge:
            self.flag("boundary_day")
        if predicate.op is Op.AFTER_YEARS:
            return edge <= self.day
        return value <= self.day <= edge

    def _each(self, predicate: Predicate, value: Value) -> bool:
        least = self.figure(predicate.params[0])
        records = value if isinstance(value, tuple) else ()
        return any(
            all(_passes(record[name], least) for name in predicate.fields)
            for record in records
            if isinstance(record, Mapping)
        )

    def unknown_facts(self, predicate: Predicate) -> Iterator[str]:
        """Yield the facts that an unknown test waits for, the first to be asked first."""
        if self.test(predicate) is not None:
            return
        if predicate.op in (Op.ANY, Op.ALL):
            for each in predicate.tests:
                yield from self.unknown_facts(each)
            return
        for fact in (predicate.fact, predicate.other):
            if fact and fact not in self.known:
                yield fact


def _passes(field: bool | int | Decimal, least: Decimal) -> bool:
    """Whether a yes-or-no field is yes, or a counted one reaches the line."""
    return field if isinstance(field, bool) else Decimal(field) >= least
