"""How much of the programs do the worked cases hold? Change one thing at a time and see whether a case fails.

    python -m tests.bot.calculator.mutate

Each figure goes up and down by one, each period is shifted by a day at either end, each comparison is
loosened, each condition, choice and check is dropped. A mutant that no case notices is printed.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from bot.calculator.tools import Calculator
from knowledge import corpus, programs
from knowledge.programs import Condition, Dated, Op, Parameter, Predicate, Program, Programs
from knowledge.regions import Regions
from tests.bot.calculator.worked import WorkedCase, read_cases

_LOOSER = {Op.GE: Op.GT, Op.GT: Op.GE, Op.LE: Op.LT, Op.LT: Op.LE}
_TARGET_OPS = {"ge": "gt", "gt": "ge"}


@dataclass(frozen=True, slots=True)
class Mutant:
    kind: str
    what: str
    program: Program


def mutants(program: Program) -> Iterator[Mutant]:
    yield from _with_other_figures(program)
    yield from _with_other_conditions(program)
    yield from _with_other_amounts(program)


def _with_other_figures(program: Program) -> Iterator[Mutant]:
    for parameter in program.parameters.values():
        for kind, changed in _figures(parameter):
            figures = {**program.parameters, parameter.name: changed}
            yield Mutant(kind, parameter.name, replace(program, parameters=figures))


def _with_other_conditions(program: Program) -> Iterator[Mutant]:
    for condition in program.conditions:
        rest = tuple(c for c in program.conditions if c is not condition)
        yield Mutant("condition dropped", condition.id, replace(program, conditions=rest))
        for kind, changed in _conditions(condition):
            both = tuple(changed if c is condition else c for c in program.conditions)
            yield Mutant(kind, condition.id, replace(program, conditions=both))
    for check in program.checks:
        rest_of = tuple(c for c in program.checks if c is not check)
        yield Mutant("check dropped", check.fact, replace(program, checks=rest_of))


def _with_other_amounts(program: Program) -> Iterator[Mutant]:
    for target in program.targets:
        if target.op in _TARGET_OPS:
            changed = replace(target, op=_TARGET_OPS[target.op])
            targets = tuple(changed if t is target else t for t in program.targets)
            yield Mutant("comparison", target.metric, replace(program, targets=targets))
    for value, param in program.amount.cases.items():
        for other in sorted(set(program.amount.cases.values()) - {param}):
            cases = {**program.amount.cases, value: other}
            yield Mutant("choice", value, replace(program, amount=replace(program.amount, cases=cases)))
    for name, members in program.amount.groups.items():
        for member in members:
            less = {**program.amount.groups, name: tuple(m for m in members if m != member)}
            amount = replace(program.amount, groups=less)
            yield Mutant("list member", member, replace(program, amount=amount))


def _figures(parameter: Parameter) -> Iterator[tuple[str, Parameter]]:
    for index, dated in enumerate(parameter.values):
        for kind, changed in _dated(dated):
            values = (*parameter.values[:index], changed, *parameter.values[index + 1 :])
            yield kind, replace(parameter, values=values)


def _dated(dated: Dated) -> Iterator[tuple[str, Dated]]:
    day = timedelta(days=1)
    if not isinstance(dated.value, date):
        step = Decimal("0.5") if isinstance(dated.value, Decimal) else 1
        yield "value + 1", replace(dated, value=dated.value + step)
        yield "value - 1", replace(dated, value=dated.value - step)
    yield "first day later", replace(dated, since=dated.since + day)
    if dated.until is not None:
        yield "last day earlier", replace(dated, until=dated.until - day)


def _conditions(condition: Condition) -> Iterator[tuple[str, Condition]]:
    for kind, changed in _predicates(condition.test):
        yield kind, replace(condition, test=changed)
    if condition.when is not None:
        yield "guard dropped", replace(condition, when=None)
        for kind, changed in _predicates(condition.when):
            yield f"guard {kind}", replace(condition, when=changed)


def _predicates(predicate: Predicate) -> Iterator[tuple[str, Predicate]]:
    if predicate.op in _LOOSER:
        yield "comparison", replace(predicate, op=_LOOSER[predicate.op])
    if predicate.op in (Op.IN, Op.NOT_IN, Op.OPEN):
        for value in predicate.values:
            rest = tuple(v for v in predicate.values if v != value)
            yield "choice dropped", replace(predicate, values=rest)
    if predicate.op is Op.IS and isinstance(predicate.values[0], bool):
        yield "yes for no", replace(predicate, values=(not predicate.values[0],))
    for index, part in enumerate(predicate.tests):
        rest_of = (*predicate.tests[:index], *predicate.tests[index + 1 :])
        if rest_of:
            yield "part dropped", replace(predicate, tests=rest_of)
        for kind, changed in _predicates(part):
            tests = (*predicate.tests[:index], changed, *predicate.tests[index + 1 :])
            yield kind, replace(predicate, tests=tests)


def caught(shipped: Programs, mutant: Mutant, cases: list[WorkedCase]) -> bool:
    """Return whether a case fails, or the calculator itself, when the program is the mutant."""
    changed = {**shipped.programs, mutant.program.id: mutant.program}
    calculator = Calculator(replace(shipped, programs=changed), Regions.shipped())
    for case in cases:
        try:
            result = calculator.calculate(case.program, case.facts, case.as_of)
        except LookupError:
            return True
        if case.mismatches(result):
            return True
    return False


def main() -> int:
    policies = corpus.load([corpus.SHIPPED], Regions.shipped()).policies
    shipped = programs.load(policies, [corpus.SHIPPED])
    cases = read_cases(Path(__file__).parent / "cases")
    made: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for program in shipped.programs.values():
        own = [case for case in cases if case.program == program.id]
        for mutant in mutants(program):
            made[mutant.kind] += 1
            if not caught(shipped, mutant, own):
                missed[mutant.kind] += 1
                sys.stdout.write(f"survived  {program.id}  {mutant.kind}  {mutant.what}\n")
    for kind, count in sorted(made.items()):
        sys.stdout.write(f"{kind:<20} {count - missed[kind]:>4} of {count}\n")
    sys.stdout.write(f"{'all':<20} {made.total() - missed.total():>4} of {made.total()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
