"""Our own list of words, as it is where WeChat's content check cannot be asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.answering.messages import sentences
from bot.channels.wechat.safety import unsafe
from knowledge.corpus import SHIPPED, load
from knowledge.regions import Regions

QUESTIONS = Path(__file__).parents[4] / "eval" / "questions"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("哪里有百家乐", "赌博"),
        ("百 家*乐", "赌博"),
        ("附近约炮", "色情"),
        ("怎么买冰毒", "毒品"),
        ("自制炸弹", "枪支爆炸物"),
        ("办假证多少钱", "假证假票"),
        ("代开發票", "假证假票"),
        ("出售公民信息", "个人信息买卖"),
    ],
)
def test_what_nobody_needs_to_say_here_is_found_also_written_apart_or_in_traditional_characters(
    text: str, kind: str
) -> None:
    assert unsafe(text) == kind


@pytest.mark.parametrize(
    "text", ["大麻种植能申请创业补贴吗", "我在酒吧上班", "公司被查发票了", "", "杀毒软件公司创业"]
)
def test_a_question_about_work_is_not_turned_away(text: str) -> None:
    assert unsafe(text) is None


def test_no_policy_and_no_sentence_of_ours_is_found_unsafe() -> None:
    policies = load((SHIPPED,), Regions.shipped()).policies.values()
    texts = [clause.text for policy in policies for clause in policy.clauses]

    assert texts
    assert [text for text in (*texts, *sentences().values()) if unsafe(text)] == []


def test_no_question_that_is_answered_is_found_unsafe() -> None:
    asked = [
        line
        for path in QUESTIONS.rglob("*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "answered" in line and json.loads(line)
    ]

    assert len(asked) > 500
    assert [line for line in asked if unsafe(line)] == []
