"""The one normalisation of text, for documents and questions alike.

What it changes: traditional characters become simplified, full-width ASCII becomes half-width,
every kind of blank becomes a plain space, invisible characters and pinyin notes go.
What it never touches: ①, ㎡, quotation marks, 。、《》〔〕 and every word and figure.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from opencc import OpenCC

_BLANKS = re.compile(r"[\t\v\f\r\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_FULL_WIDTH = range(0xFF01, 0xFF5F)
_FULL_WIDTH_SHIFT = 0xFF01 - 0x21
# Look like ordinary characters but are not equal to them: Kangxi radicals, compatibility ideographs.
_LOOK_ALIKES = re.compile(r"[\u2e80-\u2fdf\uf900-\ufaff]")

_INITIAL = "(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
_TONED = "[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ]"
_SYLLABLE = f"(?=[a-zü]*{_TONED}){_INITIAL}(?:[aeiouü]|{_TONED}){{1,3}}(?:ng|n|r)?"
_NEUTRAL = "zhe|de|le|ma|ne|ba|men|zi|tou"  # written without a tone; a plain (a) numbers a list
_PINYIN_NOTE = re.compile(rf"(?<=[\u3400-\u9fff])[(\uff08](?:{_SYLLABLE}|{_NEUTRAL})[)\uff09]")


@dataclass(frozen=True, slots=True)
class Normalized:
    """A normalised text that knows where each of its characters came from."""

    text: str
    origin: tuple[int, ...]  # origin[i] is the offset of text[i] in the source; as long as text

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the source of `text[start:end]`; end is exclusive.

        Raises:
            ValueError: the span is empty or reaches beyond the text.
        """
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"span {start}:{end} is empty or outside 0:{len(self.text)}")
        return self.origin[start], self.origin[end - 1] + 1


def normalize(source: str) -> Normalized:
    """Return `source` normalised; normalising a second time changes nothing."""
    notes = {i for note in _PINYIN_NOTE.finditer(source) for i in range(*note.span())}
    kept = [i for i, char in enumerate(source) if i not in notes and not _invisible(char)]
    text = "".join(_plain(source[i]) for i in kept)
    return Normalized(_simplified(text), tuple(kept))


def normalized(source: str) -> str:
    """Return only the text of `normalize(source)`."""
    return normalize(source).text


def _invisible(char: str) -> bool:
    """Whether a character shows nothing: control, format, unassigned or lone surrogate."""
    if char == "\n" or _BLANKS.match(char):
        return False
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"} or "\ufe00" <= char <= "\ufe0f"


def _plain(char: str) -> str:
    if ord(char) in _FULL_WIDTH:
        return chr(ord(char) - _FULL_WIDTH_SHIFT)
    if _BLANKS.match(char):
        return " "
    if _LOOK_ALIKES.match(char):
        ordinary = unicodedata.normalize("NFKC", char)
        return ordinary if len(ordinary) == 1 else char
    return char


def _simplified(text: str) -> str:
    """Return `text` in simplified characters, each in its old place.

    OpenCC converts phrase by phrase; a phrase whose length would change is converted
    character by character instead, because offsets must lead back to the source.
    """
    simple: str = _opencc().convert(text)
    if len(simple) == len(text):
        return _ZHE.sub("着", simple)
    lines = (_same_length(line) for line in text.split("\n"))
    return "\n".join(lines)


_ZHE = re.compile("著(?=[力眼手重落急想])")  # 著 stays 著 only where it means 显著, 著作


def _same_length(line: str) -> str:
    simple: str = _opencc().convert(line)
    if len(simple) == len(line):
        return simple
    each = (_opencc().convert(char) for char in line)
    return "".join(new if len(new) == 1 else old for old, new in zip(line, each, strict=True))


@cache
def _opencc() -> OpenCC:
    return OpenCC("t2s")
