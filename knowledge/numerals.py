"""Figures as people and documents write them → exact values. No float anywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

_DIGITS = {
    "〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7,
    "八": 8, "九": 9,
    "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
_UNITS = {"十": 10, "百": 100, "千": 1000, "拾": 10}


def chinese_integer(numeral: str) -> int:
    """Return the value of a Chinese integer: 三十一 → 31, 二〇二三 → 2023, 一百二十万 → 1200000.

    Raises:
        ValueError: a character is not part of a Chinese integer.
    """
    if unknown := set(numeral) - _DIGITS.keys() - _UNITS.keys() - {"万", "亿"}:
        raise ValueError(f"{numeral!r} is not a Chinese integer: {''.join(sorted(unknown))}")
    if not set(numeral) - _DIGITS.keys():
        return int("".join(str(_DIGITS[char]) for char in numeral))
    for unit, value in (("亿", 10**8), ("万", 10**4)):
        if unit in numeral:
            high, low = numeral.rsplit(unit, 1)
            return chinese_integer(high) * value + (chinese_integer(low) if low else 0)
    total, digit = 0, 0
    for char in numeral:
        if char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit


class Measure(StrEnum):
    """What a figure measures."""

    MONEY = "money"  # 元
    COUNT = "count"  # 家、人、个 …
    DURATION = "duration"  # 年、个月、天
    SHARE = "share"  # %、1:1
    AGE = "age"  # 周岁
    DAY = "day"  # 2025年12月31日、2024年底
    FREQUENCY = "frequency"  # 每月一次、每季度
    AREA = "area"  # 平方米


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in a text, as written."""

    start: int
    end: int
    text: str  # 20万—500万元
    measure: Measure
    unit: str  # 元, 家, 年 …
    values: tuple[Decimal, ...]  # in the unit; two for a range, none for a day


_PLAIN = r"\d+(?:,\d{3})+(?!\d)|\d+(?:\.\d+)?"
_HAN_NUMERAL = "[一二两三四五六七八九十百千]{1,6}"
_NUMBER = rf"(?:{_PLAIN}|{_HAN_NUMERAL})[百千]?[万亿]?"
_UNIT = "元|%|个月|个工作日|工作日|平方米|周岁|岁|年|月|日|天|小时|家|人|名|个|户|支|场|项|所|站|次|笔|倍|档"
_FIGURES = re.compile(
    rf"(?P<day>\d{{4}}年(?:\d{{1,2}}月\d{{1,2}}日|底|末|年底)|\d{{4}}年(?!内))"
    rf"|(?P<every>每(?:[半两一二三])?(?:年|个?季度|个?月|周|天|日)度?)"
    rf"|(?P<ratio>\d+[:∶]\d+)|百分之(?P<percent>{_NUMBER})|(?P<half>半天|半年)"
    rf"|(?P<low>{_NUMBER})(?:(?:[—–~-]|至|到)(?P<high>{_NUMBER}))? ?(?P<unit>{_UNIT})"
)
_MEASURES = {
    "元": Measure.MONEY,
    "%": Measure.SHARE,
    "平方米": Measure.AREA,
    **dict.fromkeys(("周岁", "岁"), Measure.AGE),
    **dict.fromkeys(("年", "个月", "月", "日", "天", "小时", "个工作日", "工作日"), Measure.DURATION),
}
# 一 and 两 before these are words more often than figures: 一站式, 一次登录, 一家, 两个人.
_WORDLIKE = {
    "站",
    "次",
    "个",
    "项",
    "名",
    "场",
    "所",
    "支",
    "笔",
    "档",
    "家",
    "人",
    "户",
    "日",
    "月",
    "天",
}


def figures(text: str) -> tuple[Figure, ...]:
    """Return the figures in a normalised text, in order: Arabic, mixed and Chinese ones with a unit.

    A Chinese numeral without a unit is a word (一般人员, 十分满意) and is left alone.
    """
    found = (_figure(match) for match in _FIGURES.finditer(text))
    return tuple(figure for figure in found if figure is not None)


def _figure(match: re.Match[str]) -> Figure | None:
    measure, unit, written = _read(match)
    if match["low"] and unit in _WORDLIKE and not match.group()[0].isdigit():
        return None
    values = tuple(value(number) for number in written)
    return Figure(match.start(), match.end(), match.group(), measure, unit, values)


def _read(match: re.Match[str]) -> tuple[Measure, str, tuple[str, ...]]:
    if match["day"]:
        return Measure.DAY, "", ()
    if match["every"]:
        return Measure.FREQUENCY, *_every(match["every"])
    if match["ratio"]:
        return Measure.SHARE, ":", tuple(re.split("[:∶]", match["ratio"]))
    if match["percent"]:
        return Measure.SHARE, "%", (match["percent"],)
    if match["half"]:
        return Measure.DURATION, match["half"][1], ("0.5",)
    written = tuple(number for number in (match["low"], match["high"]) if number)
    if len(written) == 2 and written[1][-1] in "万亿" and written[0][-1] not in "万亿":
        written = (written[0] + written[1][-1], written[1])  # 5—20万元 means 5万 to 20万
    return _MEASURES.get(match["unit"], Measure.COUNT), match["unit"], written


_EVERY = {"年": "年", "季": "月", "月": "月", "周": "周", "天": "天", "日": "天"}


def _every(words: str) -> tuple[str, tuple[str, ...]]:
    """Return unit and number of how often: 每两年 → 年 2, 每季度 → 月 3, 每半年 → 年 0.5."""
    unit = next(unit for char, unit in _EVERY.items() if char in words)
    number = next((char for char in words if char in _DIGITS), "半" if "半" in words else "一")
    if "季" in words:
        return unit, ("3",)
    return unit, ("0.5" if number == "半" else number,)


def value(written: str) -> Decimal:
    """Return the exact value of a number as written: 1.5万 → 15000, 两 → 2, 3,000 → 3000.

    Raises:
        ValueError: it is not a number.
    """
    for unit, factor in (("亿", 10**8), ("万", 10**4), ("千", 1000), ("百", 100)):
        head = written.removesuffix(unit)
        if head != written and head and head[0].isdigit():
            return value(head) * factor
    if written[0].isdigit():
        return Decimal(written.replace(",", ""))
    return Decimal(chinese_integer(written))
