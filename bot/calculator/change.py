"""What would change a result: the nearest thing that the rules themselves allow, and until when it holds.

Nothing here knows a program. Changes are read off the conditions and tried out on the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

from bot.calculator.case import Case
from bot.calculator.dates import month_text, months_later, years_later
from bot.calculator.determination import Determination, Eligibility, yuan
from bot.calculator.engine import Person, derived, judge, verdict
from knowledge.facts import Fact, FactType, Value
from knowledge.programs import Condition, Kind, Op, Predicate, Program, Programs

_MOST_COMBINATIONS = 16
_LONGEST_WAIT = timedelta(days=366 * 20)


@dataclass(frozen=True, slots=True)
class Repair:
    """One step that makes a test true: facts that become different, or a day to wait for."""

    facts: Mapping[str, Value]
    text: str
    on: date | None = None

    @property
    def effort(self) -> int:
        return 1 if self.on is None else 2


@dataclass(frozen=True, slots=True)
class Change:
    """A change that the rules allow, and what the program comes to after it."""

    text: str
    facts: Mapping[str, Value]
    on: date | None
    after: Determination | None
    gain: Decimal | None = None

    def to_json(self, outside: Callable[[str], str] = str) -> dict[str, object]:
        """Return the change as JSON types; `outside` gives the name of a fact outside its program."""
        return {
            "text": self.text,
            "facts": {outside(name): _jsonable(value) for name, value in self.facts.items()},
            "on": self.on.isoformat() if self.on else None,
            "amount_yuan": yuan(self.after.amount) if self.after else None,
            "min_yuan": yuan(self.after.low) if self.after else None,
            "max_yuan": yuan(self.after.high) if self.after else None,
            "gain_yuan": yuan(self.gain),
        }


def changes(programs: Programs, person: Person, result: Determination) -> tuple[Change, ...]:
    """Return the nearest change to a result; none where the rules allow none, or where nothing is lacking."""
    if result.standing.in_force is False:
        return ()
    if result.eligibility is Eligibility.NOT_MET:
        return tuple(_towards_met(programs, person, result))
    if result.eligibility is Eligibility.MET and result.kind in (Kind.EXACT, Kind.CAP):
        return tuple(_towards_more(programs, person, result))
    return ()


# ── from not met to met ──────────────────────────────────────────────────────────────────────


def _towards_met(programs: Programs, person: Person, result: Determination) -> Iterator[Change]:
    case = _case(programs, person, result)
    failed = [c for c in result.program.conditions if c.id in result.failed]
    ways = [list(repairs(case, condition.test)) for condition in failed]
    if not all(ways):
        return  # one of the conditions cannot be changed: 学历, 毕业日期, 名单
    found: list[tuple[int, int, Change]] = []
    for steps in product(*ways):
        if (change := _tried(programs, person, result, steps)) is not None:
            found.append((sum(step.effort for step in steps), len(found), change))
        if len(found) >= _MOST_COMBINATIONS:
            break
    if found:
        yield min(found, key=lambda row: row[:2])[2]


def _tried(
    programs: Programs, person: Person, result: Determination, steps: tuple[Repair, ...]
) -> Change | None:
    facts: dict[str, Value] = {}
    for step in steps:
        facts |= step.facts
    days = [step.on for step in steps if step.on]
    on = max(days) if days else None
    after = judge(
        programs,
        result.program,
        Person({**person.known, **facts}, person.declined),
        on or result.as_of,
        result.standing,
    )
    if after.eligibility is Eligibility.NOT_MET:
        return None
    text = ",".join(step.text for step in steps) + _comes_to(after)
    return Change(text, facts, on, after, after.amount)


def repairs(case: Case, predicate: Predicate) -> Iterator[Repair]:
    """Yield the ways in which a test that is not met could come to be met."""
    if predicate.op is Op.ANY:
        for each in predicate.tests:
            yield from repairs(case, each)
        return
    if predicate.op is Op.ALL:
        yield from _all_repairs(case, predicate)
        return
    value = case.known.get(predicate.fact)
    if predicate.fact not in case.facts or case.test(predicate) is not False or value is None:
        return
    yield from _leaf_repairs(case, predicate, value)


def _all_repairs(case: Case, predicate: Predicate) -> Iterator[Repair]:
    open_ = [each for each in predicate.tests if case.test(each) is False]
    ways = [list(repairs(case, each)) for each in open_]
    if len(ways) == 1:
        yield from ways[0]


def _leaf_repairs(case: Case, predicate: Predicate, value: Value) -> Iterator[Repair]:
    fact = case.facts[predicate.fact]
    if predicate.op is Op.IS and predicate.values == (True,) and fact.changes:
        yield Repair({fact.name: True}, fact.changes)
    elif predicate.op in (Op.GE, Op.GT, Op.POSITIVE) and fact.grows and fact.type is FactType.INT:
        least = _least(case, predicate)
        yield Repair({fact.name: least}, grown(fact, int(str(value)), least, case.day))
    elif predicate.op is Op.AFTER_YEARS and isinstance(value, date):
        years = int(case.figure(predicate.params[0]))
        on = years_later(value, years, up=True)
        if on - case.day <= _LONGEST_WAIT:
            yield Repair({}, f"到{on}满{years}年", on)
    elif predicate.op is Op.EACH:
        yield from _record_repairs(case, predicate, value)


def _least(case: Case, predicate: Predicate) -> int:
    if predicate.op is Op.POSITIVE:
        return 1
    limit = int(case.figure(predicate.params[0]))
    return limit + 1 if predicate.op is Op.GT else limit


def _record_repairs(case: Case, predicate: Predicate, value: Value) -> Iterator[Repair]:
    """The record that lacks least of its count, where its yes-or-no fields are yes."""
    least = int(case.figure(predicate.params[0]))
    records = [dict(r) for r in value if isinstance(r, Mapping)] if isinstance(value, tuple) else []
    for index, record in enumerate(records):
        counted = [n for n in predicate.fields if not isinstance(record[n], bool)]
        if len(counted) == 1 and all(record[n] for n in predicate.fields if n not in counted):
            lacking = least - int(record[counted[0]])
            changed = [*records[:index], {**record, counted[0]: least}, *records[index + 1 :]]
            on = month_text(months_later(case.day, lacking))
            text = f"第{index + 1}家再稳定经营{lacking}个月,到{on}满{least}个月"
            yield Repair({predicate.fact: tuple(changed)}, text)


def grown(fact: Fact, now: int, then: int, day: date) -> str:
    """Return how a number grows, in words; months name the month in which it is reached."""
    text = f"{fact.grows}{then - now}{fact.unit}"
    if fact.unit == "个月":
        return f"{text},到{month_text(months_later(day, then - now))}满{then}个月"
    return text


# ── from less to more ────────────────────────────────────────────────────────────────────────


def _towards_more(programs: Programs, person: Person, result: Determination) -> Iterator[Change]:
    now = _paid(result)
    if now is None:
        return
    found = []
    for fact in _growing(programs, person, result):
        change = _more_of(programs, person, result, fact, now)
        if change is not None:
            found.append(change)
    if found:
        yield from found
    elif result.details.get("capped"):
        yield Change("已到上限,再增加也不会更多", {}, None, None)


def _more_of(
    programs: Programs, person: Person, result: Determination, fact: Fact, now: Decimal
) -> Change | None:
    known = derived(person.known, result.as_of)
    value = int(str(known[fact.name]))
    for then in _candidates(result.program, fact, value, result.as_of):
        grown_up = Person({**known, fact.name: then}, person.declined)
        after = judge(programs, result.program, grown_up, result.as_of, result.standing)
        paid = _paid(after)
        if paid is not None and paid > now:
            text = f"{grown(fact, value, then, result.as_of)},可多领{yuan(paid - now)}元"
            return Change(text, {fact.name: then}, None, after, paid - now)
    return None


def _growing(programs: Programs, person: Person, result: Determination) -> Iterator[Fact]:
    known = derived(person.known, result.as_of)
    for name in result.program.reads:
        fact = programs.facts[name]
        if fact.grows and isinstance(known.get(name), int):
            yield fact


def _candidates(program: Program, fact: Fact, value: int, day: date) -> list[int]:
    """The next number, and the lines that the program draws in the fact's unit."""
    lines = {value + 1}
    for parameter in program.parameters.values():
        dated = parameter.at(day)
        if parameter.unit == fact.unit and dated and isinstance(dated.value, int):
            lines.add(dated.value)
    return sorted(line for line in lines if line > value)


def _paid(result: Determination) -> Decimal | None:
    paid = result.details.get("payable_to_date_yuan")
    return paid if isinstance(paid, Decimal) else result.amount


def _comes_to(after: Determination) -> str:
    """Return what the program then comes to, in words."""
    paid = f"({after.program.paid})" if after.program.paid else ""
    if after.amount is not None and after.kind is not Kind.NONE:
        most = "最多" if after.kind is Kind.CAP else ""
        return f",可得{most}{yuan(after.amount)}元{paid}"
    if after.high is not None:
        return f",可得{yuan(after.low)}到{yuan(after.high)}元{paid}"
    if after.eligibility is Eligibility.MET:
        return ",就符合写明的条件"
    return ",其余条件还要核对"


# ── until when ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Until:
    """The last day on which a condition that is met now still is."""

    condition: Condition
    last_day: date

    def to_json(self) -> dict[str, object]:
        return {
            "condition": self.condition.id,
            "last_day": self.last_day.isoformat(),
            "text": f"“{self.condition.text}”到{self.last_day}为止(含当日)",
        }


def deadlines(programs: Programs, person: Person, result: Determination) -> tuple[Until, ...]:
    """Return the conditions that will lapse by themselves, with their last days."""
    if result.standing.in_force is False or result.eligibility is Eligibility.NOT_MET:
        return ()
    case = _case(programs, person, result)
    found = []
    for condition in result.program.conditions:
        if verdict(case, condition) is True and (last := _last_day(case, condition.test)):
            found.append(Until(condition, last))
    return tuple(found)


def _last_day(case: Case, predicate: Predicate) -> date | None:
    """Return the last day a true test holds; None where nothing ends it."""
    if predicate.op is Op.ANY:
        lasts = [_last_day(case, each) for each in predicate.tests if case.test(each) is True]
        return None if None in lasts else max(last for last in lasts if last)
    if predicate.op is Op.ALL:
        return min((last for each in predicate.tests if (last := _last_day(case, each))), default=None)
    return _leaf_last_day(case, predicate)


def _leaf_last_day(case: Case, predicate: Predicate) -> date | None:
    value, born = case.known.get(predicate.fact), case.known.get("birth_date")
    if predicate.op is Op.WITHIN_YEARS and isinstance(value, date):
        return years_later(value, int(case.figure(predicate.params[0])), up=False)
    if predicate.op is Op.LT and predicate.fact == "age" and isinstance(born, date):
        turns = years_later(born, int(case.figure(predicate.params[0])), up=False)
        return turns - timedelta(days=1)
    if predicate.op is Op.MONTHS_WITHIN_YEARS and isinstance(value, date):
        return months_later(value, 12 * int(case.figure(predicate.params[0]))) - timedelta(days=1)
    return None


def _case(programs: Programs, person: Person, result: Determination) -> Case:
    program = result.program
    known = derived(person.known, result.as_of)
    return Case(program, programs.facts, known, result.as_of, None)


def _jsonable(value: Value) -> object:
    if isinstance(value, tuple):
        return [dict(item) if isinstance(item, Mapping) else item for item in value]
    return str(value) if isinstance(value, date | Decimal) else value
