"""How much of a share is left, for each visitor by itself; the clock is moved by hand."""

from __future__ import annotations

import pytest

from bot import visitors
from bot.visitors import MINUTE, Share
from tests.bot.llm.conftest import Clock


def test_a_minute_after_the_first_use_one_may_use_again_and_others_were_never_held_up() -> None:
    clock = Clock(now=0.0)
    share = Share(2, MINUTE, clock)

    assert [share.take(who) for who in ("a", "a", "a", "b")] == [0, 0, 60, 0]
    clock.now = 59.9
    assert share.take("a") == 1
    clock.now = 60.0
    assert [share.take("a") for _ in range(3)] == [0, 0, 60]


def test_who_used_more_than_was_left_waits_until_the_time_is_over() -> None:
    clock = Clock(now=0.0)
    share = Share(10, MINUTE, clock)
    share.spend("a", 9)
    assert share.is_left("a")

    share.spend("a", 900)
    assert not share.is_left("a")
    clock.now = 60.0
    assert share.is_left("a")


def test_a_share_of_nothing_is_never_left() -> None:
    assert not Share(0, MINUTE, Clock()).is_left("a")


def test_who_came_longest_ago_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitors, "_MOST_VISITORS", 2)
    share = Share(1, MINUTE, Clock())
    for who in ("a", "b", "c"):
        share.take(who)

    assert [share.is_left(who) for who in ("a", "b", "c")] == [True, False, False]
