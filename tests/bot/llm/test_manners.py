"""What a model may say: kinder words and other words for the same, and nothing besides."""

from __future__ import annotations

import re

import pytest

from bot.answering.messages import sentences
from bot.llm.manners import Manners

PERSONAL = "⟦1⟧:按您说的情况,⟦2⟧是⟦3⟧(⟦4⟧),算法:⟦5⟧。"


@pytest.fixture(scope="module")
def manners() -> Manners:
    return Manners.shipped()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (PERSONAL, "您好,在⟦1⟧,根据您说的情况,⟦2⟧为⟦3⟧(⟦4⟧)。计算方式:⟦5⟧。"),
        (PERSONAL, "关于您问的这件事,⟦1⟧,照您说的情况,⟦2⟧是⟦3⟧（⟦4⟧）,算法是这样的:⟦5⟧。"),
        ("还没核实的:⟦7⟧。", "另外,尚未核实的:⟦7⟧。"),
        ("规则未经核对。", "这条规则还没有经过核对。"),
        ("再问您一句:⟦4⟧", "还想问您一句,⟦4⟧"),
        ("想确认或办理,可以拨打12333。", "如果要确认或办理,请拨打12333,祝您顺利!"),
        ("您问的是哪个城市?", "请问您想问的是哪个城市?"),
        ("各地规定不一样,说了城市才能准确回答。", "每个地方的规定不一样,知道了城市才能准确回答哦。"),
        ("⟦1⟧:文件里**没有写⟦2⟧**,不能拿别的规定来回答。", "在⟦1⟧,文件里**没写⟦2⟧**,没法拿别的规定来回答。"),
    ],
)
def test_the_same_in_kinder_words_passes(manners: Manners, ours: str, theirs: str) -> None:
    assert manners.say_the_same(ours, theirs)


@pytest.mark.parametrize(
    "theirs",
    [
        "按您说的情况,⟦2⟧是⟦3⟧(⟦4⟧),算法:⟦5⟧。",  # the place is gone
        "⟦1⟧:⟦2⟧是⟦3⟧(⟦4⟧),算法:⟦5⟧。",  # whose case it is, is gone
        "⟦1⟧:按您说的情况,⟦3⟧是⟦2⟧(⟦4⟧),算法:⟦5⟧。",
        "⟦1⟧:按您说的情况,⟦2⟧不是⟦3⟧(⟦4⟧),算法:⟦5⟧。",
        "⟦1⟧:按您说的情况,⟦2⟧是⟦3⟧(⟦4⟧),算法:⟦5⟧,一共⟦3⟧。",
        "⟦1⟧:按您说的情况,⟦2⟧是⟦3⟧(⟦4⟧),算法:⟦5⟧。您好您好您好。",
        "⟦1⟧:按您说的情况,⟦2⟧是⟦3⟧(⟦4⟧),算法:⟦5⟧。恭喜您!",
        "⟦1⟧:按您说的情况,⟦2⟧是⟦3⟧(⟦4⟧)?算法:⟦5⟧。",
        "⟦1⟧:按您说的情况,⟦2⟧是⟦3⟧(您好,⟦4⟧),算法:⟦5⟧。",
        "⟦1⟧:按您说的情况,最后⟦2⟧是最后⟦3⟧(⟦4⟧),算法:⟦5⟧。",
        "",
    ],
)
def test_anything_else_does_not(manners: Manners, theirs: str) -> None:
    assert not manners.say_the_same(PERSONAL, theirs)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("请拨打12333。", "请拨打1,2333。"),
        ("请拨打12333。", "请拨打123呀,33。"),
        ("请拨打12333。", "请拨打12 333。"),
        ("最多2,000个字。", "最多2,00个字。"),
        ("最多2,000个字。", "最多2。000个字。"),
        ("依据:《⟦1⟧》⟦2⟧。", "依据:《下面⟦1⟧》⟦2⟧。"),
        ("依据:《⟦1⟧》⟦2⟧。", "依据:《您好,⟦1⟧》⟦2⟧。"),
        ("按“⟦2⟧”理解。", "按“在,⟦2⟧”理解。"),
        ("这里**没有写⟦2⟧**。", "这里**没有写,⟦2⟧**。"),
        ("这里**没有写⟦2⟧**。", "这里*没有写⟦2⟧*。"),
        ("到⟦2⟧才开始。", "到最后⟦2⟧才开始。"),
        ("先说明:⟦2⟧。", "在先说明:⟦2⟧。"),
    ],
)
def test_nothing_is_put_inside_a_number_a_name_or_a_quote(manners: Manners, ours: str, theirs: str) -> None:
    assert not manners.say_the_same(ours, theirs)


def test_a_courtesy_claims_nothing(manners: Manners) -> None:
    """No number, no yes or no, no modal word, no condition: each is harmless before any sentence."""
    telling = re.compile(
        r"[0-9一二两三四五六七八九十百千万亿半零]|[能会可必应该须要得]|[不没未无非别]着?[^着]|是的|对的|肯定|一定|放心|恭喜|保证|都|只|如果|的话|都|条件|符合"
    )
    allowed = {"您先别着急"}

    assert [
        words
        for words in (*manners.before, *manners.after, *manners.alone)
        if telling.search(words) and words not in allowed
    ] == []


def test_ways_to_say_one_thing_agree_in_what_turns_it(manners: Manners) -> None:
    """Of one list each way has the same numbers, and all are turned by 不 or 没, or none is."""
    for way, meant in manners.same.items():
        assert re.findall(r"\d+", way) == re.findall(r"\d+", meant), way
        assert bool(re.search("[不没未]", way)) == bool(re.search("[不没未]", meant)), way


def test_no_two_sentences_of_ours_are_the_same_to_it(manners: Manners) -> None:
    """What has two wordings for two meanings in messages.toml must stay two."""
    ours = [re.sub(r"\{\w+\}", "⟦1⟧", text) for text in sentences().values()]
    ours = [text for text in ours if len(re.findall(r"[\u3400-\u9fff]", text)) >= 4]
    alike = [(a, b) for a in ours for b in ours if a < b and manners.say_the_same(a, b)]

    assert alike == []
