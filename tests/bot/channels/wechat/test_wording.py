from __future__ import annotations

import pytest

from bot.answering.messages import LABEL, sentences
from bot.channels.wechat.wording import LONGEST, MOST_PARTS, parts, plain
from bot.types import Answer, AnswerStatus, Ask
from tests.conftest import NOW, Asking


def answer(text: str, *options: str) -> Answer:
    asks = (Ask("region", "哪个城市", options),) if options else ()
    return Answer("a", "c", AnswerStatus.ANSWERED, text, NOW.date(), asks=asks)


def test_an_answer_is_plain_text_with_the_mark(ask: Asking) -> None:
    (told,) = parts(ask("青岛跑外卖的意外险补多少"))

    assert "不高于100元" in told
    assert "**" not in told
    assert told.endswith(LABEL)


def test_a_table_is_read_line_by_line(ask: Asking) -> None:
    told = "".join(parts(ask("杭州和青岛的租房补贴哪个高")))

    assert "|" not in told
    assert "\n杭州市 · 租房补贴" in told
    assert "\n地方 · 文件怎么写 · 依据\n" in told


def test_what_can_be_replied_is_listed() -> None:
    (told,) = parts(answer("您问的是哪个城市?", "杭州市", "青岛市"))

    assert "可以直接回复:杭州市、青岛市。" in told


def test_nothing_becomes_a_link() -> None:
    assert plain('<a href="http://x">点我</a>') == '＜a href="http://x">点我＜/a>'


@pytest.mark.parametrize("sentence", ["补贴每人每年一万元。", "没有句号的长文字"])
def test_a_long_answer_is_cut_into_parts_that_wechat_takes_and_loses_nothing(sentence: str) -> None:
    text = sentence * (1500 // len(sentence))
    told = parts(answer(text))

    assert len(told) == MOST_PARTS
    assert max(len(part.encode()) for part in told) <= 2048
    assert "".join(part.removesuffix(f"\n{LABEL}") for part in told) == text
    assert all(part.endswith(LABEL) for part in told)


def test_what_does_not_fit_is_said() -> None:
    told = parts(answer("补贴每人每年一万元。" * 300))

    assert len(told) == MOST_PARTS
    assert sentences()["wechat.cut"] in told[-1]
    assert max(len(part) for part in told) <= LONGEST + len(sentences()["wechat.cut"]) + len(LABEL) + 2
    assert max(len(part.encode()) for part in told) <= 2048
