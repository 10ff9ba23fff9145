"""Other programs that call /v1 and /mcp: whether they may, and how often."""

from __future__ import annotations

import hmac
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import ceil

_MOST_CALLERS = 10_000  # remembered at once; the one that called longest ago is forgotten first


class TurnedAway(Exception):
    """A call that is not answered.

    Attributes:
        status: the HTTP status, 401 or 429.
        sentence: why, in Chinese.
        retry_after: seconds after which a call would be let in; 0 when never.
    """

    def __init__(self, status: int, sentence: str, retry_after: int = 0) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.retry_after = status, sentence, retry_after

    @property
    def headers(self) -> dict[str, str]:
        """What the response says besides."""
        if self.status == 401:
            return {"WWW-Authenticate": "Bearer"}
        return {"Retry-After": str(self.retry_after)}


@dataclass(slots=True)
class Callers:
    """Lets a caller in by its key, or anyone when no keys are set, `per_minute` times a minute.

    A caller may save up to a minute's worth of calls and spend them at once. Safe to share by threads.
    """

    keys: Sequence[str]
    per_minute: int
    clock: Callable[[], float]  # seconds, never going back
    _saved: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)  # calls left, as of
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def admit(self, authorization: str | None, address: str) -> str:
        """Return who calls: a key's number, or the address where no keys are set.

        Raises:
            TurnedAway: the key is missing or wrong, or the caller has called too often.
        """
        caller = self._named(authorization) if self.keys else address
        with self._lock:
            wait = self._spend(caller)
        if wait:
            raise TurnedAway(429, f"请求太频繁,每分钟最多{self.per_minute}次,请{wait}秒后再试", wait)
        return caller

    def _named(self, authorization: str | None) -> str:
        kind, _, given = (authorization or "").partition(" ")
        key = given.strip().encode() if kind.lower() == "bearer" else b""
        found = [n for n, known in enumerate(self.keys) if hmac.compare_digest(known.encode(), key)]
        if not found:
            raise TurnedAway(401, "缺少密钥或密钥不对,请在 Authorization 里写 Bearer 加密钥")
        return f"key {found[0]}"

    def _spend(self, caller: str) -> int:
        """Take one call off what a caller has saved; return the seconds to wait when nothing is left."""
        now = self.clock()
        left, since = self._saved.pop(caller, (float(self.per_minute), now))
        left = min(left + (now - since) * self.per_minute / 60, self.per_minute)
        wait = 0 if left >= 1 else ceil((1 - left) * 60 / self.per_minute)
        self._saved[caller] = (left if wait else left - 1, now)
        if len(self._saved) > _MOST_CALLERS:
            self._saved.popitem(last=False)
        return wait
