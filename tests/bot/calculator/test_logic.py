from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.calculator.logic import Evaluation, all_of, any_of
from knowledge.programs import Op, Predicate

T, F, U = True, False, None


class Conditions(Evaluation):
    """Conditions that name no figure; one that does is a mistake of the test."""

    def figure(self, param: str) -> Decimal:
        raise LookupError(f"no figure is known here, {param} was read")


@pytest.mark.parametrize(
    ("a", "b", "both", "either"),
    [
        (T, T, T, T), (T, F, F, T), (T, U, U, T),
        (F, T, F, T), (F, F, F, F), (F, U, F, U),
        (U, T, U, T), (U, F, F, U), (U, U, U, U),
    ],
)  # fmt: skip
def test_kleene(a: bool | None, b: bool | None, both: bool | None, either: bool | None) -> None:
    assert all_of([a, b]) is both
    assert any_of([a, b]) is either


def test_a_fact_that_is_not_known_is_neither_no_nor_zero() -> None:
    tester = Conditions({}, date(2024, 6, 1))
    assert tester.test(Predicate(Op.POSITIVE, "heads")) is None
    assert tester.test(Predicate(Op.IS, "discredited", values=(False,))) is None


def test_a_zero_is_known() -> None:
    assert Conditions({"heads": 0}, date(2024, 6, 1)).test(Predicate(Op.POSITIVE, "heads")) is False


def test_what_stands_behind_a_no_is_not_asked_for() -> None:
    enrolled = Predicate(Op.IS, "student_status", values=("graduated",))
    date_known = Predicate(Op.KNOWN, "graduation_date")
    both = Predicate(Op.ALL, tests=(enrolled, date_known))
    assert Conditions({"student_status": "enrolled"}, date(2024, 6, 1)).test(both) is False
    waiting = Conditions({}, date(2024, 6, 1))
    assert list(waiting.unknown_facts(both)) == ["student_status", "graduation_date"]


def test_an_open_question_of_the_text_is_unknown_and_flagged_only_for_whom_it_concerns() -> None:
    doctor = Predicate(Op.IS, "degree", values=("doctor",))
    both = Predicate(Op.ALL, tests=(doctor, Predicate(Op.UNSTATED, flag="doctor_age_unstated")))
    for degree, verdict, flags in (
        ("doctor", None, ["doctor_age_unstated"]),
        ("master", False, []),
        (None, None, []),
    ):
        tester = Conditions({"degree": degree} if degree else {}, date(2024, 6, 1))
        assert tester.test(both) is verdict
        assert tester.flags == flags
