"""The verifier accepts what the advisor says, and nothing that was falsified."""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import app
from bot.advisor import Advisor
from eval.mutations import FALSIFICATIONS, answers, falsified
from knowledge import archive, verifier

Json = Any


@pytest.fixture(scope="session")
def known(advisor: Advisor, data_dir: Path) -> Json:
    return archive.read(data_dir / "archive", advisor.knowledge)


@pytest.fixture(scope="session")
def honest(advisor: Advisor) -> list[Json]:
    return list(answers(advisor, most=120))


def test_what_the_advisor_says_is_accepted(honest: list[Json], known: Json) -> None:
    wrong = {one["text"]: found for one in honest if (found := list(verifier.problems(one, known)))}

    assert wrong == {}
    assert {"answered", "unanswerable_not_in_text"} <= {one["status"] for one in honest}


def changed(honest: list[Json], kind: str, most: int = 60) -> Iterator[tuple[Json, Json]]:
    chance = random.Random(7)
    for one in honest[:: max(1, len(honest) // most)] + [one for one in honest if one["calculations"]]:
        if (other := falsified(one, kind, chance)) is not None:
            yield one, other


@pytest.mark.parametrize("kind", FALSIFICATIONS)
def test_no_falsified_answer_is_accepted(honest: list[Json], known: Json, kind: str) -> None:
    pairs = list(changed(honest, kind))

    assert len(pairs) >= 5
    for one, other in pairs:
        assert any(verifier.problems({**other, "code": one["code"]}, known)), other["text"]


@pytest.mark.parametrize("kind", [kind for kind in FALSIFICATIONS if kind != "lost"])
def test_a_code_made_anew_does_not_help(honest: list[Json], known: Json, kind: str) -> None:
    """Somebody who can seal the falsified answer again is told by the archived knowledge alone."""
    for _, other in changed(honest, kind):
        assert any(verifier.problems(other, known)), other["text"]


def test_a_lost_condition_is_noticed(honest: list[Json], known: Json) -> None:
    one = next(a for a in honest if any("/to@" in p["ref"] for p in a["proof"]) and "《" in a["text"])
    at = next(p for p in one["proof"] if "/to@" in p["ref"])
    start, end = at["span"]
    text = one["text"][:start] + one["text"][end:]
    proof = [
        {**p, "span": [x - (end - start) * (x > start) for x in p["span"]]}
        for p in one["proof"]
        if p is not at
    ]
    other = {**one, "text": text, "proof": proof}

    assert any("给谁" in found or "缺了" in found for found in verifier.problems(other, known, sealed=False))


def test_a_version_that_was_changed_is_no_witness(tmp_path: Path) -> None:
    name = archive.keep(tmp_path, b'{"a": 1}')
    (tmp_path / f"{name}.json.gz").write_bytes(
        (tmp_path / f"{archive.keep(tmp_path, b'{}')}.json.gz").read_bytes()
    )

    with pytest.raises(ValueError, match="was changed"):
        archive.read(tmp_path, name)


def test_the_same_knowledge_has_the_same_name(advisor: Advisor, known: Json) -> None:
    again = json.loads(json.dumps(known, ensure_ascii=False, sort_keys=True))

    assert again == known
    assert len(advisor.knowledge) == 16


def test_from_the_command_line(
    honest: list[Json], data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = app.Settings(data_dir=data_dir)
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(honest[0], ensure_ascii=False), encoding="utf-8")

    given = argparse.Namespace(answer=path)

    assert app.verify(settings, given) == 0
    assert honest[0]["code"] in capsys.readouterr().out

    path.write_text(json.dumps({**honest[0], "text": honest[0]["text"] + "!"}), encoding="utf-8")
    assert app.verify(settings, given) == 1
    path.write_text("{", encoding="utf-8")
    assert app.verify(settings, given) == 2
