from __future__ import annotations

import pytest

from bot.calculator.describe import describe, describe_screening
from bot.calculator.tools import Calculator

JOBS = "hangzhou-2023 2.3.17:jobs"
FACTS = {"student_status": "enrolled", "heads": 5, "year_index": 1}


def test_a_determination_in_words(calculator: Calculator) -> None:
    lines = describe(calculator.calculate(JOBS, FACTS, "2024-06-01")).splitlines()
    assert lines[1] == "  写明的条件都符合;4000元(每年)"
    assert "  算法:2000 + (5 − 3) × 1000 = 4000 元" in lines
    assert "  条件:带动就业满3人 —— 符合" in lines
    assert "  注意:规则未经核对。" in lines
    assert "  原文:“每年补贴总额不超过2万元”(条款2.3.17)" in lines


@pytest.mark.parametrize(
    ("facts", "day", "words"),
    [
        (FACTS, "2026-11-23", "当时4000元(每年)"),
        (FACTS, "2023-07-04", "现在没有金额"),
        ({**FACTS, "heads": 2}, "2024-06-01", "有写明的条件不符合;0元"),
        ({"student_status": "enrolled"}, "2024-06-01", "0元到20000元之间(每年)"),
    ],
)
def test_the_sum_with_its_word(
    calculator: Calculator, facts: dict[str, object], day: str, words: str
) -> None:
    assert words in describe(calculator.calculate(JOBS, facts, day))


def test_a_refusal_names_the_field(calculator: Calculator) -> None:
    assert "  heads:" in describe(calculator.calculate(JOBS, {"heads": -1}, "2024-06-01"))


def test_a_screening_in_words(calculator: Calculator) -> None:
    text = describe_screening(calculator.screen("杭州", {**FACTS, "heads": 2}, "2024-06-01", "创业"))
    assert "不符合(1项)" in text
    assert "  创业带动就业补贴:0元(不符合:带动就业满3人)" in text
    assert "    变一变:再带动就业1人,可得2000元(每年)" in text
    assert "下一个问题:" in text
