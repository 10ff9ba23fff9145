"""Plain text as received → its characters."""

from __future__ import annotations


class UnreadableFile(ValueError):
    """The bytes are not what a reader of this format can read."""


def read(content: bytes) -> str:
    """Return the characters of a UTF-8 text, every line end a line feed.

    Raises:
        UnreadableFile: the bytes are not UTF-8.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"第 {error.start} 个字节不是 UTF-8 编码(读到 0x{content[error.start]:02x}),"
            "请把文件另存为 UTF-8 文本"
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")
