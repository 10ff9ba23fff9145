"""The cells of a table → one line a row, each cell behind the words of its column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

Grid = tuple[tuple[str, ...], ...]  # rows of equal length; a merged cell stands in each place it covers

_RULE = re.compile(r"^:?-{2,}:?$")  # the line under the head of a table in Markdown
_FIGURE = re.compile(r"\d")
_LONGEST_CELL = 160  # cells longer than this, in the middle, make a page layout and no table


def table_lines(grid: Sequence[Sequence[str]], heads: int | None = None) -> list[str]:
    """Return the lines of a table: its head as it is, then each row with its column's words.

    `heads` is how many rows are head; None finds out. Blank cells stay as blanks behind their column.
    """
    rows = [[_flat(cell) for cell in row] for row in grid]
    rows = [row for row in rows if not all(_RULE.match(cell) for cell in row)]
    lines: list[str] = []
    while len(rows) > 1 and _is_caption(rows[0]):
        lines.append(rows.pop(0)[0])
    heads = _heads(rows) if heads is None else min(heads, len(rows) - 1)
    columns = [_column(rows[:heads], place) for place in range(len(rows[0]) if rows else 0)]
    if any(columns):
        lines.append(_line(columns))
    for row in rows[heads:]:
        if any(row):
            named = zip(columns, row, strict=False)
            lines.append(_line([f"{column}:{cell}" if column else cell for column, cell in named]))
    return lines


def is_data(grid: Sequence[Sequence[str]]) -> bool:
    """Whether a table holds data; a frame around a page, a single column or long prose does not."""
    filled = [len(cell) for row in grid for cell in row if cell.strip()]
    return (
        len(grid) > 1
        and max(len(row) for row in grid) > 1
        and bool(filled)
        and median(filled) <= _LONGEST_CELL
        and max(filled) <= _LONGEST_CELL * 10
    )


def _flat(cell: str) -> str:
    return re.sub(r"\s+", " ", cell).replace("|", "/").strip()


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _is_caption(row: Sequence[str]) -> bool:
    """Whether one cell goes across the whole row: 附表:补贴标准一览."""
    return len(row) > 1 and bool(row[0]) and len(set(row)) == 1


def _heads(rows: Sequence[Sequence[str]]) -> int:
    """Return how many rows at the top are head: cells that go down or across ask for one more row."""
    if len(rows) < 2 or any(
        _FIGURE.search(cell) and len(cell) < 12 and cell[0].isdigit() for cell in rows[0]
    ):
        return 0
    across = any(a and a == b for a, b in zip(rows[0], rows[0][1:], strict=False))
    down = any(a and a == b for a, b in zip(rows[0], rows[1], strict=True))
    return 2 if across and down and len(rows) > 2 else 1


def _column(heads: Sequence[Sequence[str]], place: int) -> str:
    """Return the words over a column, those of a head in two rows one behind the other."""
    return "·".join(dict.fromkeys(row[place].rstrip(":：") for row in heads if row[place]))
