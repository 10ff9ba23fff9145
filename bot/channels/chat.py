"""The page at /chat. Gradio holds the conversation; around it stands the same frame as on every page.

What is said comes as the form that /ask also takes (see bot.channels.asking); what is answered goes out
as the same HTML, made by a template that escapes everything.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any

from fastapi import FastAPI, Request
from markupsafe import Markup
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.advisor import LONGEST_MESSAGE
from bot.answering.render import answer_json
from bot.channels.asking import answered, earlier, read_form, said
from bot.channels.common_questions import common_questions
from bot.channels.pages import TEMPLATES, Pages
from bot.channels.reply import Reply, reply
from bot.privacy import mask
from bot.types import Answer

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported
import gradio as gr

_PATH = "/chat/"
_READY = "ready"

Messages = list[dict[str, Any]]


def mount(app: FastAPI, pages: Pages) -> FastAPI:
    """Mount the page on `app` at /chat."""
    page = _page(pages)
    page.queue(max_size=64, default_concurrency_limit=8, api_open=False)
    gr.mount_gradio_app(
        app,
        page,
        _PATH.rstrip("/"),
        theme=gr.themes.Base(font=["inherit"], font_mono=["Consolas", "monospace"]),
        footer_links=[],
        run_history=False,
        show_error=False,
        enable_monitoring=False,
        max_file_size=1,  # byte; there is nothing to upload, and the route is closed as well
        mcp_server=False,
        pwa=False,
        ssr_mode=False,
    )
    app.add_middleware(_Framed, pages=pages)
    return app


def _page(pages: Pages) -> gr.Blocks:
    page = gr.Blocks(title="问一问 · 就业创业政策问答", analytics_enabled=False, fill_width=True)
    with page:
        log = gr.Chatbot(
            label="对话",
            show_label=False,
            container=False,
            buttons=[],
            feedback_options=None,
            sanitize_html=False,  # every message is made by our own template, which escapes
            latex_delimiters=[],
            allow_tags=True,
            autoscroll=False,  # a new reply is read from its beginning
            height="auto",
            elem_id="log",
        )
        gr.Textbox(
            label="您的问题",
            placeholder="请输入您的问题",
            submit_btn="发送",
            max_length=LONGEST_MESSAGE,
            max_lines=6,
            elem_id="question",
        )
        form = gr.Textbox(visible="hidden", elem_id="form")  # what a form on the page says
        send = gr.Button("发送这张表", visible="hidden", elem_id="send-form")
        _wire(pages, page, log, form, send)
    return page


def _wire(pages: Pages, page: gr.Blocks, log: gr.Chatbot, form: gr.Textbox, send: gr.Button) -> None:
    def told(written: str) -> Iterator[tuple[Messages, str]]:
        typed = read_form(written or "")
        shown = [one for turn in earlier(pages, "".join(typed.get("talk", ())[:1])) for one in _turn(*turn)]
        if "again" in typed:  # the page was loaded anew within a talk
            yield shown, ""
            return
        asked = said(typed, pages)
        if asked.problem:
            yield [*shown, _message("trouble.html", problem=asked.problem)], ""
            return
        message = mask(asked.question.message).text
        shown.append({"role": "user", "content": _said(message)})
        working = _stepwise(lambda step: answered(asked.question, pages.advisor, pages.clock(), step))
        try:
            while True:
                yield [*shown, _message("working.html", step=next(working))], ""
        except StopIteration as done:
            answer: Answer = done.value
        yield [*shown, _answer(reply(answer_json(answer), pages.advisor, message))], ""

    listening: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    # "multiple": Gradio never hears the end of a click that the network lost, and would wait for it
    send.click(told, form, [log, form], trigger_mode="multiple", **listening)
    page.load(lambda: _READY, None, form, **listening)  # from now on a click is heard


def _stepwise(answering: Callable[[Callable[[str], None]], Answer]) -> Generator[str, None, Answer]:
    """Yield the steps of an answer while they happen; the generator returns the answer."""
    steps: SimpleQueue[str | None] = SimpleQueue()
    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(answering, steps.put)
        working.add_done_callback(lambda _: steps.put(None))
        yield from iter(steps.get, None)
        return working.result()


# ── what a message looks like ────────────────────────────────────────────────────────────────


def _turn(asked: str, one: Reply) -> Messages:
    return [{"role": "user", "content": _said(asked)}, _answer(one)]


def _answer(one: Reply) -> dict[str, Any]:
    return _message("message.html", one=one)


def _said(message: str) -> str:
    lines = Markup("&#10;").join(message.split("\n"))  # an empty line would end the block of HTML
    return _html(Markup('<div class="said">{}</div>').format(lines))


def _message(template: str, **words: object) -> dict[str, Any]:
    return {"role": "assistant", "content": _html(TEMPLATES.get_template(template).render(**words))}


def _html(html: str) -> str:
    """Return HTML that Markdown passes on as it is: one block, which an empty line would end."""
    return re.sub(r"\s*\n\s*", " ", html).strip()


# ── the frame around it ──────────────────────────────────────────────────────────────────────


class _Framed:
    """Puts our frame around Gradio's page as it goes out: what stands there before any script has run."""

    def __init__(self, app: ASGIApp, pages: Pages) -> None:
        self._app = app
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != _PATH or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        await self._app({**scope, "headers": plain}, receive, _Outgoing(self._pages, Request(scope), send))


class _Outgoing:
    """Holds a response back until it is whole, frames it, and sends it."""

    def __init__(self, pages: Pages, request: Request, send: Send) -> None:
        self._pages, self._request, self._send = pages, request, send
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        if message["type"] != "http.response.body":
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        if self._start["status"] == 200 and self._body:
            self._body = framed(self._body.decode(), self._pages, self._request).encode()
            headers = MutableHeaders(raw=self._start["headers"])
            headers["content-length"] = str(len(self._body))
            headers["cache-control"] = "no-store"
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": self._body})


def framed(html: str, pages: Pages, request: Request) -> str:
    """Return Gradio's page with our head, frame and language.

    Raises:
        ValueError: the page is not as this version of Gradio makes it.
    """
    at = pages.at(request, "/chat")
    words = {
        "at": at,
        "bar": pages.bar,
        "day": pages.clock().date(),
        "questions": common_questions(pages.advisor, at.chosen.city),
    }

    def part(name: str) -> str:
        return TEMPLATES.get_template(f"chat_{name}.html").render(**words)

    html = _SHARING.sub("", html)
    chosen = "".join(
        f' data-{name}="{value}"'
        for name, value in (("mode", at.chosen.mode), ("theme", at.chosen.theme))
        if value
    )
    for anchor, ours in (
        ('lang="en"', f'lang="zh-CN"{chosen}'),
        ("</head>", part("head") + "</head>"),
        ("<body", '<body id="page"'),
        ("<gradio-app", part("top") + "<gradio-app"),
        ("</gradio-app>", "</gradio-app>" + part("bottom")),
    ):
        if html.count(anchor) != 1:
            raise ValueError(
                f"expected {anchor!r} once in Gradio's page, found it {html.count(anchor)} times"
            )
        html = html.replace(anchor, ours)
    return html


_SHARING = re.compile(
    r'<meta\s+(?:property|name)="(?:og|twitter):[^>]*>'
)  # Gradio's, with addresses elsewhere
