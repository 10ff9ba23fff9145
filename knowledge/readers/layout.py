"""Text that is set on pages, piece by piece with its place → lines.

Files with a fixed layout (PDF, OFD, scans) know no paragraphs. A line that reaches the right edge goes on
in the next one, unless that one is indented or begins with a printed number; what stands at the top
or bottom of page after page belongs to the page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from knowledge.readers.table import table_lines


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters on a page; lengths in any one unit, downwards and to the right."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    @property
    def size(self) -> float:
        return max(self.bottom - self.top, 0.1)


@dataclass(frozen=True, slots=True)
class _Row:
    cells: tuple[Piece, ...]  # from left to right, a wide gap between each two
    page: int
    at_edge: bool  # among the first or the last of its page

    @property
    def text(self) -> str:
        return " ".join(cell.text for cell in self.cells)

    @property
    def left(self) -> float:
        return self.cells[0].left

    @property
    def right(self) -> float:
        return self.cells[-1].right


def lines(pages: Sequence[Sequence[Piece]]) -> list[str]:
    """Return the lines of a document from the pieces of its pages."""
    rows = _without_heads(
        [row for number, page in enumerate(pages) for row in _rows(page, number)], len(pages)
    )
    return list(_paragraphs(rows)) if rows else []


# ── pieces → rows ────────────────────────────────────────────────────────────────────────────

_EDGE_ROWS = 2
_WIDE_GAP = 1.8  # characters: more than a space within a line, less than between two columns


def _rows(page: Sequence[Piece], number: int) -> list[_Row]:
    found: list[list[Piece]] = []
    for piece in sorted(page, key=lambda p: (p.top + p.bottom) / 2):
        middle = (piece.top + piece.bottom) / 2
        if found and abs(middle - _middle(found[-1])) < 0.5 * min(piece.size, found[-1][0].size):
            found[-1].append(piece)
        else:
            found.append([piece])
    last = len(found) - _EDGE_ROWS
    return [_Row(_cells(row), number, at < _EDGE_ROWS or at >= last) for at, row in enumerate(found) if row]


def _middle(row: Sequence[Piece]) -> float:
    return (row[0].top + row[0].bottom) / 2


def _cells(row: Sequence[Piece]) -> tuple[Piece, ...]:
    cells: list[Piece] = []
    for piece in sorted(row, key=lambda p: p.left):
        gap = piece.left - cells[-1].right if cells else 0.0
        if cells and gap < _WIDE_GAP * piece.size:
            last = cells[-1]
            space = " " if gap > 0.25 * piece.size else ""
            cells[-1] = Piece(
                last.left,
                min(last.top, piece.top),
                max(last.right, piece.right),
                max(last.bottom, piece.bottom),
                last.text + space + piece.text,
            )
        else:
            cells.append(piece)
    return tuple(cells)


# ── what belongs to the page ─────────────────────────────────────────────────────────────────

_PAGE_NUMBER = re.compile(
    r"^[-—–―·\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:[\s,，/]*共?\s*\d{1,4}\s*页?)?[-—–―·\s]*$"
)
_OFTEN = 0.5  # of the pages carry it: a running head


def _without_heads(rows: list[_Row], pages: int) -> list[_Row]:
    seen = Counter(key for _, key in {(row.page, _masked(row)) for row in rows if row.at_edge})
    running = {key for key, times in seen.items() if times >= max(2, _OFTEN * (pages - 1))}
    return [
        row
        for row in rows
        if not (row.at_edge and (_masked(row) in running or _PAGE_NUMBER.match(row.text.strip())))
    ]


def _masked(row: _Row) -> tuple[str, int]:
    """Return the text with its numbers alike, and about where on the page it stands."""
    return re.sub(r"\d+", "#", row.text), round(row.cells[0].top / row.cells[0].size)


# ── rows → paragraphs and tables ─────────────────────────────────────────────────────────────

_HAN = "〇零一二三四五六七八九十百"
_NUMBERED = re.compile(
    rf"^\s*(?:第\s?[{_HAN}\d]+\s?[编章节条](?![、和及款项之至的]|规定|第[{_HAN}]+[款项条章])|[{_HAN}]+[、.．]|[(（][{_HAN}\d]+[)）]|\d{{1,3}}[.．、](?!\d)|[①-⑳]|"
    r"附\s?件|附\s?表)"
)
_ENDS = re.compile(r"[。:：;；!！?？]$")


def _paragraphs(rows: Sequence[_Row]) -> Iterator[str]:
    left, right, size = _margins(rows)
    text = ""
    previous: _Row | None = None
    for table, run in _runs(rows):
        if table:
            if text:
                yield text
            text, previous = "", None
            yield from table_lines(_grid(run))
            continue
        for row in run:
            if previous is not None and _goes_on(previous, row, left, right, size):
                text = _joined(text, row.text)
            else:
                if text:
                    yield text
                text = row.text
            previous = row
    if text:
        yield text


def _margins(rows: Sequence[_Row]) -> tuple[float, float, float]:
    """Return left and right edge of the text, and the usual size of a character."""
    long = [row for row in rows if len(row.text) > 15] or list(rows)
    lefts, rights = sorted(row.left for row in long), sorted(row.right for row in long)
    return lefts[len(lefts) // 10], rights[-1 - len(rights) // 10], median(row.cells[0].size for row in long)


def _goes_on(previous: _Row, row: _Row, left: float, right: float, size: float) -> bool:
    """Whether `row` is the same paragraph as the row before it."""
    if previous.right < right - 2.2 * size:
        return False
    if row.left > left + 1.2 * size:
        return False  # indented, or in the middle
    if _NUMBERED.match(row.text):
        indented = previous.left > left + 1.2 * size or _NUMBERED.match(previous.text)
        return not _ENDS.search(previous.text) and not indented
    return not (_ENDS.search(previous.text) and previous.right < right - 1.2 * size)


def _joined(text: str, more: str) -> str:
    space = " " if re.search(r"[A-Za-z]$", text) and re.match(r"[A-Za-z]", more) else ""
    return text + space + more


def _runs(rows: Sequence[_Row]) -> Iterator[tuple[bool, list[_Row]]]:
    """Yield runs of rows with whether they are a table: two or more rows with columns under columns."""
    run: list[_Row] = []
    is_table = False
    for row in rows:
        in_table = bool(run) and is_table and _is_under(run, row)
        if in_table:
            run.append(row)
            continue
        starts = len(row.cells) > 1
        if run and not is_table and len(run[-1].cells) > 1 and starts and _match(run[-1], row):
            head = run.pop()
            if run:
                yield False, run
            run, is_table = [head, row], True
            continue
        if is_table:
            yield True, run
            run, is_table = [], False
        run.append(row)
    if run:
        yield is_table, run


def _match(above: _Row, row: _Row) -> bool:
    """Whether two rows share at least two columns."""
    return sum(any(_overlap(a, b) for a in above.cells) for b in row.cells) >= 2


def _is_under(run: Sequence[_Row], row: _Row) -> bool:
    widest = max(run, key=lambda r: len(r.cells))
    if len(row.cells) > 1:
        return _match(widest, row)
    cell = row.cells[0]
    # One cell alone goes on what a narrow column began; a whole line of text does not.
    return (
        sum(_overlap(cell, column) for column in widest.cells) == 1
        and not _NUMBERED.match(cell.text)
        and (cell.right < widest.cells[-1].right and cell.left > widest.cells[0].left - cell.size)
        and cell.top - run[-1].cells[0].bottom < 1.2 * cell.size
    )


def _overlap(a: Piece, b: Piece) -> bool:
    return min(a.right, b.right) - max(a.left, b.left) > 0


def _grid(run: Sequence[_Row]) -> list[list[str]]:
    widest = max(run, key=lambda r: len(r.cells))
    columns = [[cell.left, cell.right] for cell in widest.cells]
    grid: list[list[str]] = []
    for row in run:
        cells = [""] * len(columns)
        for cell in row.cells:
            shared = [min(cell.right, right) - max(cell.left, left) for left, right in columns]
            at = max(range(len(columns)), key=lambda place: shared[place])
            columns[at] = (
                [min(columns[at][0], cell.left), max(columns[at][1], cell.right)]
                if len(row.cells) == len(columns)
                else columns[at]
            )
            cells[at] = f"{cells[at]} {cell.text}".strip()
        goes_on = (
            grid and sum(map(bool, cells)) < len(columns) and not cells[0] and sum(map(bool, cells)) == 1
        )
        if goes_on:
            grid[-1] = [old + new for old, new in zip(grid[-1], cells, strict=True)]
        else:
            grid.append(cells)
    return grid
