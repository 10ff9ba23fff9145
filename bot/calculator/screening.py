"""One person's facts against every program of a region, in one pass, and the question that settles most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.calculator.change import changes, deadlines
from bot.calculator.determination import Determination, Eligibility, InvalidInput
from bot.calculator.engine import Person, contradictions, judge, stand
from knowledge.facts import Fact, Facts, InvalidFact, Value
from knowledge.programs import AUDIENCES, Kind, Program, Programs

STAFF = "工作人员"
_NOT_PERSONAL = (Kind.TARGET, Kind.GATE, Kind.SERVICE_STANDARD)
_AUDIENCE_QUESTION = "您想了解哪一方面?"


@dataclass(frozen=True, slots=True)
class Screened:
    """One program's determination and the person it was made for."""

    person: Person
    result: Determination

    def to_json(self, programs: Programs) -> dict[str, object]:
        """Return the determination as JSON, each fact under the name it has outside its program."""

        def outside(name: str) -> str:
            return qualify(programs.facts, self.result.program, name)

        found = changes(programs, self.person, self.result)
        lapses = deadlines(programs, self.person, self.result)
        return {
            **self.result.to_json(),
            "missing": [outside(name) for name in self.result.missing],
            "declined": [outside(name) for name in self.result.declined],
            "changes": [change.to_json(outside) for change in found],
            "until": [lapse.to_json() for lapse in lapses],
        }


@dataclass(frozen=True, slots=True)
class Question:
    """The next thing to ask."""

    fact: str  # qualified where it is about one program alone; "audience" first of all
    text: str
    options: tuple[tuple[str, str], ...]  # value, Chinese label
    settles: int  # how many open programs wait for it

    def to_json(self) -> dict[str, object]:
        return {
            "fact": self.fact,
            "question": self.text,
            "options": [{"value": value, "label": label} for value, label in self.options],
            "settles": self.settles,
        }


@dataclass(frozen=True, slots=True)
class Screening:
    """What a person can get, what is still open, and what not."""

    met: tuple[Screened, ...]
    unknown: tuple[Screened, ...]
    not_met: tuple[Screened, ...]
    next_question: Question | None


def screen(
    programs: Programs,
    policy_ids: Iterable[str],
    raw: Mapping[str, object],
    as_of: date,
    audience: str | None = None,
    *,
    ask_audience: bool = True,
) -> Screening | InvalidInput:
    """Return the programs of these policies by how they come out for one person.

    Facts about one program alone carry its name, `2.3.17:startup.already_received`.
    """
    chosen = [p for p in programs.published(policy_ids) if _shown(p, audience)]
    shared, local, problems = _read(programs, chosen, raw, as_of)
    if problems:
        return InvalidInput("", as_of.isoformat(), problems)
    rows = []
    for program in chosen:
        standing = stand(programs.policies, program, as_of)
        if standing is None:
            continue  # the document did not exist yet
        person = _person(program, shared, local)
        problems |= _qualified_problems(programs, program, person, as_of)
        if not problems:
            rows.append(Screened(person, judge(programs, program, person, as_of, standing)))
    if chosen and not rows and not problems:
        problems["as_of"] = f"早于文件成文日期,{as_of}时还没有这些文件"
    if problems:
        return InvalidInput("", as_of.isoformat(), problems)
    return _grouped(programs, rows, ask_audience and audience is None)


def _shown(program: Program, audience: str | None) -> bool:
    """Whether a person is to see the program: not what only staff measure, not a stated sum of others."""
    if program.joint or program.kind in _NOT_PERSONAL or not program.amount.formula:
        return False
    if audience is not None:
        return audience in program.audience
    return set(program.audience) != {STAFF}


def _read(
    programs: Programs, chosen: Iterable[Program], raw: Mapping[str, object], as_of: date
) -> tuple[dict[str, Value | None], dict[str, dict[str, Value | None]], dict[str, str]]:
    """Return the shared facts, each program's own ones, and the problems; None is declined."""
    shared: dict[str, Value | None] = {}
    local: dict[str, dict[str, Value | None]] = {}
    problems: dict[str, str] = {}
    for field, value in raw.items():
        owner, _, name = field.rpartition(".")
        fact = programs.facts.get(name)
        if fact is None or (owner and programs.named(owner) is None):
            problems[field] = "没有这一项事实"
        elif fact.local and not owner:
            problems[field] = f"只说一项补贴的事,请写成“条款:项目.{name}”"
        else:
            target = local.setdefault(owner.rpartition(" ")[2], {}) if owner else shared
            try:
                target[name] = None if value is None else fact.read(value, as_of)
            except InvalidFact as error:
                problems[field] = error.problem
    return shared, local, problems


def _person(
    program: Program,
    shared: Mapping[str, Value | None],
    local: Mapping[str, Mapping[str, Value | None]],
) -> Person:
    everything = {**shared, **local.get(program.short, {})}
    known = {name: value for name, value in everything.items() if value is not None}
    return Person(known, frozenset(name for name, value in everything.items() if value is None))


def _qualified_problems(programs: Programs, program: Program, person: Person, as_of: date) -> dict[str, str]:
    found = contradictions(programs, program, person, as_of)
    return {qualify(programs.facts, program, name): problem for name, problem in found.items()}


def qualify(facts: Facts, program: Program, name: str) -> str:
    """Return the name that a fact has outside its program."""
    fact = facts.get(name)
    return f"{program.short}.{name}" if fact is not None and fact.local else name


def _grouped(programs: Programs, rows: list[Screened], ask_audience: bool) -> Screening:
    def group(wanted: Eligibility) -> tuple[Screened, ...]:
        return tuple(row for row in rows if row.result.eligibility is wanted)

    unknown = group(Eligibility.UNKNOWN)
    question = next_question(programs, unknown, only_begun=ask_audience)
    if question is None and ask_audience and any(row.result.missing for row in unknown):
        question = _audience_question()
    return Screening(group(Eligibility.MET), unknown, group(Eligibility.NOT_MET), question)


def _audience_question() -> Question:
    options = tuple((name, name) for name in AUDIENCES)
    return Question("audience", _AUDIENCE_QUESTION, options, 0)


def next_question(
    programs: Programs, unknown: Iterable[Screened], *, only_begun: bool = False
) -> Question | None:
    """Return the question that the most open programs wait for; ties go by the dictionary's order.

    Programs that already use something the person said come before those that use nothing of it;
    with `only_begun` the latter are not asked about at all.
    """
    open_ = [row for row in unknown if row.result.missing]
    begun = [row for row in open_ if set(row.result.program.reads) & row.person.known.keys()]
    if only_begun:
        open_ = []
    counts: Counter[str] = Counter()
    for row in begun or open_:
        counts.update(qualify(programs.facts, row.result.program, n) for n in row.result.missing)
    if not counts:
        return None
    order = list(programs.facts)
    name = min(counts, key=lambda n: (-counts[n], order.index(n.rpartition(".")[2]), n))
    fact = programs.facts[name.rpartition(".")[2]]
    return Question(name, _asked(programs, name, fact), tuple((fact.options or {}).items()), counts[name])


def _asked(programs: Programs, name: str, fact: Fact) -> str:
    owner = name.rpartition(".")[0]
    titles = [p.title for p in programs.programs.values() if p.short == owner]
    return f"关于“{titles[0]}”:{fact.question}" if titles else fact.question
