"""The chat in a real browser: what a person on a phone sees, taps and hears."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import app
from bot.advisor import Advisor
from bot.channels.site import Site
from tests.bot.channels.conftest import fresh, serving
from tests.conftest import NOW

LIVING = "杭州硕士刚毕业能领多少生活补贴"


def opened(page: Page, address: str, query: str = "") -> Page:
    page.goto(f"{address}/chat/{query}")
    page.wait_for_selector("#question textarea[data-ready]")
    return page


def send(page: Page, message: str) -> Locator:
    """Ask, and return the reply when it is whole."""
    before = page.locator("#log article.reply").count()
    page.get_by_label("您的问题").fill(message)
    page.get_by_role("button", name="发送").click()
    return nth(page, before)


def nth(page: Page, number: int) -> Locator:
    reply = page.locator("#log article.reply").nth(number)
    expect(reply).to_be_visible(timeout=20_000)
    return reply


def test_a_question_gets_its_answer_with_a_source_to_open(either: Page, address: str) -> None:
    reply = send(opened(either, address), "青岛跑外卖的意外险补多少")

    expect(reply).to_contain_text("不高于100元")
    expect(reply).to_contain_text("AI生成")
    source = reply.locator(".sources a").first
    assert re.fullmatch(
        r"/policies/qingdao-2023\?as_of=2026-11-24&mark=\d+-\d+#2\.9", source.get_attribute("href") or ""
    )
    assert either.evaluate("document.documentElement.scrollWidth") <= either.viewport_size["width"]  # type: ignore[index]


def test_the_source_opens_its_document_with_the_cited_words_marked(phone: Page, address: str) -> None:
    reply = send(opened(phone, address), "青岛跑外卖的意外险补多少")
    with phone.context.expect_page() as opening:
        reply.locator(".sources a").first.click()

    marked = opening.value.locator("section.cited mark").first
    expect(marked).to_contain_text("不高于100元")
    expect(marked).to_be_in_viewport()


def test_the_sum_leads_and_what_is_over_is_said_in_words(phone: Page, address: str) -> None:
    reply = send(opened(phone, address), LIVING)

    expect(reply.locator(".figure .sum")).to_have_text("30000元(3万元)")
    expect(reply.locator(".figure .what")).to_contain_text("当时")
    expect(reply.locator(".standing").first).to_contain_text("有效期已过(到2025年12月31日)")


def test_conditions_are_ticked_or_open_in_words(phone: Page, address: str) -> None:
    reply = send(opened(phone, address), LIVING)

    expect(reply.locator(".conditions .yes").first).to_contain_text("✓ 符合")
    expect(reply.locator(".conditions .open").first).to_contain_text("待定")
    reply.get_by_text("怎么算的").click()
    expect(reply.get_by_text("其中本科1万元、硕士3万元、博士10万元").first).to_be_visible()


def test_a_screen_reader_hears_chinese_and_no_markup(phone: Page, address: str) -> None:
    send(opened(phone, address), LIVING)
    labels = phone.evaluate(
        "[...document.querySelectorAll('gradio-app [aria-label]')].filter(e => e.getClientRects().length)"
        ".map(e => e.getAttribute('aria-label'))"
    )

    assert "对话" in labels
    assert [label for label in labels if re.search(r"[A-Za-z<>]", label)] == []


def test_a_long_reply_is_read_from_its_beginning(phone: Page, address: str) -> None:
    reply = send(opened(phone, address), LIVING)
    phone.wait_for_timeout(1200)  # the page would have gone on to the end by now

    assert reply.bounding_box()["height"] > 800  # type: ignore[index]
    expect(phone.locator("#log .said")).to_be_in_viewport()
    assert 0 <= reply.bounding_box()["y"] < 200  # type: ignore[index]


def test_a_missing_city_is_chosen_with_a_tap(phone: Page, address: str) -> None:
    reply = send(opened(phone, address), "硕士刚毕业能领多少生活补贴")
    reply.get_by_role("button", name="杭州市").click()

    expect(nth(phone, 1)).to_contain_text("硕士3万元")


def test_what_was_understood_is_corrected_with_two_taps(phone: Page, address: str) -> None:
    reply = send(opened(phone, address), LIVING)
    reply.get_by_text("学历:硕士研究生").click()
    reply.get_by_label("本科", exact=True).check()
    reply.get_by_role("button", name="改成这个").first.click()

    corrected = nth(phone, 1)
    expect(corrected.locator(".figure .sum")).to_have_text("10000元(1万元)")
    expect(corrected.locator(".facts")).to_contain_text("学历:本科")


def test_the_day_of_an_answer_is_visible_and_changed_in_place(phone: Page, address: str) -> None:
    reply = send(opened(phone, address), LIVING)
    reply.get_by_text("按哪天看:2026年11月24日").click()
    reply.get_by_label("换成哪一天").fill("2024-06-01")
    reply.get_by_role("button", name="按这一天再答").click()

    again = nth(phone, 1)
    expect(again.locator(".label")).to_contain_text("按2024年6月1日的规定看")
    assert again.locator(".standing.ended").count() == 0


def test_a_city_chosen_once_is_kept_and_has_its_own_questions(phone: Page, address: str) -> None:
    opened(phone, address)
    phone.get_by_label("您问哪个城市").select_option("青岛市")
    expect(phone.get_by_role("button", name="青岛跑外卖的意外险补多少")).to_be_visible()
    expect(phone.get_by_role("button", name=LIVING)).to_have_count(0)

    opened(phone, address)
    expect(phone.get_by_label("您问哪个城市")).to_have_value("青岛市")
    expect(send(phone, "跑外卖的意外险补多少")).to_contain_text("100元")


def test_a_common_question_is_asked_with_a_tap(phone: Page, address: str) -> None:
    opened(phone, address)
    phone.get_by_role("button", name=LIVING).click()

    expect(nth(phone, 0).locator(".sum")).to_have_text("30000元(3万元)")


def test_a_copy_carries_the_label(browser: Browser, address: str) -> None:
    with fresh(browser, permissions=["clipboard-read", "clipboard-write"]) as context:
        page = opened(context.new_page(), address)
        reply = send(page, LIVING)
        reply.get_by_role("button", name="复制").click()
        expect(reply.get_by_role("button", name="已复制")).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText()")

    assert "30000元" in copied
    assert "AI生成" in copied
    assert "没帮助" not in copied


def test_a_word_on_an_answer_reaches_the_records(phone: Page, address: str) -> None:
    reply = send(opened(phone, address), LIVING)
    reply.get_by_role("button", name="没帮助").click()
    reply.get_by_role("button", name="看不懂").click()

    expect(reply.locator("[data-told]")).to_have_text("谢谢,已记下")


def test_an_answer_can_be_read_aloud(phone: Page, address: str) -> None:
    phone.add_init_script(
        "window.spoken=[]; speechSynthesis.speak = (s) => window.spoken.push([s.lang, s.text])"
    )
    reply = send(opened(phone, address), LIVING)
    reply.get_by_role("button", name="朗读").click()

    ((language, words),) = phone.evaluate("window.spoken")
    assert language == "zh-CN"
    assert "30000元" in words
    expect(reply.get_by_role("button", name="停止朗读")).to_be_visible()


def test_a_talk_is_still_there_after_the_page_was_loaded_anew(phone: Page, address: str) -> None:
    send(opened(phone, address), LIVING)
    opened(phone, address)

    expect(nth(phone, 0).locator(".sum")).to_have_text("30000元(3万元)")


def test_a_long_talk_goes_on(phone: Page, address: str) -> None:
    opened(phone, address)
    for number in range(8):
        send(phone, LIVING if number % 2 else "杭州租房补贴一年多少")

    expect(phone.locator("#log article.reply")).to_have_count(8)


def test_a_visitor_deletes_the_talk(phone: Page, address: str) -> None:
    reply = send(opened(phone, address), LIVING)
    talk = reply.get_attribute("data-talk")
    phone.get_by_role("button", name="删除这次对话").click()

    expect(phone.locator("#log article.reply")).to_have_count(0)  # the page comes anew once it is done
    assert phone.request.get(f"{address}/api/conversations/{talk}").status == 404
    opened(phone, address)
    expect(phone.locator("#log article.reply")).to_have_count(0)


def test_markup_is_shown_as_text_and_personal_data_is_not_shown(phone: Page, address: str) -> None:
    phone.add_init_script("window.struck = 0")
    attack = (
        "<img src=x onerror='window.struck=1'>\n\n<b>杭州</b>[点我](http://x.example) **粗** "
        "13812345678 租房补贴能领几年"
    )
    send(opened(phone, address), attack)

    said = phone.locator("#log .said").first
    expect(said).to_contain_text("[点我](http://x.example) **粗**")
    expect(said).to_contain_text("[手机号]")
    assert phone.get_by_text("13812345678").count() == 0
    assert phone.locator("#log .said b, #log .said img, #log .said a").count() == 0
    assert phone.evaluate("window.struck") == 0


def test_the_keyboard_alone_gets_from_the_top_to_an_answer_and_its_source(
    browser: Browser, address: str
) -> None:
    with fresh(browser, 1280) as context:
        page = opened(context.new_page(), address)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "跳到正文"
        reached = []
        for _ in range(40):
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.tagName"))
            if reached[-1] == "TEXTAREA":
                break
        page.keyboard.type("青岛跑外卖的意外险补多少")
        page.keyboard.press("Enter")
        reply = nth(page, 0)
        for _ in range(60):
            page.keyboard.press("Shift+Tab")
            if page.evaluate("document.activeElement.matches('.sources a')"):
                break

        assert page.evaluate("document.activeElement.matches('.sources a')")
        expect(reply).to_contain_text("100元")


def test_nothing_is_fetched_from_elsewhere_and_nothing_fails(phone: Page, address: str) -> None:
    asked: set[str] = set()
    failed: list[str] = []
    phone.on("request", lambda request: asked.add(request.url))
    phone.on("console", lambda message: failed.append(message.text) if message.type == "error" else None)
    send(opened(phone, address), "杭州租房补贴能领几年")

    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    assert failed == []


@pytest.mark.parametrize(("mode", "least"), [("", 44), ("care", 60)])
def test_every_button_is_large_enough_for_a_thumb(phone: Page, address: str, mode: str, least: int) -> None:
    send(opened(phone, address, f"?mode={mode}"), LIVING)
    small = phone.evaluate(
        """least => [...document.querySelectorAll('button, a.button, select, summary, .nav a, [type=date]')]
            .filter(e => e.getClientRects().length && !e.closest('gradio-app footer'))
            .filter(e => e.getBoundingClientRect().height < least - 0.5)
            .map(e => e.outerHTML.slice(0, 90))""",
        least,
    )

    assert small == []


def test_the_care_mode_is_kept_and_has_large_type(phone: Page, address: str) -> None:
    opened(phone, address)
    phone.get_by_role("link", name="关怀版").click()
    expect(phone.locator("html")).to_have_attribute("data-mode", "care")
    phone.wait_for_timeout(300)  # the choice is kept in the background

    for path in ("/policies", "/chat/"):
        phone.goto(f"{address}{path}")
        expect(phone.locator("html")).to_have_attribute("data-mode", "care")
        assert float(phone.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")) >= 18


def test_without_scripts_the_chat_leads_to_the_plain_page(browser: Browser, address: str) -> None:
    with fresh(browser, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{address}/chat")
        page.get_by_role("link", name="简洁版", exact=True).click()
        page.get_by_label("您想问什么").fill(LIVING)
        page.get_by_role("button", name="问", exact=True).click()
        expect(page.locator(".figure .sum")).to_have_text("30000元(3万元)")
        page.get_by_text("学历:硕士研究生").click()
        page.get_by_label("本科", exact=True).check()
        page.get_by_role("button", name="改成这个").first.click()

        expect(page.locator(".figure .sum").nth(1)).to_have_text("10000元(1万元)")


def test_who_cannot_be_heard_is_told_in_chinese_and_loses_nothing(phone: Page, address: str) -> None:
    opened(phone, address)
    phone.route("**/queue/join*", lambda route: route.abort())
    phone.get_by_label("您的问题").fill(LIVING)
    phone.get_by_role("button", name="发送").click()

    expect(phone.get_by_role("alert")).to_contain_text("没有连上服务")
    expect(phone.get_by_label("您的问题")).to_have_value(LIVING)
    assert phone.get_by_text("Error").locator("visible=true").count() == 0

    phone.unroute("**/queue/join*")
    phone.get_by_role("button", name="发送").click()
    nth(phone, 0)
    expect(phone.locator("#trouble")).to_be_hidden()


def test_who_asks_too_often_is_told_in_the_chat(advisor: Advisor, browser: Browser) -> None:
    with (
        serving(app.build(advisor, lambda: NOW, site=Site(asks_per_minute=1))) as at,
        fresh(browser) as context,
    ):
        page = opened(context.new_page(), at)  # to open the page is to ask once
        page.get_by_label("您的问题").fill(LIVING)
        page.get_by_role("button", name="发送").click()

        expect(page.get_by_role("alert")).to_contain_text("您问得太快了")
        expect(page.get_by_label("您的问题")).to_have_value(LIVING)
