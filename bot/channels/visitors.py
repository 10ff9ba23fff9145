"""Who is asking, for the limits of a model: the address a request came from, in memory only."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from bot.llm.limits import visitor


class Visitors:
    """Notes the address for as long as a request takes. The page's events run elsewhere: they have none."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope.get("client"):
            visitor.set(scope["client"][0])
        await self._app(scope, receive, send)
