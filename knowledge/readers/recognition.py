"""Pictures of pages → their lines. The only door to rapidocr, an optional extra."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from knowledge.readers.layout import Piece, lines
from knowledge.readers.received import UnreadableFile


def read(pages: Iterable[bytes]) -> str:
    """Return the lines on the pictures.

    Raises:
        UnreadableFile: nothing can be read on them.
    """
    found = "\n".join(lines([_pieces(page) for page in pages]))
    if not found.strip():
        raise UnreadableFile("扫描件上认不出文字", "请换一份更清楚的")
    return found


def _pieces(page: bytes) -> list[Piece]:
    seen = _engine()(page)
    if seen.boxes is None:
        return []
    return [
        Piece(
            min(x for x, _ in box),
            min(y for _, y in box),
            max(x for x, _ in box),
            max(y for _, y in box),
            text,
        )
        for box, text in zip(seen.boxes.tolist(), seen.txts, strict=True)
    ]


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR()
