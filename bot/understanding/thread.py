"""What a conversation already settled: the place, the facts, and the question that is still open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from bot.records.store import Turn
from bot.types import AnswerStatus
from bot.understanding.reading import asks_something, asks_what


@dataclass(frozen=True, slots=True)
class Thread:
    """What earlier turns left behind."""

    regions: tuple[str, ...] = ()  # full names, of the last answer that had any
    asked: str = ""  # the last message that asked something
    awaited: str | None = None  # what the last answer asked for: a fact, "region", "topic"
    facts: Mapping[str, object] = field(default_factory=dict)
    wanted: str = ""  # the last message with a question word of its own: what kind of answer is wanted
    rested_on: tuple[tuple[str, str], ...] = ()  # (full id, quote) of the clauses that settled, last first
    noticed: frozenset[str] = frozenset()  # the notices that were said already
    told: str = ""  # the replies, one after the other
    unhelped: int = 0  # how many of the last replies in a row gave no answer


def thread(turns: Sequence[Turn]) -> Thread:
    """Return what `turns`, oldest first, left behind."""
    found = Thread()
    for turn in turns:
        told = turn.answer
        leans = bool(found.asked) and (len(turn.asked) <= _SHORT or not asks_something(turn.asked))
        nothing = told["status"] in _ASKED_NOTHING
        asked = found.asked if leans or nothing else turn.asked
        wanted = found.wanted if nothing or not asks_what(turn.asked) else turn.asked
        asks = cast("list[dict[str, object]]", told["asks"])
        notices = cast("list[dict[str, object]]", told["notices"])
        cited = cast("list[dict[str, object]]", told["citations"])
        found = Thread(
            regions=tuple(cast("list[str]", told["regions"])) or found.regions,
            asked=asked,
            awaited=str(asks[0]["fact"]) if asks else None,
            facts={**found.facts, **cast("dict[str, object]", told["facts"])},
            wanted=wanted,
            rested_on=_latest_first(cited, found.rested_on),
            noticed=found.noticed | {str(notice["text"]) for notice in notices},
            told=found.told + str(told["text"]),
            unhelped=found.unhelped + 1 if str(told["status"]).startswith(UNHELPFUL) else 0,
        )
    return found


def _latest_first(
    cited: Sequence[Mapping[str, object]], before: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    """Return the clauses with the ones just cited moved to the front, the last section's first."""
    new = tuple((f"{one['policy']}#{one['clause']}", str(one["quote"])) for one in cited)
    return new + tuple(rested for rested in before if rested[0] not in {clause for clause, _ in new})


UNHELPFUL = ("unanswerable", "refused", "error")  # families of a status

_SHORT = 8  # characters: 国家级呢? says nothing without the question before it

_ASKED_NOTHING = {
    AnswerStatus.ANSWERED_SMALLTALK,
    AnswerStatus.CLARIFY_TOPIC,
    AnswerStatus.REFUSED_TOO_LONG,
}
