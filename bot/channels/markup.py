"""The Markdown of a reply → HTML. Whatever else stands in it, a clause's words above all, stays words.

A reply uses four things: paragraphs, **strong** words, lists and tables. CommonMark would not see the
end of **…)** before a Chinese character; here two stars always open or close.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from markupsafe import Markup, escape


def to_html(text: str) -> Markup:
    """Return a reply as HTML that holds nothing but p, br, strong, ul, li and table elements."""
    lines = [line for line in text.split("\n") if line.strip()] if "\n\n" not in text else text.split("\n")
    blocks = groupby(lines, key=_kind)
    return Markup("").join(part for kind, block in blocks for part in _block(kind, list(block)))


def _kind(line: str) -> str:
    if line.startswith("- "):
        return "list"
    if line.startswith("|") and line.endswith("|"):
        return "table"
    return "text" if line.strip() else "gap"


def _block(kind: str, lines: list[str]) -> Iterator[Markup]:
    if kind == "list":
        items = Markup("").join(Markup("<li>{}</li>").format(_strong(line[2:])) for line in lines)
        yield Markup("<ul>{}</ul>").format(items)
    elif kind == "table":
        yield _table([line.strip("|").split("|") for line in lines])
    elif kind == "text":
        yield Markup("<p>{}</p>").format(Markup("<br>").join(_strong(line) for line in lines))


def _table(rows: list[list[str]]) -> Markup:
    head, *body = [row for row in rows if set("".join(row)) - set("-: ")]
    heads = Markup("").join(Markup('<th scope="col">{}</th>').format(_strong(cell)) for cell in head)
    return Markup(
        '<div class="scroll" tabindex="0" role="region" aria-label="{}"><table><tr>{}</tr>{}</table></div>'
    ).format(
        "、".join(cell.strip() for cell in head), heads, Markup("").join(_row(row, head) for row in body)
    )


def _row(cells: list[str], head: list[str]) -> Markup:
    """Return a row; each cell names its column, for the phone, where cells stand below one another."""
    named = zip(cells, (*head, *[""] * len(cells)), strict=False)
    made = (Markup('<td data-th="{}">{}</td>').format(name.strip(), _strong(cell)) for cell, name in named)
    return Markup("<tr>{}</tr>").format(Markup("").join(made))


def _strong(text: str) -> Markup:
    """Return words with **these** strong; a pair that does not close is shown as it is."""
    parts = text.strip().split("**")
    if len(parts) % 2 == 0:
        return escape(text.strip())
    made = (
        Markup("<strong>{}</strong>").format(part) if n % 2 else escape(part) for n, part in enumerate(parts)
    )
    return Markup("").join(made)
