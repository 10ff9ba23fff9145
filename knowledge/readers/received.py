"""What a reader hands on, and what it says when a file cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Format(StrEnum):
    """What a file is, told by its content and never by its name."""

    TEXT = "txt"
    HTML = "html"
    DOCX = "docx"
    PDF = "pdf"
    OFD = "ofd"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class Received:
    """A file as received, turned into plain lines.

    A line is a paragraph. A row of a table is one line that begins and ends with a pipe, its cells
    between pipes, each cell behind the words of its column (`| 学历:博士 | 标准:10万元 |`). What a page
    says about its document outside the text is a line such as `文号:穗府办规〔2024〕13号`.
    """

    format: Format
    text: str
    notes: tuple[str, ...] = ()  # Chinese, for the person who checks


class UnreadableFile(ValueError):
    """The bytes are not what a reader of this format can read; what was found, and what to do about it."""

    def __init__(self, problem: str, hint: str = "") -> None:
        super().__init__(f"{problem},{hint}" if hint else problem)
        self.problem = problem  # Chinese
        self.hint = hint  # Chinese
