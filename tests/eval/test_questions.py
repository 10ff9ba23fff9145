"""The questions are whole: every line a case, every clause one that exists, every figure one that reads."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from eval.metrics import values
from eval.questions import Case, Part, load
from knowledge.corpus import SHIPPED
from knowledge.corpus import load as load_corpus
from knowledge.regions import Regions

CASES = load()


def test_there_are_cases_of_every_kind_in_both_parts() -> None:
    kinds = {case.kind for case in CASES}

    for part in Part:
        assert {case.kind for case in CASES if case.part is part} == kinds


def test_every_clause_that_is_expected_exists() -> None:
    corpus = load_corpus((SHIPPED,), Regions.shipped())
    known = {clause.full_id for policy in corpus.policies.values() for clause in policy.clauses}
    expected = {
        clause
        for case in CASES
        for turn in case.turns
        for wanted in (turn.expected, *turn.asks)
        for clause in wanted.clauses
    }

    assert expected <= known


def test_there_are_as_many_cases_as_the_evaluation_needs() -> None:
    count = Counter(case.kind for case in CASES)
    unanswerable = count["near_miss"] + count["other_region"] + count["out_of_scope"] + count["no_region"]

    assert count["single"] >= 700
    assert count["dialogue"] >= 100
    assert count["letter"] >= 80
    assert count["pair_near_miss"] == count["pair_answerable"] >= 100
    assert count["near_miss"] >= 100
    assert unanswerable >= 200
    assert count["attack"] >= 100
    assert count["other_service"] >= 100
    assert count["today"] >= 100


def test_a_pair_stays_in_one_part() -> None:
    pairs: dict[str, set[Part]] = {}
    for case in CASES:
        if case.pair:
            pairs.setdefault(case.pair, set()).add(case.part)

    assert pairs
    assert {len(parts) for parts in pairs.values()} == {1}


def test_nearly_every_figure_reads_as_a_value() -> None:
    figures = [f for case in CASES for turn in case.turns for f in turn.expected.figures]

    unread = [figure for figure in figures if not values(figure)]
    assert len(unread) < len(figures) * 0.02, unread


@pytest.mark.parametrize(
    "line",
    [
        "{",
        '{"id": "x"}',
        '{"id": "x", "author": "a", "kind": "k", "region": null, "as_of": "2024-02-30"}',
    ],
)
def test_a_line_that_is_no_case_is_refused_by_file_and_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "wrong.jsonl").write_text(line, encoding="utf-8")

    with pytest.raises(ValueError, match=r"wrong\.jsonl line 1"):
        load(tmp_path)


def test_a_dialogue_has_turns() -> None:
    dialogues: list[Case] = [case for case in CASES if case.kind == "dialogue"]

    assert all(len(case.turns) > 1 for case in dialogues)
