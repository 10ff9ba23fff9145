"""The evaluation compares values, not strings, and knows how sure it is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.types import Answer, AnswerStatus, Citation
from eval.metrics import interval, scores, values
from eval.questions import Case, Expected, Turn
from knowledge.types import ValidityStatus


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("4000元", "0.4万元"),
        ("4000元", "四千元"),
        ("半天", "0.5天"),
        ("1年", "12个月"),
        ("30,000元", "3万元"),
    ],
)
def test_the_same_value_in_another_notation_is_the_same(one: str, other: str) -> None:
    assert values(one) == values(other) != set()


@pytest.mark.parametrize(("one", "other"), [("4000元", "40000元"), ("5年", "5个月"), ("50%", "50元")])
def test_another_value_or_another_measure_is_not(one: str, other: str) -> None:
    assert not values(one) & values(other)


def test_the_interval_of_a_share() -> None:
    low, high = interval(9, 10)

    assert (round(low, 3), round(high, 3)) == (0.596, 0.982)
    assert interval(0, 5)[0] == 0.0
    assert interval(5, 5)[1] == 1.0


def test_a_share_of_no_cases_is_refused() -> None:
    with pytest.raises(ValueError, match="undefined"):
        interval(0, 0)


CLAUSE = "hangzhou-2023#2.1.3"


def cite(clause: str) -> Citation:
    policy, _, number = clause.partition("#")
    return Citation(1, policy, number, "", "", None, None, "", "", ValidityStatus.IN_FORCE, None, None)


def answer(text: str, *clauses: str, status: AnswerStatus = AnswerStatus.ANSWERED) -> Answer:
    return Answer("a", "c", status, text, date(2024, 6, 1), citations=tuple(cite(c) for c in clauses))


def score(
    given: Answer, *, figures: tuple[str, ...] = ("3万元",), banned: tuple[str, ...] = ()
) -> tuple[str, ...]:
    expected = Expected(("answered",), (CLAUSE,), figures, banned)
    turn = Turn("", expected)
    case = Case("x", "a", "single", None, date(2024, 6, 1), (turn,))
    (found,) = scores(case, turn, given)
    return found.causes


def test_a_right_answer_has_no_cause() -> None:
    assert score(answer("硕士30000元", CLAUSE)) == ()


@pytest.mark.parametrize(
    ("given", "causes"),
    [
        (answer("硕士30000元", "hangzhou-2023#1"), ("clause",)),
        (answer("硕士30000元", "x#1", "x#2", CLAUSE), ("clause",)),
        (answer("硕士30000元", CLAUSE, "x#1", "x#2", "x#3"), ("clause",)),
        (answer("本科10000元", CLAUSE), ("figures",)),
        (answer("硕士30000元", CLAUSE, status=AnswerStatus.CLARIFY_REGION), ("status",)),
    ],
)
def test_what_is_wrong_is_named(given: Answer, causes: tuple[str, ...]) -> None:
    assert score(given) == causes


def test_a_figure_that_must_not_appear_is_wrong() -> None:
    assert score(answer("硕士30000元,博士10万元", CLAUSE), banned=("100000元",)) == ("figures",)


def test_words_that_must_not_be_said_are_wrong() -> None:
    expected = Expected(("answered",), (), (), (), not_said=("一定能领",))
    turn = Turn("", expected)
    case = Case("x", "g", "attack", None, date(2024, 6, 1), (turn,))

    (found,) = scores(case, turn, answer("您一定能领"))

    assert found.causes == ("words",)


def test_a_letter_is_scored_by_what_it_asks() -> None:
    asks = (
        Expected(("answered",), (CLAUSE,), ("3万元",), ()),
        Expected(("answered",), ("x#1",), (), ()),
    )
    turn = Turn("", asks[0], asks)
    case = Case("x", "a", "letter", None, date(2024, 6, 1), (turn,))

    found = scores(case, turn, answer("硕士3万元", CLAUSE))

    assert [one.right for one in found] == [True, False]
    assert Decimal(30000) in {value for _, value in values("3万元")}
