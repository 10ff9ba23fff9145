"""Who is asking, and how much of it: one name and one way of counting for every limit. In memory only."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from math import ceil

# Who is asking, as the channels know it (an address); it is never stored. A ContextVar, because the
# question itself says nothing about who asks, and nothing between the door and a limit needs to know.
visitor: ContextVar[str] = ContextVar("visitor", default="")

MINUTE = 60.0  # seconds
DAY = 24 * 3600.0
_MOST_VISITORS = 10_000  # remembered at once; the one that came longest ago is forgotten first


@dataclass(slots=True)
class Share:
    """How much each visitor may use within `seconds`, which begin with the first use.

    Safe to share by threads.
    """

    most: int
    seconds: float
    clock: Callable[[], float]  # seconds, never going back
    _used: OrderedDict[str, tuple[float, int]] = field(default_factory=OrderedDict)  # since when, how much
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_left(self, who: str) -> bool:
        """Whether `who` may use any more now."""
        with self._lock:
            return self._of(who)[1] < self.most

    def spend(self, who: str, amount: int) -> None:
        """Take note of what `who` used, even where that is more than was left."""
        with self._lock:
            self._note(who, amount)

    def take(self, who: str) -> int:
        """Use one; or return after how many seconds there is one again, where none is left."""
        with self._lock:
            since, used = self._of(who)
            if used >= self.most:
                return max(ceil(since + self.seconds - self.clock()), 1)
            self._note(who, 1)
            return 0

    def _of(self, who: str) -> tuple[float, int]:
        now = self.clock()
        since, used = self._used.get(who, (now, 0))
        return (since, used) if now - since < self.seconds else (now, 0)

    def _note(self, who: str, amount: int) -> None:
        since, used = self._of(who)
        self._used[who] = (since, used + amount)
        self._used.move_to_end(who)
        if len(self._used) > _MOST_VISITORS:
            self._used.popitem(last=False)
