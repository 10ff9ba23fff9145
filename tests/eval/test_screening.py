"""A screening is held against what is sure about a person."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.advisor import Advisor
from eval.screening import Profile, load, screen, table

RENT, WEST, LIVING = (f"hangzhou-2023 2.1.3:{name}" for name in ("rental_housing", "living_west", "living"))


def profile(text: str, met: set[str], not_met: set[str]) -> Profile:
    sets = (frozenset(met), frozenset(not_met), frozenset[str]())
    return Profile("x", "x", "杭州市", date(2024, 6, 1), text, {}, *sets)


def test_what_is_met_is_found_and_what_is_not_is_no_promise(advisor: Advisor) -> None:
    found = screen(advisor, profile("我是硕士,已经毕业", {RENT}, {WEST}))

    assert RENT in found.met
    assert not found.missed
    assert not found.promised_wrongly
    assert found.right


def test_a_wrong_promise_and_a_miss_are_told(advisor: Advisor) -> None:
    found = screen(advisor, profile("我是硕士,已经毕业", {LIVING}, {RENT}))

    assert found.promised_wrongly == {RENT}
    assert found.missed == {LIVING}
    assert "promised wrongly 1, found 0.0% of 1" in next(table([found]))


def test_there_are_eighty_profiles_whose_programs_exist(advisor: Advisor) -> None:
    profiles = load()
    named = {program for one in profiles for program in one.met | one.not_met | one.unknown}

    assert len(profiles) == 80
    assert named <= set(advisor.calculator.programs.programs)


def test_a_line_that_is_no_profile_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text("{}\n", encoding="utf-8")

    with pytest.raises(ValueError, match=r"x\.jsonl line 1"):
        load(tmp_path)
