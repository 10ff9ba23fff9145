"""Figures as people and documents write them have exact values."""

from __future__ import annotations

from decimal import Decimal

import pytest

from knowledge.numerals import Measure, chinese_integer, figures, value


@pytest.mark.parametrize(
    ("numeral", "expected"),
    [
        ("三", 3),
        ("十", 10),
        ("十二", 12),
        ("三十一", 31),
        ("一百二十万", 1200000),
        ("二〇二三", 2023),
        ("一千零五", 1005),
        ("两万", 20000),
    ],
)
def test_a_chinese_integer(numeral: str, expected: int) -> None:
    assert chinese_integer(numeral) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("3万", "30000"),
        ("1.5万", "15000"),
        ("3,000", "3000"),
        ("0.4万", "4000"),
        ("四千", "4000"),
        ("两", "2"),
        ("2亿", "200000000"),
    ],
)
def test_a_number_as_written(written: str, expected: str) -> None:
    assert value(written) == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "measure", "unit", "values"),
    [
        ("给予20万—500万元资助", Measure.MONEY, "元", ["200000", "5000000"]),
        ("5—20万元", Measure.MONEY, "元", ["50000", "200000"]),
        ("每人每年不高于100元", Measure.MONEY, "元", ["100"]),
        ("达到95%以上", Measure.SHARE, "%", ["95"]),
        ("百分之五十", Measure.SHARE, "%", ["50"]),
        ("比例达到1∶10以上", Measure.SHARE, ":", ["1", "10"]),
        ("半天办结", Measure.DURATION, "天", ["0.5"]),
        ("最长不超过3年", Measure.DURATION, "年", ["3"]),
        ("45周岁以下", Measure.AGE, "周岁", ["45"]),
        ("新建大学生创业园50家", Measure.COUNT, "家", ["50"]),
        ("参保满6个月", Measure.DURATION, "个月", ["6"]),
    ],
)
def test_a_figure_in_a_text(text: str, measure: Measure, unit: str, values: list[str]) -> None:
    (figure,) = [f for f in figures(text) if f.measure is not Measure.FREQUENCY]

    assert (figure.measure, figure.unit) == (measure, unit)
    assert [str(v) for v in figure.values] == values
    assert text[figure.start : figure.end] == figure.text


@pytest.mark.parametrize(
    ("text", "every"), [("每月调度一次", "每月"), ("每两年考核", "每两年"), ("每年2000元", "每年")]
)
def test_how_often(text: str, every: str) -> None:
    assert [f.text for f in figures(text) if f.measure is Measure.FREQUENCY] == [every]


@pytest.mark.parametrize("text", ["一站式服务", "一般人员十分满意", "第三方机构", "一件事一次办"])
def test_a_numeral_that_is_part_of_a_word_is_no_figure(text: str) -> None:
    assert figures(text) == ()


@pytest.mark.parametrize("text", ["2025年12月31日", "到2024年底"])
def test_a_day_is_no_amount(text: str) -> None:
    assert [figure.measure for figure in figures(text)] == [Measure.DAY]


def test_what_is_not_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="not a Chinese integer"):
        chinese_integer("三x")
