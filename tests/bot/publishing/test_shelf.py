"""A document goes from draft to answering step by step, each by a named person, and no step is half done."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

import app
from bot.publishing.examine import Examined, examine
from bot.publishing.shelf import NotDone, Shelf
from knowledge import programs
from knowledge.corpus import SHIPPED, load
from knowledge.programs import Status
from knowledge.regions import Regions
from knowledge.types import ValidityStatus

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=app.CHINA)
NOTICE = """杭州市人力资源和社会保障局关于印发杭州市见习补贴办法的通知
杭人社规〔2026〕7号
各区县人力资源和社会保障局:
第一条 见习基地可以申请见习补贴,每人每月1500元,最长不超过12个月。
第二条 留用见习人员的,一次性给予3000元。
第三条 本办法自印发之日起施行,有效期三年。\
《杭向未来·大学生创新创业三年行动计划(2023—2025年)》同时废止。
杭州市人力资源和社会保障局
2026年3月15日
"""
NAME = "hangzhou-2026"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "policies", SHIPPED, Regions.shipped())


def notice(tmp_path: Path, text: str = NOTICE, name: str = "通知.txt") -> Examined:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    found = examine(path, Regions.shipped(), load((), Regions.shipped()))
    assert isinstance(found, Examined)
    return found


def answering(shelf: Shelf) -> set[str]:
    loaded = load((SHIPPED, shelf.folder), Regions.shipped())
    assert loaded.refused == ()
    return set(loaded.policies)


def drawn(shelf: Shelf) -> set[str]:
    """Return what answers of the data folder alone; reading the five shipped ones takes a second."""
    loaded = load((shelf.folder,), Regions.shipped())
    assert loaded.refused == ()
    return set(loaded.policies)


def test_only_what_is_published_answers(shelf: Shelf, tmp_path: Path) -> None:
    drafted = shelf.draft(notice(tmp_path))
    assert drafted.policy_id == NAME
    assert NAME not in answering(shelf)

    shelf.publish(NAME, "王某", NOW)
    assert NAME in answering(shelf)

    shelf.retire(NAME, "李某", NOW)
    assert NAME not in answering(shelf)

    assert shelf.rollback(NAME, "李某", NOW) == "published"
    assert NAME in answering(shelf)
    assert shelf.rollback(NAME, "李某", NOW) == "draft"
    assert NAME not in answering(shelf)
    with pytest.raises(NotDone, match="没有可以退回"):
        shelf.rollback(NAME, "李某", NOW)


def test_who_did_what_is_kept(shelf: Shelf, tmp_path: Path) -> None:
    shelf.draft(notice(tmp_path))
    shelf.review(NAME, "张某", NOW)
    shelf.publish(NAME, "王某", NOW)

    (entry,) = shelf.entries()
    assert (entry.status, entry.reviewed_by) == ("published", "王某,2026-11-25")
    journal = [json.loads(line) for line in (shelf.folder / ".journal.jsonl").read_text("utf-8").splitlines()]
    assert [(line["by"], line["action"]) for line in journal] == [("张某", "review"), ("王某", "publish")]


@pytest.mark.parametrize("by", ["", " ", "王"])
def test_nobody_publishes_without_a_name(shelf: Shelf, tmp_path: Path, by: str) -> None:
    shelf.draft(notice(tmp_path))

    with pytest.raises(NotDone, match="姓名"):
        shelf.publish(NAME, by, NOW)
    assert NAME not in answering(shelf)


def test_a_published_document_repeals_the_one_it_names(shelf: Shelf, tmp_path: Path) -> None:
    shelf.draft(notice(tmp_path))
    shelf.publish(NAME, "王某", NOW)

    corpus = load((SHIPPED, shelf.folder), Regions.shipped())
    old = corpus.policies["hangzhou-2023"]
    assert corpus.status(old, date(2026, 3, 14)) is ValidityStatus.ENDED
    assert corpus.status(old, date(2026, 3, 15)) is ValidityStatus.REPEALED
    assert corpus.policies[NAME].valid_to == date(2029, 3, 14)


def test_amounts_are_proposed_and_never_computed(shelf: Shelf, tmp_path: Path) -> None:
    assert shelf.draft(notice(tmp_path)).proposals == 2
    shelf.publish(NAME, "王某", NOW)

    policies = load((shelf.folder,), Regions.shipped()).policies
    loaded = programs.load(policies, (shelf.folder,))
    assert loaded.refused == ()
    proposed = loaded.programs[f"{NAME} 1:draft1"]
    assert proposed.status is Status.DRAFT
    assert [dated.value for dated in proposed.parameters["value"].values] == [1500]
    assert proposed.unit == "元/月"
    assert loaded.published([NAME]) == ()


def test_a_shipped_policy_is_retired_by_laying_over(shelf: Shelf) -> None:
    shelf.retire("qingdao-2023", "王某", NOW)

    assert "qingdao-2023" not in answering(shelf)
    assert (shelf.folder / "qingdao-2023" / "source.txt").read_bytes() == (
        SHIPPED / "qingdao-2023" / "source.txt"
    ).read_bytes()
    shelf.rollback("qingdao-2023", "王某", NOW)
    assert "qingdao-2023" in answering(shelf)


def test_a_second_document_of_one_number_is_set_aside(shelf: Shelf, tmp_path: Path) -> None:
    shelf.draft(notice(tmp_path))
    other = notice(tmp_path, NOTICE.replace("1500", "1600"), "另一份.txt")

    with pytest.raises(NotDone, match=f"已经有草稿 {NAME}"):
        shelf.draft(other)
    assert "1500" in shelf.policy(NAME).text

    shelf.draft(other, NAME)
    assert "1600" in shelf.policy(NAME).text


def test_the_same_file_is_not_taken_twice(shelf: Shelf, tmp_path: Path) -> None:
    shelf.draft(notice(tmp_path))

    with pytest.raises(NotDone, match="同一个文件"):
        shelf.draft(notice(tmp_path), "hangzhou-2026-9")


def test_two_documents_of_one_number_do_not_both_answer(shelf: Shelf, tmp_path: Path) -> None:
    shelf.draft(notice(tmp_path))
    shelf.publish(NAME, "王某", NOW)
    shelf.draft(notice(tmp_path, NOTICE.replace("1500", "1600"), "另一份.txt"), "hangzhou-2026-b")

    with pytest.raises(NotDone, match=f"已经由 {NAME} 答复"):
        shelf.publish("hangzhou-2026-b", "王某", NOW)


@pytest.mark.parametrize("name", ["../evil", "A", "杭州", "hangzhou-2023"])
def test_an_id_that_is_none_or_taken_is_refused(shelf: Shelf, tmp_path: Path, name: str) -> None:
    with pytest.raises(NotDone):
        shelf.draft(notice(tmp_path), name)
    assert shelf.entries() == ()


def test_a_draft_that_was_spoilt_by_hand_cannot_be_published(shelf: Shelf, tmp_path: Path) -> None:
    path = shelf.draft(notice(tmp_path)).place / "policy.toml"
    path.write_text(path.read_text("utf-8").replace("2029-03-14", "2030-03-14"), encoding="utf-8")

    with pytest.raises(NotDone, match="不符"):
        shelf.publish(NAME, "王某", NOW)
    assert NAME not in answering(shelf)


def killed(moment: int, step: Callable[[], object]) -> bool:
    """Run a step in a process of its own that is killed just before its n-th change on the disk.

    Returns whether it came to its end first.
    """
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        return os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0
    left = moment

    def dying(real: Callable[..., object]) -> Callable[..., object]:
        def change(*args: object, **kwargs: object) -> object:
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)

        return change

    try:
        for name in ("rename", "replace", "mkdir", "unlink", "fsync"):
            setattr(os, name, dying(getattr(os, name)))
        step()
        os._exit(0)
    finally:
        os._exit(1)


@pytest.mark.parametrize("action", ["draft", "publish"])
def test_a_step_that_is_killed_happened_or_did_not(tmp_path: Path, action: str) -> None:
    seen: set[str] = set()
    found = notice(tmp_path)
    for moment in range(40):
        shelf = Shelf(tmp_path / f"{action}{moment}", SHIPPED, Regions.shipped())
        if action == "publish":
            shelf.draft(found)

        def step(shelf: Shelf = shelf) -> object:
            return shelf.draft(found) if action == "draft" else shelf.publish(NAME, "王某", NOW)

        is_done = killed(moment, step)
        states = {entry.policy_id: entry.status for entry in shelf.entries()}
        seen.add(states.get(NAME, "absent"))
        assert set(states) <= {NAME}
        assert (NAME in drawn(shelf)) is (states.get(NAME) == "published")
        if NAME not in states:  # whatever was left, the step can be taken again
            shelf.draft(found)
        if states.get(NAME) != "published":
            shelf.publish(NAME, "王某", NOW)
        assert NAME in drawn(shelf)
        if is_done:
            break
    else:
        pytest.fail("the step never came to its end")
    assert len(seen) > 1
