"""Profiles for "what can I get": whether nothing is promised wrongly, and how much is found."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

from bot.advisor import Advisor
from eval.questions import Part, part

SHIPPED = Path(__file__).with_name("profiles")


@dataclass(frozen=True, slots=True)
class Profile:
    """A person or a firm, in words or in facts, and what is sure about it."""

    id: str
    author: str
    region: str
    as_of: date
    text: str
    facts: dict[str, object]
    met: frozenset[str]  # programs whose every stated condition is fulfilled
    not_met: frozenset[str]
    unknown: frozenset[str]

    @property
    def part(self) -> Part:
        return part(self.author, self.id)


@dataclass(frozen=True, slots=True)
class Screened:
    """What the screening said about a profile."""

    profile: Profile
    met: frozenset[str]

    @property
    def promised_wrongly(self) -> frozenset[str]:
        return self.met & (self.profile.not_met | self.profile.unknown)

    @property
    def right(self) -> bool:
        return not (self.promised_wrongly or self.missed)

    @property
    def missed(self) -> frozenset[str]:
        return self.profile.met - self.met


def load(folder: Path = SHIPPED) -> tuple[Profile, ...]:
    """Return all profiles, by file and line.

    Raises:
        ValueError: a line is none; file, line and reason are named.
    """
    return tuple(profile for path in sorted(folder.glob("*.jsonl")) for profile in _profiles(path))


def screen(advisor: Advisor, profile: Profile) -> Screened:
    """Return what the advisor's screening says, facts and words read as `/api/screen` reads them."""
    facts = advisor.facts_to_screen(profile.text, profile.facts, profile.as_of)
    found = advisor.calculator.screen(profile.region, facts, profile.as_of, None)
    met = cast("Sequence[dict[str, Any]]", found.get("met", ()))
    return Screened(profile, frozenset(str(row["program"]) for row in met))


def table(found: Sequence[Screened]) -> Iterator[str]:
    """Yield one line: how many profiles, programs promised wrongly, and the share of the sure ones found."""
    wrong = sum(len(one.promised_wrongly) for one in found)
    sure = sum(len(one.profile.met) for one in found)
    missed = sum(len(one.missed) for one in found)
    share = f"{(sure - missed) / sure:.1%}" if sure else "—"
    yield f"screening       n={len(found):4} promised wrongly {wrong}, found {share} of {sure} that are met"


def failure(one: Screened) -> str:
    """Return who it was, what was promised wrongly, and what was missed."""
    told = one.profile.text or str(one.profile.facts)
    wrong, missed = ", ".join(sorted(one.promised_wrongly)), ", ".join(sorted(one.missed))
    return (
        f"✗ {one.profile.id} {told} ({one.profile.as_of})\n    wrongly {wrong or '—'}; missed {missed or '—'}"
    )


def _profiles(path: Path) -> Iterator[Profile]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            written = json.loads(line)
            yield Profile(
                id=written["id"],
                author=written["author"],
                region=written["region"],
                as_of=date.fromisoformat(written["as_of"]),
                text=written["text"] or "",
                facts=written["facts"],
                met=frozenset(written["met"]),
                not_met=frozenset(written["not_met"]),
                unknown=frozenset(written["unknown"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path.name} line {number}: {error!r}") from error
