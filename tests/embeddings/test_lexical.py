"""Words are characters and pairs of neighbours; what belongs together stays whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from embeddings.lexical import WordIndex, tokens

TEXTS = ["硕士3万元生活补贴", "租房补贴每户每年1万元", "意外伤害保险补贴"]


def test_han_runs_give_characters_and_pairs() -> None:
    assert tokens("补贴") == ["补", "贴", "补贴"]


@pytest.mark.parametrize(
    ("text", "whole"),
    [("〔2020〕11号", "〔2020〕11号"), ("补3000元", "3000"), ("LPR利率", "lpr"), ("1.5倍", "1.5")],
)
def test_numbers_latin_and_document_numbers_stay_whole(text: str, whole: str) -> None:
    assert whole in tokens(text)


def test_the_text_with_the_rarest_shared_words_scores_best() -> None:
    scores = WordIndex.build(TEXTS).scores("租房补贴")

    assert scores.argmax() == 1
    assert scores.shape == (3,)


def test_a_text_that_has_all_words_scores_most_and_one_that_has_none_scores_nothing() -> None:
    scores = WordIndex.build(TEXTS).scores("硕士")

    assert scores[0] > 0.5
    assert scores[2] == 0.0


def test_words_that_no_text_has_lower_the_score() -> None:
    index = WordIndex.build(TEXTS)

    assert index.scores("租房补贴")[1] > index.scores("租房补贴天气预报")[1]


@pytest.mark.parametrize("text", ["", "天气", "  "])
def test_a_question_without_a_known_word_scores_nothing(text: str) -> None:
    assert WordIndex.build(TEXTS).scores(text).tolist() == [0.0, 0.0, 0.0]


def test_a_saved_index_gives_the_same_scores(tmp_path: Path) -> None:
    index = WordIndex.build(TEXTS)
    index.save(tmp_path)

    assert WordIndex.load(tmp_path).scores("租房").tolist() == index.scores("租房").tolist()
