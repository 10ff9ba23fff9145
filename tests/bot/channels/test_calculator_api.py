"""The calculator over HTTP: exact figures, refused input by field, one person against all programs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

import app
from bot.advisor import Advisor
from tests.conftest import NOW

JOBS = "hangzhou-2023 2.3.17:jobs"


@pytest.fixture(scope="module")
def client(advisor: Advisor) -> Iterator[TestClient]:
    with TestClient(app.build(advisor, lambda: NOW), raise_server_exceptions=False) as client:
        yield client


def calculate(client: TestClient, facts: dict[str, object], as_of: str = "2024-03-15") -> dict[str, object]:
    response = client.post("/api/calculate", json={"program": JOBS, "facts": facts, "as_of": as_of})
    assert response.status_code == 200, response.text
    found: dict[str, object] = response.json()
    return found


FIVE = {"student_status": "enrolled", "heads": 5, "year_index": 1}


def test_whole_yuan_are_integers_and_the_working_is_shown(client: TestClient) -> None:
    found = calculate(client, FIVE)

    assert (found["eligibility"], found["kind"], found["amount_yuan"]) == ("met", "exact", 4000)
    assert found["steps"] == ["2000 + (5 − 3) × 1000 = 4000 元"]
    assert found["unverified"]


def test_after_the_last_day_there_is_no_amount_but_a_historic_one(client: TestClient) -> None:
    found = calculate(client, FIVE, "2026-01-01")

    assert (found["in_force"], found["reason"], found["amount_yuan"]) == (False, "expired", None)
    assert found["historic_amount_yuan"] == 4000


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({**FIVE, "heads": 3.5}, "heads"),
        ({**FIVE, "heads": "五"}, "heads"),
        ({**FIVE, "heads": -1}, "heads"),
        ({**FIVE, "heads": True}, "heads"),
        ({**FIVE, "student_status": "pupil"}, "student_status"),
        ({**FIVE, "hats": 3}, "hats"),
    ],
)
def test_bad_input_is_refused_by_field(client: TestClient, facts: dict[str, object], field: str) -> None:
    found = calculate(client, facts)

    assert found["error"] == "invalid_input"
    assert found["fields"] == [field]


def test_an_unknown_program_is_refused(client: TestClient) -> None:
    found = client.post("/api/calculate", json={"program": "none", "facts": {}}).json()

    assert (found["error"], found["fields"]) == ("invalid_input", ["program"])


def test_a_day_that_no_calendar_has_is_422(client: TestClient) -> None:
    response = client.post("/api/calculate", json={"program": JOBS, "facts": {}, "as_of": "2025-13-01"})

    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "as_of"


def test_one_person_is_held_against_every_program_of_a_city(client: TestClient) -> None:
    body = {
        "region": "杭州",
        "as_of": "2024-06-01",
        "facts": {"degree": "college", "age": 35, "full_time_college": True, "works_in_hangzhou": True},
    }

    found = client.post("/api/screen", json=body).json()

    met = [row["program"] for row in found["met"]]
    assert "hangzhou-2023 2.1.3:rental_housing" in met
    assert "hangzhou-2023 2.1.4:hukou_job" in [row["program"] for row in found["not_met"]]
    assert found["next_question"]["fact"]


def test_what_a_person_writes_is_read_and_what_is_given_goes_before(client: TestClient) -> None:
    body = {"region": "杭州", "as_of": "2024-06-01", "text": "我是硕士,35岁", "facts": {"degree": "college"}}

    found = client.post("/api/screen", json=body).json()

    assert "hangzhou-2023 2.1.3:living" in [row["program"] for row in found["not_met"]]


def test_an_unknown_region_is_422(client: TestClient) -> None:
    assert client.post("/api/screen", json={"region": "火星"}).status_code == 422
    assert client.get("/api/programs", params={"region": "火星"}).status_code == 422


def test_the_dictionary_and_the_programs_are_listed(client: TestClient) -> None:
    facts = client.get("/api/facts").json()["facts"]
    programs = client.get("/api/programs", params={"region": "青岛", "as_of": "2024-06-01"}).json()[
        "programs"
    ]

    assert "heads" in [fact["name"] for fact in facts]
    assert {program["policy"] for program in programs} == {"qingdao-2023"}


# ── in the chat ──────────────────────────────────────────────────────────────────────────────


def chat(client: TestClient, message: str, as_of: str = "2024-06-01", **more: object) -> dict[str, object]:
    answer: dict[str, object] = client.post(
        "/api/chat", json={"message": message, "as_of": as_of, **more}
    ).json()
    return answer


def test_a_persons_own_figure_comes_with_its_working_and_its_tool_call(client: TestClient) -> None:
    answer = chat(client, "我大三在读,招了6个人,第一年,杭州创业带动就业补贴能领多少")

    (calculation,) = answer["calculations"]  # type: ignore[misc]
    assert calculation["amount_yuan"] == 5000  # type: ignore[has-type]
    assert "5000元" in str(answer["text"])
    assert "2000 + (6 − 3) × 1000 = 5000" in str(answer["text"])
    assert "还没有经工作人员核对" in str(answer["text"])
    assert [call["tool"] for call in answer["tool_calls"]] == ["search_clauses", "calculate"]  # type: ignore[attr-defined]
    assert "step" in {span["source"] for span in answer["proof"]}  # type: ignore[attr-defined]


def test_a_missing_fact_is_asked_for_one_at_a_time_and_a_bare_reply_answers_it(client: TestClient) -> None:
    first = chat(client, "我招了6个人,杭州创业带动就业补贴能领多少")
    (asked,) = first["asks"]  # type: ignore[misc]
    assert asked["fact"] == "student_status"  # type: ignore[has-type]

    second = chat(client, "在校大学生", conversation_id=first["conversation_id"])

    assert second["facts"] | {"heads": 6, "student_status": "enrolled"} == second["facts"]  # type: ignore[operator]
    assert [citation["clause"] for citation in second["citations"]] == ["2.3.17"]  # type: ignore[attr-defined]


def test_a_condition_that_fails_is_named_with_what_would_change_it(client: TestClient) -> None:
    answer = chat(client, "我大三在读,只招了2个人,第一年,杭州创业带动就业补贴能领吗")

    assert answer["verdict"] == "not_met"
    assert "带动就业满3人" in str(answer["text"])
    assert "再带动就业1人" in str(answer["text"])


def test_when_the_plan_has_ended_the_figure_is_of_then_and_nothing_more_is_asked(client: TestClient) -> None:
    answer = chat(client, "我大三在读,招了6个人,杭州创业带动就业补贴能领多少", "2026-11-24")

    assert answer["status"] == "answered_ended"
    assert "照这份文件的规定" in str(answer["text"])
    assert answer["asks"] == []
