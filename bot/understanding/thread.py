"""What a conversation already settled: the place it is about, and the question that is still open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from bot.records.store import Turn
from bot.types import AnswerStatus


@dataclass(frozen=True, slots=True)
class Thread:
    """What earlier turns left behind."""

    regions: tuple[str, ...] = ()  # full names, of the last answer that had any
    asked: str = ""  # the last message that asked something


def thread(turns: Sequence[Turn]) -> Thread:
    """Return what `turns`, oldest first, left behind."""
    regions: tuple[str, ...] = ()
    asked = ""
    for turn in turns:
        regions = tuple(cast("list[str]", turn.answer["regions"])) or regions
        if turn.answer["status"] not in _ASKED_NOTHING:
            asked = turn.asked
    return Thread(regions, asked)


_ASKED_NOTHING = {
    AnswerStatus.ANSWERED_SMALLTALK,
    AnswerStatus.CLARIFY_TOPIC,
    AnswerStatus.REFUSED_TOO_LONG,
}
