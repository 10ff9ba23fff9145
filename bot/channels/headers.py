"""What every response tells the browser: load nothing from elsewhere, be framed by nobody unasked."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADERS = {
    # Gradio needs inline scripts and styles; it evaluates nothing.
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
        "worker-src 'self' blob:; frame-ancestors 'self'; base-uri 'self'; form-action 'self'; "
        "object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


class _Headers:
    """Adds the headers while the response starts, so that a stream is not held back."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


def guard(app: FastAPI, origins: Sequence[str] = ()) -> None:
    """Have every response of `app`, mounted pages included, carry the headers.

    Only pages of `origins` may read what is answered. Gradio by itself would let any page in; it
    leaves the matter alone where its parent has decided it.
    """
    app.add_middleware(CORSMiddleware, allow_origins=origins)
    app.add_middleware(_Headers)
