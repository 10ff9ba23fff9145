"""The worked cases hold every figure: change one and a case fails."""

from __future__ import annotations

from pathlib import Path

from knowledge.programs import Programs
from tests.bot.calculator.mutate import caught, mutants
from tests.bot.calculator.worked import read_cases

# Figures that are quoted and shown, and that no sum or condition is made of.
ONLY_SHOWN = {
    ("hangzhou-2023 2.1.5:hz_contest", "ranked"),  # 400强
    ("hangzhou-2023 2.1.6:employer", "years"),  # 两年
    ("hangzhou-2023 2.3.18:park_review", "every_years"),  # 每两年
    ("hangzhou-2023 2.3.19:returnee_park_review", "every_years"),
    ("qingdao-2023 2.1:tax_until", "last_day"),  # the program's own window holds it
}
HELD = ("value + 1", "value - 1", "first day later", "last day earlier", "comparison", "check dropped")


def test_every_figure_period_and_comparison_is_held_by_a_case(shipped: Programs) -> None:
    cases = read_cases(Path(__file__).parent / "cases")
    survivors = set()
    for program in shipped.programs.values():
        own = [case for case in cases if case.program == program.id]
        for mutant in mutants(program):
            if mutant.kind in HELD and not caught(shipped, mutant, own):
                survivors.add((program.id, mutant.what))
    assert survivors == ONLY_SHOWN
