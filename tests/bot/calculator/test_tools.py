from __future__ import annotations

import json
from datetime import date
from typing import cast

import pytest

from bot.calculator.tools import Calculator, facts_schema
from knowledge.facts import Facts

JOBS = "hangzhou-2023 2.3.17:jobs"
FACTS = {"student_status": "enrolled", "heads": 5, "year_index": 1}


def test_the_tool_says_what_the_function_says(calculator: Calculator) -> None:
    tool, _, _ = calculator.tools()
    said = tool.invoke({"program": JOBS, "facts": FACTS, "as_of": "2024-06-01"})
    assert said == calculator.calculate(JOBS, FACTS, date(2024, 6, 1))


def test_screen_and_list_programs_are_tools(calculator: Calculator) -> None:
    _, screen, listing = calculator.tools()
    assert screen.invoke({"region": "杭州市", "facts": {}, "as_of": "2024-06-01"})["next_question"]
    assert len(listing.invoke({"region": "青岛市", "as_of": "2024-06-01"})) == 7


def test_the_schema_of_a_tool_comes_from_the_dictionary(calculator: Calculator) -> None:
    tool, _, _ = calculator.tools()
    schema = cast(dict[str, dict[str, dict[str, object]]], tool.args_schema)
    assert JOBS in cast(list[str], schema["properties"]["program"]["enum"])
    facts = cast(dict[str, object], schema["properties"]["facts"]["properties"])
    assert facts.keys() == Facts.shipped().keys()
    json.dumps(schema)


def test_no_number_of_the_schema_is_a_float() -> None:
    assert "0.5" not in json.dumps(facts_schema(Facts.shipped()))


def test_the_dictionary_as_json(calculator: Calculator) -> None:
    entries = {str(entry["name"]): entry for entry in calculator.facts_json()}
    assert entries["degree"]["options"] == [
        {"value": "below_college", "label": "大专以下"},
        {"value": "college", "label": "大专"},
        {"value": "bachelor", "label": "本科"},
        {"value": "master", "label": "硕士研究生"},
        {"value": "doctor", "label": "博士研究生"},
    ]
    assert entries["insured_months"]["max"] == 600
    assert entries["quoted_rate"]["max"] == "0.5"
    assert entries["already_received"]["local"] is True


@pytest.mark.parametrize(
    ("region", "count"), [(None, 61), ("杭州", 43), ("嘉兴市", 5), ("370100", 4), ("成都", 0)]
)
def test_programs_of_a_region(calculator: Calculator, region: str | None, count: int) -> None:
    listed = calculator.list_programs(region, "2024-06-01")
    assert len(listed) == count
    json.dumps(listed)


def test_listed_programs_carry_their_figures_with_days_and_quotes(calculator: Calculator) -> None:
    (jobs,) = [p for p in calculator.list_programs("杭州", "2024-06-01") if p["program"] == JOBS]
    figures = {str(f["param"]): f for f in cast(list[dict[str, object]], jobs["figures"])}
    assert figures["yearly_cap"] == {
        "param": "yearly_cap", "value": 20000, "unit": "元/年", "clause": "2.3.17",
        "quote": "每年补贴总额不超过2万元", "from": "2023-07-05", "to": "2025-12-31", "holds": True,
    }  # fmt: skip


@pytest.mark.parametrize(("region", "as_of"), [("火星", "2024-06-01"), ("杭州", "2024-06-31")])
def test_a_list_for_no_place_or_no_day_is_a_mistake(calculator: Calculator, region: str, as_of: str) -> None:
    with pytest.raises(ValueError, match="no such day or region"):
        calculator.list_programs(region, as_of)


@pytest.mark.parametrize(
    ("program", "as_of", "region", "fields"),
    [
        ("hangzhou-2023 2.3.17:nothing", "2024-06-01", None, ["program"]),
        (JOBS, "2024-06-31", None, ["as_of"]),
        (JOBS, "2024-06-01", "青岛市", ["program"]),
        (JOBS, "2024-06-01", "火星", ["region"]),
        ("nothing", "nothing", None, ["program", "as_of"]),
    ],
)
def test_a_call_that_names_nothing_is_refused_by_field(
    calculator: Calculator, program: str, as_of: str, region: str | None, fields: list[str]
) -> None:
    result = calculator.calculate(program, FACTS, as_of, region)
    assert (result["error"], result["fields"]) == ("invalid_input", fields)


def test_a_program_of_the_persons_own_district_is_taken(calculator: Calculator) -> None:
    assert calculator.calculate(JOBS, FACTS, "2024-06-01", "余杭区")["amount_yuan"] == 4000


def test_whole_yuan_are_integers_and_others_strings(calculator: Calculator) -> None:
    facts = {"student_status": "enrolled", "in_peipao_space": True, "area_m2": "33.5", "days": 31}
    result = calculator.calculate("hangzhou-2023 2.3.21:space_rent", facts, "2024-06-01")
    assert result["amount_yuan"] == "3115.50"
    assert result["days_counted"] == 31
