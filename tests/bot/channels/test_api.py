"""The HTTP contract, over the wire format: what clients outside rely on."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import httpx
import pytest
from fastapi.testclient import TestClient

import app
from bot.advisor import Advisor
from tests.bot.channels.wechat.pretend import served
from tests.conftest import NOW


@pytest.fixture(scope="module")
def client(advisor: Advisor) -> Iterator[TestClient]:
    with TestClient(app.build(advisor, lambda: NOW), raise_server_exceptions=False) as client:
        yield client


def chat(client: TestClient, **body: object) -> dict[str, object]:
    response = client.post("/api/chat", json=body)
    assert response.status_code == 200, response.text
    answer: dict[str, object] = response.json()
    return answer


def test_an_answer_has_all_keys_of_the_contract(client: TestClient) -> None:
    answer = chat(client, message="杭州硕士刚毕业能领多少生活补贴", as_of="2024-06-01")

    assert set(answer) >= {
        "answer_id",
        "conversation_id",
        "status",
        "verdict",
        "text",
        "citations",
        "calculations",
        "asks",
        "notices",
        "regions",
        "as_of",
        "facts",
        "tool_calls",
        "proof",
        "label",
    }
    assert answer["status"] == "answered"
    assert answer["as_of"] == "2024-06-01"
    assert "AI" in str(answer["label"])


def test_a_citation_has_all_keys_of_the_contract(client: TestClient) -> None:
    answer = chat(client, message="岛城跑外卖的意外险补多少", as_of="2024-06-01")

    (citation,) = answer["citations"]  # type: ignore[misc]
    assert citation["n"] == 1  # type: ignore[has-type]
    assert citation["url"] == "/policies/qingdao-2023#2.9"  # type: ignore[has-type]
    assert citation["number"] == "青人社字〔2023〕77号"  # type: ignore[has-type]
    assert citation["valid_from"] is None  # type: ignore[has-type]
    assert citation["validity"] == "unstated"  # type: ignore[has-type]


def test_without_a_day_the_answer_is_read_today(client: TestClient) -> None:
    answer = chat(client, message="杭州硕士刚毕业能领多少生活补贴")

    assert answer["as_of"] == "2026-11-24"
    assert answer["status"] == "answered_ended"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"message": "你好", "as_of": "2023-02-30"}, "as_of"),
        ({"message": "你好", "as_of": "2023/02/03"}, "as_of"),
        ({"message": "你好", "as_of": 20230203}, "as_of"),
        ({"message": "你好", "region": "火星市"}, "region"),
        ({"message": 5}, "message"),
        ({}, "message"),
        ({"message": "你好", "mesage": "x"}, "mesage"),
    ],
)
def test_a_malformed_body_is_refused_by_field(
    client: TestClient, body: dict[str, object], field: str
) -> None:
    response = client.post("/api/chat", json=body)

    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in response.json()["errors"]] == [field]


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b'{"message": ' + b"1" * 5000 + b"}", b"[" * 30000])
def test_a_body_that_is_no_json_is_refused(client: TestClient, content: bytes) -> None:
    response = client.post("/api/chat", content=content, headers={"content-type": "application/json"})

    assert response.status_code == 422
    assert response.json()["status"] == 422


def test_a_huge_body_is_refused(client: TestClient) -> None:
    response = client.post("/api/chat", json={"message": "啊" * 100_000})

    assert response.status_code == 413


@pytest.mark.parametrize("message", ["", "啊" * 10_000, "\x00\u200b"])
def test_odd_messages_get_a_sentence(client: TestClient, message: str) -> None:
    answer = chat(client, message=message)

    assert "12333" in str(answer["text"])


def test_a_conversation_goes_on_under_the_id_that_the_server_made(client: TestClient) -> None:
    first = chat(client, message="硕士刚毕业能领多少生活补贴", as_of="2024-06-01")
    second = chat(client, message="杭州的", as_of="2024-06-01", conversation_id=first["conversation_id"])

    assert second["conversation_id"] == first["conversation_id"]
    assert second["status"] == "answered"
    kept = client.get(f"/api/conversations/{first['conversation_id']}").json()
    assert [turn["asked"] for turn in kept["turns"]] == ["硕士刚毕业能领多少生活补贴", "杭州的"]


def test_an_unknown_conversation_is_404(client: TestClient) -> None:
    response = client.post("/api/chat", json={"message": "你好", "conversation_id": "x" * 32})

    assert response.status_code == 404
    assert response.json()["errors"][0]["field"] == "conversation_id"


def test_a_deleted_conversation_is_gone_with_its_answers(client: TestClient) -> None:
    answer = chat(client, message="杭州租房补贴能领几年")
    place = f"/api/conversations/{answer['conversation_id']}"

    assert client.delete(place).status_code == 204
    assert client.get(place).status_code == 404
    assert client.delete(place).status_code == 404
    assert client.get(f"/api/answers/{answer['answer_id']}").status_code == 404


def test_an_answer_can_be_fetched_again_word_for_word(client: TestClient) -> None:
    answer = chat(client, message="杭州租房补贴能领几年")

    assert client.get(f"/api/answers/{answer['answer_id']}").json() == answer


def test_what_is_stored_is_masked(client: TestClient) -> None:
    answer = chat(client, message="我的手机13812345678,杭州租房补贴能领几年")

    kept = client.get(f"/api/conversations/{answer['conversation_id']}").text
    assert "13812345678" not in kept
    assert "[手机号]" in kept


def test_feedback_needs_an_answer(client: TestClient) -> None:
    answer = chat(client, message="杭州租房补贴能领几年")
    given = {"answer_id": answer["answer_id"], "helpful": False, "reason": "没说清"}

    assert client.post("/api/feedback", json=given).status_code == 204
    assert client.post("/api/feedback", json={**given, "answer_id": "none"}).status_code == 404


def events(text: str) -> list[tuple[str, dict[str, object]]]:
    found = []
    for block in text.replace("\r\n", "\n").split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "event" in fields:
            found.append((fields["event"], json.loads(fields["data"])))
    return found


def test_a_stream_gives_steps_then_the_text_in_pieces_then_the_answer(client: TestClient) -> None:
    response = client.post("/api/chat/stream", json={"message": "杭州租房补贴能领几年"})
    told = events(response.text)

    kinds = [kind for kind, _ in told]
    assert response.headers["content-type"].startswith("text/event-stream")
    assert kinds == sorted(kinds, key=["step", "text", "answer"].index)
    answer = told[-1][1]
    assert "".join(str(data["text"]) for kind, data in told if kind == "text") == answer["text"]


def test_each_piece_of_a_stream_names_its_answer_so_that_the_rest_can_be_fetched(client: TestClient) -> None:
    told = events(client.post("/api/chat/stream", json={"message": "杭州租房补贴能领几年"}).text)

    (answer,) = (data for kind, data in told if kind == "answer")
    assert {data["answer_id"] for kind, data in told if kind == "text"} == {answer["answer_id"]}
    assert client.get(f"/api/answers/{answer['answer_id']}").json() == answer


def test_a_client_that_goes_away_while_it_is_answered_finds_the_answer_in_its_conversation(
    advisor: Advisor,
) -> None:
    asked = {"message": "杭州租房补贴能领几年", "as_of": "2024-06-01"}
    with served(app.build(advisor, lambda: NOW)) as here:
        talk = httpx.post(f"{here}/api/chat", json=asked).json()["conversation_id"]
        again = {**asked, "conversation_id": talk}
        with httpx.stream("POST", f"{here}/api/chat/stream", json=again) as response:
            next(response.iter_lines())
        turns: list[dict[str, dict[str, object]]] = []
        for _ in range(200):
            turns = httpx.get(f"{here}/api/conversations/{talk}").json()["turns"]
            if len(turns) > 1:
                break
            time.sleep(0.05)

    assert [turn["answer"]["status"] for turn in turns] == ["answered", "answered"]


def test_a_stream_that_cannot_be_answered_ends_with_an_error(client: TestClient) -> None:
    response = client.post("/api/chat/stream", json={"message": "你好", "conversation_id": "0" * 32})

    ((kind, data),) = events(response.text)
    assert kind == "error"
    assert data["status"] == 404


def test_the_policies_say_where_they_stand(client: TestClient) -> None:
    listed = client.get("/api/policies", params={"as_of": "2026-11-24"}).json()["policies"]
    stands = {policy["id"]: policy["validity"] for policy in listed}

    assert stands["hangzhou-2023"] == "ended"
    assert stands["shanghai-2023"] == "period_over"
    assert next(p for p in listed if p["id"] == "hangzhou-2023")["number"] is None


def test_a_policy_lists_its_clauses_and_a_clause_has_its_text(client: TestClient) -> None:
    policy = client.get("/api/policies/hangzhou-2023").json()
    clause = client.get("/api/policies/hangzhou-2023/clauses/2.1.3").json()

    assert "2.1.3" in [entry["id"] for entry in policy["clauses"]]
    assert clause["label"] == "二、（一）3"
    assert "硕士3万元" in clause["text"]


@pytest.mark.parametrize(
    "path", ["/api/policies/none", "/api/policies/hangzhou-2023/clauses/9.9", "/policies/none"]
)
def test_what_is_unknown_is_404(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_health_readiness_and_metrics(client: TestClient) -> None:
    chat(client, message="你好")

    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").status_code == 200
    assert 'advisor_answers_total{status="answered_smalltalk"}' in client.get("/metrics").text


def test_the_contract_describes_itself(client: TestClient) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]

    assert {"/api/chat", "/api/chat/stream", "/api/policies/{policy_id}/clauses/{clause_id}"} <= set(paths)


@pytest.mark.parametrize("path", ["/api/policies", "/policies", "/healthz", "/chat/"])
def test_every_response_forbids_what_comes_from_elsewhere(client: TestClient, path: str) -> None:
    headers = client.get(path).headers

    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_another_site_is_not_let_in(client: TestClient) -> None:
    origin = {"Origin": "https://elsewhere.example", "Host": "qa.example.gov.cn"}

    assert "access-control-allow-origin" not in client.get("/chat/", headers=origin).headers
    assert "access-control-allow-origin" not in client.get("/api/policies", headers=origin).headers


def test_the_page_of_a_document_has_every_clause_under_its_id(client: TestClient, advisor: Advisor) -> None:
    page = client.get("/policies/hangzhou-2023").text

    for clause in advisor.corpus.policies["hangzhou-2023"].clauses:
        assert f'id="{clause.clause_id}"' in page
    assert "有效期到2025年12月31日为止,已结束" in page
    assert "原文没有标题" in page


def test_markup_in_a_message_is_text(client: TestClient) -> None:
    answer = chat(client, message="杭州<script>alert(1)</script>租房补贴能领几年")

    assert "<script>" not in str(answer["text"])


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"degree": "sultan"}, "degree"),
        ({"heads": -5}, "heads"),
        ({"x": 1.5}, "x"),
        ({"heads": 3.5}, "heads"),
    ],
)
def test_a_fact_outside_its_type_or_range_is_refused_by_field_and_not_kept(
    client: TestClient, facts: dict[str, object], field: str
) -> None:
    answer = chat(client, message="杭州生活补贴多少", facts=facts)

    assert (answer["error"], answer["fields"]) == ("invalid_input", [field])
    assert "answer_id" not in answer


def test_facts_of_a_request_are_used_and_carried(client: TestClient) -> None:
    answer = chat(client, message="杭州生活补贴多少", facts={"degree": "master"}, as_of="2024-06-01")

    assert answer["facts"] == {"degree": "master"}
    assert answer["calculations"][0]["if_met_yuan"] == 30000  # type: ignore[index]


def test_an_ambiguous_region_is_422_with_its_candidates(client: TestClient) -> None:
    response = client.get("/api/programs", params={"region": "西湖区"})

    assert response.status_code == 422
    assert "杭州市西湖区" in response.json()["detail"]


def test_tool_calls_are_what_was_called(client: TestClient) -> None:
    answer = chat(client, message="我招了6个人,是硕士,杭州创业带动就业补贴多少", as_of="2024-06-01")

    search, calculate = answer["tool_calls"]  # type: ignore[misc]
    assert search["args"]["policies"] == ["hangzhou-2023"]  # type: ignore[has-type]
    assert calculate["args"]["facts"] == {"heads": 6}  # type: ignore[has-type]
    listed = chat(client, message="杭州硕士刚毕业有什么补贴", as_of="2024-06-01")
    assert [call["tool"] for call in listed["tool_calls"]] == ["screen"]  # type: ignore[attr-defined]


def test_a_notice_is_said_once_in_a_conversation_and_stays_in_the_notices(client: TestClient) -> None:
    first = chat(client, message="杭州硕士刚毕业能领多少生活补贴")
    second = chat(client, message="租房补贴能领几年", conversation_id=first["conversation_id"])

    assert "先说明" in str(first["text"])
    assert "先说明" not in str(second["text"])
    assert second["notices"] == first["notices"]
    assert second["status"] == "answered_ended"
