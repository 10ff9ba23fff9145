"""Slips of the keyboard: 补帖, 毕叶, 社 保, shuoshi are read as 补贴, 毕业, 社保, 硕士.

Only towards words that the documents and their questions use, only where one character sounds or
looks like the right one, and only where the repaired words are far more ordinary than the typed ones.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from pypinyin import Style, pinyin

from bot.understanding.reading import is_english
from embeddings.wording import Wording

_GAIN = 5.5  # by how much more ordinary a repaired run has to be, in nats
_HAN = re.compile(r"[\u3400-\u9fff]+")
_LATIN = re.compile(r"(?<![a-zA-Z0-9./:@_-])[a-z]{3,24}(?:-[a-z]+)?(?![a-zA-Z0-9./:@_-])", re.I)
_LETTERS = re.compile("[a-z']+", re.I)
_BESIDE_HAN = re.compile(r"(?<=[\u3400-\u9fff]) | (?=[\u3400-\u9fff])")
_SPLIT = re.compile(r"(?<=[\u3400-\u9fff]) +(?=[\u3400-\u9fff])")
_TURNS_THE_SENSE = set("不没无未非别免")  # 不贴钱 is not 补贴钱
_LOOK_ALIKE = "末未 己已 卜补 人入 士土 千干 贷货 体休 侯候 拔拨 住往 帐账 杜社 性姓 厂广 小少 宽款 木术"
# How people type what their ear does not tell apart.
_SOUNDS_LIKE = ((re.compile("^([zcs])h"), r"\1"), (re.compile("([aei])ng$"), r"\1n"), (re.compile("^n"), "l"))


@dataclass(frozen=True, slots=True)
class Repaired:
    """A message with its slips mended, and what was taken for what."""

    text: str
    changes: tuple[tuple[str, str], ...] = ()  # as typed, as read


class Repairer:
    """Mends messages towards a set of terms. Safe to share by threads."""

    def __init__(
        self,
        terms: Iterable[str],
        texts: Iterable[str],
        wording: Wording,
        english: Mapping[str, str] | None = None,
    ) -> None:
        """Mend towards `terms`, and towards the words that stand more than once in `texts`.

        `english` has the term for an English word or phrase, in small letters.
        """
        self._wording = wording
        self._english = dict(english or {})
        phrases = sorted(map(re.escape, self._english), key=len, reverse=True)
        self._in_english = re.compile(rf"(?<![a-z])(?:{'|'.join(phrases)})(?![a-z])", re.I)
        self._terms = {term for term in terms if len(term) <= _LONGEST} | _words(texts, wording)
        self._but_one: dict[tuple[str, int], list[str]] = defaultdict(list)  # 补□ → 补贴
        self._spelled: dict[str, str] = {}
        for term in sorted(self._terms, key=lambda term: -wording.score(term)):
            for place in range(len(term)):
                self._but_one[_without(term, place), place].append(term)
            for spelling in _spellings(term):
                self._spelled[spelling] = term  # of homophones the commonest, which comes last

    def repaired(self, text: str) -> Repaired:
        """Return a normalised message with its slips mended; normally it has none."""
        if is_english(text):
            return Repaired(self._glossed(text))
        changes: list[tuple[str, str]] = []
        text = _LATIN.sub(lambda found: self._from_letters(found.group(), changes), text)
        text = self._joined(text)
        text = _HAN.sub(lambda found: self._run(found.group(), changes), text)
        return Repaired(text, tuple(changes))

    def _glossed(self, text: str) -> str:
        """Return an English message as the Chinese terms of its words, for reading; the rest is left out."""
        if not self._english:
            return text
        text = self._in_english.sub(lambda found: self._english[found.group().lower()], text)
        text = _LETTERS.sub(lambda found: self._spelling(found.group().lower()) or "", text)
        return _BESIDE_HAN.sub("", " ".join(text.split()))

    def _joined(self, text: str) -> str:
        """Return the text without the blanks that split a word: 补 贴."""
        runs = _SPLIT.split(text)
        joined = runs[0]
        for run in runs[1:]:
            before = _HAN.search(joined[::-1])
            after = _HAN.match(run)
            left = before.group()[::-1] if before else ""
            right = after.group() if after else ""
            joined += run if self._is_one_word(left, right) else f" {run}"
        return joined

    def _is_one_word(self, left: str, right: str) -> bool:
        for size in range(_LONGEST, 1, -1):
            for of_left in range(1, size):
                term = left[-of_left:] + right[: size - of_left]
                if len(term) == size and term in self._terms and left[-of_left:] not in self._terms:
                    words = self._wording
                    return of_left == 1 or words.score(left + right) > words.score(left) + words.score(right)
        return False

    def _run(self, run: str, changes: list[tuple[str, str]]) -> str:
        """Return a run of characters mended, the greatest gain first, until nothing is gained."""
        while better := max(self._candidates(run), default=None):
            _, start, typed, term = better
            run = run[:start] + term + run[start + len(term) :]
            changes.append((typed, term))
        return run

    def _candidates(self, run: str) -> Iterator[tuple[float, int, str, str]]:
        alone = _alone(self._wording.words(run))
        as_typed = self._wording.score(run)
        for at in sorted(alone):
            for size in range(2, _LONGEST + 1):
                for start in range(max(0, at - size + 1), min(at, len(run) - size) + 1):
                    window = run[start : start + size]
                    for term in self._but_one.get((_without(window, at - start), at - start), ()):
                        wrong, right = run[at], term[at - start]
                        if wrong == right or window in self._terms or wrong in _TURNS_THE_SENSE:
                            continue
                        if not _alike(wrong, right):
                            continue
                        mended = run[:start] + term + run[start + size :]
                        gain = self._score(mended, term) - as_typed
                        if gain > _GAIN:
                            yield gain, start, window, term

    def _score(self, run: str, term: str) -> float:
        """Return how ordinary a mended run is; a term that no piece of everyday text is counts as rare."""
        if term in self._wording:
            return self._wording.score(run)
        before, _, after = run.partition(term)
        return self._wording.score(before) + _RARE_TERM + self._wording.score(after)

    def _from_letters(self, letters: str, changes: list[tuple[str, str]]) -> str:
        """Return the terms that letters spell from first to last; the letters where they spell none."""
        spelled = self._english.get(letters.lower()) or self._spelling(letters.lower())
        if spelled:
            changes.append((letters, spelled))
        return spelled or letters

    def _spelling(self, letters: str) -> str | None:
        whole: list[str | None] = [""] + [None] * len(letters)
        for end in range(1, len(letters) + 1):
            for start in range(end - 3):
                before, term = whole[start], self._spelled.get(letters[start:end])
                if before is not None and term:
                    whole[end] = before + term
                    break
        return whole[-1]


_LONGEST = 4  # characters of a term
_GRAMMAR = re.compile("[的了在是我你不个给各本这那几其至从及与或为被以]")  # in no word that is a term
_RARE_TERM = -12.0  # log-probability of a term that the pieces lack: 应届


def _words(texts: Iterable[str], wording: Wording) -> set[str]:
    """Return the words of a few characters that stand more than once in `texts`."""
    runs = (run for text in texts for run in _HAN.findall(text))
    count = Counter(word for run in runs for word in wording.words(run) if len(word) > 1)
    return {word for word, times in count.items() if times > 1 and not _GRAMMAR.search(word)}


def _without(term: str, place: int) -> str:
    return f"{term[:place]}□{term[place + 1 :]}"


def _alone(words: Iterable[str]) -> set[int]:
    """Return the places of the characters that are no part of a longer word."""
    places: set[int] = set()
    at = 0
    for word in words:
        if len(word) == 1:
            places.add(at)
        at += len(word)
    return places


def _alike(typed: str, meant: str) -> bool:
    return _sound(typed) == _sound(meant) or typed + meant in _LOOK_ALIKE or meant + typed in _LOOK_ALIKE


@cache
def _sound(character: str) -> str:
    """Return how a character is read, with what the ear confuses made one."""
    reading: str = pinyin(character, style=Style.NORMAL)[0][0]
    for confused, same in _SOUNDS_LIKE:
        reading = confused.sub(same, reading)
    return reading


def _spellings(term: str) -> tuple[str, ...]:
    return ("".join(reading[0] for reading in pinyin(term, style=Style.NORMAL)),)
