"""Who may call /v1 and /mcp, and how often; the clock is moved by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.channels.callers import Callers, TurnedAway
from bot.visitors import visitor
from tests.bot.llm.conftest import Clock


@contextmanager
def coming_from(address: str) -> Iterator[None]:
    token = visitor.set(address)
    try:
        yield
    finally:
        visitor.reset(token)


def test_without_keys_anyone_is_let_in_by_address() -> None:
    with coming_from("10.0.0.7"):
        assert Callers((), 5, Clock()).admit(None) == "10.0.0.7"


@pytest.mark.parametrize(
    "given", [None, "", "Bearer ", "Bearer wrong", "Basic right", "right", "Bearer rightx"]
)
def test_with_keys_only_a_key_is_let_in(given: str | None) -> None:
    callers = Callers(("other", "right"), 5, Clock())

    assert callers.admit("bearer right") == "key 1"
    with pytest.raises(TurnedAway) as turned:
        callers.admit(given)
    assert turned.value.status == 401
    assert turned.value.headers == {"WWW-Authenticate": "Bearer"}


def test_who_calls_too_often_is_told_how_long_to_wait() -> None:
    clock = Clock()
    callers = Callers((), 3, clock)
    with coming_from("10.0.0.7"):
        for _ in range(3):
            callers.admit(None)
        clock.now += 40
        with pytest.raises(TurnedAway) as turned:
            callers.admit(None)
    with coming_from("10.0.0.8"):
        assert callers.admit(None) == "10.0.0.8"  # another caller is not held up

    assert (turned.value.status, turned.value.headers) == (429, {"Retry-After": "20"})
    assert turned.value.sentence == "请求太频繁,每分钟最多3次,请20秒后再试"
