from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from knowledge.facts import Facts, FactsRefused, FactType, InvalidFact, load, parse_day

FACTS = Facts.shipped()
DAY = date(2024, 6, 1)


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("degree", "bachelor", "bachelor"),
        ("insured_months", 0, 0),
        ("insured_months", 600, 600),
        ("works_in_hangzhou", False, False),
        ("graduation_date", "2019-06-01", date(2019, 6, 1)),
        ("birth_date", "2024-06-01", DAY),
        ("first_month", "2024-03", date(2024, 3, 1)),
        ("area_m2", Decimal("33.5"), Decimal("33.5")),
        ("area_m2", "33.5", Decimal("33.5")),
        ("grant_yuan", 80000, Decimal(80000)),
        ("quoted_rate", Decimal("0.5"), Decimal("0.5")),
        ("levels", ["municipal", "national"], frozenset({"municipal", "national"})),
        ("levels", [], frozenset()),
        ("heads_by_year", [3, 5, 21], (3, 5, 21)),
        ("contest", " 挑战杯 ", "挑战杯"),
        (
            "enterprises",
            [{"licensed": True, "stable_months": 12}],
            ({"licensed": True, "stable_months": 12},),
        ),
    ],
)
def test_a_value_of_the_right_type_is_read(name: str, raw: object, value: object) -> None:
    assert FACTS[name].read(raw, DAY) == value


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("degree", "postdoc"),
        ("degree", "本科"),
        ("degree", ["bachelor"]),
        ("heads", Decimal("3.5")),
        ("heads", Decimal("3.0")),
        ("heads", 3.0),
        ("heads", "3"),
        ("heads", True),
        ("heads", -1),
        ("insured_months", 601),
        ("works_in_hangzhou", 1),
        ("works_in_hangzhou", "true"),
        ("graduation_date", "2024-02-30"),
        ("graduation_date", "20240601"),
        ("graduation_date", "2024-W01-1"),
        ("graduation_date", "1024-06-01"),
        ("graduation_date", 20240601),
        ("birth_date", "2024-06-02"),
        ("first_month", "2024-13"),
        ("first_month", "2024-03-01"),
        ("area_m2", 33.5),
        ("area_m2", 0),
        ("area_m2", "三十"),
        ("area_m2", "1e5"),
        ("area_m2", Decimal("NaN")),
        ("area_m2", Decimal("Infinity")),
        ("area_m2", Decimal("1E+30")),
        ("area_m2", True),
        ("grant_yuan", Decimal("0.005")),
        ("grant_yuan", -1),
        ("quoted_rate", Decimal("1.0")),
        ("levels", "municipal"),
        ("levels", ["municipal", "municipal"]),
        ("levels", ["county"]),
        ("heads_by_year", []),
        ("heads_by_year", [3, "5"]),
        ("heads_by_year", 3),
        ("contest", ""),
        ("contest", "字" * 101),
        ("taxes", {"vat": 1}),
        ("taxes", {"vat": -1, "urban": 0, "edu": 0, "local_edu": 0, "iit": 0}),
        ("taxes", [1]),
        ("enterprises", [{"licensed": "yes", "stable_months": 12}]),
        ("enterprises", [{"licensed": True}]),
        ("enterprises", {"licensed": True, "stable_months": 12}),
    ],
)
def test_a_value_of_the_wrong_type_or_range_is_refused_by_name(name: str, raw: object) -> None:
    with pytest.raises(InvalidFact) as error:
        FACTS[name].read(raw, DAY)
    assert error.value.name == name
    assert error.value.problem


def test_every_fact_can_be_asked_for() -> None:
    for fact in FACTS.values():
        assert fact.question.endswith(("?", ")")), fact.name
        assert fact.label


def test_choices_have_chinese_labels() -> None:
    for fact in FACTS.values():
        if fact.type in (FactType.ENUM, FactType.SET):
            assert all((fact.options or {}).values()), fact.name


def test_a_mistake_in_the_dictionary_names_file_and_key(tmp_path: Path) -> None:
    path = tmp_path / "facts.toml"
    path.write_text(
        '[age]\ntype = "int"\nlabel = "年龄"\nwhose = "self"\nquestoin = "几岁?"\n', encoding="utf-8"
    )
    with pytest.raises(FactsRefused, match=r"facts\.toml:age\."):
        load(path)


def test_only_a_whole_iso_day_is_a_day() -> None:
    assert parse_day("2024-06-01") == DAY
    assert parse_day(DAY) == DAY
    assert parse_day("2024-6-1") is None
    assert parse_day(None) is None
