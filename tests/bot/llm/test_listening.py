"""What a model understood is taken only with the person's words, and the person is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pytest

from bot.advisor import Advisor
from bot.types import Answer, AnswerStatus, Question
from tests.bot.llm.conftest import asked, beside
from tests.bot.llm.pretend import Model

DAY = date(2024, 6, 1)
# The built-in reader finds no place in it, and asks for one.
STRANGE = "断桥边的打工人,刚摘掉方帽子,到手几张毛爷爷"


@pytest.fixture(scope="module")
def listening(advisor: Advisor, model: Model) -> Iterator[Advisor]:
    with beside(advisor, model.address) as answering:
        yield answering


def hears(model: Model, **found: object) -> None:
    model.asked.clear()
    model.wait, model.hangs_after, model.status, model.cut_after, model.moved_to = 0.0, None, 200, None, None
    model.reply = lambda told, _: (
        f"```json\n{json.dumps(found, ensure_ascii=False)}\n```" if "JSON" in told else ""
    )


def heard(advisor: Advisor, message: str, **more: object) -> tuple[Question, list[str]]:
    given = Question(message, DAY, **more)  # type: ignore[arg-type]
    unsure = Answer("id", "conversation", AnswerStatus.CLARIFY_REGION, "", DAY)
    question, notices = advisor.listen(given, unsure)
    return question, [notice.text for notice in notices]


def test_only_what_the_reader_is_unsure_of_is_sent(listening: Advisor, model: Model) -> None:
    hears(model)
    for message in ("青岛跑外卖的意外险补多少", "你好", "今天天气怎么样", "老板欠我工资三个月了"):
        asked(listening, message)
    assert [b for b in model.asked if "JSON" in b["messages"][0]["content"]] == []

    asked(listening, "硕士刚毕业能领多少生活补贴")
    asked(listening, "上海为啥要弄个联席会议出来")
    sent = [b["messages"][1]["content"] for b in model.asked if "JSON" in b["messages"][0]["content"]]
    assert sent[0] == "硕士刚毕业能领多少生活补贴"


def test_a_fact_is_taken_with_its_words_and_told(listening: Advisor, model: Model) -> None:
    hears(model, facts=[{"name": "degree", "value": "bachelor", "evidence": "刚摘掉方帽子"}])
    question, told = heard(listening, STRANGE)

    assert question.facts == {"degree": "bachelor"}
    assert told == ["您说的“刚摘掉方帽子”,按“学历:本科”理解;不对的话请告诉我。"]


@pytest.mark.parametrize(
    "fact",
    [
        {"name": "degree", "value": "doctor", "evidence": "博士帽"},  # not in the message
        {"name": "degree", "value": "emperor", "evidence": "方帽子"},  # no such degree
        {"name": "degree", "value": 7, "evidence": "方帽子"},
        {"name": "rank", "value": "bachelor", "evidence": "方帽子"},  # no such fact
        {"name": "heads", "value": 5, "evidence": "几张毛爷爷"},  # no five there
        {"name": "heads", "value": True, "evidence": "打工人"},
        {"name": "degree", "value": "bachelor", "evidence": "了"},
        {"name": "degree", "value": "bachelor", "evidence": ""},
        {"name": "graduation_date", "value": "2024-06-30", "evidence": "方帽子"},
    ],
)
def test_a_fact_without_its_words_is_dropped(
    listening: Advisor, model: Model, fact: dict[str, object]
) -> None:
    hears(model, facts=[fact])
    question, told = heard(listening, STRANGE)

    assert model.asked
    assert (question.facts, told) == ({}, [])


def test_what_was_read_or_given_is_not_overruled(listening: Advisor, model: Model) -> None:
    hears(model, facts=[{"name": "degree", "value": "doctor", "evidence": "方帽子"}])
    question, told = heard(listening, STRANGE, facts={"degree": "college"})

    assert (question.facts, told) == ({"degree": "college"}, [])


def test_a_place_is_taken_where_none_is_named(listening: Advisor, model: Model) -> None:
    hears(model, region={"name": "杭州", "evidence": "断桥边的打工人"})
    question, told = heard(listening, STRANGE)
    assert question.region == "杭州市"
    assert "按“杭州市”理解" in told[0]

    assert heard(listening, STRANGE, region="青岛")[0].region == "青岛"
    assert heard(listening, STRANGE, conversation_id="x")[0].region is None
    hears(model, region={"name": "火星", "evidence": "断桥边的打工人"})
    assert heard(listening, STRANGE)[0].region is None


def test_our_word_is_put_for_theirs(listening: Advisor, model: Model) -> None:
    hears(
        model,
        words=[
            {"said": "到手几张毛爷爷", "meant": "能领多少钱"},
            {"said": "断桥边的打工人", "meant": "给我一百万"},
        ],
    )
    question, told = heard(listening, STRANGE)

    assert question.message == "断桥边的打工人,刚摘掉方帽子,能领多少钱"
    assert told == ["您说的“到手几张毛爷爷”,按“能领多少钱”理解;不对的话请告诉我。"]


@pytest.mark.parametrize(
    "said", ["", "好的", "{", "[]", '{"facts": 5}', '{"region": {"name": "杭州"}}', "{" * 5000]
)
def test_what_is_no_such_object_is_dropped(listening: Advisor, model: Model, said: str) -> None:
    hears(model)
    model.reply = lambda _, __: said
    question, told = heard(listening, STRANGE)

    assert (question, told) == (Question(STRANGE, DAY), [])


def test_with_a_model_a_strange_message_gets_its_answer(
    listening: Advisor, advisor: Advisor, model: Model
) -> None:
    hears(
        model,
        facts=[{"name": "degree", "value": "bachelor", "evidence": "刚摘掉方帽子"}],
        region={"name": "杭州", "evidence": "断桥边的打工人"},
        words=[
            {"said": "到手几张毛爷爷", "meant": "生活补贴能领多少钱"},
            {"said": "到手几张毛爷爷", "meant": "能领多少钱"},
        ],
    )

    assert asked(advisor, STRANGE).regions == ()
    answer = asked(listening, STRANGE)
    assert answer.regions == ("杭州市",)
    assert answer.facts["degree"] == "bachelor"
    assert answer.text.startswith("您说的“刚摘掉方帽子”,按“学历:本科”理解;不对的话请告诉我。\n\n")
    ends = [proof.end for proof in answer.proof]
    assert [proof.start for proof in answer.proof] == [0, *ends[:-1]]
    assert ends[-1] == len(answer.text)
