"""Whether a text may stand in WeChat: our own list of words first, then WeChat's content check.

The list is the last word only where WeChat cannot be asked; it holds what nobody needs to say to ask
about employment policy. A question that it does not touch is let through while WeChat is away.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from bot.channels.wechat.account import Account, Kind
from bot.channels.wechat.client import Suggestion, WeChat
from knowledge.normalize import normalized

_FILE = Path(__file__).with_name("unsafe.toml")


class Safety:
    """Checks what people write and what they are answered."""

    def __init__(self, account: Account, wechat: WeChat) -> None:
        self._asks_wechat = account.kind is Kind.MINI_PROGRAM  # the check knows no other openids
        self._wechat = wechat
        _kinds()  # a mistake in the list is told when the server starts

    async def allows(self, openid: str, text: str) -> bool:
        """Whether `text` may be shown; what WeChat wants a person to look at may."""
        if not text.strip():
            return True
        if unsafe(text):
            return False
        return not self._asks_wechat or await self._wechat.check(openid, text) is not Suggestion.RISKY


def unsafe(text: str) -> str | None:
    """Return what kind of unsafe content our own list finds in a text; None where it finds none."""
    bare = re.sub(r"[\s*·.\-_]", "", normalized(text))  # 赌 博, 赌*博
    return next((kind for kind, words in _kinds().items() if words.search(bare)), None)


@cache
def _kinds() -> dict[str, re.Pattern[str]]:
    kinds = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {kind: re.compile("|".join(words), re.IGNORECASE) for kind, words in kinds.items()}
