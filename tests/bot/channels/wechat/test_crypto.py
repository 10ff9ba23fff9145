"""The test vectors that WeChat publishes, in both directions."""

from __future__ import annotations

import base64
import secrets

import pytest

from bot.channels.wechat.crypto import Undecipherable, is_signed, seal, signature, unseal

# developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html
APPID = "wxba5fad812f8e6fb9"
KEY = base64.b64decode("A" * 43 + "=")
PUSHED = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVza"
    "zhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwK"
    "SqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)
EVENT = (
    b'{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY",'
    b'"CreateTime":1714112445,"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}'
)
REPLY = b'{"demo_resp":"good luck"}'
SEALED_REPLY = "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="


@pytest.mark.parametrize(
    ("given", "parts"),
    [
        ("f464b24fc39322e44b38aa78f5edd27bd1441696", ("AAAAA", "1714036504", "1514711492")),
        ("046e02f8204d34f8ba5fa3b1db94908f3df2e9b3", ("AAAAA", "1714112445", "415670741", PUSHED)),
        ("1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1", ("AAAAA", "1713424427", "415670741", SEALED_REPLY)),
    ],
)
def test_the_published_signatures_are_made_and_recognised(given: str, parts: tuple[str, ...]) -> None:
    assert signature(*parts) == given
    assert is_signed(given, *parts)
    assert not is_signed(given, *parts[:-1], "1")
    assert not is_signed("", *parts)


@pytest.mark.parametrize(
    ("message", "random", "sealed"),
    [(EVENT, b"a8eedb185eb2fecf", PUSHED), (REPLY, b"707722b803182950", SEALED_REPLY)],
)
def test_the_published_messages_are_sealed_and_unsealed(message: bytes, random: bytes, sealed: str) -> None:
    assert unseal(sealed, KEY, APPID) == message
    assert seal(message, KEY, APPID, random) == sealed


@pytest.mark.parametrize("length", [0, 1, 11, 12, 31, 32, 4000])
def test_every_length_comes_back(length: int) -> None:
    message = secrets.token_bytes(length)

    assert unseal(seal(message, KEY, APPID, secrets.token_bytes(16)), KEY, APPID) == message


@pytest.mark.parametrize("sealed", ["", "?", "AAAA", PUSHED[:-8], SEALED_REPLY[:44] + SEALED_REPLY[4:8] * 11])
def test_what_is_cut_or_changed_is_not_read(sealed: str) -> None:
    with pytest.raises(Undecipherable):
        unseal(sealed, KEY, APPID)


def test_what_is_for_another_app_or_under_another_key_is_not_read() -> None:
    with pytest.raises(Undecipherable, match="another AppID"):
        unseal(PUSHED, KEY, "wx0000000000000000")
    with pytest.raises(Undecipherable):
        unseal(PUSHED, b"x" * 32, APPID)
