from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.exc import IntegrityError

from bot.records.store import Records, Turn
from bot.records.tables import ConversationRow, FeedbackRow, TurnRow

NOW = datetime(2026, 3, 15, 1, 30, tzinfo=UTC)
KEPT = timedelta(days=30)
INSTANT = timedelta(microseconds=1)


def answered(records: Records, conversation_id: str, asked: str, now: datetime = NOW) -> str:
    """Add a turn; return the id of its answer."""
    answer_id = secrets.token_hex(16)
    answer = {"answer_id": answer_id, "status": "answered", "text": f"答：{asked}"}
    assert records.add_turn(conversation_id, answer_id, asked, answer, now)
    return answer_id


def feedback(url: str) -> Sequence[tuple[object, ...]]:
    rows = select(FeedbackRow.answer_id, FeedbackRow.helpful, FeedbackRow.reason, FeedbackRow.created_at)
    engine = create_engine(url)
    with engine.connect() as database:
        found = [tuple(row) for row in database.execute(rows)]
    engine.dispose()
    return found


def test_a_conversation_id_is_128_random_bits_in_hexadecimal(records: Records) -> None:
    ids = {records.start_conversation(NOW) for _ in range(20)}
    assert len(ids) == 20
    assert all(len(bytes.fromhex(conversation_id)) == 16 for conversation_id in ids)


def test_turns_come_back_oldest_first_and_unchanged(records: Records) -> None:
    conversation_id = records.start_conversation(NOW)
    answer: dict[str, object] = {
        "regions": ["杭州市"],
        "asks": [],
        "verdict": None,
        "n": 1,
        "text": "“可以” 𠮷 😀\n",
    }
    records.add_turn(conversation_id, "a" * 32, "补贴多少？", answer, NOW)
    records.add_turn(conversation_id, "b" * 32, "临安呢", {"regions": []}, NOW)
    assert records.turns(conversation_id) == (
        Turn("补贴多少？", answer),
        Turn("临安呢", {"regions": []}),
    )
    assert records.conversation(conversation_id, NOW) == records.turns(conversation_id)
    assert records.answer("a" * 32) == answer


def test_order_is_that_of_arrival_even_when_the_clock_goes_back(records: Records) -> None:
    conversation_id = records.start_conversation(NOW)
    answered(records, conversation_id, "先", NOW)
    answered(records, conversation_id, "后", NOW - timedelta(seconds=1))
    assert [turn.asked for turn in records.turns(conversation_id)] == ["先", "后"]


def test_a_new_conversation_has_no_turns(records: Records) -> None:
    conversation_id = records.start_conversation(NOW)
    assert records.exists(conversation_id, NOW)
    assert records.conversation(conversation_id, NOW) == ()


@pytest.mark.parametrize("unknown", ["f" * 32, "", "' OR 1=1 --", "\ud800", "\0", "长" * 5000])
def test_an_unknown_id_is_no_mistake(records: Records, unknown: str) -> None:
    assert not records.exists(unknown, NOW)
    assert records.turns(unknown) == ()
    assert records.conversation(unknown, NOW) is None
    assert records.answer(unknown) is None
    assert not records.erase(unknown)
    assert not records.add_feedback(unknown, True, None, NOW)


def test_an_id_with_something_after_it_is_unknown(records: Records) -> None:
    conversation_id = records.start_conversation(NOW)
    assert not records.exists(f"{conversation_id}\0", NOW)
    assert not records.exists(f"{conversation_id} ", NOW)


def test_text_that_no_database_can_hold_is_stored_without_it(records: Records) -> None:
    conversation_id = records.start_conversation(NOW)
    records.add_turn(conversation_id, "a" * 32, "补\0贴\ud83d", {"text": "\0\ud83d"}, NOW)
    assert records.turns(conversation_id) == (Turn("补�贴�", {"text": "\0�"}),)


def test_a_conversation_expires_when_its_last_turn_is_older_than_30_days(records: Records) -> None:
    conversation_id = records.start_conversation(NOW - KEPT)
    answered(records, conversation_id, "补贴", NOW)
    assert records.exists(conversation_id, NOW + KEPT)
    assert not records.exists(conversation_id, NOW + KEPT + INSTANT)
    assert records.conversation(conversation_id, NOW + KEPT + INSTANT) is None


def test_how_long_is_kept_can_be_set(url: str) -> None:
    with closing(Records.open(url, keep_days=1)) as records:
        conversation_id = records.start_conversation(NOW)
        assert records.exists(conversation_id, NOW + timedelta(days=1))
        assert not records.exists(conversation_id, NOW + timedelta(days=1) + INSTANT)


def test_expire_deletes_what_is_older_than_30_days_and_nothing_else(records: Records) -> None:
    old, going_on, new = (records.start_conversation(NOW) for _ in range(3))
    silent = records.start_conversation(NOW)
    first = answered(records, old, "旧")
    records.add_feedback(first, True, None, NOW)
    second = answered(records, going_on, "旧问")
    third = answered(records, going_on, "新问", NOW + INSTANT)
    answered(records, new, "新", NOW + INSTANT)

    assert records.expire(NOW + KEPT) == 0
    assert records.expire(NOW + KEPT + INSTANT) == 2
    assert records.answer(first) is None
    assert records.answer(second) is None
    assert records.answer(third) is not None
    assert not records.exists(old, NOW)
    assert not records.exists(silent, NOW)
    assert [turn.asked for turn in records.turns(going_on)] == ["新问"]
    assert [turn.asked for turn in records.turns(new)] == ["新"]
    answered(records, going_on, "再问", NOW + KEPT)
    assert [turn.asked for turn in records.turns(going_on)] == ["新问", "再问"]


def test_erasing_takes_turns_answers_and_feedback_and_leaves_the_others(records: Records, url: str) -> None:
    erased, other = records.start_conversation(NOW), records.start_conversation(NOW)
    gone, kept = answered(records, erased, "甲"), answered(records, other, "乙")
    records.add_feedback(gone, False, "不对", NOW)
    records.add_feedback(kept, True, None, NOW)

    assert records.erase(erased)
    assert not records.erase(erased)
    assert not records.exists(erased, NOW)
    assert records.turns(erased) == ()
    assert records.answer(gone) is None
    assert not records.add_feedback(gone, True, None, NOW)
    assert [row[0] for row in feedback(url)] == [kept]
    assert len(records.turns(other)) == 1


def test_a_turn_for_an_erased_conversation_is_not_stored(records: Records) -> None:
    conversation_id = records.start_conversation(NOW)
    records.erase(conversation_id)
    assert not records.add_turn(conversation_id, "a" * 32, "补贴", {}, NOW)
    assert records.answer("a" * 32) is None


def test_one_answer_id_cannot_be_stored_twice(records: Records) -> None:
    conversation_id = records.start_conversation(NOW)
    records.add_turn(conversation_id, "a" * 32, "甲", {}, NOW)
    with pytest.raises(IntegrityError) as error:
        records.add_turn(conversation_id, "a" * 32, "我的秘密", {}, NOW)
    assert "我的秘密" not in str(error.value)
    assert [turn.asked for turn in records.turns(conversation_id)] == ["甲"]


def test_the_last_word_of_feedback_counts(records: Records, url: str) -> None:
    answer_id = answered(records, records.start_conversation(NOW), "补贴")
    assert records.add_feedback(answer_id, False, "金额不对", NOW)
    assert records.add_feedback(answer_id, True, None, NOW)
    assert [row[:3] for row in feedback(url)] == [(answer_id, True, None)]


def test_a_reason_is_masked_before_it_is_stored(records: Records, url: str) -> None:
    answer_id = answered(records, records.start_conversation(NOW), "补贴")
    records.add_feedback(answer_id, False, "没回电13800138000\0", NOW)
    assert feedback(url)[0][2] == "没回电[手机号]�"


def test_instants_are_stored_in_utc_whatever_zone_they_come_in(records: Records, url: str) -> None:
    beijing = NOW.astimezone(timezone(timedelta(hours=8)))
    conversation_id = records.start_conversation(beijing)
    answered(records, conversation_id, "补贴", beijing + KEPT)
    engine = create_engine(url)
    with engine.connect() as database:
        conversation = select(ConversationRow.started_at, ConversationRow.last_at)
        assert tuple(database.execute(conversation).one()) == (NOW, NOW + KEPT)
        assert database.scalar(select(TurnRow.created_at)) == NOW + KEPT
    engine.dispose()
    assert records.exists(conversation_id, beijing + 2 * KEPT)
    assert not records.exists(conversation_id, beijing + 2 * KEPT + INSTANT)


def test_an_instant_without_a_zone_is_refused(records: Records) -> None:
    with pytest.raises(Exception, match="without a time zone"):
        records.start_conversation(NOW.replace(tzinfo=None))
