"""Whether a sentence of a model says what ours says: take away the manners, and the same must be left.

A list of what is forbidden would never be complete. So it is the other way round: of a model's words
only those of manners.toml may stand beside ours. Courtesies say nothing about anyone's rights;
`same` are ways to say one thing. Everything else (figures in any notation, names, 能 and 不能, 如果,
最多, signs) must be there as in our sentence, in the same order, no more and no less.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SHIPPED = Path(__file__).with_name("manners.toml")

_MOST_COURTESIES = 3  # in one sentence
# A number, a word and a ** are one sign each: a pause or a kind word inside would make another of it.
_PARTS = re.compile(r"⟦\d+⟧|[\u3400-\u9fff]+|\d(?:[\d,.]*\d)?|[A-Za-z]+|\*\*|\s+|.", re.S)
_PAUSES = frozenset(",。、:;! ")  # where a sentence takes a breath changes nothing; a question mark does
_WIDE = str.maketrans("，：；！？（）", ",:;!?()")
_STUMBLES = re.compile(r"^\s*[,。、:;!]|[,。、:;!]\s*[,。、:;!]")
_OPENS, _CLOSES = frozenset("“《("), frozenset("”》)")  # between these everything stays


@dataclass(frozen=True, slots=True)
class Manners:
    """The words that a model may add, and the ways to say one thing."""

    before: tuple[str, ...]  # courtesies where a sentence or a part of it begins; longest first
    after: tuple[str, ...]  # courtesies where it ends; longest first
    alone: tuple[str, ...]  # courtesies that are all there is between a pause and a token
    same: Mapping[str, str]  # a way to say it → the way that stands for all of them

    @staticmethod
    @cache
    def shipped() -> Manners:
        return load(SHIPPED)

    def say_the_same(self, ours: str, theirs: str) -> bool:
        """Whether `theirs` says what `ours` says, in other words or with courtesies around it."""
        meant, _ = self._left(ours)
        said, courtesies = self._left(theirs)
        is_tidy = not _STUMBLES.search(theirs.translate(_WIDE))
        return is_tidy and said == meant and len(courtesies) == len(set(courtesies)) <= _MOST_COURTESIES

    def courtesies_in(self, sentence: str) -> frozenset[str]:
        return frozenset(self._left(sentence)[1])

    def _left(self, sentence: str) -> tuple[list[str], list[str]]:
        """Return what is left of a sentence without its pauses and courtesies, and the courtesies."""
        left: list[str] = []
        courtesies: list[str] = []
        parts = _PARTS.findall(sentence.translate(_WIDE))
        inside, bold = 0, False
        for before, part, after in zip([",", *parts], parts, [*parts[1:], ","], strict=False):
            inside += (part in _OPENS) - (part in _CLOSES)
            bold ^= part == "**"
            if not _is_han(part):
                left += [part] if inside or bold or part not in _PAUSES else []
                continue
            run = part
            if not inside and not bold:
                run = self._without(part, courtesies, begins=before in _PAUSES, ends=after in _PAUSES)
            if run:
                left.append(run if inside else self._in_one_way(run))
        return left, courtesies

    def _without(self, run: str, courtesies: list[str], *, begins: bool, ends: bool) -> str:
        """Return a run of characters without courtesies beside a pause; elsewhere they could split a word."""
        if begins and run in self.alone:
            courtesies.append(run)
            return ""
        while begins and (found := next(filter(run.startswith, self.before), "")):
            courtesies.append(found)
            run = run.removeprefix(found)
        while ends and (found := next(filter(run.endswith, self.after), "")):
            courtesies.append(found)
            run = run.removesuffix(found)
        return run

    def _in_one_way(self, run: str) -> str:
        ways = _pattern(tuple(sorted(self.same, key=len, reverse=True)))
        return ways.sub(lambda found: self.same[found.group()], run)


def _is_han(part: str) -> bool:
    return "\u3400" <= part[0] <= "\u9fff"


@cache
def _pattern(ways: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, ways)))


def load(path: Path) -> Manners:
    """Return the manners of a file."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    same = {way: ways[0] for ways in tables["same"] for way in ways}
    before, after = (tuple(sorted(tables[name], key=len, reverse=True)) for name in ("before", "after"))
    return Manners(before, after, tuple(tables["alone"]), same)
