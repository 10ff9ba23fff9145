"""Who a request comes from, and how often one visitor may ask on the pages.

A visitor is an address; behind a proxy it is the one that the proxy names. The contract under /api is for
servers, which many people share: it is not limited here but at the proxy. Programs that call /v1 and /mcp
have limits of their own, see bot.channels.callers.
"""

from __future__ import annotations

from time import monotonic

from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.answering.messages import sentences
from bot.visitors import MINUTE, Share, visitor

_ASKING = (("POST", "/ask"), ("POST", "/chat/gradio_api/queue/join"), ("GET", "/compare"))


class _Named:
    """Names the visitor for as long as a request takes. The chat's events run elsewhere: they have none."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope.get("client"):
            visitor.set(scope["client"][0])
        await self._app(scope, receive, send)


class _Limited:
    """Lets each visitor ask as often as their share says."""

    def __init__(self, app: ASGIApp, share: Share) -> None:
        self._app = app
        self._share = share

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asks = scope["type"] == "http" and (scope["method"], scope["path"]) in _ASKING
        wait = self._share.take(visitor.get()) if asks else 0
        answering = _refusal(scope["path"], wait) if wait else self._app
        await answering(scope, receive, send)


def _refusal(path: str, wait: int) -> Response:
    """Return the sentence as the asker reads it: the chat's own script JSON, a person words."""
    said, headers = sentences()["page.too_often"], {"Retry-After": str(wait)}
    if path.endswith("/queue/join"):
        return JSONResponse({"detail": said}, 429, headers)
    return PlainTextResponse(said, 429, headers)


def limit(app: FastAPI, a_minute: int) -> None:
    """Have `app` name its visitors and let each ask so many times a minute; 0 is no limit."""
    if a_minute:
        app.add_middleware(_Limited, share=Share(a_minute, MINUTE, monotonic))
    app.add_middleware(_Named)
