"""Whether a sentence of a model says what ours says: take away the manners, and the same must be left.

A list of what is forbidden would never be complete. So it is the other way round: of a model's words
only those of manners.toml may stand beside ours. `courtesies` say nothing about anyone's rights;
`same` are ways to say one thing. Everything else (figures in any notation, names, 能 and 不能, 如果,
最多, signs) must be there as in our sentence, in the same order, no more and no less.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SHIPPED = Path(__file__).with_name("manners.toml")

_MOST_COURTESIES = 3  # in one sentence
_PARTS = re.compile(r"⟦\d+⟧|[\u3400-\u9fff]+|\s+|.", re.S)
_PAUSES = frozenset(",。、:;! ")  # where a sentence takes a breath changes nothing; a question mark does
_WIDE = str.maketrans("，：；！？（）", ",:;!?()")


@dataclass(frozen=True, slots=True)
class Manners:
    """The words that a model may add, and the ways to say one thing."""

    courtesies: tuple[str, ...]  # longest first
    same: Mapping[str, str]  # a way to say it → the way that stands for all of them

    @staticmethod
    @cache
    def shipped() -> Manners:
        return load(SHIPPED)

    def say_the_same(self, ours: str, theirs: str) -> bool:
        """Whether `theirs` says what `ours` says, in other words or with courtesies around it."""
        meant, _ = self._left(ours)
        said, courtesies = self._left(theirs)
        return said == meant and len(courtesies) == len(set(courtesies)) <= _MOST_COURTESIES

    def courtesies_in(self, sentence: str) -> frozenset[str]:
        return frozenset(self._left(sentence)[1])

    def _left(self, sentence: str) -> tuple[list[str], list[str]]:
        """Return what is left of a sentence without its courtesies, and the courtesies."""
        left: list[str] = []
        courtesies: list[str] = []
        for part in _PARTS.findall(sentence.translate(_WIDE)):
            if part in _PAUSES:
                continue
            run = part
            if "\u3400" <= part[0] <= "\u9fff":
                run = self._stripped(part, courtesies)
                run = self._ways.sub(lambda found: self.same[found.group()], run)
            if run:
                left.append(run)
        return left, courtesies

    def _stripped(self, run: str, courtesies: list[str]) -> str:
        """Return a run of characters without the courtesies at its ends; inside they could split a word."""
        while found := next(self._at_an_end(run), None):
            courtesies.append(found)
            run = run.removeprefix(found) if run.startswith(found) else run.removesuffix(found)
        return run

    def _at_an_end(self, run: str) -> Iterator[str]:
        return (words for words in self.courtesies if run.startswith(words) or run.endswith(words))

    @property
    def _ways(self) -> re.Pattern[str]:
        return _pattern(tuple(sorted(self.same, key=len, reverse=True)))


@cache
def _pattern(ways: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, ways)))


def load(path: Path) -> Manners:
    """Return the manners of a file."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    same = {way: ways[0] for ways in tables["same"] for way in ways}
    return Manners(tuple(sorted(tables["courtesies"], key=len, reverse=True)), same)
