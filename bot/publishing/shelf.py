"""The policy folders of the data folder: draft, review, publish, retire, roll back.

What a policy is at any moment stands in one file, its policy.toml, and every step replaces that file
whole. A step that is killed therefore either happened or did not. What was there before is kept in
history/, who did what and when in .journal.jsonl.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import Any

from pypinyin import lazy_pinyin

from bot.publishing.examine import Examined
from bot.publishing.proposals import Proposal, proposals
from knowledge import programs
from knowledge.corpus import TEXT, policy_folders, read_policy
from knowledge.metadata import Found, Metadata
from knowledge.regions import NATION, Ambiguous, Regions
from knowledge.types import Policy, Refusal, Region

_ID = re.compile(r"^[a-z0-9][a-z0-9-]{1,60}$")
_POLICY = "policy.toml"


class NotDone(ValueError):
    """A step that was refused, and why, in Chinese. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A policy of the data folder and where it stands."""

    policy_id: str
    status: str  # draft, published, retired
    title: str
    reviewed_by: str


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft that was written."""

    policy_id: str
    place: Path
    proposals: int  # program files that propose its figures


class _Catalogue:
    """What is on the shelves, so that a batch of thousands does not read every folder for each file."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.files: dict[bytes, str] = {}  # sha256 of a source → id
        self.numbers: dict[str, str] = {}  # 文号 → id

    def look(self, *folders: Path) -> None:
        """Take in the policies that came since the last look."""
        for folder in folders:
            for name in os.listdir(folder) if folder.is_dir() else ():
                if name not in self.names and not name.startswith(".") and (folder / name / _POLICY).exists():
                    self._add(folder / name)

    def _add(self, place: Path) -> None:
        self.names.add(place.name)
        for source in place.glob("source.*"):
            self.files[hashlib.sha256(source.read_bytes()).digest()] = place.name
        if number := _written(place).get("number", {}).get("value"):
            self.numbers[number] = place.name

    def forget(self, name: str) -> None:
        """Read a policy again with the next look: it was replaced."""
        if name in self.names:
            self.names.discard(name)
            self.files = {digest: held for digest, held in self.files.items() if held != name}


@dataclass(frozen=True, slots=True)
class Shelf:
    """The policies that staff add; each step names who took it and when."""

    folder: Path  # $ADVISOR_DATA_DIR/policies
    shipped: Path
    regions: Regions
    _catalogue: _Catalogue = field(default_factory=lambda: _Catalogue(), compare=False, repr=False)

    def entries(self) -> tuple[Entry, ...]:
        """Return the policies of the data folder, by id."""
        return tuple(_entry(place) for place in policy_folders(self.folder) if (place / _POLICY).exists())

    def draft(self, found: Examined, policy_id: str | None = None, region: str | None = None) -> Drafted:
        """Write what was understood of a file as a draft, with its figures as proposed programs.

        `policy_id` may be that of a draft of the same 文号, which is then replaced.

        Raises:
            NotDone: the id or the region is none, or the id belongs to another policy.
        """
        place = self._region(region) or found.metadata.region
        if place is None:
            raise NotDone("不知道是哪个地区的文件,请用 --region 写明")
        with self._alone():
            name = self._id(policy_id, found, place)
            with self._unfinished(name) as made:
                proposed = self._write(made, found, place)
                self._put(made, self.folder / name)
            self._catalogue.forget(name)
        return Drafted(name, self.folder / name, proposed)

    def review(self, policy_id: str, by: str, now: datetime) -> None:
        """Sign a policy as read and found right; its status stays."""
        self._step("review", policy_id, by, now)

    def publish(self, policy_id: str, by: str, now: datetime) -> None:
        """Let a draft, or a retired policy, answer.

        Raises:
            NotDone: it would not load, or its 文号 answers already under another id.
        """
        self._step("publish", policy_id, by, now, "published")

    def retire(self, policy_id: str, by: str, now: datetime) -> None:
        """Let a policy answer no longer; one that ships is laid over."""
        _named(by)
        with self._alone():
            self._lay_over(policy_id)
        self._step("retire", policy_id, by, now, "retired")

    def rollback(self, policy_id: str, by: str, now: datetime) -> str:
        """Take back the last step of a policy and return the status that it has again.

        Raises:
            NotDone: nothing happened to it yet.
        """
        _named(by)
        with self._alone():
            place = self._place(policy_id)
            current = (place / _POLICY).read_text(encoding="utf-8")
            kept = sorted((place / "history").glob("*.toml"))
            while kept and kept[-1].read_text(encoding="utf-8") == current:
                kept.pop().unlink()  # the step behind it was killed before it took place
            if not kept:
                raise NotDone(f"{policy_id} 没有可以退回的步骤")
            _replace(place / _POLICY, kept[-1].read_text(encoding="utf-8"))
            kept[-1].unlink()
            self._note("rollback", policy_id, by, now)
            return _entry(place).status

    def policy(self, policy_id: str) -> Policy:
        """Return a policy of the data folder, or one that ships, whatever its status.

        Raises:
            NotDone: there is none, or it would not load.
        """
        for place in (self.folder / policy_id, self.shipped / policy_id):
            if (place / _POLICY).exists():
                found = read_policy(place, self.regions)
                if isinstance(found, Refusal):
                    raise NotDone(f"这份文件还不能用:{found}")
                return found
        raise NotDone(f"没有 {policy_id} 这份文件")

    # ── steps ────────────────────────────────────────────────────────────────────────────────

    def _step(self, action: str, policy_id: str, by: str, now: datetime, status: str | None = None) -> None:
        _named(by)
        with self._alone():
            place = self._place(policy_id)
            if action == "publish":
                self._refuse_what_cannot_answer(place)
            text = (place / _POLICY).read_text(encoding="utf-8")
            changed = _with(text, "status", status) if status else text
            if action != "retire":
                changed = _with(changed, "reviewed_by", f"{by},{now.date()}")
            _keep(place, text)
            _replace(place / _POLICY, changed)
            self._note(action, policy_id, by, now)

    def _refuse_what_cannot_answer(self, place: Path) -> None:
        policy = self.policy(place.name)
        wrong = programs.load({place.name: policy}, (self.folder,)).refused
        if wrong:
            raise NotDone(f"项目文件有错:{wrong[0]}")
        for other in policy_folders(self.folder):
            entry = _entry(other) if (other / _POLICY).exists() and other != place else None
            if entry and entry.status == "published" and policy.number:
                held = read_policy(other, self.regions)
                if isinstance(held, Policy) and held.number and held.number.value == policy.number.value:
                    raise NotDone(
                        f"文号{policy.number.value}已经由 {other.name} 答复,请先 retire {other.name}"
                    )

    def _lay_over(self, policy_id: str) -> None:
        """Copy a policy that ships into the data folder, so that its status can be changed there."""
        if (self.folder / policy_id / _POLICY).exists() or not (self.shipped / policy_id / _POLICY).exists():
            return
        with self._unfinished(policy_id) as made:
            shutil.copytree(self.shipped / policy_id, made)
            self._put(made, self.folder / policy_id)

    def _place(self, policy_id: str) -> Path:
        place = self.folder / policy_id
        if not _ID.match(policy_id) or not (place / _POLICY).exists():
            raise NotDone(
                f"没有 {policy_id} 这份文件,已有的:{'、'.join(e.policy_id for e in self.entries()) or '无'}"
            )
        return place

    @contextmanager
    def _unfinished(self, name: str) -> Iterator[Path]:
        """Yield a place to write a policy folder where nobody looks for one."""
        held = self.folder / f".new-{secrets.token_hex(4)}"
        held.mkdir()
        try:
            yield held / name
        finally:
            shutil.rmtree(held, ignore_errors=True)

    def _put(self, made: Path, place: Path) -> None:
        """Put a finished folder in its place; an older draft steps aside first."""
        aside = self.folder / f".old-{place.name}"
        shutil.rmtree(aside, ignore_errors=True)
        if place.exists():
            place.rename(aside)
        made.rename(place)
        shutil.rmtree(aside, ignore_errors=True)

    def still(self) -> AbstractContextManager[None]:
        """Let no step be taken meanwhile, so that all folders are seen as of one moment."""
        return self._alone()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the folder against other steps, and mend what a killed one left."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for aside in self.folder.glob(".old-*"):
                place = self.folder / aside.name.removeprefix(".old-")
                shutil.rmtree(aside) if place.exists() else aside.rename(place)
            for half in self.folder.glob(".new-*"):
                shutil.rmtree(half)
            yield

    def _note(self, action: str, policy_id: str, by: str, now: datetime) -> None:
        line = {"at": now.isoformat(), "by": by, "action": action, "policy": policy_id}
        with (self.folder / ".journal.jsonl").open("a", encoding="utf-8") as journal:
            journal.write(json.dumps(line, ensure_ascii=False) + "\n")
            journal.flush()
            os.fsync(journal.fileno())

    # ── a draft ──────────────────────────────────────────────────────────────────────────────

    def _region(self, named: str | None) -> Region | None:
        if named is None:
            return None
        region = self.regions.resolve(named)
        if region is None or isinstance(region, Ambiguous):
            raise NotDone(f"不认识地区“{named}”,或这个名字不止一处")
        return region

    def _id(self, wanted: str | None, found: Examined, region: Region) -> str:
        if wanted is not None and not _ID.match(wanted):
            raise NotDone(f"编号“{wanted}”应由小写字母、数字和短横线组成,如 hangzhou-2024")
        self._catalogue.look(self.shipped, self.folder)
        if known := self._catalogue.files.get(hashlib.sha256(found.content).digest()):
            raise NotDone(f"和 {known} 是同一个文件,已经收下了")
        same = self._draft_of_same_number(found.metadata)
        if same and wanted != same:
            number = found.metadata.number.value if found.metadata.number else ""
            raise NotDone(f"文号{number}已经有草稿 {same},要用这一份换掉它,请加 --id {same}")
        if wanted is not None:
            if self._is_taken(wanted) and wanted != same:
                raise NotDone(f"编号 {wanted} 已经有文件,请换一个")
            return wanted
        base = f"{_slug(region, self.regions)}-{_year(found.metadata)}"
        names = chain((base,), (f"{base}-{n}" for n in count(2)))
        return next(name for name in names if not self._is_taken(name))

    def _is_taken(self, policy_id: str) -> bool:
        return policy_id in self._catalogue.names

    def _draft_of_same_number(self, read: Metadata) -> str | None:
        held = self._catalogue.numbers.get(read.number.value) if read.number else None
        place = self.folder / held if held else None
        return held if place and (place / _POLICY).exists() and _entry(place).status == "draft" else None

    def _write(self, made: Path, found: Examined, region: Region) -> int:
        made.mkdir()
        (made / f"source.{found.format.value}").write_bytes(found.content)
        (made / TEXT).write_text(found.lines, encoding="utf-8")
        _replace(made / _POLICY, policy_toml(made.name, found, region))
        policy = read_policy(made, self.regions)
        if isinstance(policy, Refusal):
            raise NotDone(f"写出的草稿读不回来:{policy.key}:{policy.problem}")
        return _write_proposals(made / "programs", proposals(policy))


def _write_proposals(folder: Path, proposed: Sequence[Proposal]) -> int:
    if proposed:
        folder.mkdir()
    for proposal in proposed:
        (folder / proposal.file).write_text(proposal.toml, encoding="utf-8")
    return len(proposed)


def _named(by: str) -> None:
    if len(by.strip()) < 2:
        raise NotDone("请写明是谁(--by 姓名)")


def _slug(region: Region, regions: Regions) -> str:
    """Return what a place is called in ids: hangzhou, tianhe, national."""
    if region.code == NATION:
        return "national"
    plain = re.sub(r"(?:特别行政区|自治[区州县旗]|[省市区县旗盟州])$", "", region.name) or region.name
    return "".join(lazy_pinyin(plain, errors="ignore")).lower() or region.code


def _year(read: Metadata) -> str:
    numbered = re.search(r"〔(\d{4})〕", read.number.value) if read.number else None
    if numbered:
        return numbered.group(1)
    day = next((found.value for found in (read.issued_on, read.valid_from) if found), None)
    return str(day.year) if day else "undated"


def _written(place: Path) -> dict[str, Any]:
    """Return what a policy.toml says; {} where it is none."""
    try:
        return tomllib.loads((place / _POLICY).read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}


def _entry(place: Path) -> Entry:
    written = _written(place)
    if not written:
        return Entry(place.name, "unreadable", "", "")
    title = written.get("title", {}).get("value", "")
    return Entry(place.name, written.get("status", "published"), title, written.get("reviewed_by", ""))


# ── policy.toml ──────────────────────────────────────────────────────────────────────────────


def policy_toml(name: str, found: Examined, region: Region) -> str:
    """Return the policy.toml of a draft: everything with the words that it was read from."""
    read = found.metadata
    lines = [
        "# 由导入程序写成,发布前请逐项核对。每一项后面是它在原文里的话。",
        *(f"# 待核:{note}".replace("\n", " ") for note in found.notes),
        f"id = {_quoted(name)}",
        f"region = {_quoted(region.code)}",
        'status = "draft"',
        'reviewed_by = ""',
        "",
        "[title]",
        *_stated(read.title, found.path.stem),
    ]
    if read.number:
        lines += ["", "[number]", *_stated(read.number, "")]
    for issuer in read.issuers:
        lines += ["", "[[issuers]]", *_stated(issuer, "")]
    if read.issued_on:
        lines += ["", "[issued]", f"on = {read.issued_on.value}", f"quote = {_quoted(read.issued_on.quote)}"]
    lines += _validity(read)
    for repealed in read.repeals:
        lines += ["", "[[repeals]]", f"title = {_quoted(repealed.title)}"]
        lines += [f"number = {_quoted(repealed.number)}"] if repealed.number else []
        lines += [f"quote = {_quoted(repealed.quote)}"]
    return "\n".join(lines) + "\n"


def _stated(found: Found[str] | None, otherwise: str) -> list[str]:
    if found is None:
        return [
            f"value = {_quoted(otherwise.ljust(2, '·'))}",
            'supplied_by = "导入时没有读到,取自文件名,待核对"',
        ]
    lines = [f"value = {_quoted(found.value)}"]
    return [*lines, f"quote = {_quoted(found.quote)}"] if found.quote != found.value else lines


def _validity(read: Metadata) -> list[str]:
    if read.valid_from is None:
        return []
    lines = ["", "[validity]", f"from = {read.valid_from.value}"]
    if read.valid_to:
        lines.append(f"to = {read.valid_to.value}")
    lines.append(f"quote = {_quoted(read.validity_quote or read.valid_from.quote)}")
    if read.validity_quote is None:  # a page tells it beside the text
        lines.append(f"from_quote = {_quoted(read.valid_from.quote)}")
        lines += [f"to_quote = {_quoted(read.valid_to.quote)}"] if read.valid_to else []
    elif read.from_quote:
        lines.append(f"from_quote = {_quoted(read.from_quote)}")
    return lines


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _with(toml: str, key: str, value: str) -> str:
    """Return a policy.toml with a key of its first part set; the rest stays to the letter."""
    line = f"{key} = {_quoted(value)}"
    head, table, rest = toml.partition("\n[")
    changed, found = re.subn(rf"^{key} *=.*$", lambda _: line, head, flags=re.M)
    return (changed if found else f"{head.rstrip()}\n{line}\n") + table + rest


def _keep(place: Path, text: str) -> None:
    """Keep what stood there before a step."""
    folder = place / "history"
    folder.mkdir(exist_ok=True)
    number = max((int(p.stem) for p in folder.glob("*.toml") if p.stem.isdecimal()), default=0) + 1
    _replace(folder / f"{number:04}.toml", text)


def _replace(path: Path, text: str) -> None:
    """Put a file in its place in one step, on disk before it is there."""
    new = path.with_name(f".{path.name}.new")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
