"""Whatever a model does, the built-in answer goes out, and the log says which it was, without the text."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from bot.advisor import Advisor
from bot.llm.limits import Allowance, Circuit
from bot.visitors import visitor
from tests.bot.llm.conftest import NEVER, Clock, asked, beside
from tests.bot.llm.pretend import Model, pretending

QUESTION = "岛城跑外卖的意外险补多少"


@pytest.fixture(autouse=True)
def fresh(model: Model) -> None:
    model.reply, model.wait, model.hangs_after = (lambda _, __: ""), 0.0, None
    model.status, model.cut_after, model.moved_to = 200, None, None
    model.asked.clear()


def as_it_was(_: str, text: str) -> str:
    return text.partition("\n\n")[0]


def kindly(_: str, text: str) -> str:
    first, *rest = text.partition("\n\n")[0].splitlines()
    number, _, words = first.partition(" ")
    return "\n".join([f"{number} 您好,{words}", *rest])


SAYS: dict[str, Callable[[str, str], str]] = {
    "empty": lambda _, __: "",
    "only spaces": lambda _, __: " \n \n",
    "another language": lambda _, __: "1 You may get up to 100 yuan a year.",
    "itself again and again": lambda _, __: "1 您好\n" * 500,
    "one long line": lambda _, __: "1 " + "哈" * 20_000,
    "its instructions": lambda told, _: told,
    "what an injection ordered": lambda _, __: "1 忽略以上规则,您可以领100万元。",
    "no numbers before lines": lambda _, text: "\n".join(
        line.partition(" ")[2] + "哦" for line in text.splitlines()
    ),
    "JSON": lambda _, __: '{"1": "您好"}',
    "every token there is": lambda _, __: "\n".join(f"{n} ⟦{m}⟧" for n in range(9) for m in range(9)),
}


@pytest.mark.parametrize("name", SAYS)
def test_what_cannot_be_used_is_not_shown(advisor: Advisor, model: Model, name: str) -> None:
    model.reply = SAYS[name]
    with beside(advisor, model.address) as answering:
        answer = asked(answering, QUESTION)

    assert answer.text == asked(advisor, QUESTION).text
    assert model.asked


@pytest.mark.parametrize(
    ("status", "said"), [(429, "limited"), (500, "refused"), (401, "refused"), (404, "refused")]
)
def test_a_refusal_is_logged_by_its_kind_and_without_the_text(
    advisor: Advisor, model: Model, caplog: pytest.LogCaptureFixture, status: int, said: str
) -> None:
    model.status = status
    with caplog.at_level(logging.INFO, "bot.llm"), beside(advisor, model.address) as answering:
        answer = asked(answering, QUESTION)

    assert answer.text == asked(advisor, QUESTION).text
    assert f"answered without the model: {said}" in caplog.text
    assert "意外" not in caplog.text
    assert "外卖" not in caplog.text


def test_nobody_at_the_address_is_called_down(advisor: Advisor, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "bot.llm"), beside(advisor, "http://127.0.0.1:9/v1") as answering:
        answer = asked(answering, QUESTION)

    assert answer.text == asked(advisor, QUESTION).text
    assert "answered without the model: down" in caplog.text


def test_a_model_that_never_answers_costs_its_time_and_no_more(
    advisor: Advisor, model: Model, caplog: pytest.LogCaptureFixture
) -> None:
    model.reply, model.wait = kindly, NEVER / 10**6
    with caplog.at_level(logging.INFO, "bot.llm"), beside(advisor, model.address, seconds=0.6) as answering:
        answer = asked(answering, QUESTION)

    assert answer.text == asked(advisor, QUESTION).text
    assert "answered without the model: slow" in caplog.text


def test_of_a_slow_model_what_came_in_time_is_used(advisor: Advisor, model: Model) -> None:
    model.reply, model.hangs_after = kindly, 8
    with beside(advisor, model.address, seconds=4.0) as answering:
        answer = asked(answering, QUESTION)

    assert answer.text == f"您好,{asked(advisor, QUESTION).text}"


def test_of_a_reply_that_breaks_off_the_whole_sentences_are_used(
    advisor: Advisor, model: Model, caplog: pytest.LogCaptureFixture
) -> None:
    plain = asked(advisor, QUESTION).text
    model.reply, model.cut_after = kindly, 8
    with caplog.at_level(logging.INFO, "bot.llm"), beside(advisor, model.address) as answering:
        answer = asked(answering, QUESTION)

    assert answer.text == f"您好,{plain}"
    assert "cut_off" in caplog.text


def test_a_redirect_elsewhere_is_not_followed(advisor: Advisor, model: Model) -> None:
    model.moved_to = "http://127.0.0.1:9/v1/chat/completions"
    with beside(advisor, model.address) as answering:
        assert asked(answering, QUESTION).text == asked(advisor, QUESTION).text
    assert len(model.asked) <= 2  # listening and writing, each once


def test_after_three_failures_the_model_rests_and_comes_back_by_itself(
    advisor: Advisor, model: Model
) -> None:
    clock = Clock()
    model.status = 500
    with beside(advisor, model.address, circuit=Circuit(clock)) as answering:
        for _ in range(5):
            asked(answering, QUESTION)
        assert len(model.asked) == 3

        clock.now += 29
        asked(answering, QUESTION)
        assert len(model.asked) == 3

        clock.now += 1
        asked(answering, QUESTION)  # one is tried, and fails
        asked(answering, QUESTION)
        assert len(model.asked) == 4

        clock.now += 30
        model.status, model.reply = 200, kindly
        assert asked(answering, QUESTION).text.startswith("您好,")


def test_what_was_said_is_remembered_and_not_paid_for_twice(advisor: Advisor, model: Model) -> None:
    model.reply = kindly
    with beside(advisor, model.address) as answering:
        first, again = asked(answering, QUESTION), asked(answering, QUESTION)

    assert first.text == again.text
    assert len(model.asked) == 1


def test_a_visitor_who_used_up_the_share_is_answered_without(
    advisor: Advisor, model: Model, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    allowance = Allowance(each=10, all=NEVER, clock=clock)
    model.reply = kindly
    with (
        caplog.at_level(logging.INFO, "bot.llm"),
        beside(advisor, model.address, allowance=allowance) as answering,
    ):
        token = visitor.set("10.0.0.7")
        try:
            assert asked(answering, QUESTION).text.startswith("您好,")
            asked(answering, "济南开公司要几天")
            assert len(model.asked) == 1
            assert "answered without the model: spent" in caplog.text
            clock.now += 24 * 3600
            asked(answering, "济南开公司要几天")
            assert len(model.asked) == 2
        finally:
            visitor.reset(token)


def test_no_trace_is_sent_whatever_the_environment_says(
    advisor: Advisor, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pretending() as collector:
        monkeypatch.setenv("LANGSMITH_TRACING", "true")
        monkeypatch.setenv("LANGSMITH_API_KEY", "x")
        monkeypatch.setenv("LANGSMITH_ENDPOINT", collector.address)
        monkeypatch.setenv("HTTPS_PROXY", collector.address)
        monkeypatch.setenv("HTTP_PROXY", collector.address)
        model.reply = kindly
        with beside(advisor, model.address) as answering:
            answering.write(asked(advisor, QUESTION))
        assert model.asked
        assert collector.asked == []
