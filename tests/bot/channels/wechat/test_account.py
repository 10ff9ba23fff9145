from __future__ import annotations

import pytest

import app
from bot.channels.site import WrongSetting
from bot.channels.wechat.account import Account, Kind

RIGHT = {
    "ADVISOR_WECHAT_APPID": "wxba5fad812f8e6fb9",
    "ADVISOR_WECHAT_SECRET": "s" * 32,
    "ADVISOR_WECHAT_TOKEN": "AAAAA",
    "ADVISOR_WECHAT_AES_KEY": "A" * 43,
    "ADVISOR_WECHAT_API": "https://api.weixin.qq.com/",
    "ADVISOR_WECHAT_KIND": "mini_program",
}


def test_the_settings_make_an_account() -> None:
    account = Account.read(RIGHT)

    expected = Account("wxba5fad812f8e6fb9", "s" * 32, "AAAAA", b"\0" * 32, "https://api.weixin.qq.com")
    assert account == expected
    assert expected.kind is Kind.MINI_PROGRAM


def test_without_a_key_pushes_come_in_plain_text() -> None:
    account = Account.read({**RIGHT, "ADVISOR_WECHAT_AES_KEY": " "})

    assert account is not None
    assert account.aes_key is None


def test_nothing_set_is_no_account() -> None:
    assert Account.read({name: "" for name in RIGHT}) is None
    assert app.Settings().wechat() is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ADVISOR_WECHAT_APPID", ""),
        ("ADVISOR_WECHAT_APPID", "gh_97417a04a28d"),
        ("ADVISOR_WECHAT_SECRET", ""),
        ("ADVISOR_WECHAT_SECRET", "two words"),
        ("ADVISOR_WECHAT_TOKEN", ""),
        ("ADVISOR_WECHAT_TOKEN", "AA"),
        ("ADVISOR_WECHAT_TOKEN", "A-A-A"),
        ("ADVISOR_WECHAT_AES_KEY", "A" * 42),
        ("ADVISOR_WECHAT_AES_KEY", "A" * 42 + "!"),
        ("ADVISOR_WECHAT_API", "api.weixin.qq.com"),
        ("ADVISOR_WECHAT_API", "http://api.weixin.qq.com"),
        ("ADVISOR_WECHAT_KIND", "web"),
    ],
)
def test_a_wrong_setting_is_refused_by_name_and_is_not_repeated(name: str, value: str) -> None:
    with pytest.raises(WrongSetting) as refused:
        Account.read({**RIGHT, name: value})

    assert str(refused.value).startswith(name)
    assert not value or value not in str(refused.value)


def test_the_server_does_not_start_with_a_wrong_setting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ADVISOR_WECHAT_APPID", "wxba5fad812f8e6fb9")

    assert app.main(["serve", "--port", "8199"]) == 2
    assert "ADVISOR_WECHAT_SECRET 没有填" in capsys.readouterr().err
