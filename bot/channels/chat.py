"""The page at /chat (Gradio): one question at a time, the answer with its sources, no outside request."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from bot.advisor import LONGEST_MESSAGE, Advisor, UnknownConversation
from bot.answering.messages import LABEL, sentences
from bot.privacy import mask
from bot.types import Answer, Citation, Question
from knowledge.metadata import days

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported
import gradio as gr

_STYLE = Path(__file__).with_name("static") / "chat.css"
_HEAD = '<script>document.documentElement.lang="zh-CN"</script>'
_FONTS = ["PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "sans-serif"]
_HELPFUL, _NOT_HELPFUL = "有帮助", "没帮助"
_ANY_CITY = "在问题里说明"
_EXAMPLES = (
    "杭州硕士刚毕业能领多少生活补贴",
    "青岛跑外卖的意外险补多少",
    "在济南开公司要几天",
    "上海灵活就业有社保补贴吗",
)

Messages = list[dict[str, Any]]


def mount(app: FastAPI, advisor: Advisor, clock: Callable[[], datetime]) -> FastAPI:
    """Mount the page on `app` at /chat."""
    page = _page(advisor, clock)
    page.queue(max_size=64, default_concurrency_limit=8, api_open=False)
    gr.mount_gradio_app(
        app,
        page,
        "/chat",
        theme=gr.themes.Default(font=_FONTS, font_mono=["Consolas", "monospace"]),
        css_paths=_STYLE,
        head=_HEAD,
        footer_links=[],
        run_history=False,
        show_error=False,
        enable_monitoring=False,
        max_file_size="1mb",
        mcp_server=False,
        pwa=False,
        ssr_mode=False,
    )
    return app


def _page(advisor: Advisor, clock: Callable[[], datetime]) -> gr.Blocks:
    covered = [advisor.regions.get(code).name for code in advisor.settler.covered]
    page = gr.Blocks(title="就业创业政策问答", analytics_enabled=False, fill_width=True)
    with page:
        # Markdown, not HTML: gr.HTML evaluates its content as a template, which the page forbids.
        gr.Markdown(f"# 就业创业政策问答\n\n{sentences()['page.bar']}", elem_classes="bar")
        with gr.Row(elem_classes="where-and-when"):
            city = gr.Dropdown([_ANY_CITY, *covered], value=_ANY_CITY, label="您问哪个城市")
            day = gr.Textbox(lambda: clock().date().isoformat(), label="按哪一天的规定看", max_length=12)
        log = gr.Chatbot(
            label="对话",
            buttons=["copy"],
            allow_tags=False,
            height="60vh",
            feedback_options=[_HELPFUL, _NOT_HELPFUL],
            placeholder=f"您好!请说说您想问的事,比如“{_EXAMPLES[0]}”。",
        )
        box = gr.Textbox(
            label="您的问题",
            placeholder="请输入您的问题",
            submit_btn="发送",
            max_length=LONGEST_MESSAGE,
            elem_id="question",
            autofocus=True,
        )
        with gr.Row(elem_classes="examples"):
            buttons = [gr.Button(text, size="sm") for text in _EXAMPLES]
        links = "[政策原文](/policies) [转人工:12333](tel:12333)"
        gr.Markdown(f"{links}\n\n{sentences()['page.disclaimer']}", elem_classes="footer")
        conversation = gr.State("")
        answer_ids = gr.State({})
        _wire(advisor, clock, (box, log, conversation, answer_ids, city, day), buttons)
    return page


def _wire(
    advisor: Advisor,
    clock: Callable[[], datetime],
    fields: tuple[gr.Textbox, gr.Chatbot, gr.State, gr.State, gr.Dropdown, gr.Textbox],
    buttons: list[gr.Button],
) -> None:
    box, log, conversation, answer_ids, city, day = fields

    def reply(
        message: str, shown: Messages, talk: str, ids: dict[int, str], place: str, when: str
    ) -> Iterator[tuple[str, Messages, str, dict[int, str]]]:
        asked = [*shown, {"role": "user", "content": as_text(mask(message).text)}]
        yield "", [*asked, {"role": "assistant", "content": "正在查条款……"}], talk, ids
        answer = _answer(advisor, clock(), message, talk, place, when)
        if isinstance(answer, str):
            yield "", [*asked, {"role": "assistant", "content": answer}], talk, ids
            return
        options = [{"value": name} for ask in answer.asks for name in ask.options]
        told = {"role": "assistant", "content": _told(answer), "options": options}
        talk = answer.conversation_id
        yield "", [*asked, told], talk, {**ids, len(asked): answer.answer_id}

    def choose(
        shown: Messages, talk: str, ids: dict[int, str], place: str, when: str, event: gr.SelectData
    ) -> Iterator[tuple[str, Messages, str, dict[int, str]]]:
        yield from reply(str(event.value), shown, talk, ids, place, when)

    def rate(ids: dict[int, str], event: gr.LikeData) -> None:
        index = event.index if isinstance(event.index, int) else event.index[0]
        if answer_id := ids.get(index):
            advisor.records.add_feedback(answer_id, event.liked == _HELPFUL, None, clock())

    state = [log, conversation, answer_ids]
    shown = [box, *state]
    asked: dict[str, Any] = {"outputs": shown, "api_visibility": "private", "show_progress": "hidden"}
    box.submit(reply, [box, *state, city, day], **asked)
    log.option_select(choose, [*state, city, day], **asked)
    log.like(rate, [answer_ids], None, api_visibility="private")
    for button in buttons:
        button.click(reply, [button, *state, city, day], **asked)


def _day(written: str) -> date | None:
    """Return the day that somebody wrote, as 2024-06-01 or as 2024年6月1日; None where it is none."""
    try:
        return next(iter(days(written)), None)
    except ValueError:  # 2023-02-30
        return None


def _answer(advisor: Advisor, now: datetime, message: str, talk: str, place: str, when: str) -> Answer | str:
    """Return the answer, or a sentence that says what is wrong with the form."""
    as_of = _day(when) if when.strip() else now.date()
    if as_of is None:
        return "“按哪一天的规定看”里的日期不对,请写成 2024-06-01 这样,再问一次。"
    region = None if place == _ANY_CITY else place
    question = Question(message=message, as_of=as_of, region=region, conversation_id=talk or None)
    try:
        return advisor.answer(question, now)
    except UnknownConversation:  # erased or past its days: the talk begins anew
        question = Question(message=message, as_of=as_of, region=region)
        return advisor.answer(question, now)


def _told(answer: Answer) -> str:
    """Return the reply as the page shows it: text, sources to open, the AI mark."""
    sources = "\n".join(_source(citation) for citation in answer.citations)
    return "\n\n".join(part for part in (answer.text, sources, f"<small>{LABEL}</small>") if part)


def _source(citation: Citation) -> str:
    title = as_text(f"《{citation.title}》{citation.label}")
    quote = as_text(citation.quote)
    return f"{citation.n}. [{title}]({citation.url})\n\n<details><summary>看原文</summary>{quote}</details>\n"


def as_text(text: str) -> str:
    """Return `text` so that Markdown and HTML show it as it is: links and tags stay words."""
    return re.sub(r"([\\`*_{}\[\]<>()#+\-.!|~&:$])", r"\\\1", text)
