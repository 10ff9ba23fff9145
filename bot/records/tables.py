"""The tables of the records, as the last migration leaves them. Portable SQL only.

Ids are 32 hexadecimal characters, made by the product; texts are masked (see bot.privacy).
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Instant(TypeDecorator[datetime]):
    """An aware datetime in Python; in the database a timestamp without zone, in UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"expected an aware datetime, found {value!r} without a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


class ConversationRow(Base):
    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(Instant)
    last_at: Mapped[datetime] = mapped_column(Instant, index=True)  # of the last turn


class TurnRow(Base):
    """A message and its answer."""

    __tablename__ = "turns"
    __table_args__ = (UniqueConstraint("conversation_id", "number", name="uq_turns_number"),)

    answer_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("conversations.id", ondelete="CASCADE")
    )
    number: Mapped[int] = mapped_column(Integer)  # 1, 2, … within the conversation
    asked: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)  # the JSON object of the HTTP contract
    created_at: Mapped[datetime] = mapped_column(Instant, index=True)


class FeedbackRow(Base):
    """What a person thought of an answer; the last word counts."""

    __tablename__ = "feedback"

    answer_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("turns.answer_id", ondelete="CASCADE"), primary_key=True
    )
    helpful: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Instant)


class WeChatUserRow(Base):
    """Somebody who writes to the customer service, while they can be answered."""

    __tablename__ = "wechat_users"

    openid: Mapped[str] = mapped_column(String(128), primary_key=True)
    wrote_at: Mapped[datetime] = mapped_column(Instant, index=True)  # the answers' time runs from here
    sent: Mapped[int] = mapped_column(Integer)  # messages to them since
    conversation_id: Mapped[str | None] = mapped_column(
        String(32), ForeignKey("conversations.id", ondelete="SET NULL")
    )
    region: Mapped[str | None] = mapped_column(String(64))


class WeChatLetterRow(Base):
    """A message from such a person, until it is forgotten that it came."""

    __tablename__ = "wechat_letters"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)  # of its push, see bot.channels.wechat
    number: Mapped[int] = mapped_column(Integer, index=True)  # 1, 2, … in order of arrival
    openid: Mapped[str] = mapped_column(String(128), index=True)
    asked: Mapped[str] = mapped_column(Text)  # masked; "" once done
    parts: Mapped[str | None] = mapped_column(Text)  # the reply's, as JSON; null until it is written
    gone: Mapped[int] = mapped_column(Integer)  # how many parts are on their way or there
    done: Mapped[bool] = mapped_column(Boolean)
    received_at: Mapped[datetime] = mapped_column(Instant, index=True)


class WeChatLoginRow(Base):
    """Somebody who has opened the mini-program."""

    __tablename__ = "wechat_logins"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256; the token is theirs
    openid: Mapped[str] = mapped_column(String(128))
    created_at: Mapped[datetime] = mapped_column(Instant, index=True)
