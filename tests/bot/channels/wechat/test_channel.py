"""The channel end to end: a real server, a real database, and a pretend WeChat at both ends."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

import app
from bot.advisor import Advisor
from bot.answering.messages import LABEL, sentences
from bot.channels.wechat.account import Account, Kind
from bot.channels.wechat.push import Form
from bot.records.mailbox import Mailbox
from bot.records.store import Records
from tests.bot.channels.wechat.pretend import PretendWeChat, Pusher, served
from tests.conftest import NOW

APPID, SECRET, TOKEN = "wxba5fad812f8e6fb9", "s" * 32, "AAAAA"
BONUS = "青岛跑外卖的意外险补多少"


SEND = "/cgi-bin/message/custom/send"


@pytest.fixture(scope="module")
def one_wechat() -> PretendWeChat:
    return PretendWeChat(APPID, SECRET)


@pytest.fixture(scope="module")
def account(one_wechat: PretendWeChat) -> Iterator[Account]:
    with served(one_wechat.app()) as address:
        yield Account(APPID, SECRET, TOKEN, b"k" * 32, address)


@contextmanager
def running(advisor: Advisor, account: Account, wechat: PretendWeChat) -> Iterator[Pusher]:
    with served(app.build(advisor, lambda: NOW, account=account)) as address:
        yield Pusher(wechat, account, f"{address}/wechat/push", lambda: NOW)


@pytest.fixture(scope="module")
def pusher(advisor: Advisor, account: Account, one_wechat: PretendWeChat) -> Iterator[Pusher]:
    with running(advisor, account, one_wechat) as pushing:
        yield pushing


@pytest.fixture
def wechat(one_wechat: PretendWeChat) -> Iterator[PretendWeChat]:
    """The pretend WeChat, which misbehaves for one test only; each test has people of its own."""
    yield one_wechat
    one_wechat.behave()


@pytest.fixture
def apart(advisor: Advisor, tmp_path: Path) -> Iterator[Advisor]:
    """The advisor with records of its own, for a server of its own."""
    with closing(Records.open(f"sqlite:///{tmp_path}/records.sqlite3")) as records:
        yield replace(advisor, records=records)


def address(pusher: Pusher, path: str) -> str:
    return pusher.address.replace("/wechat/push", path)


def test_what_wechat_asks_to_verify_the_address_is_given_back(pusher: Pusher) -> None:
    query = {
        "signature": "f464b24fc39322e44b38aa78f5edd27bd1441696",
        "timestamp": "1714036504",
        "nonce": "1514711492",
        "echostr": "4375120948345356249",
    }
    late = httpx.get(pusher.address, params=query)
    fresh, _ = replace(pusher, sealed=False).request("o1", {})
    given = httpx.get(pusher.address, params={**fresh, "echostr": "4375120948345356249"})

    assert late.status_code == 403  # the signature is right, and two years old
    assert (given.status_code, given.text) == (200, "4375120948345356249")


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("sealed", [True, False])
def test_a_question_is_acknowledged_and_then_answered_with_the_ai_mark(
    pusher: Pusher, wechat: PretendWeChat, form: Form, sealed: bool
) -> None:
    pushing = replace(pusher, form=form, sealed=sealed)
    openid = f"o-{form.name}-{sealed}"
    response = pushing.text(openid, BONUS)

    assert response is not None
    assert response.text == "success"
    (told,) = wechat.wait_for(openid, 1)
    assert "100元" in told
    assert "二、（九）" in told
    assert told.endswith(LABEL)
    assert wechat.sent[-1].by_ai


def test_a_push_that_is_not_signed_is_refused_and_leaves_nothing(
    pusher: Pusher, wechat: PretendWeChat
) -> None:
    query, body = pusher.request("o-forged", {"MsgType": "text", "Content": BONUS, "MsgId": "1"})
    forged = [
        ({**query, "msg_signature": "0" * 40}, body),
        ({**query, "nonce": "other"}, body),
        (query, body.replace(b"Encrypt", b"Nothing")),
        ({}, body),
        (query, b"\xff"),
    ]

    answers = [httpx.post(pusher.address, params=q, content=b) for q, b in forged]
    assert {(answer.status_code, answer.text) for answer in answers} == {(403, "forbidden")}
    assert wechat.to("o-forged") == []


def test_a_huge_push_is_refused(pusher: Pusher) -> None:
    query, _ = pusher.request("o1", {})

    assert httpx.post(pusher.address, params=query, content=b"<" * 70_000).status_code == 413


def test_one_message_pushed_three_times_is_answered_once(pusher: Pusher, wechat: PretendWeChat) -> None:
    for _ in range(3):
        assert pusher.text("o-thrice", BONUS, msg_id="6054768590064713728")
    wechat.wait_for("o-thrice", 1)
    pusher.text("o-thrice", "谢谢")

    assert len(wechat.wait_for("o-thrice", 2)) == 2


TURNS = (
    ("硕士刚毕业能领多少生活补贴", "您问的是哪个城市"),
    ("杭州的", "生活补贴是3万元"),
    ("租房补贴能领几年", "3年"),
    ("青岛跑外卖的意外险补多少", "100元"),
    ("在济南开公司要几天", "半天"),
    ("上海灵活就业有社保补贴吗", "社会保险补贴"),
    ("嘉兴的见习补贴多少", "嘉兴"),
    ("你好", "人工智能"),
    ("哪条写的", "依据"),
    ("谢谢", "不客气"),
)


def test_ten_turns_with_a_restart_a_lost_token_retries_and_slow_checks_are_each_answered_once(
    apart: Advisor, account: Account, wechat: PretendWeChat
) -> None:
    with running(apart, account, wechat) as pushing:
        for number, (words, _) in enumerate(TURNS[:5]):
            if number == 2:
                wechat.end_token()
            if number == 3:
                wechat.busy = 1
            pushing.text("o-ten", words, msg_id=str(number))
            pushing.text("o-ten", words, msg_id=str(number))  # WeChat did not hear the first time
            assert len(wechat.wait_for("o-ten", number + 1, seconds=10)) == number + 1
        wechat.away = {SEND}
        pushing.text("o-ten", TURNS[5][0], msg_id="5")
        pushing.text("o-ten", TURNS[6][0], msg_id="6")
    wechat.away = set()
    wechat.check_takes_s = 2.5  # longer than we wait for it
    with running(apart, account, wechat) as pushing:
        wechat.wait_for("o-ten", 7)
        wechat.check_takes_s = 0
        for number, (words, _) in enumerate(TURNS[7:], start=7):
            pushing.text("o-ten", words, msg_id=str(number))
            wechat.wait_for("o-ten", number + 1)
        pushing.text("o-ten", TURNS[0][0], msg_id="0")
        time.sleep(0.3)

    told = wechat.to("o-ten")
    assert len(told) == len(TURNS)
    assert [part for (_, part), text in zip(TURNS, told, strict=True) if part not in text] == []
    assert all(sent.by_ai for sent in wechat.sent if sent.openid == "o-ten")


def test_a_crowd_is_acknowledged_at_once_and_everybody_is_answered_once(
    pusher: Pusher, wechat: PretendWeChat
) -> None:
    people = [f"o-crowd-{number}" for number in range(60)]

    def ask(openid: str) -> bool:
        return all(pusher.text(openid, BONUS, msg_id=openid) for _ in range(2))

    with ThreadPoolExecutor(20) as pool:
        assert all(pool.map(ask, people))
    for openid in people:
        wechat.wait_for(openid, 1)
    assert [openid for openid in people if len(wechat.to(openid)) != 1] == []


def test_what_one_person_writes_quickly_is_answered_in_order(pusher: Pusher, wechat: PretendWeChat) -> None:
    for words in ("你好", BONUS, "谢谢"):
        pusher.text("o-quick", words)

    hello, bonus, thanks = wechat.wait_for("o-quick", 3)
    assert "您好" in hello
    assert "100元" in bonus
    assert "不客气" in thanks


def test_four_answers_go_the_fifth_message_says_so_and_the_rest_follows_the_next_word(
    pusher: Pusher, wechat: PretendWeChat, advisor: Advisor
) -> None:
    mailbox = Mailbox(advisor.records.engine)
    mailbox.take_in("a" * 64, "o-many", "x", NOW, parts=["一", "二", "三"])
    mailbox.take_in("b" * 64, "o-many", "x", NOW, parts=["四", "五"])
    pusher.text("o-many", "你好")

    told = wechat.wait_for("o-many", 5)
    assert told[:4] == ["一", "二", "三", "四"]
    assert sentences()["wechat.more"] in told[4]
    pusher.text("o-many", "谢谢")
    more = wechat.wait_for("o-many", 8)[5:]
    assert more[0] == "五"
    assert "您好" in more[1]
    assert "不客气" in more[2]


def test_when_wechat_counts_otherwise_the_answer_waits_for_the_next_word(
    pusher: Pusher, wechat: PretendWeChat
) -> None:
    pusher.text("o-count", "你好")
    wechat.wait_for("o-count", 1)
    wechat.left["o-count"] = 0
    pusher.push("o-count", {"MsgType": "text", "Content": BONUS, "MsgId": "c2"})
    time.sleep(0.5)
    assert len(wechat.to("o-count")) == 1
    pusher.text("o-count", "谢谢")

    _, bonus, thanks = wechat.wait_for("o-count", 3)
    assert "100元" in bonus
    assert "不客气" in thanks


def test_while_wechat_gives_no_token_the_answers_wait(pusher: Pusher, wechat: PretendWeChat) -> None:
    wechat.secret = "another"
    wechat.end_token()
    pusher.text("o-token", "你好")
    time.sleep(0.5)
    assert wechat.to("o-token") == []
    wechat.secret = SECRET
    pusher.text("o-token", BONUS)

    hello, bonus = wechat.wait_for("o-token", 2)
    assert "您好" in hello
    assert "100元" in bonus


@pytest.mark.parametrize("form", Form)
def test_who_asks_for_a_person_is_handed_over_in_the_response(
    pusher: Pusher, wechat: PretendWeChat, form: Form
) -> None:
    pushing = replace(pusher, form=form)
    openid = f"o-person-{form.name}"
    responses = [pushing.text(openid, "转人工", msg_id="p1") for _ in range(2)]

    for response in responses:
        assert response is not None
        fields = pushing.opened(response)
        assert fields["MsgType"] == "transfer_customer_service"
        assert fields["ToUserName"] == openid
    (told,) = wechat.wait_for(openid, 1)
    assert "12333" in told


def test_who_opens_the_talk_is_greeted_once_and_their_city_is_known(
    pusher: Pusher, wechat: PretendWeChat
) -> None:
    for _ in range(2):
        pusher.event("o-enters", "user_enter_tempsession", SessionFrom="杭州市")
    pusher.text("o-enters", "租房补贴能领几年")

    hello, rent = wechat.wait_for("o-enters", 2)
    assert "不是真人" in hello
    assert "3年" in rent


@pytest.mark.parametrize("event", ["debug_demo", "unsubscribe"])
def test_other_events_are_accepted_and_get_no_message(
    pusher: Pusher, wechat: PretendWeChat, event: str
) -> None:
    response = pusher.event(f"o-{event}", event)

    assert response is not None
    assert response.text == "success"
    assert wechat.to(f"o-{event}") == []


def test_a_picture_is_answered_with_what_can_be_read(pusher: Pusher, wechat: PretendWeChat) -> None:
    wechat.left["o-picture"] = 5
    pusher.push("o-picture", {"MsgType": "image", "PicUrl": "http://x", "MediaId": "m", "MsgId": "9"})

    (told,) = wechat.wait_for("o-picture", 1)
    assert sentences()["wechat.only_text"] in told


def test_what_the_check_finds_risky_is_not_answered_and_not_kept(
    pusher: Pusher, wechat: PretendWeChat, advisor: Advisor
) -> None:
    wechat.risky = {"暗号"}
    pusher.text("o-risky", "杭州租房补贴能领几年,暗号")

    (told,) = wechat.wait_for("o-risky", 1)
    assert sentences()["wechat.unsafe"] in told


def test_an_answer_that_the_check_finds_risky_is_not_sent(pusher: Pusher, wechat: PretendWeChat) -> None:
    wechat.risky = {"不高于"}
    pusher.text("o-answer", BONUS)

    (told,) = wechat.wait_for("o-answer", 1)
    assert sentences()["wechat.unsafe_answer"] in told


def test_while_the_check_is_away_our_own_list_decides(pusher: Pusher, wechat: PretendWeChat) -> None:
    wechat.check_takes_s = 2.5
    pusher.text("o-local", "哪里有百家乐")
    (refused,) = wechat.wait_for("o-local", 1)
    pusher.text("o-fine", BONUS)
    (answered,) = wechat.wait_for("o-fine", 1)

    assert sentences()["wechat.unsafe"] in refused
    assert "100元" in answered


def test_who_is_in_danger_is_answered_whatever_the_check_says(pusher: Pusher, wechat: PretendWeChat) -> None:
    wechat.risky = {"不想活"}
    pusher.text("o-danger", "我不想活了")

    (told,) = wechat.wait_for("o-danger", 1)
    assert "12356" in told


def test_an_official_account_answers_in_the_response(
    apart: Advisor, account: Account, wechat: PretendWeChat
) -> None:
    before = len(wechat.sent)
    official = replace(account, kind=Kind.OFFICIAL_ACCOUNT)
    with running(apart, official, wechat) as pushing:
        response = pushing.text("o-official", BONUS)
        greeting = pushing.event("o-new", "subscribe")

    assert response is not None
    fields = pushing.opened(response)
    assert (fields["MsgType"], fields["ToUserName"]) == ("text", "o-official")
    assert "100元" in fields["Content"]
    assert greeting is not None
    assert "不是真人" in pushing.opened(greeting)["Content"]
    assert len(wechat.sent) == before


def test_a_login_gives_a_token_of_our_own_and_nothing_of_wechats(
    pusher: Pusher, wechat: PretendWeChat
) -> None:
    wechat.codes = {"c1": "o-login"}
    login = address(pusher, "/api/wechat/login")
    first, again, unknown = (httpx.post(login, json={"code": code}) for code in ("c1", "c1", "c2"))

    assert set(first.json()) == {"token", "expires_in"}
    assert len(first.json()["token"]) >= 43
    assert "o-login" not in first.text
    assert [again.status_code, unknown.status_code] == [401, 401]
    wechat.away = {"/sns/jscode2session"}
    away = httpx.post(login, json={"code": "c1"}, timeout=20)
    assert (away.status_code, away.headers["retry-after"]) == (503, "2")


def test_the_mini_program_may_ask_whether_a_text_is_fine_once_it_is_logged_in(
    pusher: Pusher, wechat: PretendWeChat
) -> None:
    wechat.codes, wechat.risky = {"c3": "o-checks"}, {"暗号"}
    token = httpx.post(address(pusher, "/api/wechat/login"), json={"code": "c3"}).json()["token"]

    def check(text: str, token: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.post(address(pusher, "/api/wechat/check"), json={"text": text}, headers=headers)

    assert check(BONUS, token).json() == {"allowed": True, "text": ""}
    assert check("暗号", token).json() == {"allowed": False, "text": sentences()["wechat.unsafe"]}
    assert check(BONUS, "other").status_code == 401


def test_without_an_account_there_is_no_channel(advisor: Advisor) -> None:
    with served(app.build(advisor, lambda: NOW)) as here:
        assert httpx.post(f"{here}/wechat/push", content=b"<xml/>").status_code == 404
        assert httpx.post(f"{here}/api/wechat/login", json={"code": "c"}).status_code == 404
