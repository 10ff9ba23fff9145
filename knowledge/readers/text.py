"""Plain text as received → its characters."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

from knowledge.readers.received import UnreadableFile
from knowledge.readers.table import Grid, table_lines

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Where two encodings both fit, the one that reads as Chinese is meant: what notices are full of.
_USUAL = frozenset(
    "的一是在和有人中不了大为年月日关于通知印发办法政府市区县省各部门单位业就创补贴资金标准施行本第条章对以上下"
    "及其他应当可按照规定工作服务申请元者个发布文件理实行生社会保障"
    "為關於辦門單業創補貼資標準條對應當規務請個發實會與國動機構學經費"
    ",。、;:()《》“”〔〕 \n0123456789,。、;:()"
)
_LEAST_USUAL = 0.2  # of the characters; text that reads as nothing is no text


def read(content: bytes) -> str:
    """Return the characters of a text in UTF-8, GB18030, Big5 or UTF-16, every line end a line feed.

    Raises:
        UnreadableFile: the bytes are no text in any of these.
    """
    return decode(content).replace("\r\n", "\n").replace("\r", "\n")


def decode(content: bytes) -> str:
    """Return the characters of `content`; what encoding a file names itself is no proof of it.

    Raises:
        UnreadableFile: the bytes are no text in UTF-8, GB18030, Big5 or UTF-16.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            text = _in(content, encoding)
            return text if text is not None else _refuse(content)
    if (text := _in(content, "utf-8")) is not None:
        return _refuse(content) if "\0" in text else text
    tried = [_in(content, encoding) for encoding in ("gb18030", "big5hkscs")]
    readable = [text for text in tried if text is not None and "\0" not in text]
    best = max(readable, key=_usual, default=None)
    return best if best is not None and _usual(best) >= _LEAST_USUAL else _refuse(content)


_NUMBERED = re.compile(
    r"^\s*(?:第\S{1,6}[章节条]|[一二三四五六七八九十]+[、.]|[((]\S{1,3}[))]|\d{1,3}[.、]|附件)"
)
_WIDEST, _LEAST_LINES = 60, 12  # characters of a line that was broken by a machine; lines of such a text


def unwrapped(text: str) -> str:
    """Return `text` with lines that were broken at a fixed width joined to paragraphs again.

    A text is taken as broken when no line is longer than most of its lines are.
    """
    lines = [line.rstrip() for line in text.split("\n")]
    long = [len(line) for line in lines if line.strip()]
    width = max(long, default=0)
    full = sum(width - 2 <= length for length in long)
    if not 20 <= width <= _WIDEST or len(long) < _LEAST_LINES or full < 0.4 * len(long):
        return text
    joined: list[str] = []
    goes_on = False
    for line in lines:
        if goes_on and line.strip() and not line.startswith((" ", "\u3000")) and not _NUMBERED.match(line):
            joined[-1] += line
        else:
            joined.append(line)
        goes_on = len(line) >= width - 2
    return "\n".join(joined)


def with_tables(text: str) -> str:
    """Return `text` with rows that are set with tabs or pipes written as rows of a table."""
    lines = text.split("\n")
    made: list[str] = []
    place = 0
    while place < len(lines):
        grid = _grid(lines, place)
        made += table_lines(grid) if grid else [lines[place]]
        place += len(grid) or 1
    return "\n".join(made)


def _grid(lines: Sequence[str], place: int) -> Grid:
    """Return the cells of the table that begins at `place`; () when none does."""
    for shape in (_piped, _tabbed):
        rows: list[tuple[str, ...]] = []
        for at in range(place, len(lines)):
            cells = shape(lines[at])
            if cells is None or (rows and len(cells) != len(rows[0])):
                break
            rows.append(cells)
        if len(rows) > 1:
            return tuple(rows)
    return ()


def _piped(line: str) -> tuple[str, ...] | None:
    stripped = line.strip()
    if len(stripped) < 3 or not (stripped.startswith("|") and stripped.endswith("|")):
        return None
    cells = tuple(cell.strip() for cell in stripped[1:-1].split("|"))
    return cells if len(cells) > 1 else None


def _tabbed(line: str) -> tuple[str, ...] | None:
    if "\t" not in line:
        return None
    cells = tuple(cell.strip() for cell in line.split("\t"))
    return cells if len(cells) > 1 and cells[0] and not _ORDINAL.match(cells[0]) else None


_ORDINAL = re.compile(r"^(?:第\S{1,6}[章节条]|[((]?[一二三四五六七八九十\d]{1,4}[))、.．])$")


def _in(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _usual(text: str) -> float:
    sample = [char for char in text[:20_000] if char > "\x7f"]
    return sum(char in _USUAL for char in sample) / len(sample) if sample else 0.0


def _refuse(content: bytes) -> str:
    try:
        start = content.index(0) if b"\0" in content else 0
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        start = error.start
    raise UnreadableFile(
        f"不是文字:第 {start} 个字节起不是 UTF-8 编码,也不是 GB18030、Big5(读到 0x{content[start]:02x})",
        "请把文件另存为 UTF-8 文本",
    )
