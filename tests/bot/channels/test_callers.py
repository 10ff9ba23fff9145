"""Who may call /v1 and /mcp, and how often; the clock is moved by hand."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.channels.callers import Callers, TurnedAway


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def test_without_keys_anyone_is_let_in_by_address() -> None:
    assert Callers((), 5, Clock()).admit(None, "10.0.0.7") == "10.0.0.7"


@pytest.mark.parametrize(
    "given", [None, "", "Bearer ", "Bearer wrong", "Basic right", "right", "Bearer rightx"]
)
def test_with_keys_only_a_key_is_let_in(given: str | None) -> None:
    callers = Callers(("other", "right"), 5, Clock())

    assert callers.admit("bearer right", "10.0.0.7") == "key 1"
    with pytest.raises(TurnedAway) as turned:
        callers.admit(given, "10.0.0.7")
    assert turned.value.status == 401
    assert turned.value.headers == {"WWW-Authenticate": "Bearer"}


def test_who_calls_too_often_is_told_how_long_to_wait() -> None:
    clock = Clock()
    callers = Callers((), 3, clock)
    for _ in range(3):
        callers.admit(None, "10.0.0.7")

    with pytest.raises(TurnedAway) as turned:
        callers.admit(None, "10.0.0.7")
    assert (turned.value.status, turned.value.headers) == (429, {"Retry-After": "20"})
    assert "每分钟最多3次" in turned.value.sentence
    assert callers.admit(None, "10.0.0.8") == "10.0.0.8"  # another caller is not held up

    clock.now += 19
    with pytest.raises(TurnedAway):
        callers.admit(None, "10.0.0.7")
    clock.now += 1
    assert callers.admit(None, "10.0.0.7") == "10.0.0.7"
