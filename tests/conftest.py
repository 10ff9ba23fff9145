"""The whole advisor on the shipped documents, built once, with a clock that stands still."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

import app
from bot.advisor import Advisor
from bot.types import Answer, Question
from knowledge.corpus import SHIPPED

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=app.CHINA)

Asking = Callable[..., Answer]


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def advisor(data_dir: Path) -> Iterator[Advisor]:
    with app.advisor(app.Settings(data_dir=data_dir)) as answering:
        yield answering


@pytest.fixture
def ask(advisor: Advisor) -> Asking:
    """Ask one message on a day, in a conversation of its own unless one is given."""

    def asking(
        message: str, as_of: str = "2024-06-01", region: str | None = None, conversation: str | None = None
    ) -> Answer:
        return advisor.answer(Question(message, date.fromisoformat(as_of), region, conversation), NOW)

    return asking


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    """Two of the shipped policies with a few phrasings: how many there are is not what is tested."""
    folder = tmp_path / "policies"
    for policy_id, clause, words in (("qingdao-2023", "2.9", "意外伤害"), ("shanghai-2023", "2.5", "培训")):
        shutil.copytree(SHIPPED / policy_id, folder / policy_id, ignore=shutil.ignore_patterns("programs"))
        (folder / policy_id / "phrasings.toml").write_text(
            f'[["{clause}"]]\nat = "{words}"\nasks = ["有没有{words}", "{words}怎么补"]\n\n'
            f'[["{clause}"]]\nunsaid = "{words}几天办好"\nasks = ["{words}几天办好", "办{words}要等多久"]\n',
            encoding="utf-8",
        )
    return folder
