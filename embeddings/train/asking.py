"""How people would ask: official wording made colloquial, statements made questions.

Both lists are written by the project: `colloquial.tsv` (official word, everyday word) and
`questions.txt` (one pattern a line). They teach the table that 老板 asks for 用人单位, and that the
words of asking (怎么办, 多少钱) say nothing about the subject.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from pathlib import Path

_HERE = Path(__file__).parent
_ENDS = "。、 \n,;:!?"
_LONGEST = 40  # characters of a statement that becomes a question; longer ones lose a part
_COLLOQUIAL = 0.6  # chance that an official word is replaced
_ASKED = 0.6  # chance that a statement becomes a question


class Asking:
    """Turns statements into questions, the same way for the same `chance`."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._words: dict[str, list[str]] = defaultdict(list)
        for line in (_HERE / "colloquial.tsv").read_text(encoding="utf-8").splitlines():
            official, everyday = line.split("\t")
            self._words[official].append(everyday)
        longest_first = sorted(self._words, key=len, reverse=True)
        self._official = re.compile("|".join(map(re.escape, longest_first)))
        self._patterns = (_HERE / "questions.txt").read_text(encoding="utf-8").splitlines()

    def ask(self, statement: str) -> str:
        """Return `statement` as a person might ask for it."""
        text = self._shortened(statement.strip(_ENDS))
        text = self._official.sub(self._everyday, text)
        if self._chance.random() < _ASKED:
            return self._chance.choice(self._patterns).format(text)
        return text

    def _everyday(self, word: re.Match[str]) -> str:
        if self._chance.random() < _COLLOQUIAL:
            return self._chance.choice(self._words[word.group()])
        return word.group()

    def _shortened(self, text: str) -> str:
        if len(text) <= _LONGEST:
            return text
        parts = [part for part in re.split("[,:、;]", text) if part]
        start = self._chance.randrange(len(parts))
        kept = ""
        for part in parts[start:]:
            kept += part
            if len(kept) > _LONGEST // 2:
                break
        return kept[: 2 * _LONGEST]
