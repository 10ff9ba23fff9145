"""What is kept of conversations, masked, for a limited time."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self, cast

from sqlalchemy import Engine, delete, func, insert, select, update

from bot.privacy import mask
from bot.records.database import open_database, overwrite_deleted, storable, writing
from bot.records.tables import ConversationRow, FeedbackRow, TurnRow


@dataclass(frozen=True, slots=True)
class Turn:
    """A message, masked, and the JSON object that answered it (see bot.answering.render)."""

    asked: str
    answer: dict[str, object]


class Records:
    """Conversations and feedback in a database. Safe to use from several threads and processes.

    A conversation expires `keep_days` after its last turn; until `expire` runs it is still stored.
    """

    def __init__(self, engine: Engine, keep_days: int) -> None:
        self._reads = engine
        self._writes = writing(engine)
        self._kept_for = timedelta(days=keep_days)

    @classmethod
    def open(cls, url: str, keep_days: int = 30) -> Self:
        """Open the database at `url`, sqlite:///data/records.sqlite say, and update its tables.

        Raises:
            NoDatabase: it cannot be opened.
            ValueError: the URL is SQLite's and names no file.
        """
        return cls(open_database(url), keep_days)

    @property
    def engine(self) -> Engine:
        """The database under the records, for what is kept beside the conversations."""
        return self._reads

    def close(self) -> None:
        """Close every connection."""
        self._reads.dispose()

    def start_conversation(self, now: datetime) -> str:
        """Return the id of a new conversation: 128 random bits in hexadecimal."""
        conversation_id = secrets.token_hex(16)
        row = insert(ConversationRow).values(id=conversation_id, started_at=now, last_at=now)
        with self._writes.begin() as database:
            database.execute(row)
        return conversation_id

    def exists(self, conversation_id: str, now: datetime) -> bool:
        """Whether there is such a conversation and it has not expired at `now`."""
        known = select(ConversationRow.id).where(
            ConversationRow.id == storable(conversation_id),
            ConversationRow.last_at >= now - self._kept_for,
        )
        with self._reads.connect() as database:
            return database.scalar(known) is not None

    def turns(self, conversation_id: str) -> tuple[Turn, ...]:
        """Return the turns of a conversation, oldest first; none when there is no such one."""
        found = (
            select(TurnRow.asked, TurnRow.answer)
            .where(TurnRow.conversation_id == storable(conversation_id))
            .order_by(TurnRow.number)
        )
        with self._reads.connect() as database:
            rows = database.execute(found).all()
        return tuple(Turn(asked, _read(answer)) for asked, answer in rows)

    def conversation(self, conversation_id: str, now: datetime) -> tuple[Turn, ...] | None:
        """Return the turns of a conversation; None when it is unknown or has expired at `now`."""
        return self.turns(conversation_id) if self.exists(conversation_id, now) else None

    def answer(self, answer_id: str) -> dict[str, object] | None:
        """Return the JSON object of an answer; None when there is no such one."""
        found = select(TurnRow.answer).where(TurnRow.answer_id == storable(answer_id))
        with self._reads.connect() as database:
            answer = database.scalar(found)
        return None if answer is None else _read(answer)

    def add_turn(
        self,
        conversation_id: str,
        answer_id: str,
        asked: str,
        answer: Mapping[str, object],
        now: datetime,
    ) -> bool:
        """Store a turn after the others; `asked` is masked already.

        Returns False, and stores nothing, when the conversation was erased in the meantime.
        """
        latest = update(ConversationRow).where(ConversationRow.id == conversation_id).values(last_at=now)
        last = select(func.max(TurnRow.number)).where(TurnRow.conversation_id == conversation_id)
        with self._writes.begin() as database:
            # First, because it also locks the row on PostgreSQL: no two turns get one number.
            if database.execute(latest).rowcount == 0:
                return False
            row = insert(TurnRow).values(
                answer_id=answer_id,
                conversation_id=conversation_id,
                number=(database.scalar(last) or 0) + 1,
                asked=storable(asked),
                answer=storable(json.dumps(answer, ensure_ascii=False, separators=(",", ":"))),
                created_at=now,
            )
            database.execute(row)
        return True

    def add_feedback(self, answer_id: str, helpful: bool, reason: str | None, now: datetime) -> bool:
        """Store what a person thought of an answer, `reason` masked, in place of an earlier word.

        Returns False, and stores nothing, when there is no such answer.
        """
        answer_id = storable(answer_id)
        masked = None if reason is None else storable(mask(reason).text)
        # Locked, so that of two at once the second replaces the first.
        answer = select(TurnRow.answer_id).where(TurnRow.answer_id == answer_id).with_for_update()
        row = insert(FeedbackRow).values(answer_id=answer_id, helpful=helpful, reason=masked, created_at=now)
        with self._writes.begin() as database:
            if database.scalar(answer) is None:
                return False
            database.execute(delete(FeedbackRow).where(FeedbackRow.answer_id == answer_id))
            database.execute(row)
        return True

    def erase(self, conversation_id: str) -> bool:
        """Delete a conversation, its answers and the feedback on them; False when there is none."""
        row = delete(ConversationRow).where(ConversationRow.id == storable(conversation_id))
        with self._writes.begin() as database:
            erased = database.execute(row).rowcount > 0
        if erased:
            overwrite_deleted(self._reads)
        return erased

    def expire(self, now: datetime) -> int:
        """Delete what is older than `keep_days`, also within a conversation that goes on.

        Returns the number of turns that went.
        """
        limit = now - self._kept_for
        with self._writes.begin() as database:
            turns = database.execute(delete(TurnRow).where(TurnRow.created_at < limit)).rowcount
            database.execute(delete(ConversationRow).where(ConversationRow.last_at < limit))
        overwrite_deleted(self._reads)
        return turns


def _read(answer: str) -> dict[str, object]:
    return cast("dict[str, object]", json.loads(answer))
