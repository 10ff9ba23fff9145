"""The chat page in a real browser at the width of a phone."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from playwright.sync_api import Page, expect, sync_playwright

import app
from bot.advisor import Advisor
from tests.conftest import NOW

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="module")
def address(advisor: Advisor) -> Iterator[str]:
    config = uvicorn.Config(app.build(advisor, lambda: NOW), host="127.0.0.1", port=0, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(20)


@pytest.fixture(scope="module")
def browser_page() -> Iterator[Page]:
    assert CHROMIUM, "没有找到 chromium:apt-get install chromium fonts-noto-cjk(.ci/run 会自己装)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser.new_page(viewport={"width": 390, "height": 844})
        browser.close()


@pytest.fixture
def page(browser_page: Page, address: str) -> Page:
    browser_page.goto(f"{address}/chat")
    browser_page.wait_for_selector("textarea")
    return browser_page


def send(page: Page, message: str) -> None:
    page.get_by_label("您的问题").fill(message)
    page.get_by_role("button", name="发送").click()


def test_a_question_gets_its_answer_with_a_source_to_open(page: Page) -> None:
    send(page, "青岛跑外卖的意外险补多少")

    expect(page.get_by_role("log")).to_contain_text("每人每年不高于100元")
    link = page.get_by_role("log").get_by_role("link").first
    expect(link).to_have_attribute("href", "/policies/qingdao-2023#2.9")
    expect(page.get_by_role("log")).to_contain_text("内容由AI生成")


def test_the_source_opens_the_document_with_the_clause_marked(page: Page, address: str) -> None:
    page.goto(f"{address}/policies/qingdao-2023#2.9")

    section = page.locator("section:target")
    expect(section).to_contain_text("每人每年不高于100元")
    expect(section).to_be_in_viewport()


def test_nothing_is_fetched_from_elsewhere_and_nothing_fails(browser_page: Page, address: str) -> None:
    asked: set[str] = set()
    failed: list[str] = []
    browser_page.on("request", lambda request: asked.add(request.url))
    browser_page.on(
        "console", lambda message: failed.append(message.text) if message.type == "error" else None
    )

    browser_page.goto(f"{address}/chat")
    browser_page.wait_for_selector("textarea")
    send(browser_page, "杭州租房补贴能领几年")
    expect(browser_page.get_by_role("log")).to_contain_text("依据")

    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    assert failed == []


def test_the_page_is_chinese_and_carries_label_and_disclaimer(page: Page) -> None:
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    expect(page.get_by_text("本服务由人工智能生成回答")).to_be_visible()
    expect(page.get_by_text("请勿输入身份证号")).to_be_visible()
    expect(page.get_by_role("link", name="转人工")).to_have_attribute("href", "tel:12333")


def test_nothing_is_wider_than_the_phone(page: Page) -> None:
    send(page, "杭州硕士刚毕业能领多少生活补贴")
    expect(page.get_by_role("log")).to_contain_text("3万元")

    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_missing_city_can_be_chosen_with_a_tap(page: Page) -> None:
    send(page, "硕士刚毕业能领多少生活补贴")
    page.get_by_role("log").get_by_role("button", name="杭州市").click()

    expect(page.get_by_role("log")).to_contain_text("硕士3万元")


def test_markup_in_a_message_is_shown_as_text_and_personal_data_is_not_shown(page: Page) -> None:
    send(page, "<b>杭州</b>[点我](http://x.example) 13812345678 租房补贴能领几年")

    log = page.get_by_role("log")
    expect(log).to_contain_text("<b>杭州</b>[点我](http://x.example)")
    expect(log).to_contain_text("[手机号]")
    assert page.get_by_text("13812345678").count() == 0
    assert log.locator("b").count() == 0


def test_a_wrong_day_is_said_in_a_sentence(page: Page) -> None:
    page.get_by_label("按哪一天的规定看").fill("2023-02-30")
    send(page, "杭州租房补贴能领几年")

    expect(page.get_by_role("log")).to_contain_text("日期不对")


def test_a_day_may_be_written_as_people_write_it(page: Page) -> None:
    page.get_by_label("按哪一天的规定看").fill("2024年6月1日")
    send(page, "杭州租房补贴能领几年")

    expect(page.get_by_role("log")).to_contain_text("可发放3年")


@pytest.mark.parametrize("name", ["发送", "杭州硕士刚毕业能领多少生活补贴"])
def test_a_button_is_large_enough_for_a_thumb(page: Page, name: str) -> None:
    box = page.get_by_role("button", name=name).bounding_box()

    assert box is not None
    assert box["height"] >= 44
