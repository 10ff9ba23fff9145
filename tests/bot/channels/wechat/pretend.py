"""A small WeChat that behaves as its documentation says: it pushes, and its API can be called.

It gives up on a push after some seconds and pushes three times in all; it lets five messages through
after somebody wrote (45047), none before (45015); a token it has ended is refused (40001); it can be
busy (-1), slow, or away.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

import httpx
import uvicorn
from fastapi import FastAPI, Request, Response

from bot.channels.wechat.account import Account
from bot.channels.wechat.crypto import seal, signature, unseal
from bot.channels.wechat.push import Form

GIVES_UP_S = 5.0
TRIES = 3
GH = "gh_97417a04a28d"


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that reached somebody."""

    openid: str
    text: str
    by_ai: bool


@dataclass
class PretendWeChat:
    """What the pretend WeChat knows, how it misbehaves, and what reached people."""

    appid: str
    secret: str
    sent: list[Sent] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    codes: dict[str, str] = field(default_factory=dict)  # of wx.login → openid
    spent: set[str] = field(default_factory=set)
    risky: set[str] = field(default_factory=set)  # words
    busy: int = 0  # so many calls are answered "system busy"
    away: set[str] = field(default_factory=set)  # paths
    check_takes_s: float = 0.0
    send_takes_s: float = 0.0
    left: dict[str, int] = field(default_factory=lambda: defaultdict(lambda: -1))  # messages to somebody
    token: str = "t1"

    def end_token(self) -> None:
        self.token = secrets.token_hex(8)

    def behave(self) -> None:
        """Let nothing be wrong any more."""
        self.risky, self.away, self.busy = set(), set(), 0
        self.check_takes_s = self.send_takes_s = 0

    def to(self, openid: str) -> list[str]:
        return [sent.text for sent in list(self.sent) if sent.openid == openid]

    def wait_for(self, openid: str, count: int, seconds: float = 20) -> list[str]:
        """Return what somebody got as soon as it is `count` messages; less when time is up."""
        end = time.monotonic() + seconds
        while len(self.to(openid)) < count and time.monotonic() < end:
            time.sleep(0.02)
        return self.to(openid)

    # ── its API ──────────────────────────────────────────────────────────────────────────────

    def app(self) -> FastAPI:  # noqa: C901  one function an address
        api = FastAPI()

        @api.middleware("http")
        async def misbehave(request: Request, go_on: Callable[..., Any]) -> Response:
            self.calls[request.url.path] += 1
            if request.url.path in self.away:
                return Response("<html>502</html>", 502)
            if self.busy:
                self.busy -= 1
                return Response('{"errcode":-1,"errmsg":"system error"}')
            token = request.query_params.get("access_token", self.token)
            if token != self.token:
                return Response('{"errcode":40001,"errmsg":"invalid credential"}')
            return await go_on(request)  # type: ignore[no-any-return]

        @api.post("/cgi-bin/stable_token")
        async def stable_token(request: Request) -> dict[str, object]:
            asked = await request.json()
            if asked["grant_type"] != "client_credential" or asked["secret"] != self.secret:
                return {"errcode": 40125, "errmsg": "invalid appsecret"}
            return {"access_token": self.token, "expires_in": 7200}

        @api.get("/sns/jscode2session")
        async def session(appid: str, secret: str, js_code: str, grant_type: str) -> dict[str, object]:
            if (appid, secret, grant_type) != (self.appid, self.secret, "authorization_code"):
                return {"errcode": 40013, "errmsg": "invalid appid"}
            if js_code in self.spent:
                return {"errcode": 40163, "errmsg": "code been used"}
            if js_code not in self.codes:
                return {"errcode": 40029, "errmsg": "invalid code"}
            self.spent.add(js_code)
            return {"openid": self.codes[js_code], "session_key": "c2Vzc2lvbl9rZXk="}

        @api.post("/cgi-bin/message/custom/send")
        async def send(request: Request) -> dict[str, object]:
            message = await request.json()
            openid = message["touser"]
            if len(message["text"]["content"].encode()) > 2048:
                return {"errcode": 45002, "errmsg": "content size out of limit"}
            if self.left[openid] < 0:
                return {"errcode": 45015, "errmsg": "response out of time limit"}
            if self.left[openid] == 0:
                return {"errcode": 45047, "errmsg": "out of response count limit"}
            self.left[openid] -= 1
            by_ai = message.get("aimsgcontext") == {"is_ai_msg": 1}
            self.sent.append(Sent(openid, message["text"]["content"], by_ai))
            await asyncio.sleep(self.send_takes_s)
            return {"errcode": 0, "errmsg": "ok"}

        @api.post("/wxa/msg_sec_check")
        async def check(request: Request) -> dict[str, object]:
            asked = await request.json()
            await asyncio.sleep(self.check_takes_s)
            if asked["version"] != 2 or len(asked["content"]) > 2500:
                return {"errcode": 40003, "errmsg": "invalid argument"}
            risky = any(word in asked["content"] for word in self.risky)
            return {"errcode": 0, "result": {"suggest": "risky" if risky else "pass", "label": 100}}

        return api


@dataclass
class Pusher:
    """Pushes what people write to an address, as WeChat would."""

    wechat: PretendWeChat
    account: Account
    address: str  # of the push
    clock: Callable[[], datetime]
    form: Form = Form.XML
    sealed: bool = True
    gives_up_s: float = GIVES_UP_S

    def text(self, openid: str, words: str, msg_id: str | None = None) -> httpx.Response | None:
        """Push what somebody wrote; None when no try of the three was answered."""
        self.wechat.left[openid] = 5
        fields = {"MsgType": "text", "Content": words, "MsgId": msg_id or str(secrets.randbits(63))}
        return self.push(openid, fields)

    def event(self, openid: str, event: str, **fields: str) -> httpx.Response | None:
        self.wechat.left[openid] = max(self.wechat.left[openid], 2)
        return self.push(openid, {"MsgType": "event", "Event": event, **fields})

    def push(self, openid: str, fields: dict[str, str]) -> httpx.Response | None:
        for _ in range(TRIES):
            query, body = self.request(openid, fields)
            try:
                response = httpx.post(
                    self.address, params=query, content=body, timeout=self.gives_up_s, trust_env=False
                )
            except httpx.HTTPError:
                continue
            if response.status_code == 200:
                return response
        return None

    def request(self, openid: str, fields: dict[str, str]) -> tuple[dict[str, str], bytes]:
        """Return query and body of a push."""
        stamp, nonce = str(int(self.clock().timestamp())), secrets.token_hex(5)
        message = {"ToUserName": GH, "FromUserName": openid, "CreateTime": stamp, **fields}
        body = written(self.form, message)
        query = {"timestamp": stamp, "nonce": nonce}
        if not self.sealed:
            return {**query, "signature": signature(self.account.token, stamp, nonce)}, body
        assert self.account.aes_key
        sealed = seal(body, self.account.aes_key, self.account.appid, secrets.token_bytes(16))
        signed = signature(self.account.token, stamp, nonce, sealed)
        body = written(self.form, {"ToUserName": GH, "Encrypt": sealed})
        return {**query, "openid": openid, "encrypt_type": "aes", "msg_signature": signed}, body

    def opened(self, response: httpx.Response) -> dict[str, str]:
        """Return the fields of a response, its signature checked."""
        fields = read(self.form, response.content)
        if not self.sealed:
            return fields
        parts = (self.account.token, fields["TimeStamp"], fields["Nonce"], fields["Encrypt"])
        assert fields["MsgSignature"] == signature(*parts)
        assert self.account.aes_key
        return read(self.form, unseal(fields["Encrypt"], self.account.aes_key, self.account.appid))


def written(form: Form, fields: dict[str, str]) -> bytes:
    if form is Form.JSON:
        return json.dumps(fields).encode()
    inside = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in fields.items())
    return f"<xml>{inside}</xml>".encode()


def read(form: Form, body: bytes) -> dict[str, str]:
    if form is Form.JSON:
        return {name: str(value) for name, value in json.loads(body).items()}
    return {child.tag: child.text or "" for child in ElementTree.fromstring(body)}


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve `app` on a free port of this machine; yield its address."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
