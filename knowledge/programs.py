"""Programs (补贴项目): what a clause gives, to whom and how much, as data with its words.

One file a program, `policies/<policy>/programs/<clause>-<slug>.toml`. Loading is strict: what a file
says that the policy's text does not bear out is refused, by file and key, in Chinese.
"""

from __future__ import annotations

import hashlib
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Annotated, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from knowledge import metadata, numerals
from knowledge.facts import Facts, FactType
from knowledge.mistakes import in_chinese
from knowledge.types import Policy, Refusal

Figure: TypeAlias = int | Decimal | date

AUDIENCES = ("求职", "创业", "博士后", "导师", "单位", "工作人员")
WHOLE_DOCUMENT = "*"


class Kind(StrEnum):
    """What a program comes to when everything is known."""

    EXACT = "exact"
    CAP = "cap"  # 最高
    RANGE = "range"
    NONE = "none"  # never written in a file: what a stated condition that fails comes to
    NOT_IN_TEXT = "not_in_text"
    ELIGIBILITY_ONLY = "eligibility_only"
    TARGET = "target"
    DATE = "date"
    MINIMUM = "minimum"  # 不低于
    GATE = "gate"
    SERVICE_STANDARD = "service_standard"


class Status(StrEnum):
    DRAFT = "draft"  # never computed for the public
    PUBLISHED = "published"


class Op(StrEnum):
    """The tests that a condition is made of. A test that names a figure names a parameter."""

    IS = "is"
    IN = "in"
    NOT_IN = "not_in"
    OPEN = "open"  # in the list: yes; of a kind that is ruled out: no; anything else: unknown
    INCLUDES = "includes"  # a set has this option
    LACKS = "lacks"
    GE = "ge"
    GT = "gt"
    LE = "le"
    LT = "lt"
    LT_SUM = "lt_sum"  # less than several parameters together: 3年,再加最长3年
    LT_FACT = "lt_fact"
    POSITIVE = "positive"
    KNOWN = "known"  # yes once the fact is given, until then unknown
    GIVEN = "given"  # yes or no: whether the fact is given; never asked for
    WITHIN_YEARS = "within_years"  # the day of asking is no later than the anniversary
    AFTER_YEARS = "after_years"  # the anniversary has come
    MONTHS_WITHIN_YEARS = "months_within_years"  # the month of asking is one of the years' months
    EACH = "each"  # at least one of several records passes
    UNSTATED = "unstated"  # the text leaves it open: unknown, and nothing can be asked
    ANY = "any"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Predicate:
    """One test, or several joined by any (或) or all (且)."""

    op: Op
    fact: str = ""
    params: tuple[str, ...] = ()
    other: str = ""  # the fact on the right of lt_fact
    values: tuple[str | bool, ...] = ()
    ruled_out: tuple[str, ...] = ()  # of an open list: words that settle a no
    fields: tuple[str, ...] = ()  # of each: the fields that must be true, or reach the parameter
    flag: str = ""  # raised when an unstated test is reached
    tests: tuple[Predicate, ...] = ()

    def walk(self) -> Iterator[Predicate]:
        yield self
        for test in self.tests:
            yield from test.walk()


@dataclass(frozen=True, slots=True)
class Dated:
    """A value and the days it holds for, first and last inclusive; without a last day it stands open."""

    value: Figure
    since: date
    until: date | None
    quote: str

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A figure of the text, through time."""

    name: str
    unit: str
    clause: str
    values: tuple[Dated, ...]

    def at(self, day: date) -> Dated | None:
        return next((dated for dated in self.values if dated.holds(day)), None)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that the text states."""

    id: str
    text: str  # 带动就业满3人
    test: Predicate
    when: Predicate | None = None  # it only applies when this is so
    quote: str | None = None
    clause: str | None = None  # where it stands, if not in the program's own clause
    last: bool = False  # asked last; unknown does not block
    optional: bool = False  # only checked when its fact is given


@dataclass(frozen=True, slots=True)
class Unverified:
    """What the text leaves to other documents; shown with every verdict."""

    id: str
    text: str
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class FlagRule:
    """A remark that goes with a result; always, or when a test holds."""

    id: str
    when: Predicate | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A limit on a fact that the text or good sense sets; beyond it the input is refused."""

    fact: str
    text: str
    whole: bool = False
    ge: str | None = None  # parameter
    le: str | None = None  # parameter
    le_fact: str | None = None
    when: Predicate | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """One work target (工作目标) and how it is measured."""

    metric: str
    label: str
    param: str
    op: str  # ge, gt, about, between
    high: str | None = None  # the upper parameter of between
    part: str | None = None  # a share: this fact divided by `whole`; without it, the fact `actual`
    whole: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Amount:
    """How the sum comes about: a formula and what it works on."""

    formula: str
    params: Mapping[str, str] = field(default_factory=dict)  # role → parameter
    facts: Mapping[str, str] = field(default_factory=dict)  # role → fact
    cases: Mapping[str, str] = field(default_factory=dict)  # value of facts["by"] → parameter
    terms: tuple[tuple[str, str], ...] = ()  # (fact, parameter), to be multiplied and added up
    parts: Mapping[str, str] = field(default_factory=dict)  # name in the breakdown → parameter
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # lists that the text names


@dataclass(frozen=True, slots=True)
class Window:
    """A stated period of one program alone."""

    until: date
    quote: str


@dataclass(frozen=True, slots=True)
class Program:
    """One subsidy, entitlement, limit or target of a clause."""

    id: str  # "hangzhou-2023 2.3.17:jobs"
    policy_id: str
    clause: str  # "2.3.17"; "*" is the whole document
    title: str
    audience: tuple[str, ...]
    status: Status
    reviewed_by: str
    kind: Kind
    unit: str  # 元/年
    paid: str  # 一次性, 每年, 最多 …: how the amount reads
    quote: str
    parameters: Mapping[str, Parameter]
    conditions: tuple[Condition, ...]
    unverified: tuple[Unverified, ...]
    flags: tuple[FlagRule, ...]
    checks: tuple[Check, ...]
    targets: tuple[Target, ...]
    needs: tuple[str, ...]
    optional: tuple[str, ...]
    bound_min: str | None
    bound_max: str | None
    saturates: tuple[str, ...]  # facts in which the sum stops growing, so that it has a most
    amount: Amount
    window: Window | None
    joint: bool  # a stated sum of other programs; never listed beside them
    extra: Mapping[str, object]  # fixed keys of the result
    reads: tuple[str, ...] = ()  # every fact the program reads, conditions first
    digest: str = ""  # of the file, so that a determination can name the rules it was made by

    @property
    def computes(self) -> bool:
        """Whether the result depends on facts at all: it has conditions, targets or a sum."""
        return bool(self.conditions or self.targets or self.needs)

    @property
    def short(self) -> str:
        """The id within its policy: 2.3.17:jobs."""
        return self.id.partition(" ")[2]


@dataclass(frozen=True, slots=True)
class Programs:
    """All programs that loaded, with their policies and the fact dictionary."""

    policies: Mapping[str, Policy]
    facts: Facts
    programs: Mapping[str, Program]
    refused: tuple[Refusal, ...] = ()

    def named(self, name: str) -> Program | None:
        """Return the program of a full id, or of an id within its policy: 2.3.17:jobs."""
        short = (p for p in self.programs.values() if p.short == name)
        return self.programs.get(name) or next(short, None)

    def of_clause(self, full_id: str) -> tuple[Program, ...]:
        """Return the published programs of a clause, such as `hangzhou-2023#2.3.17`."""
        policy_id, _, clause = full_id.partition("#")
        return tuple(p for p in self.published([policy_id]) if p.clause == clause)

    def published(self, policy_ids: Iterable[str]) -> tuple[Program, ...]:
        """Return what the public may see, in the order of the documents' clauses."""
        wanted = set(policy_ids)
        return tuple(
            program
            for program in self.programs.values()
            if program.policy_id in wanted and program.status is Status.PUBLISHED
        )


def _facts_named(program: Program) -> Iterator[str]:
    for condition in program.conditions:
        for test in (condition.when, condition.test):
            yield from _facts_in(test)
    yield from program.needs
    yield from program.optional
    yield from program.saturates
    yield from program.amount.facts.values()
    for fact, _ in program.amount.terms:
        yield fact
    for rule in program.flags:
        yield from _facts_in(rule.when)
    for check in program.checks:
        yield check.fact
        yield from (fact for fact in (check.le_fact,) if fact)
        yield from _facts_in(check.when)
    for target in program.targets:
        yield from (fact for fact in (target.part, target.whole) if fact)
    if program.targets:
        yield from ("metric", "actual")


def _facts_in(test: Predicate | None) -> Iterator[str]:
    for leaf in test.walk() if test else ():
        yield from (fact for fact in (leaf.fact, leaf.other) if fact)


# ── the file ─────────────────────────────────────────────────────────────────────────────────

_Id = Annotated[str, Field(pattern=r"^[a-z0-9-]+ [A-Za-z0-9.*-]+:[a-z0-9_+]+$")]
_Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
_Text = Annotated[str, Field(min_length=1)]
_Audience = Annotated[str, Field(pattern=f"^({'|'.join(AUDIENCES)})$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Dated(_Strict):
    value: int | date | Annotated[str, Field(pattern=r"^\d+\.\d+$")]
    unit: str
    from_: Annotated[date, Field(alias="from")]
    to: date | None = None
    quote: _Text
    clause: str | None = None


class _Test(_Strict):
    fact: _Name | None = None
    is_: Annotated[str | bool | None, Field(alias="is")] = None
    in_: Annotated[list[str] | None, Field(alias="in")] = None
    not_in: list[str] | None = None
    open: list[str] | None = None
    ruled_out: list[str] | None = None
    includes: str | None = None
    lacks: str | None = None
    ge: _Name | None = None
    gt: _Name | None = None
    le: _Name | None = None
    lt: _Name | None = None
    lt_sum: list[_Name] | None = None
    lt_fact: _Name | None = None
    positive: bool | None = None
    known: bool | None = None
    given: bool | None = None
    within_years: _Name | None = None
    after_years: _Name | None = None
    months_within_years: _Name | None = None
    each: _Name | None = None
    fields: list[str] | None = None
    unstated: str | None = None
    any: list[_Test] | None = None
    all: list[_Test] | None = None

    @model_validator(mode="after")
    def _one_test(self) -> _Test:
        written = [op for op in Op if getattr(self, _attribute(op)) is not None]
        if len(written) != 1:
            raise ValueError(f"应写且只写一种判断,写了 {len(written)} 种:{'、'.join(written)}")
        joined = written[0] in (Op.ANY, Op.ALL, Op.UNSTATED)
        if joined == (self.fact is not None):
            raise ValueError("any、all、unstated 不写 fact" if joined else "缺少 fact")
        return self

    def test(self) -> Predicate:
        op = next(op for op in Op if getattr(self, _attribute(op)) is not None)
        operand = getattr(self, _attribute(op))
        return Predicate(
            op=op,
            fact=self.fact or "",
            params=_params(op, operand),
            other=operand if op is Op.LT_FACT else "",
            values=_values(op, operand),
            ruled_out=tuple(self.ruled_out or ()),
            fields=tuple(self.fields or ()),
            flag=operand if op is Op.UNSTATED else "",
            tests=tuple(test.test() for test in operand) if op in (Op.ANY, Op.ALL) else (),
        )


_NAMES_PARAMETER = {
    Op.GE, Op.GT, Op.LE, Op.LT, Op.WITHIN_YEARS, Op.AFTER_YEARS, Op.MONTHS_WITHIN_YEARS, Op.EACH,
}  # fmt: skip


def _params(op: Op, operand: object) -> tuple[str, ...]:
    if op is Op.LT_SUM and isinstance(operand, list):
        return tuple(operand)
    return (operand,) if op in _NAMES_PARAMETER and isinstance(operand, str) else ()


def _attribute(op: Op) -> str:
    return {Op.IS: "is_", Op.IN: "in_"}.get(op, op.value)


def _values(op: Op, operand: object) -> tuple[str | bool, ...]:
    if op in (Op.IN, Op.NOT_IN, Op.OPEN) and isinstance(operand, list):
        return tuple(operand)
    if op in (Op.IS, Op.INCLUDES, Op.LACKS, Op.GIVEN) and isinstance(operand, str | bool):
        return (operand,)
    return ()


class _Condition(_Test):
    id: _Name
    text: _Text
    when: _Test | None = None
    quote: str | None = None
    clause: str | None = None
    ask: Annotated[str | None, Field(pattern="^last$")] = None
    optional: bool = False


class _Unverified(_Strict):
    id: _Name
    text: _Text
    quote: str | None = None


class _FlagRule(_Strict):
    id: _Name
    when: _Test | None = None


class _Check(_Strict):
    fact: _Name
    text: _Text
    whole: bool = False
    ge: _Name | None = None
    le: _Name | None = None
    le_fact: _Name | None = None
    when: _Test | None = None


class _Target(_Strict):
    metric: _Name
    label: _Text
    ge: _Name | None = None
    gt: _Name | None = None
    about: _Name | None = None
    between: Annotated[list[_Name], Field(min_length=2, max_length=2)] | None = None
    part: _Name | None = None
    whole: _Name | None = None
    aliases: list[_Name] = []

    @model_validator(mode="after")
    def _one_measure(self) -> _Target:
        if sum(x is not None for x in (self.ge, self.gt, self.about, self.between)) != 1:
            raise ValueError("ge、gt、about、between 应写且只写一种")
        if (self.part is None) != (self.whole is None):
            raise ValueError("part 与 whole 应同时写")
        return self


class _Term(_Strict):
    fact: _Name
    param: _Name


class _Amount(_Strict):
    formula: _Name
    params: dict[str, _Name] = {}
    facts: dict[str, _Name] = {}
    cases: dict[str, _Name] = {}
    terms: list[_Term] = []
    parts: dict[str, _Name] = {}
    groups: dict[str, list[str]] = {}


class _Window(_Strict):
    to: date
    quote: _Text


class _Bounds(_Strict):
    min: _Name | None = None
    max: _Name | None = None
    saturates: list[_Name] = []  # the sum stops growing in these facts


class _ProgramFile(_Strict):
    id: _Id
    title: _Text
    audience: Annotated[list[_Audience], Field(min_length=1)]
    status: Annotated[Status, Field(strict=False)]
    reviewed_by: str
    kind: Annotated[Kind, Field(strict=False)]
    quote: _Text
    unit: str = ""
    paid: str = ""
    joint: bool = False
    needs: list[_Name] = []
    optional: list[_Name] = []
    bounds: _Bounds = _Bounds()
    amount: _Amount
    extra: dict[str, str | int | bool | list[str]] = {}
    window: _Window | None = None
    param: dict[_Name, Annotated[list[_Dated], Field(min_length=1)]] = {}
    condition: list[_Condition] = []
    unverified: list[_Unverified] = []
    flag: list[_FlagRule] = []
    check: list[_Check] = []
    target: list[_Target] = []


class ProgramRefused(ValueError):
    """A program file with a mistake."""

    def __init__(self, path: Path, key: str, problem: str) -> None:
        self.refusal = Refusal(path, key, problem)
        super().__init__(str(self.refusal))


def load(policies: Mapping[str, Policy], folders: Sequence[Path], facts: Facts | None = None) -> Programs:
    """Return the programs of these policies; a later folder's program replaces an earlier one's.

    A file with a mistake is refused, by file and key, and the others still load.
    """
    dictionary = facts or Facts.shipped()
    programs: dict[str, Program] = {}
    refused: list[Refusal] = []
    for path, policy in _files(policies, folders):
        try:
            program = load_program(path, policy, dictionary)
        except ProgramRefused as error:
            refused.append(error.refusal)
        else:
            programs[program.id] = program
    ordered = sorted(programs.values(), key=lambda p: _place(policies[p.policy_id], p))
    return Programs(policies, dictionary, {p.id: p for p in ordered}, tuple(refused))


def _files(policies: Mapping[str, Policy], folders: Sequence[Path]) -> Iterator[tuple[Path, Policy]]:
    for folder in folders:
        for policy_id, policy in policies.items():
            for path in sorted((folder / policy_id / "programs").glob("*.toml")):
                if path.name != EXCLUSIONS:
                    yield path, policy


def _place(policy: Policy, program: Program) -> tuple[str, int, str]:
    order = [clause.clause_id for clause in policy.clauses]
    place = order.index(program.clause) if program.clause in order else -1
    return policy.policy_id, place, program.id


def load_program(path: Path, policy: Policy, facts: Facts) -> Program:
    """Return the program of one file.

    Raises:
        ProgramRefused: unknown or missing keys, or something the policy's text does not bear out.
    """
    content = path.read_bytes()
    file = _read(path, content)
    program = _program(file)
    reads = tuple(dict.fromkeys(_facts_named(program)))
    digest = hashlib.sha256(content).hexdigest()[:16]
    program = replace(program, reads=reads, digest=digest)
    for key, problem in _mistakes(path, file, program, policy, facts):
        raise ProgramRefused(path, key, problem)
    return program


def _read(path: Path, content: bytes) -> _ProgramFile:
    try:
        return _ProgramFile.model_validate(tomllib.loads(content.decode("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProgramRefused(path, path.name, f"不是正确的 TOML:{error}") from error
    except ValidationError as error:
        raise _refused(path, error) from error


def _refused(path: Path, error: ValidationError) -> ProgramRefused:
    key = ".".join(_step(step) for step in error.errors()[0]["loc"])
    return ProgramRefused(path, key, in_chinese(error))


def _step(step: str | int) -> str:
    return f"第{step + 1}项" if isinstance(step, int) else step


# ── what the file must bear out ──────────────────────────────────────────────────────────────


def _mistakes(
    path: Path, file: _ProgramFile, program: Program, policy: Policy, facts: Facts
) -> Iterator[tuple[str, str]]:
    """Yield key and problem of everything that is wrong."""
    yield from _wrong_id(path, program, policy)
    for key, quote, clause in _quotes(file, program):
        yield from _misquoted(key, quote, clause, policy)
    for name, dated in file.param.items():
        yield from _wrong_values(name, dated, policy)
    for key, name in _parameters_named(program):
        if name not in program.parameters:
            yield key, f"没有参数“{name}”"
    for name in program.reads:
        if name not in facts:
            yield "fact", f"事实字典里没有“{name}”,须先在 facts.toml 写明问法"
    if program.kind is Kind.NONE:
        yield "kind", "none 只用于结果,不能写在文件里"
    yield from _wrong_amount(program, facts)
    yield from _wrong_options(program, facts)


def _wrong_id(path: Path, program: Program, policy: Policy) -> Iterator[tuple[str, str]]:
    slug = program.short.partition(":")[2]
    stem = f"{'all' if program.clause == WHOLE_DOCUMENT else program.clause}-{slug}"
    if program.policy_id != policy.policy_id:
        yield "id", f"“{program.policy_id}”应与所在文件夹“{policy.policy_id}”相同"
    if path.stem != stem:
        yield "id", f"文件名应为“{stem}.toml”"
    if program.clause not in {c.clause_id for c in policy.clauses} | {WHOLE_DOCUMENT}:
        yield "id", f"没有条款“{program.clause}”"


def _quotes(file: _ProgramFile, program: Program) -> Iterator[tuple[str, str, str]]:
    yield "quote", file.quote, program.clause
    for name, dated in file.param.items():
        for value in dated:
            yield f"param.{name}.quote", value.quote, value.clause or program.clause
    for condition in file.condition:
        if condition.quote is not None:
            yield f"condition.{condition.id}.quote", condition.quote, condition.clause or program.clause
    for item in file.unverified:
        if item.quote is not None:
            yield f"unverified.{item.id}.quote", item.quote, program.clause
    if file.window:
        yield "window.quote", file.window.quote, program.clause


def _misquoted(key: str, quote: str, clause: str, policy: Policy) -> Iterator[tuple[str, str]]:
    own = next((c for c in policy.clauses if c.clause_id == clause), None)
    if own is None and clause != WHOLE_DOCUMENT:
        yield key.replace("quote", "clause"), f"没有条款“{clause}”"
    elif not quote:
        yield key, "引文不能为空"
    elif quote not in policy.text:
        yield key, f"原文里没有“{quote}”(标点和繁简按规范化后的文字写)"
    elif own is not None and not _within(policy, clause, quote):
        yield key, f"“{quote}”不在条款{clause}里"


def _within(policy: Policy, clause: str, quote: str) -> bool:
    """Whether the words stand in the clause or in one below it."""
    inside = (c for c in policy.clauses if c.clause_id == clause or c.clause_id.startswith(f"{clause}."))
    return any(quote in c.text for c in inside)


def _wrong_values(name: str, dated: Sequence[_Dated], policy: Policy) -> Iterator[tuple[str, str]]:
    for value in dated:
        if value.to is not None and value.to < value.from_:
            yield f"param.{name}.to", f"止日 {value.to} 早于起日 {value.from_}"
        if value.to is None and policy.valid_to is not None:
            yield f"param.{name}.to", "缺少止日:文件写明了有效期"
        if not _stands_in(value.value, value.quote):
            yield f"param.{name}.value", f"{value.value} 不是引文“{value.quote}”里的数"
    if len({value.unit for value in dated}) > 1:
        yield f"param.{name}.unit", "同一参数的单位应一致"
    ordered = sorted(dated, key=lambda value: value.from_)
    for earlier, later in pairwise(ordered):
        if earlier.to is None or earlier.to >= later.from_:
            yield f"param.{name}", f"起止日重叠:{earlier.to or '未写止日'} 与 {later.from_}"


def _stands_in(value: int | date | str, quote: str) -> bool:
    if isinstance(value, date):
        return value in metadata.days(quote)
    return Decimal(value) in numbers_in(quote)


_NUMBER = re.compile(
    r"\d+(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?[百千]?[万亿]?|[零〇一二两三四五六七八九十百千]+[万亿]?|半"
)


def numbers_in(text: str) -> frozenset[Decimal]:
    """Return the numbers written in a text: 万, %, 1:1, 两 and 半 are read; 3万—100万 gives both."""
    return frozenset(
        Decimal("0.5") if match.group() == "半" else numerals.value(match.group())
        for match in _NUMBER.finditer(text)
    )


def _parameters_named(program: Program) -> Iterator[tuple[str, str]]:
    """Yield where a parameter is named, and its name."""
    for condition in program.conditions:
        yield from _in_tests(f"condition.{condition.id}", condition.when, condition.test)
    for rule in program.flags:
        yield from _in_tests(f"flag.{rule.id}", rule.when)
    for check in program.checks:
        yield from _in_tests(f"check.{check.fact}", check.when)
        yield from _named(f"check.{check.fact}", check.ge, check.le)
    for target in program.targets:
        yield from _named(f"target.{target.metric}", target.param, target.high)
    amount = program.amount
    yield from _named("bounds", program.bound_min, program.bound_max)
    yield from _named("amount", *amount.params.values(), *amount.cases.values())
    yield from _named("amount", *amount.parts.values(), *(param for _, param in amount.terms))


def _in_tests(key: str, *tests: Predicate | None) -> Iterator[tuple[str, str]]:
    for test in tests:
        for leaf in test.walk() if test else ():
            yield from _named(key, *leaf.params)


def _named(key: str, *names: str | None) -> Iterator[tuple[str, str]]:
    yield from ((key, name) for name in names if name)


def _wrong_options(program: Program, facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield the values that a test compares a choice with and that the choice does not have."""
    for condition in program.conditions:
        for test in (condition.when, condition.test):
            for leaf in test.walk() if test else ():
                fact = facts.get(leaf.fact)
                if fact is None or fact.type not in (FactType.ENUM, FactType.SET):
                    continue
                for value in leaf.values:
                    if value not in (fact.options or {}):
                        yield f"condition.{condition.id}", f"“{leaf.fact}”没有选项“{value}”"


@dataclass(frozen=True, slots=True)
class Shape:
    """What a formula wants to be told; a role with a question mark may be left out."""

    params: str = ""
    facts: str = ""
    groups: str = ""
    tables: str = ""  # of cases, terms, parts


SHAPES: Mapping[str, Shape] = {
    "none": Shape(),
    "eligibility": Shape(),
    "gate": Shape(),
    "target": Shape(),
    "options": Shape(facts="by", groups="*"),
    "fixed": Shape("value"),
    "lookup": Shape(facts="by", tables="cases"),
    "repeated": Shape(facts="by", tables="cases"),
    "parts": Shape("whole?", "count?", tables="parts"),
    "set_sum": Shape(facts="by", tables="parts"),
    "per_unit": Shape(tables="terms"),
    "per_record": Shape("value months", "records"),
    "range": Shape("low high special_cap?", "approved? special?"),
    "cap": Shape("value", "asked? used?"),
    "percent": Shape("percent", "base years? rate? asked?"),
    "ratio": Shape("ratio", "base"),
    "instalments": Shape("first second share", "by months since?", tables="cases"),
    "yearly_halves": Shape("value share"),
    "uplifted": Shape("uplift", "by place", "uplifted", "cases"),
    "postdoc_living": Shape("yearly extra", "overseas years"),
    "split": Shape("ratio city_share", "award place", "shared"),
    "shared_fixed": Shape("value ratio", "place", "counties"),
    "jobs_yearly": Shape(
        "min_heads base per_extra yearly_cap max_years", "heads by_year? first_month? year_index?"
    ),
    "space_rent": Shape("area_cap rate years", "area days since rent?"),
    "rd_deduction": Shape("percent", "base"),
    "tax_sequence": Shape(facts="taxes limit"),
    "loan_extension": Shape("years", "due months?"),
    "minimum_share": Shape("percent", "total free?"),
    "bank_loan": Shape("value rate", "credit years? rate?"),
    "service_standard": Shape("steps cost days"),
}


def _wrong_amount(program: Program, facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield what the formula is not told, or is told and does not want."""
    amount = program.amount
    shape = SHAPES.get(amount.formula)
    if shape is None:
        yield "amount.formula", f"没有算法“{amount.formula}”,可用的有:{'、'.join(SHAPES)}"
        return
    yield from _wrong_roles("amount.params", shape.params, amount.params)
    yield from _wrong_roles("amount.facts", shape.facts, amount.facts)
    yield from _wrong_roles("amount.groups", shape.groups, amount.groups)
    for table in ("cases", "terms", "parts"):
        if (table in shape.tables) != bool(getattr(amount, table)):
            yield f"amount.{table}", "缺少这一项" if table in shape.tables else "这个算法用不到这一项"
    by = facts.get(amount.facts.get("by", ""))
    for value in (*amount.cases, *(member for group in amount.groups.values() for member in group)):
        place = (
            by if value in amount.cases or "place" not in amount.facts else facts.get(amount.facts["place"])
        )
        if place is not None and value not in (place.options or {}):
            yield "amount", f"“{place.name}”没有选项“{value}”"


def _wrong_roles(key: str, wanted: str, given: Iterable[str]) -> Iterator[tuple[str, str]]:
    roles = wanted.split()
    if roles == ["*"]:
        return
    for role in roles:
        if not role.endswith("?") and role not in given:
            yield key, f"缺少“{role}”"
    for role in given:
        if role not in roles and f"{role}?" not in roles:
            yield key, f"这个算法用不到“{role}”"


# ── from the file to the program ─────────────────────────────────────────────────────────────


def _program(file: _ProgramFile) -> Program:
    policy_id, _, short = file.id.partition(" ")
    clause = short.partition(":")[0]
    return Program(
        id=file.id,
        policy_id=policy_id,
        clause=clause,
        title=file.title,
        audience=tuple(file.audience),
        status=file.status,
        reviewed_by=file.reviewed_by,
        kind=file.kind,
        unit=file.unit,
        paid=file.paid,
        quote=file.quote,
        parameters={name: _parameter(name, clause, dated) for name, dated in file.param.items()},
        conditions=tuple(_condition(condition) for condition in file.condition),
        unverified=tuple(Unverified(u.id, u.text, u.quote) for u in file.unverified),
        flags=tuple(FlagRule(f.id, _test(f.when)) for f in file.flag),
        checks=tuple(
            Check(c.fact, c.text, c.whole, c.ge, c.le, c.le_fact, _test(c.when)) for c in file.check
        ),
        targets=tuple(_target(target) for target in file.target),
        needs=tuple(file.needs),
        optional=tuple(file.optional),
        bound_min=file.bounds.min,
        bound_max=file.bounds.max,
        saturates=tuple(file.bounds.saturates),
        amount=_amount(file.amount),
        window=Window(file.window.to, file.window.quote) if file.window else None,
        joint=file.joint,
        extra=file.extra,
    )


def _parameter(name: str, clause: str, dated: Sequence[_Dated]) -> Parameter:
    values = tuple(
        Dated(Decimal(d.value) if isinstance(d.value, str) else d.value, d.from_, d.to, d.quote)
        for d in sorted(dated, key=lambda value: value.from_)
    )
    return Parameter(name, dated[0].unit, dated[0].clause or clause, values)


def _condition(file: _Condition) -> Condition:
    return Condition(
        id=file.id,
        text=file.text,
        test=file.test(),
        when=_test(file.when),
        quote=file.quote,
        clause=file.clause,
        last=file.ask == "last",
        optional=file.optional,
    )


def _test(file: _Test | None) -> Predicate | None:
    return file.test() if file else None


def _amount(file: _Amount) -> Amount:
    terms = tuple((term.fact, term.param) for term in file.terms)
    groups = {name: tuple(members) for name, members in file.groups.items()}
    return Amount(file.formula, file.params, file.facts, file.cases, terms, file.parts, groups)


def _target(file: _Target) -> Target:
    op = next(op for op in ("ge", "gt", "about", "between") if getattr(file, op) is not None)
    param = file.between[0] if file.between else getattr(file, op)
    high = file.between[1] if file.between else None
    return Target(file.metric, file.label, param, op, high, file.part, file.whole, tuple(file.aliases))


# ── no figure overlooked ─────────────────────────────────────────────────────────────────────

EXCLUSIONS = "exclusions.toml"
_WRITTEN = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?[百千]?[万亿]?")
_IN_CHINESE = re.compile(r"[一二两三四五六七八九十百千]{1,6}[万亿]?(?=年|个月|周岁|岁|元|%)|半(?=天|年)")


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A figure of a document that no program is about, and why not."""

    words: str
    reason: str


@dataclass(frozen=True, slots=True)
class Numeral:
    """A figure as it stands in a policy's text."""

    start: int
    end: int
    text: str
    clause: str


class _Exclusion(_Strict):
    words: _Text
    reason: _Text


class _ExclusionsFile(_Strict):
    exclusion: list[_Exclusion] = []


def exclusions(path: Path) -> tuple[Exclusion, ...]:
    """Return the figures of a document that no program is about, with the reasons.

    Raises:
        ProgramRefused: the file is not as it should be.
    """
    try:
        file = _ExclusionsFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ProgramRefused(path, path.name, f"读不出来:{error}") from error
    except ValidationError as error:
        raise _refused(path, error) from error
    return tuple(Exclusion(item.words, item.reason) for item in file.exclusion)


def numerals_of(policy: Policy) -> tuple[Numeral, ...]:
    """Return every figure in the clauses, Arabic or Chinese with a unit; printed ordinals are none."""
    found: dict[tuple[int, int], Numeral] = {}
    for clause in policy.clauses:
        for start, end in _spans(clause.text):
            if start == 0 or (start == 1 and clause.text[0] == "("):
                continue  # the ordinal of the heading
            place = (clause.start + start, clause.start + end)
            found[place] = Numeral(*place, clause.text[start:end], clause.clause_id)
    return tuple(found[place] for place in sorted(found))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_WRITTEN, _IN_CHINESE):
        yield from (match.span() for match in pattern.finditer(text))


def uncovered(
    policy: Policy, programs: Iterable[Program], excluded: Iterable[Exclusion]
) -> tuple[Numeral, ...]:
    """Return the figures that are neither the value of a program's parameter nor excluded."""
    spans: list[tuple[int, int, frozenset[Decimal] | None]] = []
    for program in programs:
        for quote, values in _quoted_values(program).items():
            spans += [(start, end, values) for start, end in _places(policy.text, quote)]
        if program.window:
            spans += [(start, end, None) for start, end in _places(policy.text, program.window.quote)]
    for item in excluded:
        spans += [(start, end, None) for start, end in _places(policy.text, item.words)]
    return tuple(n for n in numerals_of(policy) if not any(_covers(span, n) for span in spans))


def _quoted_values(program: Program) -> Mapping[str, frozenset[Decimal] | None]:
    """Return quote → the values that parameters take from it; None where one is a day."""
    found: dict[str, list[Figure]] = {}
    for parameter in program.parameters.values():
        for dated in parameter.values:
            found.setdefault(dated.quote, []).append(dated.value)
    return {
        quote: None
        if any(isinstance(value, date) for value in values)
        else frozenset(Decimal(str(value)) for value in values)
        for quote, values in found.items()
    }


def _covers(span: tuple[int, int, frozenset[Decimal] | None], numeral: Numeral) -> bool:
    start, end, values = span
    if not (start <= numeral.start and numeral.end <= end):
        return False
    return values is None or bool(numbers_in(numeral.text) & values)


def _places(text: str, words: str) -> Iterator[tuple[int, int]]:
    start = text.find(words)
    while start >= 0:
        yield start, start + len(words)
        start = text.find(words, start + 1)


# ── python -m knowledge.programs: what is wrong, where, in Chinese ───────────────────────────

_WARN_DAYS = 60


def report(folders: Sequence[Path], day: date) -> tuple[list[str], list[str]]:
    """Return what is wrong with the policy and program files, and what needs a person's eye by `day`."""
    from knowledge import corpus
    from knowledge.regions import Regions

    loaded = corpus.load(folders, Regions.shipped())
    programs = load(loaded.policies, folders)
    wrong = [str(refusal) for refusal in (*loaded.refused, *programs.refused)]
    for policy in loaded.policies.values():
        wrong += _overlooked(policy, programs, folders)
    return wrong, list(_remarks(programs, day))


def _overlooked(policy: Policy, programs: Programs, folders: Sequence[Path]) -> list[str]:
    own = [p for p in programs.programs.values() if p.policy_id == policy.policy_id]
    excluded: list[Exclusion] = []
    wrong: list[str] = []
    for folder in folders:
        path = folder / policy.policy_id / "programs" / EXCLUSIONS
        if path.exists():
            try:
                excluded += exclusions(path)
            except ProgramRefused as error:
                wrong.append(str(error))
    wrong += [
        f"{policy.policy_id}/{EXCLUSIONS}:原文里没有“{item.words}”"
        for item in excluded
        if item.words not in policy.text
    ]
    for numeral in uncovered(policy, own, excluded):
        around = policy.text[max(0, numeral.start - 12) : numeral.end + 12].replace("\n", " ")
        wrong.append(f"{policy.policy_id}:条款{numeral.clause}的“{numeral.text}”没有项目用到:…{around}…")
    return wrong


def _remarks(programs: Programs, day: date) -> Iterator[str]:
    for policy in programs.policies.values():
        left = (policy.valid_to - day).days if policy.valid_to else None
        if left is not None and left < 0:
            yield f"{policy.policy_id}:有效期到{policy.valid_to},已经结束"
        elif left is not None and left <= _WARN_DAYS:
            yield f"{policy.policy_id}:有效期到{policy.valid_to},还有{left}天,请准备新文件"
    unsigned = sum(not program.reviewed_by for program in programs.programs.values())
    if unsigned:
        yield f"{unsigned}个项目还没有人核对签名(reviewed_by 为空),答复会带“规则未经核对”"
    drafts = [p.id for p in programs.programs.values() if p.status is Status.DRAFT]
    if drafts:
        yield f"草稿项目,不对外计算:{'、'.join(drafts)}"


def main(arguments: Sequence[str]) -> int:
    """Write the report; `arguments` are policy folders, none for the ones that ship. Returns 1 if wrong."""
    from knowledge.corpus import SHIPPED

    folders = [Path(argument) for argument in arguments] or [SHIPPED]
    wrong, remarks = report(folders, datetime.now(ZoneInfo("Asia/Shanghai")).date())
    for line in wrong:
        sys.stdout.write(f"错误 {line}\n")
    for line in remarks:
        sys.stdout.write(f"提示 {line}\n")
    sys.stdout.write("检查未通过\n" if wrong else "检查通过\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
