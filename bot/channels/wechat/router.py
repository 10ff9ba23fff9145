"""The channel in WeChat: /wechat/push for what WeChat pushes, /api/wechat/login for the mini-program."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import PlainTextResponse

from bot.advisor import Advisor
from bot.answering.messages import say, sentences
from bot.channels.api import Body, Json
from bot.channels.wechat.account import Account, Kind
from bot.channels.wechat.clerk import Clerk
from bot.channels.wechat.client import Away, Refused, Unsure, WeChat
from bot.channels.wechat.postman import Postman
from bot.channels.wechat.push import NotFromWeChat, Push, media_type, opened, passive, verified
from bot.channels.wechat.safety import Safety
from bot.channels.wechat.wording import marked, plain
from bot.records.mailbox import KEPT_FOR, Mailbox
from bot.understanding.reading import smalltalk
from knowledge.normalize import normalized

_ACCEPTED = "success"
_PASSIVE_WITHIN_S = 4.0  # WeChat gives up after five
_OPENS = {"user_enter_tempsession", "subscribe"}
_CODE_SPENT = {40029, 40163}
_HIGH_RISK = 40226

_log = logging.getLogger(__name__)


class LoginBody(Body):
    code: str  # from wx.login; holds for five minutes, once


class CheckBody(Body):
    text: str


@dataclass(frozen=True, slots=True)
class Channel:
    """Everything that answers in WeChat for one account."""

    account: Account
    advisor: Advisor
    mailbox: Mailbox
    clerk: Clerk  # at the mailbox
    wechat: WeChat
    safety: Safety
    postman: Postman
    clock: Callable[[], datetime]

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Hold the connections to WeChat, and answer letters, those of before included."""
        async with self.wechat, self.postman:
            yield
        self.clerk.close()


def channel(account: Account, advisor: Advisor, clock: Callable[[], datetime]) -> Channel:
    """Return the channel for `account`; it works while it is open."""
    mailbox = Mailbox(advisor.records.engine)
    wechat = WeChat(account, clock)
    clerk = Clerk("wechat-mailbox")
    safety = Safety(account, wechat)
    postman = Postman(advisor, mailbox, clerk, wechat, safety, clock)
    return Channel(account, advisor, mailbox, clerk, wechat, safety, postman, clock)


def router(channel: Channel) -> APIRouter:
    """Return the routes of the channel."""
    routes = APIRouter()
    _push_routes(routes, channel)
    _mini_program_routes(routes, channel)
    return routes


# ── what WeChat pushes ───────────────────────────────────────────────────────────────────────


def _push_routes(routes: APIRouter, channel: Channel) -> None:
    @routes.get("/wechat/push", include_in_schema=False)
    async def verify(request: Request) -> Response:
        try:
            return PlainTextResponse(verified(channel.account, request.query_params, channel.clock()))
        except NotFromWeChat as error:
            return _forbidden(error)

    @routes.post("/wechat/push", include_in_schema=False)
    async def push(request: Request) -> Response:
        body = await request.body()
        try:
            found = opened(channel.account, request.query_params, body, channel.clock())
        except NotFromWeChat as error:
            return _forbidden(error)
        if channel.account.kind is Kind.OFFICIAL_ACCOUNT:  # the answer itself is waited for
            return await _received(channel, found)
        with channel.postman.receiving():
            return await _received(channel, found)


def _forbidden(error: NotFromWeChat) -> Response:
    """Answer the same whatever was wrong: who is not WeChat learns nothing."""
    _log.warning("a push was refused: %s", error)
    return PlainTextResponse("forbidden", 403)


async def _received(channel: Channel, push: Push) -> Response:
    if push.kind == "event":
        return await _event(channel, push)
    if smalltalk(normalized(push.text)) == "person":
        return await _handed_over(channel, push)
    words = None if push.text.strip() else [marked(sentences()["wechat.only_text"])]
    new = await channel.clerk.do(
        channel.mailbox.take_in, push.key, push.user, push.text, channel.clock(), parts=words
    )
    if new and channel.account.kind is Kind.OFFICIAL_ACCOUNT:
        return await _at_once(channel, push)
    if new:
        channel.postman.wake(push.user)
    return PlainTextResponse(_ACCEPTED)


async def _event(channel: Channel, push: Push) -> Response:
    """Greet somebody who opens the talk and was not here lately; other events ask for nothing."""
    if push.event not in _OPENS:
        return PlainTextResponse(_ACCEPTED)
    now = channel.clock()
    known = await channel.clerk.do(channel.mailbox.knows, push.user, now)
    words = [] if known else [_greeting(channel.advisor)]
    new = await channel.clerk.do(
        channel.mailbox.take_in, push.key, push.user, "", now, parts=words, by_hand=False
    )
    if push.session_from and channel.advisor.regions.resolve(push.session_from):
        await channel.clerk.do(channel.mailbox.place, push.user, push.session_from)
    if new and not known and channel.account.kind is Kind.OFFICIAL_ACCOUNT:
        return await _at_once(channel, push)
    channel.postman.wake(push.user)
    return PlainTextResponse(_ACCEPTED)


def _greeting(advisor: Advisor) -> str:
    spans = say("smalltalk.hello", cities=advisor.settler.covered_names())
    return marked(plain("".join(span.text for span in spans)))


async def _handed_over(channel: Channel, push: Push) -> Response:
    """Have WeChat pass the talk to a person at its console; this has to be said in the response."""
    now = channel.clock()
    if await channel.clerk.do(channel.mailbox.take_in, push.key, push.user, push.text, now, parts=[]):
        channel.postman.hand_over(push.user)
    return _message(channel, push, MsgType="transfer_customer_service")


async def _at_once(channel: Channel, push: Push) -> Response:
    """Answer in the response itself when the answer is there in time; else it is sent."""
    reply = await channel.postman.reply_within(push.key, push.user, _PASSIVE_WITHIN_S)
    if reply is None:
        return PlainTextResponse(_ACCEPTED)
    return _message(channel, push, MsgType="text", Content=reply)


def _message(channel: Channel, push: Push, **fields: str) -> Response:
    body = passive(channel.account, push, channel.clock(), **fields)
    return Response(body, media_type=media_type(push.form))


# ── what the mini-program asks ───────────────────────────────────────────────────────────────


def _mini_program_routes(routes: APIRouter, channel: Channel) -> None:
    @routes.post("/api/wechat/login")
    async def login(body: LoginBody) -> Json:
        openid = await _logged_in(channel, body.code)
        token = await channel.clerk.do(channel.mailbox.log_in, openid, channel.clock())
        return {"token": token, "expires_in": int(KEPT_FOR.total_seconds())}

    @routes.post("/api/wechat/check")
    async def check(body: CheckBody, request: Request) -> Json:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        openid = await channel.clerk.do(channel.mailbox.logged_in, token, channel.clock())
        if openid is None or scheme.lower() != "bearer":
            raise HTTPException(401, {"field": "authorization", "problem": "登录已过期,请重新打开小程序"})
        allowed = await channel.safety.allows(openid, body.text)
        return {"allowed": allowed, "text": "" if allowed else sentences()["wechat.unsafe"]}


async def _logged_in(channel: Channel, code: str) -> str:
    try:
        return await channel.wechat.openid(code)
    except Refused as error:
        if error.code in _CODE_SPENT:
            raise HTTPException(401, {"field": "code", "problem": "登录凭证已失效,请重新登录"}) from None
        if error.code == _HIGH_RISK:
            raise HTTPException(403, {"field": "code", "problem": "微信拦下了这次登录,请拨打12333"}) from None
        _log.error("nobody can log in: %s", error)
        raise HTTPException(500, {"field": "code", "problem": "现在不能登录,请拨打12333"}) from None
    except (Away, Unsure) as error:
        _log.warning("a login failed: %s", error)
        problem = {"field": "code", "problem": "微信暂时没有回应,请稍后再试"}
        raise HTTPException(503, problem, {"Retry-After": "2"}) from None
