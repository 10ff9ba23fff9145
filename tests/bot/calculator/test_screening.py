"""One person against all programs of a region."""

from __future__ import annotations

import json
from typing import cast

import pytest

from bot.calculator.tools import Calculator

DAY = "2024-06-01"
Rows = list[dict[str, object]]


def ids(result: dict[str, object], group: str) -> set[str]:
    return {str(row["program"]).partition(" ")[2] for row in cast(Rows, result[group])}


def row(result: dict[str, object], short: str) -> dict[str, object]:
    for group in ("met", "unknown", "not_met"):
        for each in cast(Rows, result[group]):
            if str(each["program"]).endswith(f" {short}"):
                return each
    raise AssertionError(f"{short} is not listed")


def question(result: dict[str, object]) -> dict[str, object]:
    return cast(dict[str, object], result["next_question"])


def test_a_college_graduate_of_35_can_only_rent(calculator: Calculator) -> None:
    facts = {
        "degree": "college", "age": 35, "full_time_college": True, "works_in_hangzhou": True,
        "graduate_kind": "fresh", "insured_months": 12,
    }  # fmt: skip
    result = calculator.screen("杭州市", facts, DAY)
    assert ids(result, "met") == {"2.1.3:rental_housing"}
    assert ids(result, "not_met") >= {"2.1.3:living", "2.1.3:rent", "2.1.4:hukou_job", "2.1.4:hukou_first"}


def test_a_student_founder_with_five_heads(calculator: Calculator) -> None:
    facts = {
        "student_status": "enrolled", "school_in_hangzhou": True, "heads": 5, "year_index": 1,
        "new_enterprise_in_hangzhou": True, "rents_office": True, "is_student_entrepreneur": True,
        "2.3.17:startup.already_received": False, "2.3.17:social.already_received": True,
    }  # fmt: skip
    result = calculator.screen("330100", facts, DAY, "创业")
    assert ids(result, "met") == {"2.3.17:startup", "2.3.17:jobs", "2.3.16:office_rent", "2.3.14:loan"}
    assert ids(result, "not_met") == {"2.3.17:social"}
    assert row(result, "2.3.17:jobs")["amount_yuan"] == 4000


def test_one_answer_does_not_serve_two_programs(calculator: Calculator) -> None:
    facts = {"student_status": "enrolled", "2.3.17:startup.already_received": False}
    result = calculator.screen("杭州", facts, DAY)
    assert "2.3.17:startup" in ids(result, "met")
    assert row(result, "2.3.17:social")["missing"] == ["2.3.17:social.already_received"]


def test_every_name_in_a_screening_is_one_that_a_screening_takes(calculator: Calculator) -> None:
    facts = {"2.3.18:park_build.recognized": False, "2.3.18:park_build.already_received": None}
    park = row(calculator.screen("杭州", facts, DAY, "单位"), "2.3.18:park_build")
    (change,) = cast(Rows, park["changes"])
    assert change["facts"] == {"2.3.18:park_build.recognized": True}
    told = {**facts, **cast(dict[str, object], change["facts"])}
    assert row(calculator.screen("杭州", told, DAY, "单位"), "2.3.18:park_build")["declined"] == [
        "2.3.18:park_build.already_received"
    ]


def test_a_bare_local_fact_is_refused(calculator: Calculator) -> None:
    result = calculator.screen("杭州", {"already_received": False}, DAY)
    assert (result["error"], result["fields"]) == ("invalid_input", ["already_received"])


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"heads": 3.5}, "heads"),
        ({"star_sign": "leo"}, "star_sign"),
        ({"2.3.99:nothing.already_received": True}, "2.3.99:nothing.already_received"),
        ({"2.3.17:startup.already_received": "no"}, "2.3.17:startup.already_received"),
        ({"student_status": "graduated", "graduation_date": "2024-06-02"}, "graduation_date"),
        ({"2.1.5:overseas_contest.approved_yuan": 1}, "2.1.5:overseas_contest.approved_yuan"),
    ],
)
def test_bad_input_is_refused_by_name(calculator: Calculator, facts: dict[str, object], field: str) -> None:
    result = calculator.screen("杭州", facts, DAY)
    assert (result["error"], result["fields"]) == ("invalid_input", [field])


@pytest.mark.parametrize(
    ("region", "day", "audience", "field"),
    [("火星", DAY, None, "region"), ("鼓楼区", DAY, None, "region"), ("杭州", "2024-13-01", None, "as_of"),
     ("杭州", DAY, "老板", "audience"), ("青岛", "2020-01-01", None, "as_of")],
)  # fmt: skip
def test_a_bad_frame_is_refused_by_name(
    calculator: Calculator, region: str, day: str, audience: str | None, field: str
) -> None:
    assert calculator.screen(region, {}, day, audience)["fields"] == [field]


def test_a_district_has_the_programs_of_its_city(calculator: Calculator) -> None:
    city, district = (calculator.screen(name, {"degree": "master"}, DAY) for name in ("杭州市", "余杭区"))
    assert ids(city, "unknown") == ids(district, "unknown")


def test_no_figure_is_borrowed_from_another_city(calculator: Calculator) -> None:
    result = calculator.screen("济南", {"student_status": "enrolled"}, DAY)
    assert all(
        str(r["program"]).startswith("jinan-2022 ")
        for g in ("met", "unknown", "not_met")
        for r in cast(Rows, result[g])
    )
    assert row(result, "3.2:rent_and_outsourcing")["kind"] == "not_in_text"


def test_a_region_without_documents_has_no_programs(calculator: Calculator) -> None:
    result = calculator.screen("成都市", {}, DAY)
    assert [result[g] for g in ("met", "unknown", "not_met")] == [[], [], []]
    assert result["next_question"] is None


def test_the_first_question_is_what_it_is_about(calculator: Calculator) -> None:
    asked = question(calculator.screen("杭州", {}, DAY))
    assert asked["fact"] == "audience"
    assert {"value": "创业", "label": "创业"} in cast(Rows, asked["options"])


def test_the_answer_to_the_first_question_may_come_among_the_facts(calculator: Calculator) -> None:
    told = calculator.screen("杭州", {"audience": "导师"}, DAY)
    assert ids(told, "unknown") == {"2.2.11:mentor_base", "2.2.11:mentor_perf", "2.2.11:mentor_service"}
    assert calculator.screen("杭州", {"audience": "老板"}, DAY)["fields"] == ["audience"]


def test_who_does_not_say_what_it_is_about_is_not_asked_again(calculator: Calculator) -> None:
    assert question(calculator.screen("杭州", {"audience": None}, DAY))["fact"] != "audience"


def test_a_job_seeker_is_not_asked_about_postdoc_stations(calculator: Calculator) -> None:
    facts = {"degree": "college", "full_time_college": True, "works_in_hangzhou": False}
    assert question(calculator.screen("杭州", facts, DAY))["fact"] == "audience"


def test_the_next_question_settles_most(calculator: Calculator) -> None:
    result = calculator.screen("杭州", {}, DAY, "求职")
    asked = question(result)
    waiting = [r for r in cast(Rows, result["unknown"]) if asked["fact"] in cast(list[str], r["missing"])]
    assert asked["fact"] == "degree"
    assert asked["settles"] == len(waiting) == 6


def test_a_job_seeker_is_asked_no_more_than_twelve_questions(calculator: Calculator) -> None:
    answers: dict[str, object] = {
        "degree": "bachelor", "graduate_kind": "fresh", "works_in_hangzhou": True, "insured_months": 12,
        "full_time_college": True, "age": 24, "graduation_date": "2023-06-30", "district": "西湖区",
        "household_other_receiving": False, "years_received": 0, "west_work_start": "2023-07-01",
    }  # fmt: skip
    facts: dict[str, object] = {}
    while asked := calculator.screen("杭州", facts, DAY, "求职")["next_question"]:
        name = str(cast(dict[str, object], asked)["fact"])
        assert name not in facts, "no question twice"
        facts[name] = answers[name]
    assert len(facts) <= 12
    assert ids(calculator.screen("杭州", facts, DAY, "求职"), "met") >= {"2.1.3:living", "2.1.3:rent"}


def test_a_condition_that_fails_stops_the_questions(calculator: Calculator) -> None:
    facts: dict[str, object] = {"degree": "college"}
    asked = set()
    while found := calculator.screen("杭州", facts, DAY, "求职")["next_question"]:
        name = str(cast(dict[str, object], found)["fact"])
        asked.add(name)
        facts[name] = {"full_time_college": True, "age": 35, "works_in_hangzhou": True}[name]
    assert asked <= {"full_time_college", "age", "works_in_hangzhou"}


def test_a_declined_question_is_not_asked_again(calculator: Calculator) -> None:
    facts: dict[str, object] = {}
    for _ in range(40):
        asked = calculator.screen("杭州", facts, DAY, "求职")["next_question"]
        if asked is None:
            break
        name = str(cast(dict[str, object], asked)["fact"])
        assert name not in facts
        facts[name] = None
    assert asked is None


def test_what_only_staff_measure_is_shown_to_staff_only(calculator: Calculator) -> None:
    assert "2.3.13:split" not in json.dumps(calculator.screen("杭州", {"degree": "master"}, DAY))
    assert "2.3.13:split" in ids(calculator.screen("杭州", {}, DAY, "工作人员"), "unknown")


def test_a_stated_sum_is_not_listed_beside_its_parts(calculator: Calculator) -> None:
    facts = {"student_status": "enrolled", "2.3.17:startup.already_received": False}
    assert "startup+social" not in json.dumps(calculator.screen("杭州", facts, DAY))


def test_after_the_last_day_everything_is_history(calculator: Calculator) -> None:
    result = calculator.screen(
        "杭州", {"student_status": "enrolled", "heads": 3, "year_index": 1}, "2026-11-23"
    )
    jobs = row(result, "2.3.17:jobs")
    assert (jobs["in_force"], jobs["amount_yuan"], jobs["historic_amount_yuan"]) == (False, None, 2000)
    assert jobs["changes"] == []
