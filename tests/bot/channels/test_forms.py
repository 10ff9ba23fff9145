"""A fact as a form: what is typed becomes the raw value that the dictionary reads, and back again."""

from __future__ import annotations

from datetime import date

import pytest

from bot.channels import forms
from knowledge.facts import Facts, FactType, InvalidFact

FACTS = Facts.shipped()
DAY = date(2024, 6, 1)


@pytest.mark.parametrize(
    ("name", "typed", "raw"),
    [
        ("degree", {"degree": ["master"]}, "master"),
        ("works_in_hangzhou", {"works_in_hangzhou": ["yes"]}, True),
        ("works_in_hangzhou", {"works_in_hangzhou": ["no"]}, False),
        ("heads", {"heads": [" １２ 人"]}, 12),
        ("income_yuan", {"income_yuan": ["3万元"]}, "30000"),
        ("income_yuan", {"income_yuan": ["3.55万"]}, "35500"),
        ("income_yuan", {"income_yuan": ["12,000.50"]}, "12000.50"),
        ("graduation_date", {"graduation_date": ["2024年6月30日"]}, "2024-06-30"),
        ("first_month", {"first_month": ["2024-03"]}, "2024-03"),
        ("heads_by_year", {"heads_by_year": ["3、5，8"]}, [3, 5, 8]),
        (
            "enterprises",
            {"enterprises.0.licensed": ["是"], "enterprises.0.stable_months": ["7"]},
            [{"licensed": True, "stable_months": 7}],
        ),
        ("taxes", {f"taxes.{n}": ["1"] for n in ("vat", "urban", "edu", "local_edu", "iit")}, None),
    ],
)
def test_what_is_typed_is_what_the_dictionary_reads(
    name: str, typed: dict[str, list[str]], raw: object
) -> None:
    given, value = forms.raw(FACTS[name], typed)

    assert given
    assert raw is None or value == raw
    FACTS[name].read(value, DAY)


@pytest.mark.parametrize("typed", [{}, {"heads": [""]}, {"heads": ["  "]}, {"degree": ["master"]}])
def test_an_empty_field_is_not_given(typed: dict[str, list[str]]) -> None:
    assert forms.raw(FACTS["heads"], typed) == (False, None)


def test_skipped_is_given_and_declined() -> None:
    assert forms.raw(FACTS["heads"], {"heads": [forms.DECLINED]}) == (True, None)


@pytest.mark.parametrize(
    ("name", "typed"), [("heads", "六"), ("heads", "3.5"), ("income_yuan", "很多"), ("degree", "x")]
)
def test_what_cannot_be_read_reaches_the_dictionary_as_it_is(name: str, typed: str) -> None:
    _, value = forms.raw(FACTS[name], {name: [typed]})

    assert value == typed
    with pytest.raises(InvalidFact):
        FACTS[name].read(value, DAY)


SAMPLES: dict[FactType, object] = {
    FactType.TEXT: "创青春",
    FactType.INT: 3,
    FactType.DECIMAL: "30000.50",
    FactType.BOOL: False,
    FactType.DATE: "2024-05-30",
    FactType.MONTH: "2024-03",
    FactType.INTS: [3, 5],
}


@pytest.mark.parametrize("name", list(FACTS))
def test_typing_a_raw_value_gives_it_back(name: str) -> None:
    fact = FACTS[name]
    raw = {
        FactType.ENUM: next(iter(fact.options or {}), ""),
        FactType.SET: list(fact.options or {})[:2],
        FactType.RECORD: dict.fromkeys(fact.options or {}, "5"),
        FactType.RECORDS: [
            {n: True if kind is FactType.BOOL else 4 for n, kind in (fact.fields or {}).items()}
        ],
        **SAMPLES,
    }[fact.type]

    assert forms.raw(fact, forms.typed(fact, raw)) == (True, raw)


@pytest.mark.parametrize("name", list(FACTS))
def test_every_fact_has_a_field_to_fill_in(name: str) -> None:
    made = forms.field(FACTS[name], {})

    assert made.question == FACTS[name].question
    assert made.options or made.inputs
    assert not made.used


def test_a_raw_value_is_told_as_people_say_it() -> None:
    assert forms.in_words(FACTS["degree"], "master") == "硕士研究生"
    assert forms.in_words(FACTS["works_in_hangzhou"], False) == "不是"
    assert forms.in_words(FACTS["heads"], 6) == "6人"
    assert forms.in_words(FACTS["heads_by_year"], [3, 5]) == "3人、5人"
    assert forms.in_words(FACTS["heads"], None) == "没有说"
