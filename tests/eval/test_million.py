"""Phrasings, facts and days crossed: a sample of what `make million` asks."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest

from bot.advisor import Advisor
from bot.answering.render import answer_json
from eval.million import Asked, drawn, run, wrong
from knowledge import archive

SAMPLE = 150


def test_no_reply_shows_a_sum_or_a_verdict_that_the_engine_does_not(advisor: Advisor, data_dir: Path) -> None:
    known = archive.read(data_dir / "archive", advisor.knowledge)

    found = run(advisor, known, SAMPLE, seed=11)

    assert [name for name in found if name.startswith("wrong")] == []
    assert found["clause first"] > 0.95 * SAMPLE
    assert found["computed"] > 0.1 * SAMPLE


def test_the_same_seed_asks_the_same(advisor: Advisor) -> None:
    first, again, other = (
        [asked.question.message for asked in islice(drawn(advisor, seed), 20)] for seed in (1, 1, 2)
    )

    assert first == again != other


@pytest.fixture
def computed(advisor: Advisor) -> tuple[Asked, dict[str, object]]:
    for asked in drawn(advisor, 5):
        answer = answer_json(advisor.answer(asked.question, datetime.now(UTC)))
        if any(p["ref"].endswith(":amount") for p in answer["proof"]):  # type: ignore[attr-defined]
            return asked, answer
    raise AssertionError("no question was computed")


def test_a_wrong_sum_is_noticed(
    advisor: Advisor, data_dir: Path, computed: tuple[Asked, dict[str, object]]
) -> None:
    asked, answer = computed
    known = archive.read(data_dir / "archive", advisor.knowledge)
    made = answer["calculations"][0]  # type: ignore[index]
    for name in ("amount_yuan", "if_met_yuan", "historic_amount_yuan"):
        if made.get(name):
            made[name] = int(float(made[name])) + 1

    assert {"words", "figure"} <= set(wrong(asked, answer, known, advisor))
