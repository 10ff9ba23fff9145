"""What would change a result, and until when it holds: read off the conditions, never written by hand."""

from __future__ import annotations

from typing import cast

import pytest

from bot.calculator.tools import Calculator

DAY = "2024-06-15"
HZ = "hangzhou-2023 "
STUDENT = {"student_status": "enrolled"}
FRESH = {"degree": "bachelor", "graduate_kind": "fresh", "works_in_hangzhou": True}


def changes(calculator: Calculator, program: str, facts: dict[str, object]) -> list[dict[str, object]]:
    return cast(list[dict[str, object]], calculator.calculate(HZ + program, facts, DAY)["changes"])


@pytest.mark.parametrize(
    ("program", "facts", "text", "amount"),
    [
        ("2.3.17:jobs", {**STUDENT, "heads": 2, "year_index": 1}, "再带动就业1人,可得2000元(每年)", 2000),
        ("2.3.17:jobs", {**STUDENT, "heads": 0, "year_index": 1}, "再带动就业3人,可得2000元(每年)", 2000),
        ("2.3.17:jobs", {**STUDENT, "heads": 5, "year_index": 1}, "再带动就业1人,可多领1000元", 5000),
        ("2.3.17:jobs", {**STUDENT, "heads": 20, "year_index": 1}, "再带动就业1人,可多领1000元", 20000),
        (
            "2.1.3:living",
            {**FRESH, "insured_months": 10},
            "再连续参保2个月,到2024-08满12个月,可多领5000元",
            10000,
        ),
        (
            "2.1.3:living",
            {**FRESH, "insured_months": 0},
            "再连续参保6个月,到2024-12满6个月,可多领5000元",
            10000,
        ),
        (
            "2.1.3:living_west",
            {**FRESH, "district": "富阳区", "west_work_start": "2022-02-28"},
            "到2025-02-28满3年,可得10000元(一次性)",
            10000,
        ),
        ("2.1.6:employer", {"postdocs": 0}, "再招收博士后1人,可得250000元(每人两年)", 250000),
        (
            "2.2.11:mentor_perf",
            {"enterprises": [{"licensed": True, "stable_months": 10}]},
            "第1家再稳定经营2个月,到2024-08满12个月,可得8000元(每家)",
            8000,
        ),
        (
            "2.3.16:office_rent",
            {
                **STUDENT,
                "school_in_hangzhou": True,
                "new_enterprise_in_hangzhou": True,
                "rents_office": False,
            },
            "租赁办公用房,可得最多100000元(3年内最高)",
            100000,
        ),
        (
            "2.1.6:stay",
            {"left_station": False, "works_in_hangzhou": False},
            "完成出站,在杭州落实工作,可得400000元(补助)",
            400000,
        ),
    ],
)
def test_the_nearest_change(
    calculator: Calculator, program: str, facts: dict[str, object], text: str, amount: int
) -> None:
    (change,) = changes(calculator, program, facts)
    assert change["text"] == text
    assert change["amount_yuan"] == amount


@pytest.mark.parametrize(
    ("program", "facts"),
    [
        ("2.1.3:living", {**FRESH, "degree": "college", "insured_months": 12}),
        (
            "2.1.4:hukou_job",
            {"full_time_college": True, "works_in_hangzhou": True, "degree": "college", "age": 35},
        ),
        (
            "2.3.17:startup",
            {"student_status": "graduated", "graduation_date": "2019-06-14", "already_received": False},
        ),
        ("2.3.17:startup", {**STUDENT, "already_received": True}),
        ("2.3.17:jobs", {**STUDENT, "heads": 5, "year_index": 1, "discredited": True}),
        ("2.1.3:living", {**FRESH, "insured_months": 12}),
    ],
)
def test_what_cannot_be_changed_is_not_dressed_up(
    calculator: Calculator, program: str, facts: dict[str, object]
) -> None:
    assert changes(calculator, program, facts) == []


def test_at_the_ceiling_more_is_not_more(calculator: Calculator) -> None:
    (change,) = changes(calculator, "2.3.17:jobs", {**STUDENT, "heads": 22, "year_index": 1})
    assert change["text"] == "已到上限,再增加也不会更多"


def test_a_change_comes_true(calculator: Calculator) -> None:
    facts: dict[str, object] = {**STUDENT, "heads": 1, "year_index": 1}
    (change,) = changes(calculator, "2.3.17:jobs", facts)
    changed = calculator.calculate(
        HZ + "2.3.17:jobs", {**facts, **cast(dict[str, object], change["facts"])}, DAY
    )
    assert changed["amount_yuan"] == change["amount_yuan"]


@pytest.mark.parametrize(
    ("program", "facts", "last_day"),
    [
        (
            "2.3.17:startup",
            {"student_status": "graduated", "graduation_date": "2021-06-30", "already_received": False},
            "2026-06-30",
        ),
        (
            "2.1.4:hukou_job",
            {
                "full_time_college": True,
                "works_in_hangzhou": True,
                "degree": "college",
                "birth_date": "1990-03-04",
            },
            "2025-03-03",
        ),
        ("2.1.4:hukou_first", {"degree": "bachelor", "graduation_date": "2024-02-29"}, "2026-02-28"),
        ("2.3.17:jobs", {**STUDENT, "heads": 3, "first_month": "2024-03"}, "2027-02-28"),
    ],
)  # fmt: skip
def test_the_last_day_of_what_lapses(
    calculator: Calculator, program: str, facts: dict[str, object], last_day: str
) -> None:
    until = cast(list[dict[str, object]], calculator.calculate(HZ + program, facts, DAY)["until"])
    assert [each["last_day"] for each in until] == [last_day]


def test_of_two_ways_in_the_later_last_day_counts(calculator: Calculator) -> None:
    facts = {
        "top400": True,
        "landed_in_hangzhou": True,
        "student_status": "graduated",
        "graduation_date": "2021-06-30",
        "birth_date": "1998-05-06",
    }
    until = cast(list[dict[str, object]], calculator.calculate(HZ + "2.1.5:hz_contest", facts, DAY)["until"])
    assert [each["last_day"] for each in until] == ["2033-05-05"]


def test_instalments_come_on_the_persons_own_days(calculator: Calculator) -> None:
    facts = {**FRESH, "insured_since": "2024-01-31"}
    result = calculator.calculate(HZ + "2.1.3:living", facts, DAY)
    assert [
        (p["on"], p["yuan"], p["after_last_day"]) for p in cast(list[dict[str, object]], result["schedule"])
    ] == [
        ("2024-07-31", 5000, False),
        ("2025-01-31", 5000, False),
    ]


def test_what_falls_after_the_last_day_is_said(calculator: Calculator) -> None:
    facts = {**FRESH, "insured_since": "2025-03-01"}
    result = calculator.calculate(HZ + "2.1.3:living", facts, "2025-12-01")
    assert [p["after_last_day"] for p in cast(list[dict[str, object]], result["schedule"])] == [False, True]


def test_the_years_of_a_window(calculator: Calculator) -> None:
    result = calculator.calculate(HZ + "2.3.17:jobs", {**STUDENT, "heads": 3, "first_month": "2024-03"}, DAY)
    years = cast(list[dict[str, object]], result["schedule"])
    assert [(y["from"], y["to"], y["after_last_day"]) for y in years] == [
        ("2024-03", "2025-02", False),
        ("2025-03", "2026-02", True),
        ("2026-03", "2027-02", True),
    ]
