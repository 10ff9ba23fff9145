"""OFD (GB/T 33190-2016, 版式文档), the national format for official documents → its lines."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from knowledge.readers.archive import Archive, opened
from knowledge.readers.layout import Piece, lines
from knowledge.readers.pdf import MOST_PAGES, ScannedFile
from knowledge.readers.received import UnreadableFile


def read(content: bytes) -> str:
    """Return the lines of an OFD file.

    Raises:
        ScannedFile: its pages are pictures.
        UnreadableFile: it is none, is damaged, encrypted or has too many pages.
    """
    with opened(content) as archive:
        pages = [page for root in _documents(archive) for page in _pages(archive, root)]
    if not any(pages):
        raise ScannedFile("OFD 里没有文字,是扫描件", "")
    return "\n".join(lines(pages))


def _documents(archive: Archive) -> Iterator[str]:
    """Yield where the documents of the file begin."""
    root = archive.xml("OFD.xml")
    if root is None:
        raise UnreadableFile("OFD 里没有 OFD.xml", "请从原处重新下载")
    for element in root.iter("{*}DocRoot"):
        yield _resolved("", element.text or "")


def _pages(archive: Archive, path: str) -> Iterator[list[Piece]]:
    document = archive.xml(path)
    if document is None:
        raise UnreadableFile(f"OFD 里缺少 {path}", "请从原处重新下载")
    folder = posixpath.dirname(path)
    templates = {t.get("ID"): t.get("BaseLoc") or "" for t in document.iter("{*}TemplatePage")}
    places = [page.get("BaseLoc") or "" for pages in document.iter("{*}Pages") for page in pages]
    if len(places) > MOST_PAGES:
        raise UnreadableFile(f"有 {len(places)} 页,超过 {MOST_PAGES} 页", "请拆成几份文件")
    for place in places:
        page = archive.xml(_resolved(folder, place))
        pieces: list[Piece] = []
        if page is not None:
            for used in page.iterchildren("{*}Template"):
                template = archive.xml(_resolved(folder, templates.get(used.get("TemplateID"), "")))
                pieces += _pieces(template) if template is not None else []
            pieces += _pieces(page)
        yield pieces


def _resolved(folder: str, place: str) -> str:
    """Return a path inside the archive; whatever climbs out of it leads nowhere."""
    return posixpath.normpath(posixpath.join("/", folder, place.strip())).lstrip("/")


def _pieces(page: Any) -> Iterator[Piece]:
    for element in page.iter("{*}TextObject"):
        box = _numbers(element.get("Boundary"))
        matrix = _numbers(element.get("CTM"))
        size = next(iter(_numbers(element.get("Size"))), 4.0)
        scale = abs(matrix[3]) if len(matrix) == 6 and matrix[3] else 1.0
        stretch = abs(matrix[0]) if len(matrix) == 6 and matrix[0] else 1.0
        if len(box) != 4:
            continue
        for code in element.iterchildren("{*}TextCode"):
            text = (code.text or "").strip("\r\n")
            if not text.strip():
                continue
            x = next(iter(_numbers(code.get("X"))), 0.0)
            y = next(iter(_numbers(code.get("Y"))), 0.0)
            left, base = box[0] + x * stretch, box[1] + y * scale
            width = _advance(code.get("DeltaX"), text, size) * stretch
            yield Piece(left, base - size * scale, left + width, base, text.strip())


def _advance(deltas: str | None, text: str, size: float) -> float:
    """Return how far the text reaches: the steps between its characters, and the last one's width."""
    steps: list[float] = []
    written = (deltas or "").split()
    place = 0
    while place < len(written) and len(steps) < len(text):
        if written[place] == "g" and place + 2 < len(written):
            times = int(written[place + 1]) if written[place + 1].isdecimal() else 0
            steps += _numbers(written[place + 2]) * min(times, len(text))
            place += 3
        else:
            steps += _numbers(written[place])
            place += 1
    last = size if text[-1] > "\x7f" else size / 2
    if steps:
        return sum(steps[: len(text) - 1]) + last
    return sum(size if char > "\x7f" else size / 2 for char in text)


def _numbers(written: str | None) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", written or "")]
