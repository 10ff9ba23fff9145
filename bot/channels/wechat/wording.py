"""An answer → the messages of a WeChat talk: plain text, short enough, each with the AI mark."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.answering.messages import LABEL, sentences
from bot.types import Answer

LONGEST = 600  # characters; with three bytes each they stay below WeChat's 2,048
MOST_PARTS = 3

_ROW = re.compile(r"^\|(.+)\|$")
_RULE = re.compile(r"[-|: ]+")
_ENDS = "。;!?\n"


def parts(answer: Answer) -> tuple[str, ...]:
    """Return an answer as at most three messages; what does not fit is said to be elsewhere."""
    text = plain(answer.text)
    if options := next((ask.options for ask in answer.asks if ask.options), ()):
        text = f"{text}\n{sentences()['wechat.options'].format(options='、'.join(options))}"
    pieces = list(_pieces(text))
    if len(pieces) > MOST_PARTS:
        pieces[MOST_PARTS - 1 :] = [f"{pieces[MOST_PARTS - 1]}\n{sentences()['wechat.cut']}"]
    return tuple(marked(piece) for piece in pieces)


def marked(text: str) -> str:
    """Return `text` with the AI mark at its end."""
    return f"{text}\n{LABEL}"


def plain(markdown: str) -> str:
    """Return what a reply says without Markdown, so that nothing in it becomes a link in WeChat."""
    lines = (_line(line) for line in markdown.replace("**", "").split("\n"))
    text = "\n".join(line for line in lines if line is not None)
    return re.sub("\n{3,}", "\n\n", text).replace("<", "＜").strip()


def _line(line: str) -> str | None:
    """Return a line as it reads without a table around it; None for a table's rule."""
    if line.startswith("|") and _RULE.fullmatch(line):
        return None
    if row := _ROW.match(line):
        return " · ".join(cell.strip() for cell in row[1].split("|"))
    return line


def _pieces(text: str) -> Iterator[str]:
    while len(text) > LONGEST:
        end = max(text.rfind(mark, LONGEST // 2, LONGEST) for mark in _ENDS) + 1 or LONGEST
        yield text[:end].rstrip()
        text = text[end:].lstrip()
    yield text
