"""A chat model that answers in time or not at all: deadline, circuit, allowance."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

import httpx2
import openai
from anyio.from_thread import BlockingPortal, start_blocking_portal
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage, SystemMessage
from langsmith.run_helpers import tracing_context

from bot.llm.limits import Allowance, Circuit
from bot.llm.model import close
from bot.llm.place import ForbiddenHost

_log = logging.getLogger(__name__)
_LONGEST_REPLY = 4000  # characters; a model that runs on is stopped


class Failure(StrEnum):
    """Why a model said nothing that can be used."""

    DOWN = "down"
    SLOW = "slow"
    LIMITED = "limited"  # 429
    REFUSED = "refused"  # another status that is not 200
    CUT_OFF = "cut_off"  # the connection ended in the middle
    EMPTY = "empty"
    NONSENSE = "nonsense"  # nothing of it passed the check
    RESTING = "resting"  # the circuit is open
    SPENT = "spent"  # the visitor's share of the day is used up
    FORBIDDEN = "forbidden"  # the host is not allowed
    BROKEN = "broken"  # whatever else; the log has it


class Silent(Exception):
    """The model said nothing that can be used."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.value)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Said:
    """What a model said until it ended or the time was up."""

    text: str
    failure: Failure | None = None  # why there is no more, when it did not end by itself


@dataclass(frozen=True, slots=True)
class Speaker:
    """Asks a model. Safe to share by threads; works inside `speaking`."""

    model: BaseChatModel
    circuit: Circuit
    allowance: Allowance
    portal: BlockingPortal
    seconds: float = 4.0  # for one reply; what was said until then is used

    def say(self, instructions: str, text: str, who: str) -> Said:
        """Return what the model says to `text`, all of it or what came in time.

        Raises:
            Silent: nothing came, or it was not asked.
        """
        if not self.circuit.lets_through():
            raise Silent(Failure.RESTING)
        if not self.allowance.is_left(who):
            raise Silent(Failure.SPENT)
        said = self.portal.call(self._said, instructions, text)
        self.allowance.spend(who, len(instructions) + len(text) + len(said.text))
        if said.failure:
            _log.warning("the model failed: %s after %d characters", said.failure.value, len(said.text))
        if not said.text.strip():
            self.circuit.note(failed=True)
            raise Silent(said.failure or Failure.EMPTY)
        return said

    def note(self, *, useful: bool) -> None:
        """Take note of whether what was said could be used: one that talks nonsense is left in peace, too."""
        self.circuit.note(failed=not useful)

    async def _said(self, instructions: str, text: str) -> Said:
        pieces: list[str] = []
        asked = [SystemMessage(instructions), HumanMessage(text)]
        try:
            # No trace of what is said goes to anyone, whatever the environment says.
            with tracing_context(enabled=False):
                async with asyncio.timeout(self.seconds):
                    async for chunk in self.model.astream(asked):
                        pieces.append(chunk.text)
                        if sum(map(len, pieces)) > _LONGEST_REPLY:
                            break
        except Exception as error:  # a vendor's errors stop here: each has its name in `Failure`
            return Said("".join(pieces), _failure(error, begun=bool(pieces)))
        return Said("".join(pieces))


def _failure(error: Exception, *, begun: bool) -> Failure:
    match error:
        case ForbiddenHost():
            return Failure.FORBIDDEN
        case TimeoutError() | openai.APITimeoutError() | httpx2.TimeoutException():
            return Failure.SLOW
        case openai.RateLimitError():
            return Failure.LIMITED
        case openai.APIStatusError():
            return Failure.REFUSED
        case openai.APIConnectionError() | httpx2.TransportError():
            return _forbidden(error) or (Failure.CUT_OFF if begun else Failure.DOWN)
        case _:
            _log.warning("the model failed in a way without a name: %s", type(error).__name__)
            return Failure.CUT_OFF if begun else Failure.BROKEN


def _forbidden(error: Exception) -> Failure | None:
    return Failure.FORBIDDEN if isinstance(error.__cause__, ForbiddenHost) else None


@contextmanager
def speaking(model: BaseChatModel, circuit: Circuit, allowance: Allowance) -> Iterator[Speaker]:
    """Yield a speaker; its connections live in an event loop of their own until the end."""
    with start_blocking_portal() as portal:
        try:
            yield Speaker(model, circuit, allowance, portal)
        finally:
            portal.call(close, model)
