"""One normalisation for documents and questions, whose offsets lead back to the source."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.corpus import SHIPPED
from knowledge.normalize import normalize, normalized
from knowledge.readers import text as text_reader

SOURCES = sorted(SHIPPED.glob("*/source.txt"))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("濟南(nán)市(shì)", "济南市"),
        ("一(yī)站式、工(gōng)商(shāng)", "一站式、工商"),
        ("１２３４５，（含）", "12345,(含)"),
        ("20\u200b00元\ufeff", "2000元"),
        ("每年\u00a01\u3000万元", "每年 1 万元"),
        ("①50㎡“双创”‘a’《通知》〔2020〕11号", "①50㎡“双创”‘a’《通知》〔2020〕11号"),
        ("(LPR)、(A)类、(一)", "(LPR)、(A)类、(一)"),
        ("按补贴(a)类、学历(an)", "按补贴(a)类、学历(an)"),
        ("跟着(zhe)走", "跟着走"),
        ("\u2f08才", "人才"),
        ("比例達到1∶10", "比例达到1∶10"),
    ],
)
def test_what_is_changed_and_what_is_left_alone(source: str, expected: str) -> None:
    assert normalized(source) == expected


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.parent.name)
def test_a_second_time_changes_nothing(path: Path) -> None:
    once = normalized(text_reader.read(path.read_bytes()))

    assert normalized(once) == once


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.parent.name)
def test_every_character_knows_where_it_stood(path: Path) -> None:
    source = text_reader.read(path.read_bytes())

    text = normalize(source)

    assert len(text.origin) == len(text.text)
    assert list(text.origin) == sorted(set(text.origin))
    unchanged = sum(source[at] == char for at, char in zip(text.origin, text.text, strict=True))
    assert unchanged > len(text.text) * 0.6  # more than half of all characters have one form only


def test_a_span_leads_back_to_the_words_of_the_source() -> None:
    source = "在市(shì)政府領導下"
    text = normalize(source)
    start = text.text.index("政府")

    begin, end = text.source_span(start, start + 4)

    assert source[begin:end] == "政府領導"


@pytest.mark.parametrize("span", [(0, 0), (-1, 2), (0, 99)])
def test_a_span_outside_the_text_is_refused(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="empty or outside"):
        normalize("补贴").source_span(*span)


def test_no_pinyin_note_is_left_in_a_document() -> None:
    text = normalized((SHIPPED / "jinan-2022" / "source.txt").read_text(encoding="utf-8"))

    assert not [c for c in text if c in "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ"]
    assert "(zhe)" not in text
