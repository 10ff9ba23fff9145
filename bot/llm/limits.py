"""When a model is not asked: the circuit is open after failures, or a visitor has used up the day's share."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field

# Who is asking, as the channels know it (an address); it is never stored. A ContextVar, because the
# question itself says nothing about who asks, and nothing between the door and here needs to know.
visitor: ContextVar[str] = ContextVar("visitor", default="")

_MOST_VISITORS = 10_000
_DAY = 24 * 3600.0


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
    _used: OrderedDict[str, tuple[float, int]] = field(default_factory=OrderedDict)  # since when, how many
    _by_all: tuple[float, int] = (0.0, 0)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_left(self, who: str) -> bool:
        with self._lock:
            return self._today(self._used.get(who))[1] < self.each and self._today(self._by_all)[1] < self.all

    def spend(self, who: str, characters: int) -> None:
        with self._lock:
            since, used = self._today(self._used.pop(who, None))
            self._used[who] = (since, used + characters)
            since, used = self._today(self._by_all)
            self._by_all = (since, used + characters)
            if len(self._used) > _MOST_VISITORS:
                self._used.popitem(last=False)

    def _today(self, used: tuple[float, int] | None) -> tuple[float, int]:
        now = self.clock()
        return used if used and used[1] and now - used[0] < _DAY else (now, 0)
