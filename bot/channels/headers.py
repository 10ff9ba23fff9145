"""What every response tells the browser: load nothing from elsewhere, be framed by nobody unasked."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import PlainTextResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.site import WrongSetting

_CLOSED = ("/chat/gradio_api/upload", "/chat/gradio_api/upload_progress")  # nobody has anything to upload


def _headers(frame_ancestors: Sequence[str]) -> dict[str, str]:
    ancestors = " ".join(("'self'", *frame_ancestors))
    return {
        # Gradio needs inline scripts and styles; it evaluates nothing.
        "Content-Security-Policy": (
            "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
            "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
            f"worker-src 'self' blob:; frame-ancestors {ancestors}; base-uri 'self'; form-action 'self'; "
            "object-src 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    }


class _Headers:
    """Adds the headers while the response starts, so that a stream is not held back."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self._app = app
        self._added = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._added)
            await send(message)

        if scope["type"] == "http" and scope["path"].startswith(_CLOSED):
            await PlainTextResponse("这里不收文件", 404)(scope, receive, with_headers)
            return
        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


def guard(app: FastAPI, origins: Sequence[str] = (), frame_ancestors: Sequence[str] = ()) -> None:
    """Have every response of `app`, mounted pages included, carry the headers.

    Only pages of `origins` may call and read what is answered; only `frame_ancestors` may show a page
    in a frame. Gradio by itself would let any page in; it leaves the matter alone where its parent has
    decided it.

    Raises:
        WrongSetting: an address of `frame_ancestors` would end the policy and begin another.
    """
    for address in frame_ancestors:
        if set(address) & set(";,'\" \n\t") or not address.startswith(
            "https://" if "localhost" not in address else "http"
        ):
            raise WrongSetting(
                f"ADVISOR_FRAME_ANCESTORS 应为 https://*.example.gov.cn 这样的地址,写的是 {address!r}"
            )
    app.add_middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Content-Type"],
    )
    app.add_middleware(_Headers, headers=_headers(frame_ancestors))
