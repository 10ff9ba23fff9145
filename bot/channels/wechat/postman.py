"""Answers letters: one person's in the order they came, different people's side by side.

The queue is the mailbox in the database, so that a restart loses nothing. A part of a reply is noted as
gone before it is sent, and taken back only when WeChat has said no: nothing is sent twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from bot.advisor import Advisor, UnknownConversation
from bot.answering.messages import sentences
from bot.answering.settle import sent_on
from bot.channels.wechat.clerk import Clerk
from bot.channels.wechat.client import Away, Refused, Unsure, WeChat
from bot.channels.wechat.safety import Safety
from bot.channels.wechat.wording import marked, parts
from bot.records.mailbox import Letter, Mailbox
from bot.types import Answer, Question
from knowledge.normalize import normalized
from knowledge.types import Region

LIMIT = 5  # messages that WeChat lets through after somebody wrote
_KEPT_BACK = 1  # of them, for the hand-over to a person
_COUNT_OVER, _TIME_OVER = 45047, 45015
_AT_ONCE = 32  # people who are being answered
_PATIENCE_S = 0.5  # an answer waits no longer than this for the pushes to be acknowledged
_SWEEP_S = 30  # seconds between looks for letters that could not be answered
_LAST_S = 15  # for what is under way when the server stops

_log = logging.getLogger(__name__)


class Postman:
    """Takes letters out of the mailbox and sends the replies; an async context manager."""

    def __init__(
        self,
        advisor: Advisor,
        mailbox: Mailbox,
        clerk: Clerk,
        wechat: WeChat,
        safety: Safety,
        clock: Callable[[], datetime],
    ) -> None:
        self._advisor = advisor
        self._mailbox = mailbox
        self._clerk = clerk  # at the mailbox
        self._wechat = wechat
        self._safety = safety
        self._clock = clock

    async def __aenter__(self) -> Self:
        self._desk = asyncio.Lock()
        self._writer = Clerk("wechat-answers")  # an answer computes: a second thread would only be in the way
        self._turn = asyncio.Semaphore(_AT_ONCE)
        self._woken: set[str] = set()
        self._busy: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._waited_for: dict[str, asyncio.Future[str]] = {}
        self._receiving = 0
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._stopping = False
        self._sweeping = asyncio.create_task(self._sweep())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping = True
        self._sweeping.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_LAST_S)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(self._sweeping, *self._tasks, return_exceptions=True)
        self._writer.close()

    @contextmanager
    def receiving(self) -> Iterator[None]:
        """While a push is being acknowledged no new answer is begun: WeChat waits only seconds."""
        self._receiving += 1
        self._quiet.clear()
        try:
            yield
        finally:
            self._receiving -= 1
            if not self._receiving:
                self._quiet.set()

    # ── what the router asks for ─────────────────────────────────────────────────────────────

    def wake(self, openid: str) -> None:
        """Have somebody's letters answered, soon."""
        self._woken.add(openid)
        if openid not in self._busy:
            self._busy.add(openid)
            self._start(self._answer_all(openid))

    async def reply_within(self, key: str, openid: str, seconds: float) -> str | None:
        """Return the first part of the reply to a letter instead of sending it; None when it is slow.

        The further parts are sent, and all of them when it is slow.
        """
        self._waited_for[key] = asyncio.get_running_loop().create_future()
        self.wake(openid)
        try:
            return await asyncio.wait_for(self._waited_for[key], seconds)
        except TimeoutError:
            return None
        finally:
            del self._waited_for[key]

    def hand_over(self, openid: str) -> None:
        """Tell somebody that a person takes over; the message kept back is for this."""
        self._start(self._say(openid, sentences()["wechat.hand_over"]))

    # ── letters ──────────────────────────────────────────────────────────────────────────────

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _sweep(self) -> None:
        """Wake everybody who waits: after a restart, and when WeChat was away."""
        while True:
            try:
                for openid in await self._clerk.do(self._mailbox.waiting):
                    self.wake(openid)
            except Exception:  # a database that is away for a minute must not end the answering
                _log.exception("looking for waiting letters failed; it is tried again")
            await asyncio.sleep(_SWEEP_S)

    async def _answer_all(self, openid: str) -> None:
        try:
            while openid in self._woken and not self._stopping:
                self._woken.discard(openid)
                async with self._turn:
                    while not self._stopping and await self._answer_next(openid):
                        pass
        except Exception:  # the letter stays and is tried again by the sweep
            _log.exception("a letter could not be answered; it is tried again")
        finally:
            self._busy.discard(openid)

    async def _answer_next(self, openid: str) -> bool:
        """Answer somebody's oldest letter; False when there is none, or it has to wait."""
        letter = await self._clerk.do(self._mailbox.next, openid, self._clock())
        if letter is None:
            return False
        written = letter.parts if letter.parts is not None else await self._write(letter)
        for number in range(letter.gone, len(written)):
            if not await self._deliver(letter, number, written):
                return False
        await self._clerk.do(self._mailbox.finish, letter)
        return True

    async def _write(self, letter: Letter) -> Sequence[str]:
        reply, conversation_id = await self._reply(letter)
        await self._clerk.do(self._mailbox.write_reply, letter, reply, conversation_id)
        return reply

    async def _reply(self, letter: Letter) -> tuple[Sequence[str], str | None]:
        post = sent_on(normalized(letter.asked))
        urgent = post is not None and post.urgent  # somebody in danger is answered whatever they say
        if not urgent and not await self._safety.allows(letter.openid, letter.asked):
            return (marked(sentences()["wechat.unsafe"]),), letter.conversation_id
        answer = await self._answered(letter)
        if not urgent and not await self._safety.allows(letter.openid, answer.text):
            _log.warning("the answer %s did not pass the content check", answer.answer_id)
            return (marked(sentences()["wechat.unsafe_answer"]),), answer.conversation_id
        return parts(answer), answer.conversation_id

    async def _answered(self, letter: Letter) -> Answer:
        async with self._desk:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._quiet.wait(), _PATIENCE_S)
            return await self._writer.do(self._answer, letter)

    def _answer(self, letter: Letter) -> Answer:
        now = self._clock()
        region = self._advisor.regions.resolve(letter.region) if letter.region else None
        place = letter.region if isinstance(region, Region) else None
        question = Question(letter.asked, now.date(), place, letter.conversation_id)
        try:
            return self._advisor.answer(question, now)
        except UnknownConversation:  # erased or past its days: the talk begins anew
            return self._advisor.answer(Question(letter.asked, now.date(), place), now)

    # ── delivery ─────────────────────────────────────────────────────────────────────────────

    async def _deliver(self, letter: Letter, number: int, written: Sequence[str]) -> bool:
        """Send one part; False when the rest has to wait."""
        limit = LIMIT - _KEPT_BACK
        if not await self._clerk.do(self._mailbox.send_part, letter, number, limit):
            await self._say(letter.openid, sentences()["wechat.more"])
            return False
        waited_for = self._waited_for.get(letter.key)
        if number == 0 and waited_for is not None and not waited_for.done():
            waited_for.set_result(written[0])
            return True
        try:
            await self._wechat.send(letter.openid, written[number])
        except Unsure as error:
            _log.warning("a message may not have arrived: %s", error)
        except Away as error:
            _log.warning("a message waits: %s", error)
            await self._clerk.do(self._mailbox.part_came_back, letter, number)
            return False
        except Refused as error:
            return await self._refused(letter, number, error)
        return True

    async def _refused(self, letter: Letter, number: int, error: Refused) -> bool:
        if error.code == _COUNT_OVER:  # until the person writes again
            await self._clerk.do(self._mailbox.part_came_back, letter, number)
            await self._clerk.do(self._mailbox.exhaust, letter.openid, LIMIT)
            return False
        level = logging.WARNING if error.code == _TIME_OVER else logging.ERROR
        _log.log(level, "a message was refused for good: %s", error)
        return True

    async def _say(self, openid: str, sentence: str) -> None:
        """Send a sentence, if any message is left to send; nothing depends on its arrival."""
        if await self._clerk.do(self._mailbox.spend, openid, LIMIT):
            try:
                await self._wechat.send(openid, marked(sentence))
            except (Away, Refused, Unsure) as error:
                _log.warning("a sentence was not sent: %s", error)
