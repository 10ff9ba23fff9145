"""Any file → its lines, by the reader that its content asks for. A name or an extension proves nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib.util import find_spec

from knowledge.readers import docx, html, ofd, pdf, recognition, text
from knowledge.readers.archive import opened
from knowledge.readers.pdf import ScannedFile
from knowledge.readers.received import Format, Received, UnreadableFile

LARGEST_FILE = 100 * 2**20  # bytes
_LONGEST_TEXT = 3_000_000  # characters; the longest statutes have a tenth of that
_LEAST_HAN = 10

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF")
_HTML = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|meta|div|table|p)\b", re.I)
_HAN = re.compile(r"[\u3400-\u9fff]")


def read(content: bytes) -> Received:
    """Return the lines of a file, and which format it has.

    Raises:
        UnreadableFile: it has no format that can be read, is damaged or empty, or is no document.
    """
    if len(content) > LARGEST_FILE:
        raise UnreadableFile(
            f"文件有 {len(content) // 2**20} MB,超过 {LARGEST_FILE // 2**20} MB", "请只导入正文"
        )
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise UnreadableFile("文件是空的", "请重新下载")
    form = sniffed(content)
    notes: tuple[str, ...] = ()
    try:
        lines = _READERS[form](content)
    except ScannedFile as scan:
        lines, notes = _recognized(form, content, scan)
    if len(lines) > _LONGEST_TEXT:
        raise UnreadableFile(f"有 {len(lines)} 个字,不像一份政策文件", "请拆成几份文件")
    _refuse_what_is_no_document(lines)
    return Received(form, lines, notes)


def sniffed(content: bytes) -> Format:
    """Return what a file is.

    Raises:
        UnreadableFile: it is something that is not read here; the hint says how to convert it.
    """
    if b"%PDF-" in content[:1024]:
        return Format.PDF
    if content.startswith(b"PK\x03\x04") or content.startswith(b"PK\x05\x06"):
        return _sniffed_archive(content)
    if content.startswith(_OLE):
        raise _old_office(content)
    if content.startswith(b"{\\rtf"):
        raise UnreadableFile("是 RTF 文件", "请用 Word 或 WPS 另存为 .docx")
    if content.startswith(_IMAGES):
        return Format.IMAGE
    for magic, name in ((b"Rar!", "RAR"), (b"7z\xbc\xaf", "7z"), (b"\x1f\x8b", "gzip")):
        if content.startswith(magic):
            raise UnreadableFile(f"是 {name} 压缩包", "请先解压,再导入里面的文件")
    return Format.HTML if _HTML.search(content[:20_000]) and b"</" in content else Format.TEXT


def _sniffed_archive(content: bytes) -> Format:
    with opened(content) as archive:
        names = archive.names
    if "OFD.xml" in names:
        return Format.OFD
    if "word/document.xml" in names:
        return Format.DOCX
    if any(name.startswith("xl/") for name in names):
        raise UnreadableFile("是 Excel 表格", "请把表格复制到 Word 里,另存为 .docx")
    if any(name.startswith("ppt/") for name in names):
        raise UnreadableFile("是幻灯片", "请把文字复制到 Word 里,另存为 .docx")
    if "mimetype" in names and "content.xml" in names:
        raise UnreadableFile("是 OpenDocument 文件(.odt)", "请另存为 .docx")
    raise UnreadableFile("是压缩包,不是文件", "请先解压,再导入里面的文件")


def _old_office(content: bytes) -> UnreadableFile:
    """Return what to say about an OLE file: the names of its streams stand in its directory."""

    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if has("EncryptedPackage"):
        return UnreadableFile("文件加了密码", "请用 Word 或 WPS 打开,去掉密码后另存为 .docx")
    if has("WordDocument"):
        return UnreadableFile("是旧格式的 Word 或 WPS 文件(.doc、.wps)", "请用 Word 或 WPS 打开,另存为 .docx")
    if has("Workbook") or has("Book"):
        return UnreadableFile("是旧格式的 Excel 表格(.xls、.et)", "请把表格复制到 Word 里,另存为 .docx")
    return UnreadableFile("是旧格式的办公文件", "请用 Word 或 WPS 打开,另存为 .docx")


# ── the readers ──────────────────────────────────────────────────────────────────────────────


def _read_text(content: bytes) -> str:
    return text.with_tables(text.unwrapped(text.read(content)))


def _read_image(content: bytes) -> str:
    raise ScannedFile("是图片", "")


_READERS: Mapping[Format, Callable[[bytes], str]] = {
    Format.TEXT: _read_text,
    Format.HTML: html.read,
    Format.DOCX: docx.read,
    Format.PDF: pdf.read,
    Format.OFD: ofd.read,
    Format.IMAGE: _read_image,
}


def _recognized(form: Format, content: bytes, scan: ScannedFile) -> tuple[str, tuple[str, ...]]:
    """Return what text recognition reads off the pages, with a warning to check every word."""
    if form is Format.OFD:
        raise UnreadableFile(scan.problem, "请先导出为 PDF 再导入")
    if find_spec("rapidocr") is None:
        raise UnreadableFile(
            scan.problem, "要识别扫描件和图片,请先安装:python -m pip install -r requirements-ocr.txt"
        )
    pages = pdf.pictures(content) if form is Format.PDF else iter([content])
    return recognition.read(pages), ("正文由机器从扫描件识别,请逐字核对,尤其是数字",)


# ── what is no document ──────────────────────────────────────────────────────────────────────

_ERROR_PAGE = re.compile(
    r"\b40[34]\b|\b50[0234]\b|not found|forbidden|页面(?:不存在|未找到|已删除|已失效)|"
    r"找不到(?:该|您|所|页)|系统繁忙|访问出错|服务器错误|请稍后再试|无法访问|访问被拒绝|网站维护|正在维护|"
    r"验证码|参数错误|信息不存在|文章不存在|会话已过期|请先?登录(?:后|以后|系统)?(?:查看|访问|继续|浏览)|"
    r"用户名\W{0,3}密码|安全验证|(?:开启|启用) ?JavaScript|加载中|正在加载|已(?:被|经)?(?:删除|下线|撤下)或",
    re.I,
)
_LONGEST_ERROR = 400
_SAYS_SOMETHING = re.compile(r"[。;；:：|、]|\d")  # a sentence, a heading with a number, a row of a table
_BESIDE = re.compile(r"(?:标题|来源|发布日期):")  # what a page says about its document, beside the text


def _refuse_what_is_no_document(lines: str) -> None:
    said = "".join(line for line in lines.split("\n") if not _BESIDE.match(line))
    han = len(_HAN.findall(said))
    if len(said) < _LONGEST_ERROR and (found := _ERROR_PAGE.search(lines)):
        raise UnreadableFile(
            f"像是出错的网页(写着“{found.group()}”),不是政策文件", "请重新打开网址,正文显示出来后再保存"
        )
    if han < _LEAST_HAN:
        raise UnreadableFile(f"只读出 {han} 个汉字,没有正文", "请核对文件是否完整")
    if len(said) < _LONGEST_ERROR and not _SAYS_SOMETHING.search(said):
        raise UnreadableFile("只有标题,没有正文", "请核对文件是否完整;网页要等正文显示出来以后再保存")
