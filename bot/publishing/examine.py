"""From a file to a published policy: examine, draft, review, publish, retire, roll back.

The command line and the desk stand on this. A file that cannot be read is refused with what to do about
it; what was read but is not sure is said, for a person to confirm.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge import metadata
from knowledge.corpus import Corpus
from knowledge.metadata import Metadata
from knowledge.normalize import normalized
from knowledge.outline import Outline, outline
from knowledge.readers import content as reader
from knowledge.readers.received import Format, UnreadableFile
from knowledge.regions import Regions
from knowledge.types import Clause, ClauseKind, Policy

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Examined:
    """A file and what was understood of it. Nothing is written yet."""

    path: Path
    content: bytes  # as received
    format: Format
    lines: str  # what the reader made of it
    text: str  # the same, normalised
    outline: Outline
    metadata: Metadata
    notes: tuple[str, ...]  # Chinese: what a person has to confirm


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that was set aside: what was found, and what to do about it. Both in Chinese."""

    path: Path
    problem: str
    hint: str


def examine(path: Path, regions: Regions, known: Corpus) -> Examined | Unreadable:
    """Return what a file says, or why it cannot be read; it never raises for what is in a file."""
    try:
        with _within(SECONDS):
            content = _content(path)
            received = reader.read(content)
            text = normalized(received.text)
            outlined = outline(path.stem, text)
            if not outlined.clauses:
                raise UnreadableFile(
                    "只有标题,没有正文", "网页要等正文显示出来以后再保存;正文在附件里的,请导入附件"
                )
            found = metadata.read(text, outlined, regions)
    except UnreadableFile as refused:
        return Unreadable(path, refused.problem, refused.hint or "请核对文件")
    notes = (*received.notes, *found.notes, *_known_already(found, known))
    return Examined(path, content, received.format, received.text, text, outlined, found, notes)


SECONDS = 120  # for one file; a thousand pages take ten


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Refuse a file that takes longer. Only the main thread has a clock that can stop it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def too_long(*_: object) -> None:
        raise UnreadableFile(f"读了 {seconds:g} 秒还没有读完", "请把正文复制到文本文件再导入")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def examine_all(paths: Iterable[Path], regions: Regions, known: Corpus) -> Iterator[Examined | Unreadable]:
    """Yield what each file says; a bad one does not stop the others.

    Two files that claim one 文号 are both told so.
    """
    claimed: dict[str, Path] = {}
    for path in paths:
        found = examine(path, regions, known)
        number = found.metadata.number if isinstance(found, Examined) else None
        if isinstance(found, Examined) and number:
            first = claimed.setdefault(number.value, path)
            note = f"和{first.name}是同一个文号{number.value},请核对哪一份是正式文件"
            found = replace(found, notes=(*found.notes, note)) if first != path else found
        yield found


def _content(path: Path) -> bytes:
    """Return the bytes of a file.

    Raises:
        UnreadableFile: there is none, or it is too large to be a notice.
    """
    try:
        if not path.is_file():
            raise UnreadableFile(f"没有这个文件:{path.name}", "请核对文件名")
        if (size := path.stat().st_size) > reader.LARGEST_FILE:
            raise UnreadableFile(
                f"文件有 {size // 2**20} MB,超过 {reader.LARGEST_FILE // 2**20} MB", "请只导入正文"
            )
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"读不了文件:{error.strerror}", "请核对文件的权限") from error


def _known_already(found: Metadata, known: Corpus) -> Iterator[str]:
    for policy in known.policies.values():
        if found.number and policy.number and found.number.value == policy.number.value:
            yield f"文号{policy.number.value}已经收录在 {policy.policy_id},请核对是不是同一份文件"
        elif found.title and found.title.value == policy.title.value:
            yield f"标题和 {policy.policy_id} 相同,请核对是不是同一份文件"
    for repealed in found.repeals:
        for policy in _policies_named(repealed.title, repealed.number, known.policies):
            yield f"废止 {policy.policy_id}《{policy.title.value}》,发布后它的数不再当作现行"


def _policies_named(title: str, number: str | None, policies: Mapping[str, Policy]) -> Iterator[Policy]:
    for policy in policies.values():
        if (number and policy.number and policy.number.value == number) or policy.title.value == title:
            yield policy


# ── what is shown ────────────────────────────────────────────────────────────────────────────


def examined_json(found: Examined | Unreadable) -> Json:
    """Return what was understood, as the command line's contract says; a refusal as error and hint."""
    if isinstance(found, Unreadable):
        return {"file": str(found.path), "error": found.problem, "hint": found.hint}
    read = found.metadata
    return {
        "file": str(found.path),
        "format": found.format.value,
        "title": read.title.value if read.title else None,
        "number": read.number.value if read.number else None,
        "issuers": [issuer.value for issuer in read.issuers],
        "region": read.region.name if read.region else None,
        "issued_on": read.issued_on.value.isoformat() if read.issued_on else None,
        "valid_from": read.valid_from.value.isoformat() if read.valid_from else None,
        "valid_to": read.valid_to.value.isoformat() if read.valid_to else None,
        "repeals": [f"《{r.title}》({r.number})" if r.number else f"《{r.title}》" for r in read.repeals],
        "notes": list(found.notes),
        "clauses": [
            {
                "id": clause.clause_id,
                "alias": clause.alias,
                "kind": _kind(clause),
                "heading": clause.heading,
                "text": clause.text,
            }
            for clause in found.outline.clauses
        ],
    }


def _kind(clause: Clause) -> str:
    """Return section, clause, item or annex; an item (项) stands under a clause or is a row of a table."""
    if clause.kind in (ClauseKind.SECTION, ClauseKind.ANNEX):
        return clause.kind.value
    is_item = clause.kind is ClauseKind.ROW or (clause.alias is not None and "." in clause.alias)
    return "item" if is_item else "clause"


def told(found: Examined | Unreadable) -> str:
    """Return what was understood as lines for a person."""
    if isinstance(found, Unreadable):
        return f"✗ {found.path}\n  {found.problem}。{found.hint}。"
    read = found.metadata
    since, until = (str(day.value) if day else "未写" for day in (read.valid_from, read.valid_to))
    lines = [
        f"✓ {found.path}({found.format.value})",
        f"  标题  {read.title.value if read.title else '没有读到'}",
        f"  文号  {read.number.value if read.number else '没有读到'}",
        f"  机关  {'、'.join(issuer.value for issuer in read.issuers) or '没有读到'}",
        f"  地区  {read.region.name if read.region else '没有读到'}",
        f"  成文  {read.issued_on.value if read.issued_on else '没有读到'}",
        f"  有效  {since} 至 {until}" + (f"(“{read.validity_quote}”)" if read.validity_quote else ""),
        *(f"  废止  《{r.title}》{r.number or ''}" for r in read.repeals),
        *(f"  待核  {note}" for note in found.notes),
        "  条款",
        *(f"    {clause.clause_id:<10} {_first_words(clause)}" for clause in found.outline.clauses),
    ]
    return "\n".join(lines)


def _first_words(clause: Clause) -> str:
    words = " ".join(clause.text.split())
    return words if len(words) <= 44 else f"{words[:43]}…"
