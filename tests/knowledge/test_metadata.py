"""What a document says about itself is read with the words it was read from."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge import metadata, validity


def test_a_validity_has_both_its_days() -> None:
    found = validity.validity("本行动计划自2023年7月5日起施行,有效期至2025年12月31日,由市局负责。")

    assert found is not None
    assert (found.since, found.until) == (date(2023, 7, 5), date(2025, 12, 31))
    assert found.quote == "自2023年7月5日起施行,有效期至2025年12月31日"


def test_a_target_year_is_no_validity() -> None:
    assert validity.validity("到2024年底,实现累计扶持创业不少于6万人") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("二〇二三年七月五日", date(2023, 7, 5)),
        ("2023-07-05", date(2023, 7, 5)),
        ("二〇二四年十二月三十一日", date(2024, 12, 31)),
    ],
)
def test_a_day_in_any_notation(text: str, expected: date) -> None:
    assert validity.days(text) == (expected,)


def test_a_day_that_no_calendar_has_is_refused() -> None:
    with pytest.raises(ValueError, match="2023年2月30日"):
        validity.days("自2023年2月30日起")


def test_a_repeal_names_title_and_number() -> None:
    text = "前发《关于印发三年行动计划(2020—2022年)的通知》(杭政办函〔2020〕11号)同时废止。"

    (found,) = metadata.repeals(text)

    assert found.number == "杭政办函〔2020〕11号"
    assert found.title == "关于印发三年行动计划(2020—2022年)的通知"
