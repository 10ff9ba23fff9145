"""The answerers without understanding do what their names say."""

from __future__ import annotations

from datetime import date

from bot.advisor import Advisor
from bot.types import AnswerStatus, Question
from eval.baselines import baselines
from knowledge.corpus import citable

QUESTION = Question("青岛跑外卖的意外险补多少", date(2023, 10, 1))


def test_each_does_what_its_name_says(advisor: Advisor) -> None:
    refused, pasted, all_cited = (answer(QUESTION) for answer in baselines(advisor).values())

    assert (refused.status, refused.citations) == (AnswerStatus.UNANSWERABLE_NO_CLAUSE, ())
    assert [one.clause for one in pasted.citations] == ["2.9"]
    assert pasted.text == advisor.corpus.clause("qingdao-2023#2.9").text
    assert len(all_cited.citations) == len(citable(advisor.corpus.policies["qingdao-2023"]))


def test_without_a_place_nothing_is_pasted(advisor: Advisor) -> None:
    question = Question("意外险补多少", date(2023, 10, 1))

    assert {answer(question).status for answer in baselines(advisor).values()} == {
        AnswerStatus.UNANSWERABLE_NO_CLAUSE
    }
