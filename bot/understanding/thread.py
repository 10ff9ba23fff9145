"""What a conversation already settled: the place, the facts, and the question that is still open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from bot.records.store import Turn
from bot.types import AnswerStatus
from bot.understanding.reading import asks_something


@dataclass(frozen=True, slots=True)
class Thread:
    """What earlier turns left behind."""

    regions: tuple[str, ...] = ()  # full names, of the last answer that had any
    asked: str = ""  # the last message that asked something
    awaited: str | None = None  # what the last answer asked for: a fact, "region", "topic"
    facts: Mapping[str, object] = field(default_factory=dict)
    clause: str | None = None  # full id of the clause that settled the last answer
    quote: str = ""  # what it quoted of it
    noticed: frozenset[str] = frozenset()  # the notices that were said already


def thread(turns: Sequence[Turn]) -> Thread:
    """Return what `turns`, oldest first, left behind."""
    found = Thread()
    for turn in turns:
        told = turn.answer
        leans = bool(found.asked) and (len(turn.asked) <= _SHORT or not asks_something(turn.asked))
        asked = found.asked if leans or told["status"] in _ASKED_NOTHING else turn.asked
        asks = cast("list[dict[str, object]]", told["asks"])
        notices = cast("list[dict[str, object]]", told["notices"])
        cited = cast("list[dict[str, object]]", told["citations"])
        found = Thread(
            regions=tuple(cast("list[str]", told["regions"])) or found.regions,
            asked=asked,
            awaited=str(asks[0]["fact"]) if asks else None,
            facts={**found.facts, **cast("dict[str, object]", told["facts"])},
            clause=f"{cited[0]['policy']}#{cited[0]['clause']}" if cited else found.clause,
            quote=str(cited[0]["quote"]) if cited else found.quote,
            noticed=found.noticed | {str(notice["text"]) for notice in notices},
        )
    return found


_SHORT = 8  # characters: 国家级呢? says nothing without the question before it

_ASKED_NOTHING = {
    AnswerStatus.ANSWERED_SMALLTALK,
    AnswerStatus.CLARIFY_TOPIC,
    AnswerStatus.REFUSED_TOO_LONG,
}
