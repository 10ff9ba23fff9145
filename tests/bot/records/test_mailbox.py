from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.records.mailbox import KEPT_FOR, Letter, Mailbox
from bot.records.store import Records
from bot.records.tables import WeChatLetterRow, WeChatLoginRow

NOW = datetime(2026, 3, 15, 1, 30, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


@pytest.fixture
def mailbox(records: Records) -> Mailbox:
    return Mailbox(records.engine)


def first(mailbox: Mailbox, openid: str, now: datetime = NOW) -> Letter:
    letter = mailbox.next(openid, now)
    assert letter is not None
    return letter


def test_a_letter_is_taken_in_once_also_by_several_threads(mailbox: Mailbox) -> None:
    with ThreadPoolExecutor(8) as pool:
        new = list(pool.map(lambda _: mailbox.take_in("k", "o1", "杭州", NOW), range(24)))

    assert sorted(new) == [False] * 23 + [True]
    assert mailbox.waiting() == ("o1",)


def test_different_letters_of_somebody_new_are_all_taken_in(mailbox: Mailbox) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda n: mailbox.take_in(f"k{n}", "o1", "杭州", NOW), range(24)))

    taken = 0
    while letter := mailbox.next("o1", NOW):
        mailbox.finish(letter)
        taken += 1
    assert taken == 24


def test_a_letter_with_what_no_database_holds_is_taken_in(mailbox: Mailbox) -> None:
    mailbox.take_in("k", "o1", "补\0贴\ud83d", NOW)
    assert first(mailbox, "o1").asked == "补�贴�"


def test_letters_outlive_the_process_and_come_oldest_first(url: str) -> None:
    with closing(Records.open(url)) as records:
        for key in ("b", "a"):
            Mailbox(records.engine).take_in(key, "o1", f"问{key}", NOW)
    with closing(Records.open(url)) as records:
        mailbox = Mailbox(records.engine)
        assert not mailbox.take_in("b", "o1", "问b", NOW)
        letter = first(mailbox, "o1")
        assert (letter.asked, letter.parts) == ("问b", None)
        mailbox.finish(letter)
        assert first(mailbox, "o1").asked == "问a"


def test_what_is_kept_of_a_letter_is_masked_and_gone_when_it_is_done(
    mailbox: Mailbox, records: Records
) -> None:
    mailbox.take_in("k", "o1", "我的手机13812345678", NOW)
    letter = first(mailbox, "o1")
    mailbox.write_reply(letter, ["答"], None)
    mailbox.finish(letter)

    assert letter.asked == "我的手机[手机号]"
    with records.engine.connect() as database:
        kept = database.execute(select(WeChatLetterRow.asked, WeChatLetterRow.parts)).one()
    assert tuple(kept) == ("", "[]")
    assert mailbox.next("o1", NOW) is None
    assert not mailbox.take_in("k", "o1", "again", NOW)


def test_a_part_goes_once(mailbox: Mailbox) -> None:
    mailbox.take_in("k", "o1", "杭州", NOW)
    letter = first(mailbox, "o1")
    mailbox.write_reply(letter, ["一", "二"], None)

    assert mailbox.send_part(letter, 0, limit=4)
    assert not mailbox.send_part(letter, 0, limit=4)
    assert first(mailbox, "o1").gone == 1
    mailbox.part_came_back(letter, 0)
    assert mailbox.send_part(letter, 0, limit=4)
    assert first(mailbox, "o1").parts == ("一", "二")


def test_no_more_goes_than_the_limit_until_the_person_writes_again(mailbox: Mailbox) -> None:
    mailbox.take_in("k", "o1", "杭州", NOW)

    assert [mailbox.spend("o1", 4) for _ in range(5)] == [True] * 4 + [False]
    assert mailbox.spend("o1", 5)
    mailbox.take_in("e", "o1", "", NOW, parts=[], by_hand=False)
    assert not mailbox.spend("o1", 5)
    mailbox.take_in("k2", "o1", "还在吗", NOW)
    assert mailbox.spend("o1", 4)
    mailbox.exhaust("o1", 5)
    assert not mailbox.spend("o1", 5)


def test_nothing_goes_to_somebody_who_never_wrote(mailbox: Mailbox) -> None:
    assert not mailbox.spend("nobody", 5)
    assert not mailbox.knows("nobody", NOW)


def test_the_talk_and_the_city_of_a_person_come_with_their_letters(
    mailbox: Mailbox, records: Records
) -> None:
    talk = records.start_conversation(NOW)
    mailbox.take_in("k", "o1", "杭州", NOW)
    mailbox.write_reply(first(mailbox, "o1"), ["答"], talk)
    mailbox.place("o1", "杭州市")
    assert (first(mailbox, "o1").conversation_id, first(mailbox, "o1").region) == (talk, "杭州市")

    records.erase(talk)
    assert first(mailbox, "o1").conversation_id is None


def test_everything_is_forgotten_after_two_days(mailbox: Mailbox, records: Records) -> None:
    mailbox.take_in("k", "o1", "杭州", NOW)
    token = mailbox.log_in("o1", NOW)
    last, after = NOW + KEPT_FOR, NOW + KEPT_FOR + INSTANT

    assert mailbox.logged_in(token, last) == "o1"
    assert mailbox.logged_in(token, after) is None
    assert mailbox.next("o1", after) is None
    mailbox.expire(last)
    assert mailbox.knows("o1", last)
    mailbox.expire(after)
    assert mailbox.waiting() == ()
    assert not mailbox.knows("o1", last)
    assert mailbox.take_in("k", "o1", "杭州", after)


def test_a_token_is_known_to_its_owner_alone(mailbox: Mailbox, records: Records) -> None:
    token = mailbox.log_in("o1", NOW)

    assert mailbox.log_in("o1", NOW) != token
    assert mailbox.logged_in("\ud800", NOW) is None
    with records.engine.connect() as database:
        assert token not in database.scalars(select(WeChatLoginRow.token_hash)).all()
