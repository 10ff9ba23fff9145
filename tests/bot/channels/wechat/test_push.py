from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.channels.wechat.account import Account
from bot.channels.wechat.crypto import seal, signature
from bot.channels.wechat.push import Form, NotFromWeChat, opened, passive, verified
from tests.bot.channels.wechat.pretend import read, written
from tests.conftest import NOW

ACCOUNT = Account("wxba5fad812f8e6fb9", "secret", "AAAAA", b"k" * 32, "https://api.weixin.qq.com")
STAMP = str(int(NOW.timestamp()))
TEXT = {"ToUserName": "gh_1", "FromUserName": "o1", "CreateTime": STAMP, "MsgType": "text"}


def query(*sealed: str, stamp: str = STAMP) -> dict[str, str]:
    name = "msg_signature" if sealed else "signature"
    signed = {name: signature("AAAAA", stamp, "7", *sealed), "timestamp": stamp, "nonce": "7"}
    return {**signed, "encrypt_type": "aes"} if sealed else signed


def test_half_a_character_is_no_mistake() -> None:
    body = b'{"Encrypt":"\\ud800","FromUserName":"o1","MsgType":"text","Content":"\\ud83d\\u0000","MsgId":1}'

    assert opened(ACCOUNT, query(), body, NOW).text == "\ufffd\ufffd"
    with pytest.raises(NotFromWeChat):
        opened(ACCOUNT, query("x"), body, NOW)


@pytest.mark.parametrize("form", Form)
def test_the_fields_of_a_push_are_read_in_both_forms(form: Form) -> None:
    fields = {**TEXT, "Content": "杭州<补贴>&]", "MsgId": "24820104482349056"}
    push = opened(ACCOUNT, query(), written(form, fields), NOW)

    assert (push.user, push.account, push.kind, push.text) == ("o1", "gh_1", "text", "杭州<补贴>&]")
    assert (push.form, push.sealed) == (form, False)


def test_a_message_has_one_key_however_it_is_written() -> None:
    number = 9007199254740993  # JavaScript and a float would lose the last digit
    as_json = opened(ACCOUNT, query(), json.dumps({**TEXT, "MsgId": number}).encode(), NOW)
    as_text = opened(ACCOUNT, query(), written(Form.XML, {**TEXT, "MsgId": str(number)}), NOW)
    other = opened(ACCOUNT, query(), written(Form.XML, {**TEXT, "MsgId": str(number - 1)}), NOW)

    assert as_json.key == as_text.key != other.key


def test_speech_that_wechat_recognised_is_read() -> None:
    spoken = {**TEXT, "MsgType": "voice", "Recognition": "杭州租房补贴", "MsgId": "1"}

    assert opened(ACCOUNT, query(), written(Form.XML, spoken), NOW).text == "杭州租房补贴"


@pytest.mark.parametrize(("seconds", "passes"), [(-301, False), (-300, True), (300, True), (301, False)])
def test_a_signature_holds_for_five_minutes(seconds: int, passes: bool) -> None:
    signed = {**query(), "echostr": "echo"}
    then = NOW - timedelta(seconds=seconds)

    if passes:
        assert verified(ACCOUNT, signed, then) == "echo"
    else:
        with pytest.raises(NotFromWeChat):
            verified(ACCOUNT, signed, then)


@pytest.mark.parametrize("stamp", ["", "-1", "1.5e9", "٣", "9" * 5000])
def test_a_stamp_that_is_no_time_is_refused(stamp: str) -> None:
    with pytest.raises(NotFromWeChat):
        verified(ACCOUNT, query(stamp=stamp), NOW)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"[" * 30_000,
        b"\xff\xfe",
        b"<xml>",
        b"<xml><FromUserName>&a;</FromUserName><MsgType>text</MsgType></xml>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><xml><FromUserName>&a;</FromUserName><MsgType>text</MsgType></xml>',
        b'<!DOCTYPE xml SYSTEM "file:///etc/passwd"><xml><FromUserName>a</FromUserName><MsgType>t</MsgType></xml>',
        b"<xml><FromUserName>a</FromUserName></xml>",
    ],
)
def test_what_is_no_push_is_refused(body: bytes) -> None:
    with pytest.raises(NotFromWeChat):
        opened(ACCOUNT, query(), body, NOW)


def test_a_doctype_that_somebody_writes_is_words() -> None:
    fields = {**TEXT, "Content": "<!DOCTYPE html>", "MsgId": "1"}

    assert opened(ACCOUNT, query(), written(Form.XML, fields), NOW).text == "<!DOCTYPE html>"


def test_what_is_sealed_needs_the_key_and_the_signature_over_the_seal() -> None:
    sealed = seal(written(Form.XML, {**TEXT, "MsgId": "1"}), b"k" * 32, ACCOUNT.appid, b"r" * 16)
    body = written(Form.XML, {"Encrypt": sealed})
    keyless = Account(ACCOUNT.appid, "secret", "AAAAA", None, ACCOUNT.api)

    assert opened(ACCOUNT, query(sealed), body, NOW).sealed
    with pytest.raises(NotFromWeChat, match="no key"):
        opened(keyless, query(sealed), body, NOW)
    with pytest.raises(NotFromWeChat, match="msg_signature"):
        opened(ACCOUNT, {**query(), "encrypt_type": "aes"}, body, NOW)


def test_words_in_a_response_cannot_leave_their_field() -> None:
    push = opened(ACCOUNT, query(), written(Form.XML, {**TEXT, "MsgId": "1"}), NOW)
    hostile = "]]><MsgType>x</MsgType>\x00&<"
    fields = read(Form.XML, passive(ACCOUNT, push, NOW, MsgType="text", Content=hostile).encode())

    assert fields["Content"] == "]]><MsgType>x</MsgType>&<"
    assert fields["MsgType"] == "text"
