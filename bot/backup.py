"""The whole data folder in one file, and back, also while the advisor serves.

A backup is a ZIP file: backup.json, the records as a SQLite file whichever database they come from, and
every folder of the data folder but the index, which is built anew.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.publishing.shelf import NotDone, Shelf
from bot.records.database import NoDatabase
from bot.records.transfer import is_empty, transfer

_ABOUT, _RECORDS = "backup.json", "records.sqlite3"
_FORMAT = 1
_INDEX, _ARCHIVE = "index", "archive"
_JOURNAL = ".journal.jsonl"  # of the shelves; other names that begin with a dot are passing
_UNREADABLE = (
    OSError,
    EOFError,
    KeyError,
    TypeError,
    ValueError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup holds."""

    rows: int  # of the records
    files: int


def backup(file: Path, data: Path, database_url: str, shelf: Shelf, now: datetime) -> Saved:
    """Write `file`, which only its owner may read; it is there whole or not at all.

    Raises:
        NotDone: there is a file of that name, or no folder to put it in.
        NoDatabase: the records cannot be opened.
    """
    if file.exists() or not file.parent.is_dir():
        raise NotDone(f"{file} 已经有了,或者没有这个文件夹;请换一个名字")
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=file.parent) as place:
        records, made = Path(place, _RECORDS), Path(place, "made")
        rows = transfer(database_url, f"sqlite:///{records}")
        with (
            zipfile.ZipFile(made, "x", zipfile.ZIP_DEFLATED, strict_timestamps=False) as packed,
            shelf.still(),
        ):
            packed.writestr(_ABOUT, json.dumps({"format": _FORMAT, "made_at": now.isoformat()}))
            packed.write(records, _RECORDS)
            files = [path for folder in _folders(data) for path in _files(folder)]
            for path in files:
                packed.write(path, path.relative_to(data))
        made.chmod(0o600)
        made.rename(file)
    return Saved(rows, len(files))


def restore(file: Path, data: Path, database_url: str, shelf: Shelf, *, replace: bool) -> Saved:
    """Put what a backup holds in place of what there is; versions of the knowledge only come in addition.

    Raises:
        NotDone: the file is damaged or no backup, or there are data and `replace` does not allow it.
        NoDatabase: the records cannot be opened.
    """
    data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=data) as place, shelf.still():
        new, old = Path(place, "new"), Path(place, "old")
        _unpack(file, new)
        held = [path for folder in _folders(data) if folder.name != _ARCHIVE for path in _files(folder)]
        if not replace and (held or not is_empty(database_url)):
            raise NotDone(f"{data} 里已经有会话或文件,没有恢复;要用备份换掉它们,请加 --replace")
        files = sum(1 for folder in _folders(new) for _ in _files(folder))
        moved: list[tuple[Path, Path]] = []

        def swap() -> None:
            for source, target in _moves(new, old, data):
                target.parent.mkdir(parents=True, exist_ok=True)
                source.rename(target)
                moved.append((source, target))

        try:
            rows = transfer(f"sqlite:///{new / _RECORDS}", database_url, swap)
        except BaseException:
            for source, target in reversed(moved):
                target.rename(source)
            raise
    return Saved(rows, files)


def _unpack(file: Path, place: Path) -> None:
    """Write what a backup holds into a folder, checked to the last byte, its records of today's form."""
    try:
        with zipfile.ZipFile(file) as packed:
            if json.loads(packed.read(_ABOUT))["format"] != _FORMAT:
                raise ValueError("format")
            packed.getinfo(_RECORDS)
            packed.extractall(place)  # holds every file against its checksum
        is_empty(f"sqlite:///{place / _RECORDS}")
    except (*_UNREADABLE, NoDatabase) as error:
        raise NotDone(f"{file} 不是这个产品的备份,或者已经损坏,没有恢复({error})") from error


def _moves(new: Path, old: Path, data: Path) -> Iterator[tuple[Path, Path]]:
    """Yield from where to where, so that the new folders stand in place of the old ones."""
    yield from [(f, old / f.name) for f in _folders(data) if f.name != _ARCHIVE]
    yield from [(f, data / f.name) for f in _folders(new) if f.name != _ARCHIVE]
    for version in _files(new / _ARCHIVE):
        if not (kept := data / _ARCHIVE / version.name).exists():  # its name is made of its content
            yield version, kept


def _folders(data: Path) -> list[Path]:
    return sorted(p for p in data.iterdir() if p.is_dir() and p.name != _INDEX and not p.name.startswith("."))


def _files(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if not path.name.startswith(".") or path.name == _JOURNAL)
