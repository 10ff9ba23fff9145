"""The policies that are known: load them, find a clause by id, say where a document stands on a day."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knowledge import validity
from knowledge.mistakes import in_chinese
from knowledge.normalize import normalized
from knowledge.outline import outline
from knowledge.plain import PlainFile, Untied, tied
from knowledge.readers import text as text_reader
from knowledge.readers.received import UnreadableFile
from knowledge.regions import Regions, UnknownRegion
from knowledge.types import (
    Clause,
    ClauseKind,
    Period,
    Phrasing,
    Plain,
    Policy,
    Refusal,
    Repeal,
    Stated,
    ValidityStatus,
)

SHIPPED = Path(__file__).parent / "policies"


class UnknownClause(LookupError):
    """No policy has a clause of that id."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """All policies that loaded, and the folders that did not."""

    policies: Mapping[str, Policy]
    refused: tuple[Refusal, ...] = ()

    def clause(self, full_id: str) -> Clause:
        """Return the clause of a full id such as `hangzhou-2023#2.3.17`, or of its alias.

        Raises:
            UnknownClause: no such policy, or no such clause in it.
        """
        policy_id, _, clause_id = full_id.partition("#")
        if policy := self.policies.get(policy_id):
            for clause in policy.clauses:
                if clause_id in (clause.clause_id, clause.alias):
                    return clause
        raise UnknownClause(f"no clause {full_id!r}; policies known: {', '.join(self.policies)}")

    def in_regions(self, codes: Sequence[str]) -> tuple[Policy, ...]:
        """Return the policies of these regions, in the order of the codes."""
        return tuple(p for code in codes for p in self.policies.values() if p.region == code)

    def status(self, policy: Policy, day: date, clause_id: str | None = None) -> ValidityStatus:
        """Return where `policy` stands on `day`; a clause may have a target period of its own."""
        begins = policy.valid_from or policy.issued_on
        if begins and day < begins:
            return ValidityStatus.NOT_YET
        if self._repealed(policy, day):
            return ValidityStatus.REPEALED
        if policy.valid_from:
            ended = policy.valid_to is not None and day > policy.valid_to
            return ValidityStatus.ENDED if ended else ValidityStatus.IN_FORCE
        until = target_period(policy, clause_id)
        over = until is not None and day > until.until
        return ValidityStatus.PERIOD_OVER if over else ValidityStatus.UNSTATED

    def _repealed(self, policy: Policy, day: date) -> bool:
        return any(
            (newer.valid_from or newer.issued_on or date.max) <= day
            for newer in self.policies.values()
            for repeal in newer.repeals
            if newer is not policy and _names(repeal, policy)
        )


def target_period(policy: Policy, clause_id: str | None) -> Period | None:
    """Return the target period that holds for a clause: its own, else the document's, else None."""
    own = [p for p in policy.periods if p.clause is not None and p.clause == clause_id]
    whole = [p for p in policy.periods if p.clause is None]
    return next(iter((*own, *whole)), None)


def citable(policy: Policy) -> tuple[Clause, ...]:
    """Return the leaf clauses, which are what is searched and cited."""
    return tuple(c for c in policy.clauses if c.kind not in (ClauseKind.SECTION, ClauseKind.ANNEX))


def _names(repeal: Repeal, policy: Policy) -> bool:
    number = policy.number.value if policy.number else None
    same_title = _plain(repeal.title) == _plain(policy.title.value)
    return (number is not None and repeal.number == number) or same_title


def _plain(title: str) -> str:
    """Return a title without what is printed now so and now so: blanks and the brackets of names."""
    return re.sub(r"[\s《》〈〉]", "", title)


# ── policy.toml ──────────────────────────────────────────────────────────────────────────────


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Stated(_Strict):
    value: Annotated[str, Field(min_length=2)]
    quote: str | None = None  # absent: the value itself is the quote
    supplied_by: str | None = None


class _Validity(_Strict):
    from_: Annotated[date, Field(alias="from")]
    to: date | None = None
    quote: str
    from_quote: str | None = None  # the day that 自印发之日起 counts from, or that a page tells
    to_quote: str | None = None  # the last day that a page tells


class _Issued(_Strict):
    on: date
    quote: str


class _Period(_Strict):
    clause: str | None = None
    until: date
    quote: str


class _Repeal(_Strict):
    title: str
    number: str | None = None
    quote: str


class _PolicyFile(_Strict):
    id: str
    region: Annotated[str, Field(pattern=r"^\d{6}$")]
    status: Annotated[str, Field(pattern="^(draft|published|retired)$")] = "published"
    reviewed_by: str
    title: _Stated
    number: _Stated | None = None
    issuer: _Stated | None = None
    issuers: tuple[_Stated, ...] = ()  # where there are several
    issued: _Issued | None = None
    validity: _Validity | None = None
    periods: tuple[_Period, ...] = ()
    repeals: tuple[_Repeal, ...] = ()


class _PhrasingsEntry(_Strict):
    at: str | None = None  # words of the clause; absent: the asks are about the clause as a whole
    unsaid: Annotated[str, Field(min_length=2)] | None = None  # fits into 文件里没有写“…”
    asks: tuple[Annotated[str, Field(min_length=2)], ...]


class _Refused(Exception):
    def __init__(self, path: Path, key: str, problem: str) -> None:
        super().__init__(path, key, problem)
        self.refusal = Refusal(path, key, problem)


TEXT = "text.txt"  # what a reader made of a source that is no plain text; what is reviewed is what answers


def load(folders: Sequence[Path], regions: Regions) -> Corpus:
    """Return the published policies of these folders; a later folder's policy replaces an earlier one's.

    A draft is not loaded, and a retired policy hides the earlier folder's. A policy folder with a mistake
    is refused, by file and key, and the others still load.
    """
    policies: dict[str, Policy] = {}
    refused: list[Refusal] = []
    for place in (p for folder in folders for p in policy_folders(folder)):
        try:
            file = _read_policy_file(place / "policy.toml")
            if file.status == "retired":
                policies.pop(place.name, None)
            elif file.status == "published":
                policies[place.name] = _load_policy(place, file, regions)
        except _Refused as error:
            refused.append(error.refusal)
    return Corpus(policies, tuple(refused))


def policy_folders(folder: Path) -> list[Path]:
    """Return the policy folders of a folder, by name; one whose name begins with a dot is half written."""
    return sorted(p for p in folder.glob("[!.]*") if p.is_dir())


def read_policy(place: Path, regions: Regions) -> Policy | Refusal:
    """Return the policy of one folder, whatever its status, or why it would not load."""
    try:
        return _load_policy(place, _read_policy_file(place / "policy.toml"), regions)
    except _Refused as error:
        return error.refusal


def _load_policy(place: Path, file: _PolicyFile, regions: Regions) -> Policy:
    path = place / "policy.toml"
    if file.id != place.name:
        raise _Refused(path, "id", f"写的是“{file.id}”,应与文件夹名“{place.name}”相同")
    try:
        regions.get(file.region)
    except UnknownRegion as error:
        raise _Refused(path, "region", f"行政区划代码“{file.region}”不存在") from error
    source = _source(place)
    content = source.read_bytes()
    try:
        text = normalized(text_reader.read(_text_of(place, content)))
    except UnreadableFile as error:
        raise _Refused(source, "source", str(error)) from error
    clauses = outline(file.id, text).clauses
    try:
        wrong = next(_mistakes(file, text, {clause.clause_id for clause in clauses}), None)
    except ValueError as error:  # a quote with a day that no calendar has
        raise _Refused(path, "quote", str(error)) from error
    if wrong:
        raise _Refused(path, *wrong)
    phrasings = _phrasings(place / "phrasings.toml", clauses)
    plain = _plain_words(place / "plain.toml", clauses)
    return _policy(file, text, clauses, phrasings, plain, hashlib.sha256(content).hexdigest())


def _plain_words(path: Path, clauses: Sequence[Clause]) -> Mapping[str, tuple[Plain, ...]]:
    """Return the plain words of a policy, by clause id; a clause without any is answered from its text."""
    if not path.exists():
        return {}
    content = _read_toml(path)
    try:
        return tied(PlainFile.model_validate(_arrays_as_tuples(content)), clauses)
    except ValidationError as error:
        raise _refused(path, error) from error
    except Untied as error:
        raise _Refused(path, error.key, error.problem) from error


def _phrasings(path: Path, clauses: Sequence[Clause]) -> Mapping[str, tuple[Phrasing, ...]]:
    """Return how people ask about a policy, by clause id; none where nobody wrote any yet."""
    if not path.exists():
        return {}
    known = {clause.clause_id: clause for clause in clauses}
    phrasings: dict[str, tuple[Phrasing, ...]] = {}
    for clause_id, entries in _read_toml(path).items():
        if clause_id not in known:
            raise _Refused(path, clause_id, "没有这一条款")
        if not isinstance(entries, list):
            raise _Refused(path, clause_id, f'应写成 [["{clause_id}"]]')
        phrasings[clause_id] = tuple(_phrasing(path, known[clause_id], entry) for entry in entries)
    return phrasings


def _phrasing(path: Path, clause: Clause, entry: object) -> Phrasing:
    try:
        written = _PhrasingsEntry.model_validate(_arrays_as_tuples(entry))
    except ValidationError as error:
        raise _refused(path, error, clause.clause_id) from error
    if written.at and written.unsaid:
        raise _Refused(path, f"{clause.clause_id}.unsaid", "写了的(at)和没写的(unsaid)只能有一个")
    if written.at is None:
        return Phrasing(written.asks, None, written.unsaid)
    place = clause.text.find(written.at)
    if place < 0:
        raise _Refused(path, f"{clause.clause_id}.at", f"条款里没有“{written.at}”")
    return Phrasing(written.asks, clause.start + place)


def _text_of(place: Path, content: bytes) -> bytes:
    path = place / TEXT
    return path.read_bytes() if path.exists() else content


def _source(place: Path) -> Path:
    sources = sorted(place.glob("source.*"))
    if len(sources) != 1:
        raise _Refused(place, "source", f"应有且只有一个 source.* 文件,找到 {len(sources)} 个")
    return sources[0]


def _read_policy_file(path: Path) -> _PolicyFile:
    try:
        return _PolicyFile.model_validate(_arrays_as_tuples(_read_toml(path)))
    except ValidationError as error:
        raise _refused(path, error) from error


def _read_toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise _Refused(path, path.name, "缺少这个文件") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _Refused(path, path.name, f"不是正确的 TOML:{error}") from error


def _arrays_as_tuples(content: object) -> object:
    """TOML has only lists; strict validation of a tuple field wants tuples."""
    if not isinstance(content, dict):
        return content
    return {k: tuple(v) if isinstance(v, list) else v for k, v in content.items()}


def _refused(path: Path, error: ValidationError, *inside: str) -> _Refused:
    key = ".".join([*inside, *(str(step) for step in error.errors()[0]["loc"])])
    return _Refused(path, key, in_chinese(error))


def _mistakes(file: _PolicyFile, text: str, clause_ids: set[str]) -> Iterator[tuple[str, str]]:
    """Yield key and problem of everything the file says that the text does not bear out."""
    listed = ((f"issuers.{index}", issuer) for index, issuer in enumerate(file.issuers))
    for key, stated in (
        ("title", file.title),
        ("number", file.number),
        ("issuer", file.issuer),
        *listed,
    ):
        if stated and not stated.supplied_by and (stated.quote or stated.value) not in text:
            yield key, f"原文里没有“{stated.quote or stated.value}”,不在原文的须写明 supplied_by"
    for key, quote in _quotes(file):
        if quote not in text:
            yield key, f"原文里没有“{quote}”"
    yield from _wrong_days(file)
    for index, period in enumerate(file.periods):
        if period.clause is not None and period.clause not in clause_ids:
            yield f"periods.{index}.clause", f"没有条款“{period.clause}”"


def _quotes(file: _PolicyFile) -> Iterator[tuple[str, str]]:
    if file.issued:
        yield "issued.quote", file.issued.quote
    if file.validity:
        for key in ("quote", "from_quote", "to_quote"):
            if words := getattr(file.validity, key):
                yield f"validity.{key}", words
    for index, period in enumerate(file.periods):
        yield f"periods.{index}.quote", period.quote
    for index, repeal in enumerate(file.repeals):
        yield f"repeals.{index}.quote", repeal.quote


def _wrong_days(file: _PolicyFile) -> Iterator[tuple[str, str]]:
    if file.issued and file.issued.on not in validity.days(file.issued.quote):
        yield "issued.on", f"{file.issued.on} 与引文“{file.issued.quote}”不符"
    if file.validity and not _is_borne_out(file.validity):
        yield "validity", f"日期与引文“{file.validity.quote}”不符"
    for index, period in enumerate(file.periods):
        if not _is_last_day(period):
            yield f"periods.{index}.until", f"{period.until} 与引文“{period.quote}”不符"


def _is_borne_out(file: _Validity) -> bool:
    """Whether the words state both days, or state how they are counted: 自印发之日起施行,有效期3年."""
    event = validity.a_day(file.from_quote or "")
    stated = validity.validity(file.quote, event)
    last = validity.a_day(file.to_quote or "")
    since, until = (stated.since, stated.until) if stated else (None, None)
    return file.from_ in (since, event) and file.to in ((last,) if last else (until,))


def _is_last_day(period: _Period) -> bool:
    """Whether the quote names that day, or the year that it is the last day of."""
    year_end = (period.until.month, period.until.day) == (12, 31)
    written = period.until in validity.days(period.quote)
    return written or (year_end and f"{period.until.year}年" in period.quote)


def _policy(
    file: _PolicyFile,
    text: str,
    clauses: tuple[Clause, ...],
    phrasings: Mapping[str, tuple[Phrasing, ...]],
    plain: Mapping[str, tuple[Plain, ...]],
    sha256: str,
) -> Policy:
    return Policy(
        policy_id=file.id,
        region=file.region,
        title=_stated(file.title),
        number=_stated(file.number) if file.number else None,
        issuers=tuple(_stated(issuer) for issuer in (file.issuer, *file.issuers) if issuer),
        issued_on=file.issued.on if file.issued else None,
        issued_quote=file.issued.quote if file.issued else None,
        valid_from=file.validity.from_ if file.validity else None,
        valid_to=file.validity.to if file.validity else None,
        validity_quote=file.validity.quote if file.validity else None,
        periods=tuple(Period(p.clause, p.until, p.quote) for p in file.periods),
        repeals=tuple(Repeal(r.title, r.number, r.quote) for r in file.repeals),
        text=text,
        clauses=clauses,
        phrasings=phrasings,
        plain=plain,
        source_sha256=sha256,
    )


def _stated(stated: _Stated) -> Stated:
    quote = None if stated.supplied_by else stated.quote or stated.value
    return Stated(stated.value, quote, stated.supplied_by)
