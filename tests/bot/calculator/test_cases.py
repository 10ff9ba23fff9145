"""Worked cases, each written from the document: both sides of every line, first and last days, bad input."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.calculator.tools import Calculator
from knowledge.programs import Programs
from tests.bot.calculator.worked import WorkedCase, read_cases

CASES = read_cases(Path(__file__).parent / "cases")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_worked_case(calculator: Calculator, case: WorkedCase) -> None:
    result = calculator.calculate(case.program, case.facts, case.as_of)
    wrong = case.mismatches(result)
    assert not wrong, f"{case.program} {case.name}: {[(k, case.expected[k], result.get(k)) for k in wrong]}"


def test_every_program_has_a_case(shipped: Programs) -> None:
    assert shipped.programs.keys() == {c.program for c in CASES} & shipped.programs.keys()


def test_ids_are_unique() -> None:
    assert len({case.id for case in CASES}) == len(CASES)
