"""A backup holds all that cannot be made again, and comes back whole or changes nothing."""

from __future__ import annotations

import json
import shutil
import stat
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

import app
from bot.records.mailbox import Mailbox
from bot.records.store import Records
from bot.types import Question
from knowledge import archive
from knowledge.corpus import SHIPPED
from tests.conftest import NOW

POLICY = "qingdao-2023"
Office = Callable[[str], Path]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Work in a data folder of that name from now on."""
    monkeypatch.delenv("ADVISOR_DATABASE_URL", raising=False)

    def enter(name: str) -> Path:
        monkeypatch.setenv("ADVISOR_DATA_DIR", str(tmp_path / name))
        return tmp_path / name

    return enter


def fill(url: str, data: Path) -> str:
    """Make records, a policy and a version of the knowledge; return the id of the conversation."""
    with closing(Records.open(url)) as records:
        conversation = records.start_conversation(NOW)
        records.add_turn(conversation, "a" * 32, "租房补贴几年", {"text": "三年", "n": 1}, NOW)
        records.add_feedback("a" * 32, True, "清楚", NOW)
        Mailbox(records.engine).take_in("k", "o1", "杭州", NOW)
    shutil.copytree(SHIPPED / POLICY, data / "policies" / POLICY)
    (data / "policies" / ".journal.jsonl").write_text('{"by": "王某"}\n', encoding="utf-8")
    archive.keep(data / "archive", b'{"label": "AI"}')
    (data / "index").mkdir()
    (data / "index" / "manifest.json").write_text("{}", encoding="utf-8")
    return conversation


def state(data: Path) -> dict[str, bytes]:
    """Return every file of a data folder but the locks and the records, whose rows are compared instead."""
    files = (path for path in data.rglob("*") if path.is_file())
    return {
        str(path.relative_to(data)): path.read_bytes()
        for path in files
        if path.name != ".lock" and "sqlite" not in path.name
    }


def local(data: Path) -> str:
    return app.Settings(data_dir=data).database


def test_everything_comes_back_but_the_index(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = office("first")
    conversation = fill(local(first), first)
    with closing(Records.open(local(first))):  # somebody serves meanwhile
        assert app.main(["backup", str(tmp_path / "b.zip")]) == 0
    second = office("second")
    assert app.main(["restore", str(tmp_path / "b.zip")]) == 0

    assert capsys.readouterr().out.count("(记录 5 行") == 2
    kept = {name: content for name, content in state(first).items() if not name.startswith("index")}
    assert state(second) == kept
    assert "policies/.journal.jsonl" in kept
    with closing(Records.open(local(second))) as records:
        (turn,) = records.turns(conversation)
        assert (turn.asked, turn.answer) == ("租房补贴几年", {"text": "三年", "n": 1})
        assert records.answer("a" * 32) == turn.answer
        assert Mailbox(records.engine).waiting() == ("o1",)
    assert stat.S_IMODE((tmp_path / "b.zip").stat().st_mode) == 0o600
    assert sorted(p.name for p in tmp_path.iterdir()) == ["b.zip", "first", "second"]


def test_a_conversation_goes_on_where_the_backup_left_it(
    office: Office, tmp_path: Path, policies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "SHIPPED", policies)  # an index of all that ships takes a minute
    office("first")
    with app.advisor(app.Settings()) as serving:
        answer = serving.answer(Question("岛城跑外卖的意外险补多少", NOW.date()), NOW)
        assert app.main(["backup", str(tmp_path / "b.zip")]) == 0
    second = office("second")
    assert app.main(["restore", str(tmp_path / "b.zip")]) == 0
    assert archive.read(second / "archive", answer.knowledge)
    with app.advisor(app.Settings()) as serving:
        told = serving.records.answer(answer.answer_id)
        assert told is not None
        assert told["text"] == answer.text
        following = Question("那怎么申请", NOW.date(), None, answer.conversation_id)
        assert serving.answer(following, NOW).conversation_id == answer.conversation_id
        assert len(serving.records.turns(answer.conversation_id)) == 2


def test_data_are_replaced_only_on_demand(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = office("first")
    conversation = fill(local(first), first)
    assert app.main(["backup", str(tmp_path / "b.zip")]) == 0
    with closing(Records.open(local(first))) as serving:
        later = serving.start_conversation(NOW)
        (first / "policies" / POLICY / "policy.toml").write_text("later", encoding="utf-8")
        archive.keep(first / "archive", b"later")
        before = state(first)

        assert app.main(["restore", str(tmp_path / "b.zip")]) == 2
        assert "请加 --replace" in capsys.readouterr().err
        assert state(first) == before
        assert serving.exists(later, NOW)

        assert app.main(["restore", str(tmp_path / "b.zip"), "--replace"]) == 0
        assert serving.exists(conversation, NOW)  # who served all the while sees it
        assert not serving.exists(later, NOW)
    shipped = (SHIPPED / POLICY / "policy.toml").read_bytes()
    assert (first / "policies" / POLICY / "policy.toml").read_bytes() == shipped
    assert archive.version(b"later") + ".json.gz" in {p.name for p in (first / "archive").iterdir()}
    assert not list(first.glob(".restoring-*"))


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-200])


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(bytes(content))


def foreign(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("letter.txt", "您好")


def no_archive(file: Path) -> None:
    file.write_text("您好", encoding="utf-8")


def without_records(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("backup.json", json.dumps({"format": 1}))


def newer(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("backup.json", json.dumps({"format": 2}))
        packed.writestr("records.sqlite3", b"")


@pytest.mark.parametrize("spoil", [cut, flip, foreign, no_archive, without_records, newer, Path.unlink])
def test_a_file_that_is_no_whole_backup_changes_nothing(
    office: Office, tmp_path: Path, spoil: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    first, file = office("first"), tmp_path / "b.zip"
    conversation = fill(local(first), first)
    assert app.main(["backup", str(file)]) == 0
    before = state(first)
    spoil(file)

    assert app.main(["restore", str(file), "--replace"]) == 2
    assert f"{file} 不是这个产品的备份,或者已经损坏,没有恢复" in capsys.readouterr().err
    assert state(first) == before
    with closing(Records.open(local(first))) as records:
        assert records.exists(conversation, NOW)


def test_what_fails_on_the_way_is_taken_back(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = office("first")
    conversation = fill(local(first), first)
    app.main(["backup", str(tmp_path / "b.zip")])
    before = state(first)
    rename = Path.rename

    def failing(source: Path, target: Path) -> Path:
        if source.parent.name == "new":
            raise OSError("disk")
        return rename(source, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OSError, match="disk"):
        app.main(["restore", str(tmp_path / "b.zip"), "--replace"])
    monkeypatch.undo()

    assert state(first) == before
    with closing(Records.open(local(first))) as records:
        assert records.exists(conversation, NOW)


def test_a_backup_replaces_no_file(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office("first")
    (tmp_path / "b.zip").write_text("mine", encoding="utf-8")

    assert app.main(["backup", str(tmp_path / "b.zip")]) == 2
    assert "请换一个名字" in capsys.readouterr().err
    assert (tmp_path / "b.zip").read_text("utf-8") == "mine"
