"""How often one visitor may ask on the pages: a minute's worth at a time, then a kind sentence.

A visitor is an address; behind a proxy it is the one that the proxy names. Only counts are held, in
memory, for a minute. The contract under /api is for servers, which many people share: it is not limited
here but at the proxy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from time import monotonic

from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.answering.messages import sentences

_ASKING = (("POST", "/ask"), ("POST", "/chat/gradio_api/queue/join"), ("GET", "/compare"))
_MINUTE = 60.0  # seconds


class Limits:
    """Lets each visitor through so many times a minute."""

    def __init__(self, app: ASGIApp, a_minute: int, clock: Callable[[], float] = monotonic) -> None:
        self._app = app
        self._a_minute = a_minute
        self._clock = clock
        self._asked: Counter[str] = Counter()
        self._since = clock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (scope["method"], scope["path"]) in _ASKING and self._too_often(scope):
            await self._refused(scope)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _refused(self, scope: Scope) -> Response:
        """Return the sentence as the asker reads it: the chat's own script JSON, a person words."""
        said, wait = sentences()["page.too_often"], {"Retry-After": "60"}
        if scope["path"].endswith("/queue/join"):
            return JSONResponse({"detail": said}, 429, wait)
        return PlainTextResponse(said, 429, wait)

    def _too_often(self, scope: Scope) -> bool:
        if self._clock() - self._since >= _MINUTE:
            self._asked.clear()
            self._since = self._clock()
        visitor = scope["client"][0] if scope.get("client") else ""
        self._asked[visitor] += 1
        return self._asked[visitor] > self._a_minute


def limit(app: FastAPI, a_minute: int) -> None:
    """Have `app` let each visitor ask so many times a minute; 0 is no limit."""
    if a_minute:
        app.add_middleware(Limits, a_minute=a_minute)
