"""The mini-program: its types, its logic and pages under Node, and its pages laid out by a real browser."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

import app
from bot.advisor import Advisor
from bot.answering.messages import LABEL, sentences
from tests.bot.channels.wechat.pretend import served
from tests.conftest import NOW

HERE = Path(__file__).parent
PROGRAM = HERE.parents[1] / "miniprogram"
WIDTHS = (320, 375, 430)
SHORT = """least => [...document.querySelectorAll('[class*="--button"]')]
    .map(button => [button.textContent, button.getBoundingClientRect()])
    .filter(([, box]) => Math.min(box.height, box.width) < least).map(([text]) => text)"""
LETTER = "parseFloat(getComputedStyle(document.querySelector('.main--page')).fontSize)"


@pytest.fixture(scope="module")
def address(advisor: Advisor) -> Iterator[str]:
    with served(app.build(advisor, lambda: NOW)) as here:
        yield here


def node(*arguments: str, **environment: str) -> None:
    """Run node in this folder; fail with what it said."""
    assert (HERE / "node_modules").exists(), "没有装小程序的测试工具:make test 会自己装(npm ci)"
    done = subprocess.run(
        ["node", *arguments], cwd=HERE, env={**os.environ, **environment}, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{done.stdout[-8000:]}\n{done.stderr[-2000:]}"


def test_the_types_are_those_of_wechat() -> None:
    node("node_modules/typescript/bin/tsc", "-p", "tsconfig.json")


def test_what_it_says_of_itself_is_what_every_channel_says() -> None:
    pages = {path.parent.name: path.read_text(encoding="utf-8") for path in PROGRAM.glob("pages/*/*.wxml")}

    assert sentences()["page.bar"] in pages["chat"]
    assert sentences()["page.disclaimer"].removesuffix("需要人工服务请拨打12333。") in pages["mine"]
    assert LABEL in pages["screening"]
    assert LABEL in pages["calculator"]


@pytest.mark.parametrize("file", ["logic.test.js", "package.test.js"])
def test_what_needs_no_server(file: str) -> None:
    node("--test", file)


def test_the_pages_against_a_real_advisor(address: str) -> None:
    node("--test", "pages.test.js", ADVISOR_ADDRESS=address)


@pytest.mark.parametrize(("scale", "least", "letter"), [("1", 44, 13), ("1.4", 60, 18)], ids=["", "关怀版"])
def test_every_page_fits_a_phone_with_buttons_for_a_thumb(
    address: str, browser: Browser, tmp_path: Path, scale: str, least: int, letter: int
) -> None:
    node("pictures.js", address, str(tmp_path), scale)
    pages = sorted(tmp_path.glob("*.html"))

    assert len(pages) == 14
    for width in WIDTHS:
        shown = browser.new_page(viewport={"width": width, "height": 760})
        for page in pages:
            shown.goto(page.as_uri())
            assert shown.evaluate("document.documentElement.scrollWidth") <= width, page.name
            assert shown.evaluate(SHORT, least) == [], page.name
            assert shown.evaluate(LETTER) >= letter
        shown.close()
