"""What WeChat pushes: opened from XML or JSON, plain or sealed, and answered in the same form."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser, fromstring

from bot.channels.wechat.account import Account
from bot.channels.wechat.crypto import Undecipherable, is_signed, seal, signature, unseal

_WINDOW_S = 300  # a signature that is older, or from the future, may be a replay
_HALF = re.compile("[\0\ud800-\udfff]")  # JSON can write half a character, and nothing can store it
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Query = Mapping[str, str]


class NotFromWeChat(ValueError):
    """A request is not signed by WeChat, or says nothing that WeChat says."""


class Form(Enum):
    """How the fields of a push are written."""

    XML = auto()
    JSON = auto()


@dataclass(frozen=True, slots=True)
class Push:
    """One message or event from a person."""

    user: str  # openid
    account: str  # 原始ID, gh_…
    kind: str  # text, image, voice, event, …
    text: str  # what was written or, for speech, recognised
    event: str
    session_from: str  # what the button says that opened the customer-service talk
    key: str  # the same for each delivery of the same push; 64 hexadecimal characters
    form: Form
    sealed: bool


def verified(account: Account, query: Query, now: datetime) -> str:
    """Return the `echostr` that proves to WeChat that this address is ours.

    Raises:
        NotFromWeChat: the signature is wrong or too old.
    """
    _require_signature(account, query, "signature", now)
    return query.get("echostr", "")


def opened(account: Account, query: Query, body: bytes, now: datetime) -> Push:
    """Return the push in `body`.

    Raises:
        NotFromWeChat: it is not signed, too old, sealed for somebody else, or no push at all.
    """
    form, fields = _fields(body)
    sealed = query.get("encrypt_type") == "aes"
    if sealed:
        _require_signature(account, query, "msg_signature", now, fields.get("Encrypt", ""))
        form, fields = _fields(_unsealed(account, fields.get("Encrypt", "")))
    else:
        _require_signature(account, query, "signature", now)
    return _push(fields, form, sealed)


def passive(account: Account, push: Push, now: datetime, **fields: str) -> str:
    """Return the body of a response to `push` that itself is a message, such as MsgType=text, Content=…."""
    message = {
        "ToUserName": push.user,
        "FromUserName": push.account,
        "CreateTime": int(now.timestamp()),
        **fields,
    }
    written = _written(push.form, message)
    if not push.sealed or account.aes_key is None:
        return written
    encrypted = seal(written.encode(), account.aes_key, account.appid, secrets.token_bytes(16))
    stamp, nonce = int(now.timestamp()), secrets.token_hex(8)
    signed = signature(account.token, str(stamp), nonce, encrypted)
    envelope = {"Encrypt": encrypted, "MsgSignature": signed, "TimeStamp": stamp, "Nonce": nonce}
    return _written(push.form, envelope)


def media_type(form: Form) -> str:
    return "application/json" if form is Form.JSON else "application/xml"


# ── signed by WeChat ─────────────────────────────────────────────────────────────────────────


def _require_signature(account: Account, query: Query, name: str, now: datetime, *sealed: str) -> None:
    timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    if not is_signed(query.get(name, ""), account.token, timestamp, nonce, *sealed):
        raise NotFromWeChat(f"{name} is wrong")
    if not timestamp.isascii() or not timestamp.isdigit():
        raise NotFromWeChat("no timestamp")
    if abs(now.timestamp() - int(timestamp[:12])) > _WINDOW_S:
        raise NotFromWeChat("the timestamp is more than 300 seconds away")


def _unsealed(account: Account, sealed: str) -> bytes:
    if account.aes_key is None:
        raise NotFromWeChat("sealed, and no key is set")
    try:
        return unseal(sealed, account.aes_key, account.appid)
    except Undecipherable as error:
        raise NotFromWeChat(str(error)) from error


# ── fields ───────────────────────────────────────────────────────────────────────────────────


def _push(fields: Mapping[str, str], form: Form, sealed: bool) -> Push:
    user, kind = fields.get("FromUserName", ""), fields.get("MsgType", "")
    if not user or not kind:
        raise NotFromWeChat("no sender or no type")
    event = fields.get("Event", "")
    # An event has no MsgId; WeChat's manual tells deliveries apart by sender and time.
    number = fields.get("MsgId") or f"{fields.get('CreateTime', '')}\n{event}"
    return Push(
        user=user,
        account=fields.get("ToUserName", ""),
        kind=kind,
        text=fields.get("Content") or fields.get("Recognition", ""),
        event=event,
        session_from=fields.get("SessionFrom", ""),
        key=hashlib.sha256(f"{user}\n{number}".encode()).hexdigest(),
        form=form,
        sealed=sealed,
    )


def _fields(body: bytes) -> tuple[Form, dict[str, str]]:
    """Return the top fields of a body, all as text; a 64-bit MsgId must not become a float."""
    try:
        text = body.decode().strip()
        if text.startswith("<"):
            return Form.XML, {child.tag: child.text or "" for child in _root(text)}
        fields = json.loads(text)
    except (ValueError, ParseError, RecursionError) as error:
        raise NotFromWeChat("neither XML nor JSON") from error
    if not isinstance(fields, dict):
        raise NotFromWeChat("no fields")
    return Form.JSON, {name: _HALF.sub("\ufffd", str(value)) for name, value in fields.items()}


class _Plain(TreeBuilder):
    """Builds a tree of a document that defines nothing: entities come with a doctype only."""

    def doctype(self, *_: object) -> None:
        raise ParseError("a push has no doctype")


def _root(text: str) -> Element:
    return fromstring(text, XMLParser(target=_Plain()))


def _written(form: Form, fields: Mapping[str, object]) -> str:
    if form is Form.JSON:
        return json.dumps(fields, ensure_ascii=False)
    return f"<xml>{''.join(_element(name, str(value)) for name, value in fields.items())}</xml>"


def _element(name: str, value: str) -> str:
    """Return a field as WeChat's manual writes it; what XML cannot hold is left out."""
    words = _NO_XML.sub("", value).replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{words}]]></{name}>"
