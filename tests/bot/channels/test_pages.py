"""The plain pages over HTTP: documents, forms, the interview, the visitor's choices, what the law wants."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from html import unescape

import pytest
from fastapi import Request
from fastapi.testclient import TestClient

import app
from bot.advisor import Advisor
from bot.answering.messages import LABEL
from bot.channels.chat import framed
from bot.channels.common_questions import common_questions, written
from bot.channels.pages import Pages
from bot.channels.site import Site
from bot.channels.timeline import Event, timeline
from bot.types import Question
from tests.conftest import NOW

JOBS = "/calculator/hangzhou-2023/2.3.17:jobs"
MASTER = {"city": "330100", "audience": "求职", "degree": "master", "as_of": "2024-06-01"}
EVERY_PAGE = (
    "/chat/",
    "/ask",
    "/screen",
    "/calculator",
    JOBS,
    "/policies",
    "/policies/shanghai-2023",
    "/compare",
)


@pytest.fixture(scope="module")
def client(advisor: Advisor) -> Iterator[TestClient]:
    served = app.build(
        advisor, lambda: NOW, site=Site(operator="某市人力资源和社会保障局", asks_per_minute=0)
    )
    with TestClient(served) as client:
        yield client


@pytest.fixture(autouse=True)
def nobody(client: TestClient) -> None:
    """Each test is a visitor of its own."""
    client.cookies.clear()


def read(client: TestClient, path: str, status: int = 200, **query: object) -> str:
    response = client.get(path, params=query or None)  # type: ignore[arg-type]
    assert response.status_code == status, response.text[:300]
    return unescape(response.text)


# ── documents ────────────────────────────────────────────────────────────────────────────────


def test_the_cited_words_are_marked_and_no_others(client: TestClient, advisor: Advisor) -> None:
    text = advisor.corpus.policies["hangzhou-2023"].text
    words = "其中本科1万元、硕士3万元、博士10万元"
    start = text.index(words)
    page = read(client, f"/policies/hangzhou-2023?mark={start}-{start + len(words)}")

    assert re.findall(r"<mark>(.*?)</mark>", page) == [words]
    assert re.findall(r'class="clause cited" id="(.*?)"', page) == ["2.1.3"]


@pytest.mark.parametrize("mark", ["5-2", "x", "999999-9999999", "-1-4"])
def test_a_mark_that_is_none_marks_nothing(client: TestClient, mark: str) -> None:
    assert "<mark>" not in read(client, "/policies/hangzhou-2023", mark=mark)


def test_marking_changes_no_word_of_a_document(client: TestClient) -> None:
    plain = read(client, "/policies/jinan-2022")
    marked = read(client, "/policies/jinan-2022", mark="400-900")

    assert "<mark>" in marked
    assert words_of(marked).replace("答复引用的条款", "") == words_of(plain)


def words_of(page: str) -> str:
    sections = page[page.index('<section class="clause') :]
    return re.sub(r"\s+", "", re.sub(r"<[^>]*>", "", sections))


@pytest.mark.parametrize(
    ("day", "status"), [("2025-12-31", "in_force"), ("2026-01-01", "ended"), ("2023-07-04", "not_yet")]
)
def test_a_document_says_where_it_stands_on_the_day(client: TestClient, day: str, status: str) -> None:
    assert f'class="standing {status}"' in read(client, "/policies/hangzhou-2023", as_of=day)


def test_the_list_can_show_only_what_is_running(client: TestClient) -> None:
    assert "没有还在期内的文件" in read(client, "/policies", as_of="2026-11-24", running="true")
    assert "杭向未来" in read(client, "/policies", as_of="2024-06-01", running="true")


def test_a_day_that_no_calendar_has_is_said_and_today_is_shown(client: TestClient) -> None:
    page = read(client, "/policies", as_of="2023-02-30")

    assert "没有“2023-02-30”这一天" in page
    assert "2026年11月24日看" in page


def test_a_search_finds_the_clause_and_marks_the_words(client: TestClient) -> None:
    page = read(client, "/policies", q="租房补贴")

    assert "<mark>租房补贴</mark>" in page
    assert "/policies/hangzhou-2023?as_of=2026-11-24#2.1.3" in page


def test_a_search_within_a_city_finds_nothing_of_another(client: TestClient) -> None:
    page = read(client, "/policies", q="租房补贴", city="青岛市")

    assert "/policies/qingdao-2023?as_of" in page
    assert "#2.1.3" not in page


def test_two_cities_are_compared_in_a_table(client: TestClient) -> None:
    page = read(client, "/compare", a="杭州市", b="青岛市", subject="租房补贴", as_of="2024-06-01")

    assert re.search(r'<td data-th="地方">杭州市</td>', page)
    assert re.search(r'<td data-th="地方">青岛市</td>', page)
    assert LABEL in page


def test_one_city_is_not_compared_with_itself(client: TestClient) -> None:
    assert "请选两个不同的城市" in read(client, "/compare", a="杭州市", b="杭州市", subject="租房")


def test_an_unknown_document_is_told_on_a_page(client: TestClient) -> None:
    page = read(client, "/policies/<b>none", status=404)

    assert "没有收录编号为“<b>none”的文件" in page
    assert "<b>none" not in client.get("/policies/<b>none").text


# ── forms ────────────────────────────────────────────────────────────────────────────────────


def test_an_address_is_a_calculation(client: TestClient) -> None:
    page = read(client, JOBS, student_status="enrolled", heads="6", year_index="1", as_of="2024-06-01")

    assert '<span class="sum">5000元</span>' in page
    assert "2000 + (6 − 3) × 1000 = 5000 元" in page
    assert "带动3人就业且符合相关条件的" in page
    assert LABEL in page


def test_what_is_typed_as_people_type_is_understood(client: TestClient) -> None:
    page = read(client, JOBS, student_status="enrolled", heads="６人", year_index=" 1 ", as_of="2024-06-01")

    assert '<span class="sum">5000元</span>' in page


def test_what_is_missing_is_asked_for_and_not_taken_for_nought(client: TestClient) -> None:
    page = read(client, JOBS, student_status="enrolled", as_of="2024-06-01")

    assert "还要知道" in page
    assert '<span class="sum">0元' not in page


def test_bad_input_gets_a_sentence_and_loses_nothing(client: TestClient) -> None:
    page = read(client, JOBS, student_status="enrolled", heads="六个半", as_of="2024-06-01")

    assert "应为整数" in page
    assert 'value="六个半"' in page
    assert 'value="enrolled" checked' in page
    assert 'class="sum"' not in page


def test_a_sum_of_the_past_is_said_to_be_one(client: TestClient) -> None:
    page = read(client, JOBS, student_status="enrolled", heads="6", year_index="1")

    assert "这是当时的数,不是现在能领的数" in page


def test_every_program_of_a_city_has_a_form_that_opens(client: TestClient, advisor: Advisor) -> None:
    listed = re.findall(r'class="row" href="(.*?)"', read(client, "/calculator", city="杭州市"))
    published = advisor.calculator.programs.published(["hangzhou-2023"])

    assert listed == [f"/calculator/{p.id.replace(' ', '/', 1)}" for p in published if p.computes]
    for path in listed:
        assert 'name="as_of"' in read(client, path)


def test_an_unknown_program_is_told_on_a_page(client: TestClient) -> None:
    assert "没有编号为“9.9:none”的补贴项目" in read(client, "/calculator/hangzhou-2023/9.9:none", status=404)


# ── the interview ────────────────────────────────────────────────────────────────────────────


def test_the_interview_asks_ten_questions_at_the_most(client: TestClient) -> None:
    query: dict[str, str] = {"city": "330100", "audience": "创业", "as_of": "2024-06-01"}
    asked = 1  # which side of it they mean
    while 'id="question"' in (page := read(client, "/screen", **query)):
        asked += 1
        name = re.findall(r'name="([^"]*)" value="-" formnovalidate', page)[0]
        assert name not in query
        query |= {name: "-", "asked": str(asked)}

    assert 1 < asked <= 10
    assert "问完了" in page


@pytest.mark.parametrize("asked", ["²", "-1", "9" * 6000, "x"])
def test_an_address_that_somebody_bent_still_asks(client: TestClient, asked: str) -> None:
    assert "我能领什么" in read(client, "/screen", **MASTER, asked=asked)


def test_what_is_certain_is_grouped_as_it_becomes_so(client: TestClient) -> None:
    before = read(client, "/screen", **{**MASTER, "degree": ""})
    after = read(
        client, "/screen", **MASTER, graduate_kind="fresh", works_in_hangzhou="yes", insured_months="7"
    )

    assert "写明的条件都符合(" not in before
    assert re.search(r"✓ 写明的条件都符合\(\d项\)", after)
    assert "30000元(3万元)" in after
    assert 'class="timeline"' in after


def test_own_words_are_read_into_answers(client: TestClient) -> None:
    query = {"city": "330100", "audience": "求职", "as_of": "2024-06-01", "text": "我25岁,硕士刚毕业"}
    response = client.get("/screen", params=query, follow_redirects=False)

    assert response.status_code == 303
    assert "degree=master" in response.headers["location"]
    assert "age=25" in response.headers["location"]
    assert "text=" not in response.headers["location"]


def test_an_answer_that_is_wrong_is_told_by_name(client: TestClient) -> None:
    assert "周岁年龄:不能大于120" in read(client, "/screen", **MASTER, age="250")


def test_the_summary_carries_both_marks_the_day_and_the_sources(client: TestClient) -> None:
    response = client.get("/screen/summary", params={**MASTER, "graduate_kind": "fresh", "done": "1"})
    page = unescape(response.text)
    implicit = json.loads(
        re.findall(r'<meta name="AIGC" content="(.*?)">', response.text)[0].replace("&#34;", '"')
    )

    assert response.headers["content-disposition"].startswith("attachment")
    assert implicit["AIGC"]["Label"] == "1"
    assert implicit["AIGC"]["ContentProducer"] == "未配置"
    assert re.fullmatch(r"[0-9a-f]{32}", implicit["AIGC"]["ProduceID"])
    assert LABEL in page
    assert "2024年6月1日" in page
    assert "二、（一）3" in page
    assert "仅供参考" in page


# ── asking without a script ──────────────────────────────────────────────────────────────────


def test_a_talk_goes_on_from_page_to_page(client: TestClient) -> None:
    first = client.post("/ask", data={"q": "杭州硕士刚毕业能领多少生活补贴", "as_of": "2024-06-01"}).text
    talk = re.findall(r'data-talk="(\w+)"', first)[0]
    second = client.post(
        "/ask",
        data={"talk": talk, "about": "degree", "degree": "doctor", "corrects": "1", "as_of": "2024-06-01"},
    ).text

    assert re.findall(r'<span class="sum">(.*?)</span>', second) == ["30000元(3万元)", "100000元(10万元)"]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"about": "degree"}, "请先选一个或填一个"),
        ({"about": "heads", "heads": "-5"}, "不能小于"),
        ({"about": "nothing"}, "没有这一项可以填"),
        ({"q": "杭州租房", "as_of": "昨天"}, "没有“昨天”这一天"),
    ],
)
def test_a_form_with_a_mistake_is_told_and_nothing_is_asked(
    client: TestClient, form: dict[str, str], said: str
) -> None:
    page = unescape(client.post("/ask", data=form).text)

    assert said in page
    assert "data-reply" not in page
    assert not form.get("q") or f">{form['q']}</textarea>" in page


def test_a_form_that_is_none_of_ours_is_refused(client: TestClient) -> None:
    response = client.post("/ask", content="&".join(f"f{n}=1" for n in range(500)))

    assert response.status_code == 422
    assert "不是本站的表" in response.text


def test_a_visitor_deletes_what_was_said(client: TestClient) -> None:
    talk = re.findall(r'data-talk="(\w+)"', client.post("/ask", data={"q": "杭州租房补贴"}).text)[0]

    assert "已经删除,不能恢复" in client.post("/forget", data={"talk": talk}).text
    assert client.get(f"/api/conversations/{talk}").status_code == 404
    assert "没有找到这次对话" in client.post("/forget", data={"talk": talk}).text


@pytest.mark.parametrize("city", list(written()))
def test_every_common_question_of_a_city_has_an_answer(advisor: Advisor, city: str) -> None:
    for question in common_questions(advisor, city):
        answer = advisor.answer(Question(question, NOW.date(), city or None), NOW)

        assert answer.status.startswith("answered"), (question, answer.status)
        assert answer.citations
        assert city in ("", *answer.regions)


# ── the visitor's choices ────────────────────────────────────────────────────────────────────


def test_choices_are_kept_and_shown_on_every_page(client: TestClient) -> None:
    for choice in ({"mode": "care"}, {"theme": "contrast"}, {"city": "青岛市"}):
        client.get("/look", params={**choice, "back": "/policies"})

    for path in EVERY_PAGE:
        page = client.get(path).text
        assert 'data-mode="care" data-theme="contrast"' in page, path
    assert "<option selected>青岛市</option>" in client.get("/chat/").text
    client.get("/look", params={"mode": "", "back": "/policies"})
    assert "data-mode" not in client.get("/policies").text.split("<head>")[0]


@pytest.mark.parametrize(
    "back", ["https://x.example/", "//x.example", "/\\x.example", "javascript:alert(1)", "/a\nb"]
)
def test_no_address_sends_a_visitor_elsewhere(client: TestClient, back: str) -> None:
    response = client.get("/look", params={"mode": "care", "back": back}, follow_redirects=False)

    assert response.headers["location"] == "/chat"


# ── what the law wants ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", [*EVERY_PAGE, "/about", "/privacy"])
def test_every_page_carries_disclaimer_number_and_operator(client: TestClient, path: str) -> None:
    page = read(client, path)

    assert "仅供参考" in page
    assert 'href="tel:12333"' in page
    assert "某市人力资源和社会保障局" in page
    assert '<span class="unset">未配置</span>' in page
    assert '<html lang="zh-CN"' in page.replace('\n\tlang="zh-CN"', ' lang="zh-CN"')
    assert not re.search(r'(?:src|href|content)="(?:https?:)?//', page)


@pytest.mark.parametrize("words", ["行政决定", "法律意见", "AIGC", "投诉", "12333", "模型名称和备案号"])
def test_the_terms_say_what_they_must(client: TestClient, words: str) -> None:
    assert words in read(client, "/about")


@pytest.mark.parametrize("words", ["30天", "cookie", "身份证号", "删除", "更正"])
def test_the_privacy_page_says_what_is_stored_and_for_how_long(client: TestClient, words: str) -> None:
    assert words in read(client, "/privacy")


def test_a_page_of_gradio_that_is_not_as_expected_is_said_to_be(advisor: Advisor) -> None:
    request = Request({"type": "http", "method": "GET", "path": "/chat/", "headers": [], "query_string": b""})
    pages = Pages(advisor, lambda: NOW, Site())

    with pytest.raises(ValueError, match="</head>"):
        framed('<html lang="en"><body><gradio-app></gradio-app></body></html>', pages, request)


def test_the_timeline_goes_from_the_earliest_day_and_says_what_is_over() -> None:
    late, early = Event(date(2025, 12, 31), "最后一天", over=True), Event(date(2023, 7, 5), "开始")
    picture = timeline((late, early, late))

    assert picture is not None
    assert picture.count("<circle") == 2
    assert picture.index("2023年7月5日") < picture.index("2025年12月31日(已过)")
    assert "<b>" not in str(timeline((early, Event(date(2024, 1, 1), "<b>x</b>"))))
    assert timeline((early,)) is None
