"""Other programs that call /v1 and /mcp: whether they may, and how often."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.visitors import MINUTE, Share, visitor


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

    Safe to share by threads.
    """

    keys: Sequence[str]
    per_minute: int
    clock: Callable[[], float]  # seconds, never going back
    _share: Share = field(init=False)

    def __post_init__(self) -> None:
        self._share = Share(self.per_minute, MINUTE, self.clock)

    def admit(self, authorization: str | None) -> str:
        """Return who calls: a key's number, or the visitor where no keys are set.

        Raises:
            TurnedAway: the key is missing or wrong, or the caller has called too often.
        """
        caller = self._named(authorization) if self.keys else visitor.get()
        if wait := self._share.take(caller):
            raise TurnedAway(429, f"请求太频繁,每分钟最多{self.per_minute}次,请{wait}秒后再试", wait)
        return caller

    def _named(self, authorization: str | None) -> str:
        kind, _, given = (authorization or "").partition(" ")
        key = given.strip().encode() if kind.lower() == "bearer" else b""
        found = [n for n, known in enumerate(self.keys) if hmac.compare_digest(known.encode(), key)]
        if not found:
            raise TurnedAway(401, "缺少密钥或密钥不对,请在 Authorization 里写 Bearer 加密钥")
        return f"key {found[0]}"
