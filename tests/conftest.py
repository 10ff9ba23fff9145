"""The whole advisor on the shipped documents, built once, with a clock that stands still."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from playwright.sync_api import Browser, sync_playwright

import app
from bot.advisor import Advisor
from bot.types import Answer, Question
from knowledge.corpus import SHIPPED

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=app.CHINA)

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

Asking = Callable[..., Answer]
T = TypeVar("T")


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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "没有找到 chromium:apt-get install chromium fonts-noto-cjk(.ci/run 会自己装)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


def awaited(coroutine: Coroutine[None, None, T]) -> T:
    """Return what a coroutine returns; in a thread, because the browser's loop runs in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()
