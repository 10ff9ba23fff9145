"""A Word document (Office Open XML, also what newer WPS writes) → its lines.

What Word numbers by itself (第一条, (一), 1.) is not in the text of the file; it is counted here as Word
counts it. Headers, footers, deleted text and field codes are not part of the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from knowledge.readers.archive import Archive, opened
from knowledge.readers.received import UnreadableFile
from knowledge.readers.table import is_data, table_lines

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_LEVELS = 9
_MOST_COLUMNS = 200


def read(content: bytes) -> str:
    """Return the lines of a docx file.

    Raises:
        UnreadableFile: it is none, is damaged, or is encrypted.
    """
    with opened(content) as archive:
        root = archive.xml("word/document.xml")
        numbering = _Numbering(archive)
    body = root.find(f"{_W}body") if root is not None else None
    if body is None:
        strict = root is not None and _STRICT in (root.tag or "")
        raise UnreadableFile(
            "是“严格”格式的 Word 文件" if strict else "Word 文件里没有正文",
            "请用 Word 或 WPS 另存为普通的 .docx",
        )
    return "\n".join(line for line in _lines(body, numbering) if line.strip())


def _lines(parent: Any, numbering: _Numbering) -> Iterator[str]:
    for element in parent:
        if element.tag == f"{_W}p":
            yield from _paragraph(element, numbering).split("\n")
        elif element.tag == f"{_W}tbl":
            yield from _table(element, numbering)
        elif element.tag == f"{_W}sdt":
            content = element.find(f"{_W}sdtContent")
            yield from _lines(content, numbering) if content is not None else ()
        elif element.tag in (f"{_W}customXml", f"{_W}ins"):
            yield from _lines(element, numbering)


# ── a paragraph ──────────────────────────────────────────────────────────────────────────────

_SIGNS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_LEFT_OUT = frozenset(f"{_W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "instrText", "delText"))
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def _paragraph(paragraph: Any, numbering: _Numbering) -> str:
    text = "".join(_text(paragraph)).strip()
    if not text:
        return ""
    return numbering.next(paragraph) + text


def _text(element: Any) -> Iterator[str]:
    """Yield the pieces of text that are seen, in their order."""
    stack = [iter(element)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
            continue
        if not isinstance(child.tag, str) or child.tag in _LEFT_OUT or child.tag == _FALLBACK:
            continue
        name = child.tag.removeprefix(_W)
        if name == "t":
            yield child.text or ""
        elif name in _SIGNS:
            yield _SIGNS[name]
        elif name == "p":
            yield "\n"  # a box of text within a paragraph
            stack.append(iter(child))
        elif not (name == "r" and _vanishes(child)):
            stack.append(iter(child))


def _vanishes(run: Any) -> bool:
    return run.find(f"{_W}rPr/{_W}vanish") is not None


# ── a table ──────────────────────────────────────────────────────────────────────────────────


def _table(table: Any, numbering: _Numbering) -> Iterator[str]:
    grid = _grid(table, numbering)
    if is_data(grid):
        yield from table_lines(grid)
        return
    for cell in table.iter(f"{_W}tc"):
        yield from _lines(cell, numbering)


def _grid(table: Any, numbering: _Numbering) -> list[list[str]]:
    """Return the cells of a table, a merged one in each place that it covers."""
    grid: list[list[str]] = []
    for row in table.iter(f"{_W}tr"):
        cells: list[str] = [""] * _number(row.find(f"{_W}trPr/{_W}gridBefore"), 0)
        for cell in row.iterfind(f"{_W}tc"):
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            goes_on = merge is not None and merge.get(f"{_W}val") != "restart"
            above = grid[-1][len(cells)] if goes_on and grid and len(cells) < len(grid[-1]) else None
            text = above if above is not None else " ".join(_lines(cell, numbering))
            cells += [text] * max(1, _number(cell.find(f"{_W}tcPr/{_W}gridSpan"), 1))
        grid.append(cells[:_MOST_COLUMNS])
    width = max((len(row) for row in grid), default=0)
    return [[*row, *[""] * (width - len(row))] for row in grid]


def _number(element: Any | None, default: int) -> int:
    written = (element.get(f"{_W}val") or "") if element is not None else ""
    return min(int(written), _MOST_COLUMNS) if written.isdecimal() else default


# ── numbers that Word counts ─────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Level:
    style: str = "decimal"  # w:numFmt
    text: str = ""  # 第%1条
    start: int = 1
    restarts: int = _LEVELS  # begins anew under each of so many levels above it; 0 runs on


@dataclass(slots=True)
class _Counter:
    numbers: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)


class _Numbering:
    """The numbered lists of a document, and how far each has counted."""

    def __init__(self, archive: Archive) -> None:
        styles, lists = archive.xml("word/styles.xml"), archive.xml("word/numbering.xml")
        self._styles = (
            {s.get(f"{_W}styleId"): s for s in styles.iter(f"{_W}style")} if styles is not None else {}
        )
        self._levels: dict[str, tuple[str, dict[int, _Level]]] = {}  # by numId: abstract list, levels
        self._counters: dict[str, _Counter] = {}
        if lists is not None:
            self._load(lists)

    def _load(self, lists: Any) -> None:
        abstract = {
            element.get(f"{_W}abstractNumId"): {
                int(level.get(f"{_W}ilvl")): _level(level)
                for level in element.iterfind(f"{_W}lvl")
                if (level.get(f"{_W}ilvl") or "").isdecimal()
            }
            for element in lists.iterfind(f"{_W}abstractNum")
        }
        for number in lists.iterfind(f"{_W}num"):
            name, base = number.get(f"{_W}numId"), _value(number.find(f"{_W}abstractNumId"))
            levels = dict(abstract.get(base, {}))
            changed = False
            for override in number.iterfind(f"{_W}lvlOverride"):
                at = override.get(f"{_W}ilvl") or ""
                start, own = override.find(f"{_W}startOverride"), override.find(f"{_W}lvl")
                if at.isdecimal():
                    level = _level(own) if own is not None else levels.get(int(at), _Level())
                    first = int(_value(start)) if _value(start).isdecimal() else level.start
                    levels[int(at)] = replace(level, start=first)
                    changed = True
            # Lists over one abstract list count on together, unless one of them starts anew.
            self._levels[name] = (f"{base}/{name}" if changed else base, levels)

    def next(self, paragraph: Any) -> str:
        """Return the number that Word shows before a paragraph, "" for none, and count it."""
        name, at = self._list_of(paragraph)
        if name not in self._levels or at >= _LEVELS:
            return ""
        base, levels = self._levels[name]
        level = levels.get(at)
        if level is None or level.style in ("bullet", "none"):
            return ""
        numbers = self._counters.setdefault(base, _Counter()).numbers
        before = numbers[at]
        numbers[at] = level.start if before is None else before + 1
        for deeper in range(at + 1, _LEVELS):
            if at < levels.get(deeper, _Level()).restarts:
                numbers[deeper] = None
        return _printed(level, levels, numbers)

    def _list_of(self, paragraph: Any) -> tuple[str, int]:
        """Return list and level of a paragraph: its own, else those of its style."""
        name = level = ""
        for properties in self._properties(paragraph):
            own = properties.find(f"{_W}numPr")
            if own is not None:
                name = name or _value(own.find(f"{_W}numId"))
                level = level or _value(own.find(f"{_W}ilvl"))
            if name:
                break
        return name, int(level) if level.isdecimal() else 0

    def _properties(self, paragraph: Any) -> Iterator[Any]:
        own = paragraph.find(f"{_W}pPr")
        if own is None:
            return
        yield own
        style, seen = _value(own.find(f"{_W}pStyle")), set[str]()
        while style in self._styles and style not in seen:
            seen.add(style)
            properties = self._styles[style].find(f"{_W}pPr")
            if properties is not None:
                yield properties
            style = _value(self._styles[style].find(f"{_W}basedOn"))


def _level(element: Any) -> _Level:
    start, restarts = _value(element.find(f"{_W}start")), _value(element.find(f"{_W}lvlRestart"))
    return _Level(
        _value(element.find(f"{_W}numFmt")) or "decimal",
        _value(element.find(f"{_W}lvlText")),
        int(start) if start.isdecimal() else 1,
        int(restarts) if restarts.isdecimal() else _LEVELS,
    )


def _value(element: Any | None) -> str:
    return (element.get(f"{_W}val") or "") if element is not None else ""


def _printed(level: _Level, levels: dict[int, _Level], numbers: list[int | None]) -> str:
    def counted(found: re.Match[str]) -> str:
        at = int(found.group(1)) - 1
        inner = levels.get(at, _Level())
        number = numbers[at] if at < _LEVELS else None
        return _numeral(number if number is not None else inner.start, inner.style)

    printed = re.sub(r"%([1-9])", counted, level.text)
    return f"{printed} " if printed.endswith(("条", "章", "节")) else printed


_HAN_STYLES = frozenset(
    {
        "chineseCounting",
        "chineseCountingThousand",
        "chineseLegalSimplified",
        "ideographEnclosedCircle",
        "ideographLegalTraditional",
        "ideographTraditional",
        "japaneseCounting",
        "japaneseDigitalTenThousand",
        "koreanCounting",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
    }
)


def _numeral(number: int, style: str) -> str:
    if style in _HAN_STYLES:
        return _han(number)
    if style in ("ideographDigital", "taiwaneseDigital"):
        return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))
    if style.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(ord("①") + number - 1)
    if style in ("lowerLetter", "upperLetter") and 1 <= number <= 26:
        return chr(ord("a" if style[0] == "l" else "A") + number - 1)
    return str(number)


def _han(number: int) -> str:
    """Return a number from 0 to 9999 as it is counted: 三十一."""
    if not 0 < number < 10_000:
        return str(number)
    digits = "零一二三四五六七八九"
    said = ""
    for place, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            said += digits[digit] + unit
        elif said and not said.endswith("零") and number % place:
            said += "零"
    return said.removeprefix("一") if 10 <= number < 20 else said
