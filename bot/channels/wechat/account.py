"""The WeChat account that the advisor answers for, as the operator has set it."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from urllib.parse import urlsplit

from bot.channels.site import WrongSetting

_APPID = re.compile(r"wx[0-9a-zA-Z]{16}")
_SECRET = re.compile(r"[!-~]+")
_TOKEN = re.compile(r"[0-9a-zA-Z]{3,32}")
_AES_KEY = re.compile(r"[0-9a-zA-Z+/]{43}")
_HERE = {"localhost", "127.0.0.1", "::1"}


class Kind(StrEnum):
    """What kind of account it is: they answer differently."""

    MINI_PROGRAM = "mini_program"  # every answer is a customer-service message
    OFFICIAL_ACCOUNT = "official_account"  # 公众号: the response to the push may be the answer


@dataclass(frozen=True, slots=True)
class Account:
    """A mini-program or an official account and the secrets shared with WeChat."""

    appid: str
    secret: str
    token: str  # signs what WeChat pushes
    aes_key: bytes | None  # 32 bytes; None where the operator has chosen 明文模式
    api: str  # where WeChat's API is, without a slash at the end
    kind: Kind = Kind.MINI_PROGRAM

    @classmethod
    def read(cls, settings: Mapping[str, str]) -> Self | None:
        """Return the account of `settings`, by their full names; None when no part of it is set.

        Raises:
            WrongSetting: a part is missing or cannot be right.
        """
        given = {name: value.strip() for name, value in settings.items()}
        own = ("APPID", "SECRET", "TOKEN", "AES_KEY")
        if not any(given.get(_named(part)) for part in own):
            return None
        aes_key = given.get(_named("AES_KEY"), "")
        return cls(
            appid=_matching(given, "APPID", _APPID, "wx 开头、共 18 位的小程序或公众号 AppID"),
            secret=_matching(given, "SECRET", _SECRET, "后台的 AppSecret,中间没有空格"),
            token=_matching(given, "TOKEN", _TOKEN, "3 到 32 个字母或数字,与消息推送配置里的 Token 一致"),
            aes_key=_key(aes_key) if aes_key else None,
            api=_address(given[_named("API")]),
            kind=_kind(given[_named("KIND")]),
        )


def _named(part: str) -> str:
    return f"ADVISOR_WECHAT_{part}"


def _wrong(part: str, expected: str) -> WrongSetting:
    return WrongSetting(f"{_named(part)} 不对:应为{expected}")  # what was found may be a secret


def _matching(given: Mapping[str, str], part: str, shape: re.Pattern[str], expected: str) -> str:
    value = given.get(_named(part), "")
    if not value:
        raise WrongSetting(f"{_named(part)} 没有填:应为{expected}")
    if not shape.fullmatch(value):
        raise _wrong(part, expected)
    return value


def _key(written: str) -> bytes:
    expected = "消息推送配置里 43 位的 EncodingAESKey"
    if not _AES_KEY.fullmatch(written):
        raise _wrong("AES_KEY", expected)
    try:
        return base64.b64decode(f"{written}=")
    except binascii.Error as error:
        raise _wrong("AES_KEY", expected) from error


def _address(written: str) -> str:
    parts = urlsplit(written)
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
    if not (secure and parts.hostname):
        raise _wrong("API", "https:// 开头的地址(本机的可以用 http://)")
    return written.rstrip("/")


def _kind(written: str) -> Kind:
    try:
        return Kind(written)
    except ValueError:
        raise _wrong("KIND", "、".join(Kind)) from None
