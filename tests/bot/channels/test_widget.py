"""One line of script on somebody else's page: the button, the chat behind it, and who may not frame it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response
from playwright.sync_api import Browser, Page, expect

import app
from bot.advisor import Advisor
from bot.channels.site import Site
from tests.bot.channels.conftest import fresh, serving
from tests.conftest import NOW

HOST = Path(__file__).with_name("host.html").read_text(encoding="utf-8")
UGLY = "* { color: red !important; font-size: 8px !important } button { display: none } iframe { width: 1px }"


def host(address: str) -> FastAPI:
    """Return a site of somebody else, as strict as a site can be that lets our two addresses in."""
    site = FastAPI()
    policy = f"default-src 'none'; style-src 'self'; script-src {address}; frame-src {address}"

    @site.get("/")
    def page() -> HTMLResponse:
        return HTMLResponse(HOST.replace("{address}", address), headers={"Content-Security-Policy": policy})

    @site.get("/host.css")
    def style() -> Response:
        return Response(UGLY, media_type="text/css")

    return site


@pytest.fixture(scope="module")
def places(advisor: Advisor) -> Iterator[tuple[str, str, str]]:
    """Yield the addresses of the advisor, of a site that may frame it, and of one that may not."""
    with serving(FastAPI()) as at:  # a port that is free
        friend_port = int(at.rpartition(":")[2])
    friend = f"http://localhost:{friend_port}"
    site = Site(frame_ancestors=(friend,), asks_per_minute=0)
    with (
        serving(app.build(advisor, lambda: NOW, site=site)) as ours,
        serving(host(ours), friend_port),
        serving(host(ours)) as stranger,
    ):
        yield ours, friend, stranger


def opened(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="问就业政策").click()


def test_one_line_puts_the_chat_on_a_strict_page(browser: Browser, places: tuple[str, str, str]) -> None:
    failed: list[str] = []
    with fresh(browser) as context:
        page = context.new_page()
        page.on("console", lambda said: failed.append(said.text) if said.type == "error" else None)
        opened(page, places[1])
        frame = page.frame_locator("iframe")
        expect(frame.get_by_label("您问哪个城市")).to_have_value("杭州市")
        frame.locator("#question textarea[data-ready]").fill("租房补贴一年多少")
        frame.get_by_role("button", name="发送").click()

        expect(frame.locator("article.reply")).to_contain_text("1万元")
        assert failed == []


def test_the_widget_keeps_its_own_look(browser: Browser, places: tuple[str, str, str]) -> None:
    with fresh(browser, 1280) as context:
        page = context.new_page()
        page.goto(places[1])
        button = page.get_by_role("button", name="问就业政策")
        assert button.bounding_box()["height"] >= 56  # type: ignore[index]
        assert button.evaluate("e => getComputedStyle(e).fontSize") == "18px"
        expect(page.locator("#own")).to_be_hidden()  # and the page keeps its own

        button.click()
        assert page.locator("iframe").bounding_box()["width"] > 400  # type: ignore[index]


def test_the_keyboard_opens_and_closes_it_and_comes_back(
    browser: Browser, places: tuple[str, str, str]
) -> None:
    with fresh(browser) as context:
        page = context.new_page()
        page.goto(places[1])
        button = page.get_by_role("button", name="问就业政策")
        button.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="关闭问答")).to_be_focused()
        page.keyboard.press("Escape")
        expect(button).to_be_focused()

        assert Axe().run(page, context="policy-advisor").violations_count == 0


def test_a_page_that_is_not_allowed_shows_no_chat(browser: Browser, places: tuple[str, str, str]) -> None:
    refused: list[str] = []
    with fresh(browser) as context:
        page = context.new_page()
        page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
        opened(page, places[2])
        page.wait_for_timeout(800)

        assert any("frame-ancestors" in text for text in refused)
        expect(page.frame_locator("iframe").get_by_label("您问哪个城市")).to_have_count(0)
