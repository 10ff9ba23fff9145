"""Slips of the keyboard are mended towards words of policy, and nothing else is touched."""

from __future__ import annotations

import json

import pytest

from bot.understanding.repair import Repairer
from embeddings.wording import Wording
from eval.questions import SHIPPED
from knowledge import terms
from knowledge.normalize import normalized


@pytest.fixture(scope="module")
def repairer() -> Repairer:
    return Repairer(terms.load(), (), Wording.load())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("硕式毕叶有补帖吗", "硕士毕业有补贴吗"),  # sounds like it
        ("应结生租访", "应届生租房"),
        ("卜贴", "补贴"),  # looks like it
        ("杭洲和清岛", "杭州和青岛"),
        ("补 贴", "补贴"),  # split
        ("创 业 补 贴", "创业 补贴"),
        ("shuoshi butie", "硕士 补贴"),  # spelled
        ("shuoshibutie多少", "硕士补贴多少"),
    ],
)
def test_a_slip_is_read_as_the_word_that_was_meant(repairer: Repairer, typed: str, meant: str) -> None:
    assert repairer.repaired(typed).text == meant


@pytest.mark.parametrize(
    "message",
    [
        "不贴钱吗",  # 补贴钱 would be the contrary
        "我本可以去",
        "这是我的事业",
        "老同学说有声音",
        "我 想 去",
        "见 https://example.com/butie 和 butie@example.com",
        "PhD student subsidy, 2024",
        "",
    ],
)
def test_what_is_no_slip_stays(repairer: Repairer, message: str) -> None:
    assert repairer.repaired(message).text == message


def test_what_was_changed_is_told(repairer: Repairer) -> None:
    assert repairer.repaired("有补帖吗").changes == (("补帖", "补贴"),)


def test_words_of_the_documents_are_learned_from_the_documents() -> None:
    texts = ["举办项目路演", "组织路演"]

    assert Repairer((), texts, Wording.load()).repaired("陆演").text == "路演"
    assert Repairer((), (), Wording.load()).repaired("陆演").text == "陆演"


def test_clean_questions_are_hardly_ever_touched(repairer: Repairer) -> None:
    """Of the 400 single questions by authors who typed with care."""
    lines = [line for name in "ab" for line in (SHIPPED / f"single-{name}.jsonl").read_text().splitlines()]
    messages = [normalized(json.loads(line)["message"]) for line in lines]
    touched = [message for message in messages if repairer.repaired(message).changes]

    assert len(messages) == 400
    assert len(touched) <= 20  # they hold some slips on purpose


def test_the_likeliest_words_join_to_the_run() -> None:
    wording = Wording.load()

    assert wording.words("就业补贴怎么申请") == ("就业", "补贴", "怎么", "申请")
    assert wording.words("") == ()
    assert wording.score("毕业") > wording.score("毕叶")
