from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select

from bot.records.mailbox import Mailbox
from bot.records.store import Records
from bot.records.tables import Base
from bot.records.transfer import is_empty, transfer

NOW = datetime(2026, 3, 15, 1, 30, tzinfo=UTC)


def fill(url: str) -> str:
    """Put rows into every table; return the id of a conversation."""
    with closing(Records.open(url)) as records:
        conversation_id = records.start_conversation(NOW)
        for number in range(3):
            records.add_turn(conversation_id, f"{number:032}", "补贴", {"text": "“可以” 𠮷 😀\n"}, NOW)
        records.add_feedback(f"{0:032}", True, None, NOW)
        mailbox = Mailbox(records.engine)
        mailbox.take_in("k", "o1", "杭州", NOW, parts=["一"])
        mailbox.log_in("o1", NOW)
    return conversation_id


def content(url: str) -> dict[str, list[tuple[object, ...]]]:
    engine = create_engine(url)
    with engine.connect() as database:
        found = {
            table.name: sorted(map(tuple, database.execute(select(table))))
            for table in Base.metadata.sorted_tables
        }
    engine.dispose()
    return found


def test_rows_go_from_one_kind_of_database_to_another_and_back_unchanged(url: str, tmp_path: Path) -> None:
    there, back = f"sqlite:///{tmp_path}/there.sqlite", f"sqlite:///{tmp_path}/back.sqlite"
    fill(there)

    assert transfer(there, url) == 8
    assert transfer(url, back) == 8

    assert content(there) == content(url) == content(back)
    assert all(content(back).values())


def test_what_was_there_is_gone_afterwards(url: str, tmp_path: Path) -> None:
    earlier = fill(url)
    empty = f"sqlite:///{tmp_path}/empty.sqlite"
    assert (is_empty(url), is_empty(empty)) == (False, True)

    assert transfer(empty, url) == 0
    assert is_empty(url)
    with closing(Records.open(url)) as records:
        assert not records.exists(earlier, NOW)


def test_what_fails_before_the_end_leaves_the_target_as_it_was(url: str, tmp_path: Path) -> None:
    fill(url)
    before = content(url)

    def fail() -> None:
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        transfer(f"sqlite:///{tmp_path}/empty.sqlite", url, fail)
    assert content(url) == before
