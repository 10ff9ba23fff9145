"""The nouns of the knowledge room: a region, a policy document, its clauses, and where it stands on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path


class RegionLevel(StrEnum):
    """How far a region reaches, widest first."""

    NATION = "nation"  # 国家
    PROVINCE = "province"  # 省、自治区、直辖市
    CITY = "city"  # 地级市、州、盟
    DISTRICT = "district"  # 区、县、县级市


@dataclass(frozen=True, slots=True)
class Region:
    """One place of the national division table (行政区划)."""

    code: str  # six digits, GB/T 2260
    name: str  # 全称, e.g. 杭州市
    level: RegionLevel
    parent: str | None  # code of the next wider region; a district of 上海市 hangs under 310000


class ValidityStatus(StrEnum):
    """Where a document stands on a day."""

    IN_FORCE = "in_force"
    ENDED = "ended"  # the stated validity is over
    NOT_YET = "not_yet"
    REPEALED = "repealed"
    PERIOD_OVER = "period_over"  # no validity stated, the target period is past
    UNSTATED = "unstated"  # no validity stated, the target period is running


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact about a document and what it rests on: words of its text, or a person who supplied it."""

    value: str
    quote: str | None  # the words in the normalised text
    supplied_by: str | None  # who supplied it, where the text does not say


@dataclass(frozen=True, slots=True)
class Period:
    """The days a document sets itself targets for (目标期). Not a validity: nothing ends with it."""

    clause: str | None  # the clause whose targets these are; None is the document as a whole
    until: date  # last day, inclusive
    quote: str


@dataclass(frozen=True, slots=True)
class Repeal:
    """An earlier document that this one puts out of force (废止)."""

    title: str
    number: str | None
    quote: str


class ClauseKind(StrEnum):
    PREAMBLE = "preamble"  # before the first heading: covering letter, preamble
    SECTION = "section"  # a heading with clauses under it; context, never cited
    CLAUSE = "clause"
    ROW = "row"  # of a table, each cell behind the words of its column
    ANNEX = "annex"
    END = "end"  # what closes the document


@dataclass(frozen=True, slots=True)
class Clause:
    """The smallest citable piece of a document (条款)."""

    policy_id: str
    clause_id: str  # "2.3.17"
    alias: str | None  # "12" for 第二章第十二条 = "2.12"
    label: str  # as printed: 二、（三）17
    kind: ClauseKind
    heading: str  # 小标题, "" when it has none
    context: tuple[str, ...]  # headings and lead-ins above it, outermost first
    text: str  # normalised, with its printed ordinal
    start: int  # offsets into the policy's normalised text; text == normalised[start:end]
    end: int

    @property
    def full_id(self) -> str:
        return f"{self.policy_id}#{self.clause_id}"


@dataclass(frozen=True, slots=True)
class Phrasing:
    """How people ask about a clause, about one thing that it says, or about one that it does not (问法)."""

    asks: tuple[str, ...]
    at: int | None  # where in the policy's text the words stand that answer; None is the whole clause
    unsaid: str | None = None  # what is asked about and the whole document does not say: 换工作后还发不发


@dataclass(frozen=True, slots=True)
class Plain:
    """What a part of a clause says in plain words (白话), written ahead of time by a person."""

    start: int  # what it stands for: offsets into the policy's normalised text
    end: int
    gives: str  # what it gives, or what is to be done; reads well after 杭州市:
    to: str  # to whom, with every condition; "" where nobody can claim it
    mistake: str  # what people usually get wrong, put right; "" where there is nothing
    next: str  # one next step; "" where there is none but 12333
    en: str  # the same in one English line


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy document (政策文件) and what is known about it."""

    policy_id: str
    region: str  # six-digit code
    title: Stated
    number: Stated | None  # 文号; None where the text has none and nobody supplied one
    issuers: tuple[Stated, ...]  # 发文机关
    issued_on: date | None  # 成文日期
    issued_quote: str | None  # the words that state it
    valid_from: date | None
    valid_to: date | None  # inclusive
    validity_quote: str | None  # the sentence that states the validity
    periods: tuple[Period, ...]
    repeals: tuple[Repeal, ...]
    text: str  # normalised
    clauses: tuple[Clause, ...]  # in the order of the document, sections included
    phrasings: Mapping[str, tuple[Phrasing, ...]]  # by clause id
    plain: Mapping[str, tuple[Plain, ...]]  # by clause id
    source_sha256: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A policy folder or a program file that was not loaded: the file, the key in it, and what is wrong."""

    path: Path
    key: str
    problem: str  # Chinese, for the staff who wrote the file

    def __str__(self) -> str:
        return f"{self.path}:{self.key}:{self.problem}"
