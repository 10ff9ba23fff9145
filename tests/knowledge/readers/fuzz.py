"""Spoil files of every format and read them: python -m tests.knowledge.readers.fuzz SECONDS [SEED]."""

from __future__ import annotations

import io
import random
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from knowledge import metadata
from knowledge.normalize import normalized
from knowledge.outline import outline
from knowledge.readers.content import read
from knowledge.readers.received import UnreadableFile
from knowledge.regions import Regions
from tests.knowledge.readers.made import NOTICE, docx, numbered_docx, ofd, packed, pdf, set_on_pages

GRID = [["类别", "标准"], ["博士", "5000元"], ["硕士", "4000元"]]


def originals() -> tuple[bytes, ...]:
    """Return one sound file of each kind."""
    body = "".join(f"<p>{line}</p>" for line in NOTICE.split("\n"))
    table = "<table><tr><td rowspan=2>甲</td><td colspan=3>乙</td></tr><tr><td>1元</td></tr></table>"
    page = f"<html><head><meta charset=utf-8><style>.a{{display:none}}</style></head><body><div>{body}{table}"
    levels = [("chineseCounting", "第%1条"), ("decimal", "%2.")]
    return (
        NOTICE.encode(),
        NOTICE.encode("gb18030"),
        f"{page}</div></body></html>".encode(),
        docx(*NOTICE.split("\n"), "{table}", tables=[GRID]),
        numbered_docx(levels, [(0, "目的在这里说明清楚"), (1, "子项"), (0, "期限")]),
        pdf(set_on_pages(NOTICE)),
        ofd(set_on_pages(NOTICE)),
        packed({"OFD.xml": "<OFD><DocBody><DocRoot>a.xml</DocRoot></DocBody></OFD>", "a.xml": "<Document/>"}),
    )


def spoilt(content: bytes, chance: random.Random) -> bytes:
    """Return a file with bytes changed, cut, repeated, moved or put in."""
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 5, 20, 200))):
        at = chance.randrange(len(data) + 1)
        size = chance.choice((1, 1, 4, 40, 400))
        what = chance.randrange(6)
        if what == 0 and at < len(data):
            data[at] = chance.randrange(256)
        elif what == 1:
            del data[at : at + size]
        elif what == 2:
            data[at:at] = data[at : at + size] * chance.choice((1, 3, 50))
        elif what == 3:
            data[at:at] = chance.randbytes(size)
        elif what == 4:
            del data[at:]
        else:
            data[at:at] = chance.choice(_TRICKS)
        if len(data) > 400_000:
            break
    return bytes(data)


def spoilt_inside(content: bytes, chance: random.Random) -> bytes:
    """Return an archive with one of its parts spoilt; spoilt outside, it would only fail its checksum."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(sorted(parts))
    part = parts[name]
    parts[name] = spoilt(part if isinstance(part, bytes) else part.encode(), chance)
    return packed(parts)


_TRICKS = (
    b"<table>" * 50,
    b"<div>" * 400,
    b"\0",
    "第一条 第二条 一、(一)1.".encode(),
    "《".encode() * 60,
    "〔2024〕1号".encode(),
    "自2024年13月45日起施行,有效期99年".encode(),
    b"rowspan=999999 colspan=999999",
    b"| a | b |\n" * 40,
    b"<!DOCTYPE x [<!ENTITY y 'z'>]>",
    ("(" * 200).encode(),
    "附件1\n附件2\n".encode() * 20,
)


def understood(content: bytes) -> str:
    """Read a file as ingestion does; return what came of it. Anything but a refusal is a mistake."""
    try:
        received = read(content)
    except UnreadableFile as refused:
        return "refused" if refused.problem else "refused without a word"
    text = normalized(received.text)
    outlined = outline("fuzz", text)
    metadata.read(text, outlined, Regions.shipped())
    for clause in outlined.clauses:
        assert clause.text == text[clause.start : clause.end]
    return received.format.value


def run(
    files: Sequence[bytes], going_on: Callable[[int], bool], seed: int
) -> tuple[Counter[str], float, bytes]:
    """Return how many files came to what, the longest that one took, and that file."""
    chance = random.Random(seed)
    seen: Counter[str] = Counter()
    longest, slowest = 0.0, b""
    number = 0
    while going_on(number):
        number += 1
        content = chance.choice(files)
        if content.startswith(b"PK") and chance.random() < 0.8:
            content = spoilt_inside(content, chance)
        else:
            content = spoilt(content, chance) if chance.random() > 0.05 else chance.randbytes(3000)
        started = time.perf_counter()
        try:
            seen[understood(content)] += 1
        except Exception:
            Path("fuzz-failed.bin").write_bytes(content)
            raise
        took = time.perf_counter() - started
        if took > longest:
            longest, slowest = took, content
    return seen, longest, slowest


if __name__ == "__main__":
    until = time.monotonic() + float(sys.argv[1])
    result, took, worst = run(
        originals(), lambda _: time.monotonic() < until, int(sys.argv[2]) if len(sys.argv) > 2 else 1
    )
    sys.stdout.write(f"{sum(result.values())} files: {dict(result)}; the longest took {took:.2f} s\n")
