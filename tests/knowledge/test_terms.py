"""The terms are words of a few characters, each written once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from knowledge import terms


def test_each_term_is_a_word_and_stands_once() -> None:
    shipped = terms.load()

    assert len(shipped) > 200
    assert [term for term, count in Counter(shipped).items() if count > 1] == []
    assert [term for term in shipped if not 2 <= len(term) <= 4] == []


def test_remarks_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "terms.txt"
    file.write_text("# 说明 不算\n补贴 创业\n\n租房\n", encoding="utf-8")

    assert terms.load(file) == ("补贴", "创业", "租房")


def test_each_english_word_has_one_term() -> None:
    english = terms.english()

    assert english["subsidy"] == "补贴"
    assert [word for word, term in english.items() if not word.islower() or not term] == []
