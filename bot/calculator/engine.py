"""From a program, a person's facts and a day to a determination: never a guess, never a rounding."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import combinations, product

from bot.calculator.case import Case, MissingFact, find_target
from bot.calculator.dates import age_on, whole_months
from bot.calculator.determination import (
    ConditionResult,
    Determination,
    Eligibility,
    InvalidInput,
    Standing,
    TraceRow,
    plain,
)
from bot.calculator.flags import sentence
from bot.calculator.formulas import FORMULAS, Outcome
from bot.calculator.logic import Known, all_of
from knowledge.corpus import Corpus, target_period
from knowledge.facts import Facts, FactType, InvalidFact, Value
from knowledge.programs import Check, Condition, Kind, Parameter, Program, Programs
from knowledge.types import Policy, ValidityStatus

_MONEY = (Kind.EXACT, Kind.CAP, Kind.RANGE)
_UNASKED = (Kind.TARGET, Kind.SERVICE_STANDARD, Kind.GATE, Kind.DATE)  # no verdict without conditions
_DIVISIBLE = ("%", "年", "倍")  # units that a measured value need not be whole in
_VERY_LARGE = Decimal(10**6)
_MOST_WAYS = 512  # of filling in unknown choices; beyond it the declared bounds serve


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of one person or firm, typed, for one program."""

    known: Known
    declined: frozenset[str] = frozenset()  # asked, and not to be asked again


@dataclass(frozen=True, slots=True)
class Spread:
    """The least and the most that may be paid; without a most the text sets no ceiling."""

    low: Decimal
    high: Decimal | None


def determine(
    programs: Programs, program: Program, raw: Mapping[str, object], as_of: date
) -> Determination | InvalidInput:
    """Return what the program comes to with these raw facts, or which of them are refused."""
    person, problems = read_facts(programs, program, raw, as_of)
    standing = stand(programs.policies, program, as_of)
    if standing is None:
        problems = {"as_of": f"早于文件成文日期,{as_of}时还没有这份文件", **problems}
    if not problems:
        problems = contradictions(programs, program, person, as_of)
    if problems or standing is None:
        return InvalidInput(program.id, as_of.isoformat(), problems)
    return judge(programs, program, person, as_of, standing)


def judge(
    programs: Programs, program: Program, person: Person, as_of: date, standing: Standing
) -> Determination:
    """Return what the program comes to with typed facts that do not contradict one another."""
    day = _rule_day(programs.policies[program.policy_id], program, as_of)
    found = _judged(programs, program, person, day, as_of, standing)
    if standing.in_force is not False:
        return found
    if standing.reason == "not_yet":
        return replace(found, amount=None, low=None, high=None)
    return replace(
        found,
        amount=None,
        low=None,
        high=None,
        historic=found.amount,
        historic_low=found.low,
        historic_high=found.high,
    )


# ── the day ──────────────────────────────────────────────────────────────────────────────────


def stand(policies: Mapping[str, Policy], program: Program, day: date) -> Standing | None:
    """Return whether the program is in force on `day`; None where the document did not exist yet."""
    policy = policies[program.policy_id]
    status = Corpus(policies).status(policy, day, program.clause)
    if status is ValidityStatus.NOT_YET:
        return Standing(False, "not_yet") if policy.valid_from else None
    if status is ValidityStatus.REPEALED:
        return Standing(False, "repealed")
    if program.window:
        within = day <= program.window.until
        return Standing(within, None if within else "expired", ("may_be_extended_elsewhere",))
    if status is ValidityStatus.ENDED:
        return Standing(False, "expired")
    if (reason := _without_figures(program, day)) is not None:
        return Standing(False, reason)
    if status is ValidityStatus.IN_FORCE:
        return Standing(True)
    period = target_period(policy, program.clause)
    over = period is not None and day > period.until
    return Standing(None, None, ("target_period_ended",) * over + ("no_validity_clause",))


def _without_figures(program: Program, day: date) -> str | None:
    """Return why a figure of the program has no value on `day`; None when all have one."""
    for parameter in program.parameters.values():
        if parameter.at(day) is None:
            return "not_yet" if day < parameter.values[0].since else "expired"
    return None


def _rule_day(policy: Policy, program: Program, as_of: date) -> date:
    """Return the day whose figures apply: the day of asking, or the nearest one in force."""
    day = as_of
    first, last = policy.valid_from, _last_day(policy, program)
    if first is not None and day < first:
        day = first
    if last is not None and day > last:
        day = last
    for parameter in program.parameters.values():
        day = _nearest(parameter, day)
    return day


def _nearest(parameter: Parameter, day: date) -> date:
    """Return `day`, or the last day before it on which the parameter has a value, or its first day."""
    if parameter.at(day) is not None:
        return day
    ended = [dated.until for dated in parameter.values if dated.until and dated.until < day]
    return max(ended) if ended else parameter.values[0].since


def _last_day(policy: Policy, program: Program) -> date | None:
    return program.window.until if program.window else policy.valid_to


# ── the facts ────────────────────────────────────────────────────────────────────────────────


def read_facts(
    programs: Programs, program: Program, raw: Mapping[str, object], as_of: date
) -> tuple[Person, dict[str, str]]:
    """Return the typed facts of one program and the problems by field; null is declined.

    A local fact may carry its program's name, `2.3.17:startup.already_received`; one that carries
    another program's is left to that program. A program that computes nothing heeds no facts.
    """
    facts = programs.facts
    known: dict[str, Value] = {}
    declined: set[str] = set()
    problems: dict[str, str] = {}
    for field, value in raw.items():
        name = own_name(program, field)
        if name not in facts:
            if program.computes and not _of_another(programs, field):
                problems[field] = "没有这一项事实"
            continue
        if value is None:
            declined.add(name)
            continue
        try:
            known[name] = facts[name].read(value, as_of)
        except InvalidFact as error:
            problems[field] = error.problem
    return Person(known, frozenset(declined - known.keys())), problems


def _of_another(programs: Programs, field: str) -> bool:
    owner, _, name = field.rpartition(".")
    return name in programs.facts and programs.named(owner) is not None


def own_name(program: Program, field: str) -> str:
    """Return a fact's bare name where it is qualified with this very program."""
    for prefix in (f"{program.short}.", f"{program.id}."):
        if field.startswith(prefix):
            return field.removeprefix(prefix)
    return field


def contradictions(programs: Programs, program: Program, person: Person, as_of: date) -> dict[str, str]:
    """Return the fields that contradict one another or go beyond what the text allows."""
    known = person.known
    problems: dict[str, str] = {}
    graduated = known.get("graduation_date")
    is_graduate = known.get("student_status") == "graduated"
    if is_graduate and isinstance(graduated, date) and graduated > as_of:
        problems["graduation_date"] = f"已经毕业,毕业日期却晚于{as_of}"
    born, age = known.get("birth_date"), known.get("age")
    if isinstance(born, date) and age is not None and age_on(born, as_of) != age:
        problems["age"] = f"与出生日期不符:{born}出生,到{as_of}是{age_on(born, as_of)}周岁"
    if program.targets:
        problems |= _target_problems(program, known)
    case = _case(
        programs,
        program,
        derived(known, as_of),
        _rule_day(programs.policies[program.policy_id], program, as_of),
    )
    for check in program.checks:
        if (problem := _beyond(case, check)) is not None:
            problems.setdefault(check.fact, problem)
    return problems


def _target_problems(program: Program, known: Known) -> dict[str, str]:
    """Return what is wrong with a metric's name or with a value that its unit cannot have."""
    metric, actual = known.get("metric"), known.get("actual")
    if metric is None and len(program.targets) > 1:
        return {}
    try:
        target = find_target(program, str(metric)) if metric else program.targets[0]
    except LookupError:
        names = "、".join(f"{t.metric}({t.label})" for t in program.targets)
        return {"metric": f"没有这项指标,可用的有:{names}"}
    if actual is None:
        return {}
    number, unit = Decimal(str(actual)), program.parameters[target.param].unit
    if unit == "%" and number > 1:
        return {"actual": f"比例写小数(90% 写 0.9),给的是 {number}"}
    if unit not in _DIVISIBLE and number != number.to_integral_value():
        return {"actual": f"应为整数,给的是 {number}"}
    return {}


def _beyond(case: Case, check: Check) -> str | None:
    value = case.known.get(check.fact)
    if value is None or (check.when and case.test(check.when) is not True):
        return None
    number = Decimal(str(value))
    if check.whole and number != number.to_integral_value():
        return check.text
    if check.ge and number < case.figure(check.ge):
        return check.text
    if check.le and number > case.figure(check.le):
        return check.text
    limit = case.known.get(check.le_fact or "")
    return check.text if limit is not None and number > Decimal(str(limit)) else None


def derived(known: Known, day: date) -> Known:
    """Return the facts with those that follow from others on that day: age, months insured."""
    more: dict[str, Value] = {}
    born, since = known.get("birth_date"), known.get("insured_since")
    if isinstance(born, date) and "age" not in known:
        more["age"] = age_on(born, day)
    if isinstance(since, date) and "insured_months" not in known and since <= day:
        more["insured_months"] = whole_months(since, day)
    return {**known, **more} if more else known


# ── the verdict ──────────────────────────────────────────────────────────────────────────────


def _case(programs: Programs, program: Program, known: Known, day: date) -> Case:
    policy = programs.policies[program.policy_id]
    return Case(program, programs.facts, known, day, _last_day(policy, program))


def _judged(
    programs: Programs, program: Program, person: Person, day: date, as_of: date, standing: Standing
) -> Determination:
    known = derived(person.known, day)
    case = _case(programs, program, known, day)
    results = [(c, verdict(case, c)) for c in program.conditions]
    blocking = [met for c, met in results if not c.last or met is False]
    eligibility = _eligibility(program, all_of(blocking))
    failed = tuple(c.id for c, met in results if met is False)
    wanted = [] if failed else list(dict.fromkeys(_wanted(case, results, person)))
    result = Determination(
        program=program,
        as_of=as_of,
        standing=standing,
        eligibility=eligibility,
        kind=program.kind,
        missing=tuple(name for name in wanted if name not in person.declined),
        declined=tuple(name for name in wanted if name in person.declined),
        failed=failed,
        premises=tuple(c.text for c, met in results if c.last and met is None),
        conditions=tuple(
            ConditionResult(c.id, c.text, met, c.quote, c.clause or program.clause) for c, met in results
        ),
        details=dict(program.extra),
    )
    if eligibility is Eligibility.NOT_MET:
        result = _nothing(programs, case, result)
    else:
        result = _computed(programs, case, result)
    return _finished(case, result)


def verdict(case: Case, condition: Condition) -> bool | None:
    """Return how a condition comes out; one that does not apply is met."""
    if condition.optional and condition.test.fact not in case.known:
        return True
    if condition.when is None:
        return case.test(condition.test)
    applies = case.test(condition.when)
    if applies is False:
        return True
    met = case.test(condition.test)
    return met if applies or met else None


def _wanted(case: Case, results: list[tuple[Condition, bool | None]], person: Person) -> Iterator[str]:
    """Yield the facts to ask for: of each unknown condition the first one, then what the sum needs."""
    for condition, met in results:
        if met is None and not condition.last:
            yield from _first_unknown(case, condition, person)
    for fact in case.program.needs:
        if fact not in case.known:
            yield fact
    if case.program.targets:
        yield from _wanted_for_target(case)


def _wanted_for_target(case: Case) -> Iterator[str]:
    try:
        target = case.target()
    except MissingFact as error:
        yield error.name
        return
    own = [target.part, target.whole] if target.part and target.whole else ["actual"]
    if "actual" not in case.known or target.part in case.known or target.whole in case.known:
        yield from (fact for fact in own if fact and fact not in case.known)


def _first_unknown(case: Case, condition: Condition, person: Person) -> Iterator[str]:
    tests = (condition.when, condition.test)
    unknown = [fact for test in tests if test for fact in case.unknown_facts(test)]
    both = [fact for fact in unknown if fact not in person.declined] or unknown
    if condition.when and case.test(condition.when) is True:
        yield from both  # the comparison needs all of its facts
    else:
        yield from both[:1]


def _eligibility(program: Program, met: bool | None) -> Eligibility | None:
    if not program.conditions and program.kind in _UNASKED:
        return None
    if not program.conditions and program.kind is Kind.NOT_IN_TEXT:
        return Eligibility.UNKNOWN  # the text leaves even the conditions to other documents
    if met is None:
        return Eligibility.UNKNOWN
    return Eligibility.MET if met else Eligibility.NOT_MET


def _nothing(programs: Programs, case: Case, result: Determination) -> Determination:
    if result.kind is Kind.GATE:
        return replace(result, details={**result.details, "blocks": _blocked(programs, case)})
    if result.kind is Kind.ELIGIBILITY_ONLY:
        return result
    return replace(result, kind=Kind.NONE, amount=Decimal(0), details={})


def _blocked(programs: Programs, case: Case) -> list[str]:
    """Return the clauses whose programs this gate closes."""
    own = case.program
    gated = (
        program.clause
        for program in programs.programs.values()
        if program.policy_id == own.policy_id
        for condition in program.conditions
        if condition.clause == own.clause and program is not own
    )
    return list(dict.fromkeys(gated))


def _computed(programs: Programs, case: Case, result: Determination) -> Determination:
    outcome = _outcome(case)
    if case.lacking and case.lacking not in (*result.missing, *result.declined):
        result = _lacks(result, case.lacking)
    needs_more = [name for name in case.program.needs if name not in case.known]
    if result.kind not in _MONEY:
        return _plain_result(result, outcome, needs_more)
    kind = outcome.kind or result.kind if outcome else result.kind
    if outcome and kind not in _MONEY:
        return replace(result, kind=kind, details={**result.details, **outcome.details})
    if outcome and result.eligibility is Eligibility.MET and not needs_more:
        return _settled(result, outcome, kind)
    spread = _spread(programs, case)
    if outcome and result.eligibility is Eligibility.MET and spread.low == spread.high:
        return _settled(result, outcome, kind)  # what is missing only settles who pays
    details = dict(result.details)
    if outcome and outcome.amount is not None and not needs_more:
        details |= {"if_met_yuan": outcome.amount, **outcome.details}
    return replace(
        result,
        eligibility=Eligibility.UNKNOWN,
        kind=Kind.RANGE,
        low=spread.low,
        high=spread.high,
        details=details,
    )


def _lacks(result: Determination, fact: str) -> Determination:
    """Return the result with one more missing fact, which only the formula could tell."""
    return replace(result, eligibility=result.eligibility, missing=(*result.missing, fact))


def _plain_result(result: Determination, outcome: Outcome | None, needs_more: list[str]) -> Determination:
    eligibility = result.eligibility
    if needs_more and eligibility is Eligibility.MET:
        eligibility = Eligibility.UNKNOWN
    details = {**result.details, **(outcome.details if outcome else {})}
    return replace(result, eligibility=eligibility, details=details)


def _settled(result: Determination, outcome: Outcome, kind: Kind) -> Determination:
    return replace(
        result,
        kind=kind,
        amount=outcome.amount,
        low=outcome.low,
        high=outcome.high,
        details={**result.details, **outcome.details},
    )


def _outcome(case: Case) -> Outcome | None:
    """Return what the formula comes to; None when it needs a fact that is not known."""
    try:
        return FORMULAS[case.program.amount.formula](case)
    except MissingFact as error:
        case.lacking = error.name
        return None


# ── when something is not known ──────────────────────────────────────────────────────────────


def _spread(programs: Programs, case: Case) -> Spread:
    """Return the least and the most over every way of filling in the unknown choices."""
    open_ = [fact for fact in _sum_facts(case.program) if fact not in case.known]
    choices = [(fact, values) for fact in open_ if (values := _choices(case.facts, fact))]
    ways = 1
    for _, values in choices:
        ways *= len(values)
    if ways > _MOST_WAYS:
        choices = []
    spreads = []
    for values in product(*(values for _, values in choices)):
        filled = dict(zip((fact for fact, _ in choices), values, strict=True))
        trial = _case(programs, case.program, {**case.known, **filled}, case.day)
        spreads.append(_trial(trial, case))
    highs = [spread.high for spread in spreads]
    top = None if None in highs else max(high for high in highs if high is not None)
    return Spread(min(spread.low for spread in spreads), top)


def _trial(trial: Case, case: Case) -> Spread:
    met = [verdict(trial, c) for c in trial.program.conditions if not c.last]
    if False in met:
        return Spread(Decimal(0), Decimal(0))
    outcome = _outcome(trial)
    for flag in trial.flags:
        if flag in _READINGS:
            case.flag(flag)
    spread = Spread(*outcome.spread(trial.program.kind)) if outcome else _bounds(trial)
    return spread if None not in met else Spread(Decimal(0), spread.high)


_READINGS = ("overseas_extra_per_year_or_once",)


def _bounds(case: Case) -> Spread:
    """Return the bounds that the program declares for when a number is not known."""
    low, high = case.program.bound_min, case.program.bound_max
    least = case.figure(low) if low else Decimal(0)
    return Spread(least, case.figure(high) if high else _saturated(case))


def _saturated(case: Case) -> Decimal | None:
    """Return the sum where the facts in which it stops growing are as large as can be; else None."""
    unknown = [fact for fact in case.program.saturates if fact not in case.known]
    if not unknown:
        return None
    most = {fact: case.facts[fact].maximum or _VERY_LARGE for fact in unknown}
    trial = Case(case.program, case.facts, {**case.known, **most}, case.day, case.last_day)
    outcome = _outcome(trial)
    return outcome.spread(case.program.kind)[1] if outcome else None


def _sum_facts(program: Program) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*program.amount.facts.values(), *program.needs)))


def _choices(facts: Facts, name: str) -> tuple[Value, ...]:
    fact = facts[name]
    options = tuple(fact.options or ())
    if fact.type is FactType.BOOL:
        return (True, False)
    if fact.type is FactType.SET:
        sizes = range(len(options) + 1)
        return tuple(frozenset(some) for size in sizes for some in combinations(options, size))
    return options if fact.type is FactType.ENUM else ()


# ── what goes with every result ──────────────────────────────────────────────────────────────


def _finished(case: Case, result: Determination) -> Determination:
    for rule in case.program.flags:
        if rule.when is None or case.test(rule.when) is True:
            case.flag(rule.id)
    if not case.program.reviewed_by:
        case.flag("not_reviewed")
    flags = tuple(dict.fromkeys((*result.standing.flags, *case.flags)))
    if "age" in case.known and "birth_date" in case.known:
        result = replace(result, details={**result.details, "age": case.known["age"]})
    return replace(
        result,
        flags=flags,
        notes=tuple(sentence(flag) for flag in flags),
        steps=() if result.kind is Kind.NONE else tuple(case.steps),
        trace=_trace(case),
        determination_id=_fingerprint(case, result),
    )


def _trace(case: Case) -> tuple[TraceRow, ...]:
    rows = []
    for name, dated in case.read.items():
        parameter = case.program.parameters[name]
        rows.append(TraceRow(name, dated.value, parameter.unit, parameter.clause, dated.quote))
    return tuple(rows)


def _fingerprint(case: Case, result: Determination) -> str:
    """Return an id of the program's file, the facts that it reads, and the day."""
    program = case.program
    facts = {name: _stable(case.known[name]) for name in program.reads if name in case.known}
    content = [program.id, program.digest, facts, result.as_of.isoformat()]
    blob = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(blob.encode()).hexdigest()[:16]


def _stable(value: Value) -> object:
    return sorted(value) if isinstance(value, frozenset) else str(plain(value))
