"""When a model is not asked: the circuit is open after failures, or a visitor has used up the day's share."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.visitors import DAY, Share


@dataclass(slots=True)
class Circuit:
    """Opens after `most` failures in a row; after `rest` seconds one call is let through to try.

    Safe to share by threads.
    """

    clock: Callable[[], float]  # seconds, never going back
    most: int = 3
    rest: float = 30.0
    _failures: int = 0
    _tried_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def lets_through(self) -> bool:
        """Whether a call may be made now; where it may only be tried, the next ones wait for it."""
        with self._lock:
            if self._failures < self.most:
                return True
            if self.clock() - self._tried_at < self.rest:
                return False
            self._tried_at = self.clock()
            return True

    def note(self, *, failed: bool) -> None:
        """Take note of how a call ended."""
        with self._lock:
            self._failures = self._failures + 1 if failed else 0
            self._tried_at = self.clock()


@dataclass(slots=True)
class Allowance:
    """How many characters may be sent and received in a day (24 hours from the first), by one and by all.

    What a token costs differs by model; of Chinese text a character is about a token.
    Safe to share by threads.
    """

    each: int
    all: int
    clock: Callable[[], float]
    _by_each: Share = field(init=False)
    _by_all: Share = field(init=False)

    def __post_init__(self) -> None:
        self._by_each = Share(self.each, DAY, self.clock)
        self._by_all = Share(self.all, DAY, self.clock)

    def is_left(self, who: str) -> bool:
        return self._by_each.is_left(who) and self._by_all.is_left("")

    def spend(self, who: str, characters: int) -> None:
        self._by_each.spend(who, characters)
        self._by_all.spend("", characters)
