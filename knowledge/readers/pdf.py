"""A PDF with text in it → its lines. The only door to pypdfium2."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from knowledge.readers.layout import Piece, lines
from knowledge.readers.received import UnreadableFile

MOST_PAGES = 1000
_LEAST_TEXT = 15  # characters a page; a scan has none, or only what a machine stamped on it


class ScannedFile(UnreadableFile):
    """The pages are pictures; reading them takes text recognition."""


def read(content: bytes) -> str:
    """Return the lines of a PDF.

    Raises:
        ScannedFile: its pages are pictures.
        UnreadableFile: it is none, is damaged, needs a password or has too many pages.
    """
    document = _opened(content)
    try:
        if len(document) > MOST_PAGES:
            raise UnreadableFile(f"有 {len(document)} 页,超过 {MOST_PAGES} 页", "请拆成几份文件")
        pages = [_pieces(document[number]) for number in range(len(document))]
    except pypdfium2.PdfiumError as error:
        raise _damaged() from error
    finally:
        document.close()
    if sum(len(piece.text.strip()) for page in pages for piece in page) < _LEAST_TEXT * max(len(pages), 1):
        raise ScannedFile("PDF 里没有文字,是扫描件", "")
    return "\n".join(lines(pages))


def pictures(content: bytes) -> Iterator[bytes]:
    """Yield each page drawn as a PNG, for text recognition.

    Raises:
        UnreadableFile: the file is damaged or needs a password.
    """
    import io

    document = _opened(content)
    try:
        for page in document:
            width, height = page.get_size()
            drawn = page.render(scale=min(2.0, 3000 / max(width, height, 1))).to_pil()
            held = io.BytesIO()
            drawn.save(held, "PNG")
            yield held.getvalue()
    except pypdfium2.PdfiumError as error:
        raise _damaged() from error
    finally:
        document.close()


def _opened(content: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error):
            raise UnreadableFile("PDF 加了密码", "请先去掉密码再导入") from error
        raise _damaged() from error


def _damaged() -> UnreadableFile:
    return UnreadableFile("PDF 不完整或已损坏", "请从原处重新下载")


def _pieces(page: pypdfium2.PdfPage) -> list[Piece]:
    """Return the runs of characters of a page, each on one line and without a wide gap."""
    height = page.get_height()
    text = page.get_textpage()
    pieces: list[Piece] = []
    box = [ctypes.c_double() for _ in range(4)]
    left, right, bottom, top = box
    for index in range(pdfium.FPDFText_CountChars(text.raw)):
        char = chr(code) if (code := pdfium.FPDFText_GetUnicode(text.raw, index)) else ""
        if not char.strip() or char in "\ufffe\uffff":
            if pieces and char == " ":
                pieces[-1] = _with(pieces[-1], " ", pieces[-1].right)
            continue
        if not pdfium.FPDFText_GetLooseCharBox(text.raw, index, rect := pdfium.FS_RECTF()):
            pdfium.FPDFText_GetCharBox(text.raw, index, left, right, bottom, top)
            rect = pdfium.FS_RECTF(left.value, top.value, right.value, bottom.value)
        piece = Piece(rect.left, height - rect.top, rect.right, height - rect.bottom, char)
        if pieces and _follows(pieces[-1], piece):
            gap = piece.left - pieces[-1].right
            pieces[-1] = _with(pieces[-1], f" {char}" if gap > 0.5 * piece.size else char, piece.right)
        else:
            pieces.append(piece)
    text.close()
    page.close()
    return [_stripped(piece) for piece in pieces if piece.text.strip()]


def _follows(last: Piece, piece: Piece) -> bool:
    same_line = abs((last.top + last.bottom) - (piece.top + piece.bottom)) < 0.6 * min(last.size, piece.size)
    gap = piece.left - last.right
    return same_line and -0.5 * piece.size < gap < 1.2 * piece.size


def _with(piece: Piece, text: str, right: float) -> Piece:
    return Piece(piece.left, piece.top, max(piece.right, right), piece.bottom, piece.text + text)


def _stripped(piece: Piece) -> Piece:
    return Piece(piece.left, piece.top, piece.right, piece.bottom, piece.text.strip())
