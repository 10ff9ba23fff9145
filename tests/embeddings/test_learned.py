"""What is learned from how people ask: which clause is meant, and whether it says what is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from embeddings.learned import ClauseGuess, Judge

TEXTS = (
    "租房一年补多少",
    "房租给不给补",
    "户口怎么落",
    "迁户口要什么学历",
    "开店贷款能贷多少",
    "创业借钱的额度",
)
CLAUSES = ("p#1", "p#1", "p#2", "p#2", "p#3", "p#3")


@pytest.mark.parametrize(
    ("asked", "clause"), [("租房子补不补", "p#1"), ("落户口", "p#2"), ("贷款额度", "p#3")]
)
def test_the_clause_that_is_asked_about_has_the_highest_margin(asked: str, clause: str) -> None:
    margins = ClauseGuess.train(TEXTS, CLAUSES).margins(asked)

    assert max(margins, key=margins.__getitem__) == clause
    assert set(margins) == set(CLAUSES)


def test_words_that_nobody_used_say_nothing() -> None:
    assert ClauseGuess.train(TEXTS, CLAUSES).margins("xyz") == dict.fromkeys(sorted(set(CLAUSES)), -1.0)


@pytest.mark.parametrize("count", [2, 4, 6])
def test_a_guess_is_the_same_after_being_kept(tmp_path: Path, count: int) -> None:
    guess = ClauseGuess.train(TEXTS[:count], CLAUSES[:count])
    guess.save(tmp_path)

    assert ClauseGuess.load(tmp_path).margins("租房户口") == guess.margins("租房户口")


def test_two_clauses_are_told_apart() -> None:
    margins = ClauseGuess.train(TEXTS[:4], CLAUSES[:4]).margins("租房补多少")

    assert margins["p#1"] > 0 > margins["p#2"]


CLAUSE = "发放租房补贴,每户每年发放1万元,可发放3年"
ASKS = (
    ("一年补多少", False),
    ("能领几年", False),
    ("每户多少钱", False),
    ("几天能到账", True),
    ("押金给不给补", True),
    ("在哪个网站申请", True),
)


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge.train([(text, "p#1", CLAUSE) for text, _ in ASKS], [unsaid for _, unsaid in ASKS])


def test_what_a_clause_leaves_unsaid_has_the_higher_odds(judge: Judge) -> None:
    assert judge.unsaid("几天到账", "p#1", CLAUSE) > 0 > judge.unsaid("每年补多少钱", "p#1", CLAUSE)


def test_a_judge_is_the_same_after_being_kept(judge: Judge, tmp_path: Path) -> None:
    judge.save(tmp_path / "judge.npz")

    kept = Judge.load(tmp_path / "judge.npz")
    assert kept.unsaid("押金", "p#1", CLAUSE) == pytest.approx(judge.unsaid("押金", "p#1", CLAUSE))


def test_where_nothing_is_known_to_be_unsaid_every_question_counts_as_answered() -> None:
    judge = Judge.train([("一年补多少", "p#1", CLAUSE)], [False])

    assert judge.unsaid("几天到账", "p#1", CLAUSE) < -1
