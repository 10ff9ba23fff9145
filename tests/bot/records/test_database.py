from __future__ import annotations

import os
import secrets
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, make_url, text

from bot.privacy import mask
from bot.records.database import NoDatabase, open_database
from bot.records.store import Records
from bot.records.tables import Base

NOW = datetime(2026, 3, 15, 1, 30, tzinfo=UTC)
ROOT = Path(__file__).parents[3]
IDENTITY = "11010519491231002X"


@contextmanager
def python(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Start another Python in the root of the repository; it is killed in the end."""
    with subprocess.Popen(
        [sys.executable, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def writer(
    url: str, conversation_id: str, turns: int, threads: int = 1
) -> AbstractContextManager[subprocess.Popen[str]]:
    """Start writer.py; it opens the records when it is told to go."""
    script = Path(__file__).with_name("writer.py")
    return python(str(script), url, conversation_id, str(turns), str(threads))


def ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout
    assert process.stdout.readline() == "ready\n"


def tell(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


def rest(process: subprocess.Popen[str]) -> list[str]:
    """Return what else the process prints, once it has ended well."""
    printed, _ = process.communicate()
    assert process.returncode == 0
    return printed.split()


def traces(folder: Path, *words: str) -> list[str]:
    """Return which of `words` stand anywhere in the files under `folder`."""
    data = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    return [w for w in words if any(w.encode(c) in data for c in ("utf-8", "utf-16-le", "gbk"))]


def test_the_migrations_make_what_the_tables_declare(records: Records, url: str) -> None:
    engine = create_engine(url)
    with engine.connect() as database:
        assert compare_metadata(MigrationContext.configure(database), Base.metadata) == []
    engine.dispose()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_sqlite_needs_a_file(url: str) -> None:
    with pytest.raises(ValueError, match="expected a file"):
        Records.open(url)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql+psycopg://advisor:secret@127.0.0.1:1/none", r"advisor:\*\*\*@127.0.0.1:1/none.*refused"),
        ("nosuch://advisor:secret@db/none", "expected an address"),
        ("advisor:secret@db", "expected an address"),
    ],
)
def test_a_database_that_cannot_be_opened_is_named_without_its_password(url: str, said: str) -> None:
    with pytest.raises(NoDatabase, match=said) as refused:
        Records.open(url)
    assert "secret" not in str(refused.value)


def test_a_database_of_a_newer_version_is_not_touched(records: Records, url: str) -> None:
    with records.engine.begin() as database:
        database.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NoDatabase, match="9999"):
        Records.open(url)


def test_a_folder_with_any_name_will_do(tmp_path: Path) -> None:
    folder = tmp_path / "数据 100%(a) b; c:d"
    with closing(Records.open(f"sqlite:///{folder}/记录.sqlite")) as records:
        records.start_conversation(NOW)
    assert (folder / "记录.sqlite").is_file()


def test_only_the_owner_reads_a_new_file(tmp_path: Path) -> None:
    with closing(Records.open(f"sqlite:///{tmp_path}/records.sqlite")) as records:
        records.start_conversation(NOW)
        for file in ("records.sqlite", "records.sqlite-wal"):
            assert stat.S_IMODE((tmp_path / file).stat().st_mode) == 0o600


def test_every_sqlite_connection_waits_cascades_and_overwrites(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/records.sqlite")
    with engine.connect() as one, engine.connect() as other:
        for connection in (one, other):
            settings = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
            found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in settings]
            assert found == ["wal", 1, 1, 1, 30_000]
    engine.dispose()


def test_closing_leaves_no_log_and_reopening_keeps_everything(url: str) -> None:
    with closing(Records.open(url)) as records:
        conversation_id = records.start_conversation(NOW)
        records.add_turn(conversation_id, "a" * 32, "补贴", {"text": "可以"}, NOW)
        before = records.turns(conversation_id)
    if url.startswith("sqlite"):
        assert not Path(f"{make_url(url).database}-wal").exists()
    with closing(Records.open(url)) as records:
        assert records.turns(conversation_id) == before
        assert records.exists(conversation_id, NOW)


def test_8_threads_lose_no_turn(records: Records) -> None:
    ours = [records.start_conversation(NOW) for _ in range(8)]
    shared = records.start_conversation(NOW)

    def add(thread: int) -> None:
        for number in range(50):
            own = {"text": f"{thread}-{number}"}
            assert records.add_turn(ours[thread], secrets.token_hex(16), str(number), own, NOW)
            assert records.add_turn(shared, secrets.token_hex(16), str(number), own, NOW)
            assert len(records.turns(ours[thread])) == number + 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(8)))
    for conversation_id in ours:
        asked = [turn.asked for turn in records.turns(conversation_id)]
        assert asked == [str(number) for number in range(50)]
    texts = {str(turn.answer["text"]) for turn in records.turns(shared)}
    assert texts == {f"{thread}-{number}" for thread in range(8) for number in range(50)}


def test_feedback_of_8_threads_on_one_answer_leaves_one_word(records: Records) -> None:
    records.add_turn(records.start_conversation(NOW), "a" * 32, "补贴", {}, NOW)
    with ThreadPoolExecutor(8) as pool:
        stored = pool.map(lambda _: records.add_feedback("a" * 32, True, None, NOW), range(40))
        assert all(stored)


def test_2_processes_lose_no_turn_of_one_conversation(records: Records, url: str) -> None:
    conversation_id = records.start_conversation(NOW)
    with writer(url, conversation_id, 50) as one, writer(url, conversation_id, 50) as other:
        for process in (one, other):
            ready(process)
        for process in (one, other):
            tell(process, "go")
        stored = rest(one) + rest(other)
    assert {str(turn.answer["answer_id"]) for turn in records.turns(conversation_id)} == set(stored)
    assert len(set(stored)) == 100


def test_6_processes_can_open_new_databases_at_once(url: str) -> None:
    with ExitStack() as stack:
        processes = [stack.enter_context(python("-c", OPENER)) for _ in range(6)]
        for process in processes:
            ready(process)
        for number in range(5):
            for process in processes:
                tell(process, url.replace("records.sqlite", f"{number}.sqlite"))
        for process in processes:
            assert rest(process) == ["opened"] * 5


OPENER = """
import sys
from bot.records.store import Records

print("ready", flush=True)
for line in sys.stdin:
    Records.open(line.strip()).close()
    print("opened")
"""


def test_opening_waits_for_another_process_that_opens_the_same_file(tmp_path: Path) -> None:
    file = tmp_path / "records.sqlite"
    with ThreadPoolExecutor(1) as pool, closing(sqlite3.connect(f"{file}.lock")) as other:
        other.execute("BEGIN EXCLUSIVE")
        opening = pool.submit(Records.open, f"sqlite:///{file}")
        with pytest.raises(TimeoutError):
            opening.result(timeout=0.5)
        other.rollback()
        opening.result().close()


def test_a_killed_process_leaves_every_turn_that_it_had_stored(url: str) -> None:
    with closing(Records.open(url)) as records:
        conversation_id = records.start_conversation(NOW)
    with writer(url, conversation_id, 100_000, threads=4) as process:
        ready(process)
        tell(process, "go")
        assert process.stdout
        stored = [process.stdout.readline().strip() for _ in range(300)]
        process.kill()
        stored += process.stdout.read().split("\n")[:-1]  # the last line may be half a line
    with closing(Records.open(url)) as records:
        turns = records.turns(conversation_id)
        assert set(stored) <= {str(turn.answer["answer_id"]) for turn in turns}
        assert all(turn.answer["text"] == "可以。" * 500 for turn in turns)
        assert records.add_turn(conversation_id, "a" * 32, "还在吗", {}, NOW)
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(str(make_url(url).database))) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_an_identity_number_leaves_no_trace_in_the_data_folder(tmp_path: Path) -> None:
    asked = mask(f"我的身份证号是{IDENTITY}，能领多少补贴").text
    with closing(Records.open(f"sqlite:///{tmp_path}/records.sqlite")) as records:
        records.add_turn(records.start_conversation(NOW), "a" * 32, asked, {"text": asked}, NOW)
        records.add_feedback("a" * 32, False, f"本人{IDENTITY}没领到", NOW)
        assert traces(tmp_path, IDENTITY, "[身份证号]") == ["[身份证号]"]
    assert traces(tmp_path, IDENTITY, "[身份证号]") == ["[身份证号]"]


@pytest.mark.parametrize("length", [1, 40, 400])
def test_erasing_leaves_no_trace_while_the_database_stays_open(tmp_path: Path, length: int) -> None:
    with closing(Records.open(f"sqlite:///{tmp_path}/records.sqlite")) as records:
        words: dict[str, list[str]] = {records.start_conversation(NOW): [] for _ in range(40)}
        for number in range(200):
            conversation_id = list(words)[number * 7 % 40]
            asked, told, reason, answer_id = (secrets.token_hex(16) for _ in range(4))
            answer = {"text": told * (1 + number * length % 397)}
            records.add_turn(conversation_id, answer_id, asked, answer, NOW)
            records.add_feedback(answer_id, True, f"好{reason}", NOW)
            words[conversation_id] += [asked, told, reason, answer_id]
        for conversation_id in list(words)[::3]:
            assert traces(tmp_path, conversation_id, *words[conversation_id])
            records.erase(conversation_id)
            assert traces(tmp_path, conversation_id, *words[conversation_id]) == []


def test_erasing_leaves_no_trace_while_others_read_and_write(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(Records.open(f"sqlite:///{tmp_path}/records.sqlite")) as records:
        busy = records.start_conversation(NOW)

        def work(number: int) -> None:
            records.add_turn(busy, secrets.token_hex(16), "补贴", {"n": number}, NOW)
            records.turns(busy)

        with ThreadPoolExecutor(4) as pool:
            others = [pool.submit(work, number) for number in range(300)]
            for _ in range(10):
                conversation_id, asked = records.start_conversation(NOW), secrets.token_hex(16)
                records.add_turn(conversation_id, secrets.token_hex(16), asked, {}, NOW)
                records.erase(conversation_id)
                assert traces(tmp_path, conversation_id, asked) == []
            for other in others:
                other.result()
    assert caplog.messages == []


def test_what_expired_leaves_no_trace(tmp_path: Path) -> None:
    with closing(Records.open(f"sqlite:///{tmp_path}/records.sqlite", keep_days=0)) as records:
        conversation_id = records.start_conversation(NOW)
        records.add_turn(conversation_id, "a" * 32, "老问题", {"text": "老答案"}, NOW)
        assert traces(tmp_path, "老问题", "老答案") == ["老问题", "老答案"]
        assert records.expire(NOW.replace(year=2027)) == 1
        assert traces(tmp_path, "老问题", "老答案", conversation_id) == []
