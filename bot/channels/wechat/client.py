"""WeChat's API, as far as the channel needs it: token, login, messages to people, the content check."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

import httpx

from bot.channels.wechat.account import Account

_TIMEOUT = httpx.Timeout(20, connect=5)  # a slow message is waited for: sending it again would double it
_CHECK_TIMEOUT_S = 2.0
_PAUSES_S = (0.5, 1.0)  # while WeChat is busy
_BUSY = {-1, 45009, 45011}
_TOKEN_GONE = {40001, 40014, 42001}
_RENEWED_BEFORE = timedelta(minutes=5)  # the old token and the new one both hold for so long
_LONGEST_CHECKED = 2500  # characters
_COMMENT = 2  # what kind of text is checked: 评论

_log = logging.getLogger(__name__)


class Refused(Exception):
    """WeChat has said no, and has done nothing."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code} {message}")
        self.code = code


class Away(Exception):
    """WeChat could not be reached or stays busy, and has done nothing."""


class Unsure(Exception):
    """The connection broke after the request: it may have been carried out."""


class Suggestion(StrEnum):
    """What the content check makes of a text."""

    PASS = "pass"
    REVIEW = "review"  # a person should look at it
    RISKY = "risky"


@dataclass(slots=True)
class _Token:
    value: str = ""
    until: datetime | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class WeChat:
    """The API for one account; an async context manager that holds the connections."""

    def __init__(self, account: Account, clock: Callable[[], datetime]) -> None:
        self._account = account
        self._clock = clock

    async def __aenter__(self) -> Self:
        self._token = _Token()
        # No proxy from the environment: what people write goes to WeChat and nowhere else.
        self._http = httpx.AsyncClient(base_url=self._account.api, timeout=_TIMEOUT, trust_env=False)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def send(self, openid: str, text: str) -> None:
        """Send a message to somebody; WeChat writes under it that an AI made it.

        Raises:
            Refused, Away: it was not sent. Unsure: it may have been.
        """
        message = {"touser": openid, "msgtype": "text", "text": {"content": text}}
        await self._with_token("/cgi-bin/message/custom/send", {**message, "aimsgcontext": {"is_ai_msg": 1}})

    async def check(self, openid: str, text: str) -> Suggestion | None:
        """Return what WeChat makes of a text; None, and a line in the log, when it does not say in time."""
        content = {"content": text[:_LONGEST_CHECKED], "version": 2, "scene": _COMMENT, "openid": openid}
        try:
            async with asyncio.timeout(_CHECK_TIMEOUT_S):
                found = await self._with_token("/wxa/msg_sec_check", content)
            return Suggestion(found["result"]["suggest"])
        except (Refused, Away, Unsure, TimeoutError, KeyError, TypeError, ValueError) as error:
            _log.warning("seccheck_unavailable: %s %s", type(error).__name__, error)
            return None

    async def openid(self, code: str) -> str:
        """Return who has logged in with `code`; the session key that comes with it is dropped here.

        Raises:
            Refused, Away, Unsure: see `send`.
        """
        query = {
            "appid": self._account.appid,
            "secret": self._account.secret,
            "js_code": code,
            "grant_type": "authorization_code",
        }
        found = await self._patiently("GET", "/sns/jscode2session", params=query)
        return str(found["openid"])

    async def _with_token(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        """Post `body`; with a token that WeChat no longer knows, once again with a new one."""
        token = await self._current_token()
        try:
            return await self._patiently("POST", path, {"access_token": token}, body)
        except Refused as error:
            if error.code not in _TOKEN_GONE:
                raise
        if self._token.value == token:
            self._token.until = None
        token = await self._current_token()
        try:
            return await self._patiently("POST", path, {"access_token": token}, body)
        except Refused as error:
            raise (Away(str(error)) if error.code in _TOKEN_GONE else error) from None

    async def _current_token(self) -> str:
        async with self._token.lock:
            now = self._clock()
            if self._token.until is None or self._token.until <= now:
                # Never force_refresh: that would end the token for everybody else who uses it.
                asked = {
                    "grant_type": "client_credential",
                    "appid": self._account.appid,
                    "secret": self._account.secret,
                    "force_refresh": False,
                }
                try:
                    found = await self._patiently("POST", "/cgi-bin/stable_token", body=asked)
                except (Refused, Unsure) as error:  # a wrong secret, an address that is not let in
                    _log.error("WeChat gives no token: %s", error)
                    raise Away(f"no token: {error}") from None
                self._token.value = str(found["access_token"])
                lasts = timedelta(seconds=int(found["expires_in"]))
                self._token.until = now + max(lasts - _RENEWED_BEFORE, timedelta(minutes=1))
            return self._token.value

    async def _patiently(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> dict[str, Any]:
        """Return what WeChat answers; while it is busy, ask again after a pause."""
        for pause in _PAUSES_S:
            try:
                return await self._call(method, path, params, body)
            except Away as error:
                _log.warning("%s: %s; once more in %s s", path, error, pause)
                await asyncio.sleep(pause)
        return await self._call(method, path, params, body)

    async def _call(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None,
        body: Mapping[str, object] | None,
    ) -> dict[str, Any]:
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        headers = {} if body is None else {"Content-Type": "application/json; charset=utf-8"}
        # An error of httpx names the address, and the address has the secret in it: it is not chained.
        try:
            response = await self._http.request(method, path, params=params, content=content, headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Away(type(error).__name__) from None
        except httpx.HTTPError as error:
            raise Unsure(type(error).__name__) from None
        if response.status_code >= 500:
            raise Away(f"HTTP {response.status_code}")
        return _read(response)


def _read(response: httpx.Response) -> dict[str, Any]:
    try:
        found: dict[str, Any] = response.json()
        code = int(found.get("errcode", 0))  # absent where all is well
    except (ValueError, AttributeError, TypeError):
        raise Unsure(f"HTTP {response.status_code}, expected a JSON object") from None
    if code in _BUSY:
        raise Away(f"{code} {found.get('errmsg', '')}")
    if code:
        raise Refused(code, str(found.get("errmsg", "")))
    return found
