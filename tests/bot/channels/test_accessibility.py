"""axe-core finds nothing on any page in any look; nothing is wider than the screen, at 200 % zoom either."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.bot.channels.conftest import fresh

LOOKS = ["", "mode=care", "theme=dark", "theme=contrast&mode=care"]
SCREEN = "/screen?city=330100&audience=%E6%B1%82%E8%81%8C&degree=master&as_of=2024-06-01"
JOBS = "/calculator/hangzhou-2023/2.3.17:jobs"
PAGES = [
    "/ask",
    "/screen",
    SCREEN,
    f"{SCREEN}&graduate_kind=fresh&works_in_hangzhou=yes&insured_months=7&done=1",
    "/calculator?city=330100",
    f"{JOBS}?student_status=enrolled&heads=6.5&as_of=2024-06-01",
    f"{JOBS}?student_status=enrolled&heads=6&year_index=1",
    "/calculator/hangzhou-2023/2.3.23:tax_sequence",
    "/policies?q=%E7%A7%9F%E6%88%BF",
    "/policies/hangzhou-2023?mark=660-680",
    "/compare?a=%E6%9D%AD%E5%B7%9E%E5%B8%82&b=%E9%9D%92%E5%B2%9B%E5%B8%82&subject=%E7%A7%9F%E6%88%BF%E8%A1%A5%E8%B4%B4",
    "/about",
    "/privacy",
    "/policies/none",
]


def violations(page: Page) -> list[str]:
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


def looked(path: str, look: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}{look}" if look else path


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_on_any_plain_page(browser: Browser, address: str, look: str) -> None:
    with fresh(browser, reduced_motion="reduce") as context:
        page = context.new_page()
        for path in PAGES if look == LOOKS[0] else PAGES[1::3]:  # a look changes colours and sizes alone
            page.goto(address + looked(path, look))
            assert violations(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_in_the_chat(browser: Browser, address: str, look: str) -> None:
    with fresh(browser, reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto(f"{address}/chat/?{look}")
        page.wait_for_selector("#question textarea[data-ready]")
        page.get_by_label("您的问题").fill("我硕士刚毕业,在杭州能领多少生活补贴")
        page.get_by_role("button", name="发送").click()
        reply = page.locator("#log article.reply").first
        expect(reply).to_be_visible()
        reply.get_by_text("学历:硕士研究生").click()

        assert violations(page) == []


@pytest.mark.parametrize("path", ["/chat/", "/screen", JOBS, "/policies/shanghai-2023"])
def test_at_twice_the_size_nothing_is_lost(browser: Browser, address: str, path: str) -> None:
    with fresh(browser, 640, device_scale_factor=2) as context:  # 1280 px at 200 %
        page = context.new_page()
        page.goto(address + path)

        assert page.evaluate("document.documentElement.scrollWidth") <= 640
        expect(page.get_by_role("link", name="打12333")).to_be_visible()


def test_who_wants_no_motion_gets_none(browser: Browser, address: str) -> None:
    with fresh(browser, reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto(f"{address}/policies")

        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
