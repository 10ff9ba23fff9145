"""Files that are archives of XML (docx, ofd): opened with bounds on what may come out."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lxml import etree

from knowledge.readers.received import UnreadableFile

_LARGEST_PART = 64 * 2**20  # bytes of one part, unpacked
_LARGEST_RATIO = 500  # no XML packs better than this
_MOST_PARTS = 20_000
_DAMAGED = "请从原处重新下载或另存一次"


class Archive:
    """The parts of an archive, by name; nothing is ever written to disk."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.names = {name.lstrip("/").replace("\\", "/"): name for name in archive.namelist()}

    def xml(self, name: str) -> Any | None:
        """Return the root of an XML part; None where the archive has no such part.

        Raises:
            UnreadableFile: the part is encrypted, too large, damaged, or has a DTD.
        """
        written = self.names.get(name)
        return _parsed(self._read(written), name) if written is not None else None

    def _read(self, name: str) -> bytes:
        info = self._archive.getinfo(name)
        if info.flag_bits & 0x1:
            raise UnreadableFile("文件加了密码", "请先去掉密码再导入")
        if info.file_size > _LARGEST_PART or info.file_size > _LARGEST_RATIO * max(info.compress_size, 2**12):
            raise UnreadableFile(f"展开以后太大({info.file_size // 2**20} MB)", "这不像一份文件,请核对来源")
        try:
            with self._archive.open(info) as part:
                content = part.read(_LARGEST_PART + 1)
        except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, EOFError, ValueError) as error:
            raise UnreadableFile("文件不完整,读到一半就断了", _DAMAGED) from error
        if len(content) > _LARGEST_PART:
            raise UnreadableFile("展开以后太大", "这不像一份文件,请核对来源")
        return content


@contextmanager
def opened(content: bytes) -> Iterator[Archive]:
    """Yield the archive that `content` is.

    Raises:
        UnreadableFile: it is none, is damaged, or has too many parts.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFile("文件不完整,打不开", _DAMAGED) from error
    with archive:
        if len(archive.infolist()) > _MOST_PARTS:
            raise UnreadableFile(f"压缩包里有 {len(archive.infolist())} 个文件", "这不像一份文件,请核对来源")
        yield Archive(archive)


def _parsed(content: bytes, name: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile(f"文件损坏:{name} 不是完整的 XML", _DAMAGED) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableFile(f"{name} 里有 DTD 声明,正常的文件不会有", "请核对来源,用办公软件另存一次")
    return root
