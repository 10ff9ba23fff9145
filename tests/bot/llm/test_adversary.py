"""A model that lies is never heard: hundreds of corrupted drafts through a real server, none is shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.advisor import Advisor
from bot.llm.manners import Manners
from bot.llm.sentences import outline
from bot.types import Answer
from tests.bot.llm.adversary import TOKEN, Corruption, corruptions
from tests.bot.llm.conftest import asked, beside
from tests.bot.llm.pretend import Model

QUESTIONS = (
    "我大三在读,招了6个人,第一年,杭州创业带动就业补贴能领多少",
    "杭州租房补贴一年多少",
    "岛城跑外卖的意外险补多少",
    "杭州有没有宠物补贴",
    "济南开公司要几天",
    "硕士刚毕业能领多少生活补贴",
    "我是高中毕业,杭州的生活补贴能领吗",
    "上海灵活就业社保补贴到什么时候截止",
)
DAYS = ("2024-06-01", "2026-11-24")


@pytest.fixture(scope="module")
def answers(advisor: Advisor) -> tuple[Answer, ...]:
    found = (asked(advisor, question, day) for question in QUESTIONS for day in DAYS)
    return tuple({answer.text: answer for answer in found}.values())


def drafts(answer: Answer) -> Iterator[tuple[int, Corruption, dict[int, str]]]:
    """Yield a corrupted sentence's number, the corruption, and the reply it stands in, right otherwise."""
    shown = {n: s.template for n, s in enumerate(outline(answer).sentences, start=1) if s.is_open}
    for number, template in shown.items():
        others = [other for n, other in shown.items() if n != number]
        for corruption in corruptions(template, others):
            yield number, corruption, {**shown, number: corruption.sentence}


def test_no_corrupted_sentence_reaches_a_person(
    advisor: Advisor, model: Model, answers: tuple[Answer, ...]
) -> None:
    """Every sentence but the corrupted one is right, so that what is shown must be the answer as it was."""
    tried: Counter[str] = Counter()
    with beside(advisor, model.address) as answering:
        for answer in answers:
            of_this = list(drafts(answer))
            for number, corruption, reply in of_this[:: 1 + len(of_this) // 30]:
                model.reply = lambda _, __, reply=reply: "\n".join(f"{n} {s}" for n, s in reply.items())
                # Without what it remembers: each reply is another one to the same request.
                shown = replace(answering.write, _remembered={})(answer)  # type: ignore[type-var]

                told = (corruption.kind, number, corruption.sentence)
                assert shown.text == answer.text, told
                assert (
                    not corruption.poison
                    or corruption.poison in answer.text
                    or (corruption.poison not in shown.text)
                ), told
                tried[corruption.kind] += 1

    assert sum(tried.values()) >= 400
    assert len(tried) >= 25


def test_every_corruption_there_is_fails_the_check(answers: tuple[Answer, ...], advisor: Advisor) -> None:
    """The same without a server between, and all of them."""
    manners, tried = Manners.shipped(), 0
    for answer in answers:
        sentences = outline(answer).sentences
        for number, corruption, _ in drafts(answer):
            assert not manners.say_the_same(sentences[number - 1].template, corruption.sentence), corruption
            tried += 1
    assert tried > 2000


def test_a_reply_that_is_right_is_shown_in_its_words(advisor: Advisor, model: Model) -> None:
    """So that the tests above do not pass for want of anything that is taken from a model."""
    model.reply = lambda _, text: re.sub(r"^1 ", "1 您好,", text.partition("\n\n")[0], flags=re.M)
    with beside(advisor, model.address) as answering:
        answer = asked(answering, "岛城跑外卖的意外险补多少")

    plain = asked(advisor, "岛城跑外卖的意外险补多少")
    assert answer.text == f"您好,{plain.text}"
    assert answer.proof[0].source.value == "manners"
    for proof in answer.proof:
        if proof.source.value not in ("manners", "fixed"):
            assert answer.text[proof.start : proof.end] in plain.text


def test_a_model_sees_nothing_of_the_person_and_no_figure(advisor: Advisor, model: Model) -> None:
    model.reply = lambda _, __: ""
    model.asked.clear()
    with beside(advisor, model.address) as answering:
        asked(answering, "我大三在读,招了6个人,第一年,杭州创业带动就业补贴能领多少,我叫王小明手机13800138000")

    writing = [b["messages"][1]["content"] for b in model.asked if "润色" in b["messages"][0]["content"]]
    assert len(writing) == 1
    shown = TOKEN.sub("", writing[0]).partition("\n\n记号:")[0].replace("12333", "")
    assert re.sub(r"^\d+ ", "", shown, flags=re.M).strip()
    assert not re.search(r"\d", re.sub(r"^\d+ ", "", shown, flags=re.M))
    assert "杭州" not in writing[0]
    assert "大三" not in writing[0]
    assert "13800138000" not in str(model.asked)
    assert "王小明" not in str(model.asked)
