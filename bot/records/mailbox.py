"""What people write to the customer service in WeChat, and how far it is answered.

A letter is taken in once, however often it is delivered, and outlives a restart. Nothing here is kept
for longer than two days: after that nobody may be answered. The conversation itself is in the records.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, Update, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.privacy import mask
from bot.records.database import storable, writing
from bot.records.tables import WeChatLetterRow as LetterRow
from bot.records.tables import WeChatLoginRow as LoginRow
from bot.records.tables import WeChatUserRow as UserRow

KEPT_FOR = timedelta(hours=48)  # as long as WeChat lets a person be answered


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that is not answered to the end."""

    key: str
    openid: str
    asked: str  # masked
    parts: tuple[str, ...] | None  # the reply's; None until it is written
    gone: int  # how many parts are on their way or there
    conversation_id: str | None
    region: str | None


class Mailbox:
    """The letters in a database. Safe to use from several threads and processes."""

    def __init__(self, engine: Engine) -> None:
        self._reads = engine
        self._writes = writing(engine)

    # ── letters ──────────────────────────────────────────────────────────────────────────────

    def take_in(
        self,
        key: str,
        openid: str,
        text: str,
        now: datetime,
        *,
        parts: Sequence[str] | None = None,
        by_hand: bool = True,
    ) -> bool:
        """Store a letter, masked; False when it was there already.

        `parts` is the reply where it needs no writing; an empty one leaves nothing to do. A letter that
        is not `by_hand` (somebody opened the talk) gives no new messages to answer with.
        """
        while True:
            try:
                return self._take_in(key, openid, text, now, parts, by_hand)
            except IntegrityError:  # on PostgreSQL, when another took it in, or met them, meanwhile
                continue  # what the other stored is there to be found now

    def _take_in(
        self, key: str, openid: str, text: str, now: datetime, parts: Sequence[str] | None, by_hand: bool
    ) -> bool:
        with self._writes.begin() as database:
            if database.scalar(select(LetterRow.key).where(LetterRow.key == key)) is not None:
                return False
            self._meet(database, openid, now, by_hand=by_hand)
            last = database.scalar(select(func.max(LetterRow.number))) or 0
            row = insert(LetterRow).values(
                key=key,
                number=last + 1,
                openid=openid,
                asked=storable(mask(text).text),
                parts=_json(parts),
                gone=0,
                done=parts is not None and not parts,
                received_at=now,
            )
            database.execute(row)
        return True

    def knows(self, openid: str, now: datetime) -> bool:
        """Whether somebody has been here in the last two days."""
        known = select(UserRow.openid).where(UserRow.openid == openid, UserRow.wrote_at >= now - KEPT_FOR)
        with self._reads.connect() as database:
            return database.scalar(known) is not None

    def waiting(self) -> tuple[str, ...]:
        """Return who has a letter that is not answered to the end."""
        with self._reads.connect() as database:
            return tuple(database.scalars(select(LetterRow.openid).where(~LetterRow.done).distinct()))

    def next(self, openid: str, now: datetime) -> Letter | None:
        """Return somebody's oldest letter that is not answered to the end."""
        letter = (
            select(LetterRow.key, LetterRow.asked, LetterRow.parts, LetterRow.gone)
            .where(LetterRow.openid == openid, ~LetterRow.done, LetterRow.received_at >= now - KEPT_FOR)
            .order_by(LetterRow.number)
            .limit(1)
        )
        with self._reads.connect() as database:
            found = database.execute(letter).one_or_none()
            person = select(UserRow.conversation_id, UserRow.region).where(UserRow.openid == openid)
            talk, region = database.execute(person).one_or_none() or (None, None)
        if found is None:
            return None
        parts = None if found.parts is None else tuple(json.loads(found.parts))
        return Letter(found.key, openid, found.asked, parts, found.gone, talk, region)

    def write_reply(self, letter: Letter, parts: Sequence[str], conversation_id: str | None) -> None:
        """Store the reply to a letter, and the conversation that it belongs to."""
        with self._writes.begin() as database:
            database.execute(update(LetterRow).where(LetterRow.key == letter.key).values(parts=_json(parts)))
            if conversation_id is not None:
                database.execute(_person(letter.openid).values(conversation_id=conversation_id))

    def send_part(self, letter: Letter, number: int, limit: int) -> bool:
        """Take note that a part (0, 1, …) is on its way; False when `limit` messages went already.

        It is noted before it is sent: what may have been delivered is never sent twice.
        """
        part = (
            update(LetterRow)
            .where(LetterRow.key == letter.key, LetterRow.gone == number, ~LetterRow.done)
            .values(gone=number + 1)
        )
        with self._writes.begin() as database:
            return self._spend(database, letter.openid, limit) and database.execute(part).rowcount == 1

    def part_came_back(self, letter: Letter, number: int) -> None:
        """Take back that a part is on its way: WeChat did not accept it."""
        with self._writes.begin() as database:
            database.execute(update(LetterRow).where(LetterRow.key == letter.key).values(gone=number))
            database.execute(_person(letter.openid).values(sent=UserRow.sent - 1))

    def finish(self, letter: Letter) -> None:
        """Forget what a letter said and was answered; that it came stays known."""
        with self._writes.begin() as database:
            done = {"done": True, "asked": "", "parts": "[]"}
            database.execute(update(LetterRow).where(LetterRow.key == letter.key).values(**done))

    # ── people ───────────────────────────────────────────────────────────────────────────────

    def spend(self, openid: str, limit: int) -> bool:
        """Count one more message to somebody; False when `limit` went since they last wrote."""
        with self._writes.begin() as database:
            return self._spend(database, openid, limit)

    def exhaust(self, openid: str, limit: int) -> None:
        """Take note that WeChat lets nothing more through until the person writes again."""
        with self._writes.begin() as database:
            database.execute(_person(openid).values(sent=limit))

    def place(self, openid: str, region: str) -> None:
        """Keep the city that somebody has chosen."""
        with self._writes.begin() as database:
            database.execute(_person(openid).values(region=region))

    # ── logins ───────────────────────────────────────────────────────────────────────────────

    def log_in(self, openid: str, now: datetime) -> str:
        """Return a new token of 256 random bits for somebody; only its hash is kept."""
        token = secrets.token_urlsafe(32)
        row = insert(LoginRow).values(token_hash=_hash(token), openid=openid, created_at=now)
        with self._writes.begin() as database:
            database.execute(row)
        return token

    def logged_in(self, token: str, now: datetime) -> str | None:
        """Return whose token that is; None when it is unknown or too old."""
        row = select(LoginRow.openid).where(
            LoginRow.token_hash == _hash(token), LoginRow.created_at >= now - KEPT_FOR
        )
        with self._reads.connect() as database:
            return database.scalar(row)

    def expire(self, now: datetime) -> None:
        """Forget letters, people and logins of more than two days ago."""
        limit = now - KEPT_FOR
        with self._writes.begin() as database:
            database.execute(delete(LetterRow).where(LetterRow.received_at < limit))
            database.execute(delete(UserRow).where(UserRow.wrote_at < limit))
            database.execute(delete(LoginRow).where(LoginRow.created_at < limit))

    def _meet(self, database: Connection, openid: str, now: datetime, *, by_hand: bool) -> None:
        # Written even when nothing changes: it also locks the row on PostgreSQL.
        changed = {"wrote_at": now, "sent": 0} if by_hand else {"openid": openid}
        if database.execute(_person(openid).values(**changed)).rowcount == 0:
            database.execute(insert(UserRow).values(openid=openid, wrote_at=now, sent=0))

    def _spend(self, database: Connection, openid: str, limit: int) -> bool:
        within = _person(openid).where(UserRow.sent < limit).values(sent=UserRow.sent + 1)
        return database.execute(within).rowcount == 1


def _person(openid: str) -> Update:
    return update(UserRow).where(UserRow.openid == openid)


def _json(parts: Sequence[str] | None) -> str | None:
    return None if parts is None else json.dumps(list(parts), ensure_ascii=False)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
