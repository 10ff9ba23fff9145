"""A clause → what it states, part by part.

The parts are verbatim spans of the text. They follow the marks of the sentence: 。ends a sentence,
；ends a statement, ，ends a segment. A statement speaks about a benefit (补贴、资助、贷款 …): its own
where it names one, else the one named before it in the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from knowledge.numerals import Figure, figures
from knowledge.types import Clause, ClauseKind


@dataclass(frozen=True, slots=True)
class Passage:
    """A verbatim run of a policy's normalised text."""

    start: int  # offsets into Policy.text; text == Policy.text[start:end]
    end: int
    text: str

    def part(self, start: int, end: int) -> Passage:
        """Return the passage of `text[start:end]`; offsets are relative to this passage."""
        return Passage(self.start + start, self.start + end, self.text[start:end])


@dataclass(frozen=True, slots=True)
class Statement:
    """The smallest part of a clause that says something by itself."""

    passage: Passage
    sentence: int  # which sentence of the clause, from 0
    benefits: tuple[str, ...]  # 生活补贴, 综合性补贴 …; inherited where the statement names none
    segments: tuple[Passage, ...]  # between commas

    @property
    def is_target(self) -> bool:
        """Whether it sets a work target (工作目标), which nobody is entitled to."""
        return bool(_TARGET.search(self.passage.text))

    @property
    def figures(self) -> tuple[Figure, ...]:
        return figures(self.passage.text)


_TARGET = re.compile(
    r"力争|争取|到20\d\d年|三年内,全市|全市(?:新建|新增|认定|建立|开展|培育|评选|培养|集聚)|达到\d[\d.,]*[%万]?[^,。;]{0,4}以上|"
    r"实现累计|累计总数|“十四五”期间"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a clause states, and who is responsible for it."""

    statements: tuple[Statement, ...]
    departments: Passage | None  # 责任单位, the closing brackets without their frame


_DEPARTMENTS = re.compile(r"[(\[](?:责任单位:)?([^()\[\]]*(?:\([^()]*\)[^()\[\]]*)*)[)\]]$")
_SHARING = re.compile(r"按(?:职责|职能)分工负责$")  # says how they share it, and names nobody
_DEPARTMENT = re.compile(
    r"(?:局|委|办|厅|会|行|政府|区县|单位|部|集团|公司|中心|院|等|部门|处|专班|营管部|支行|负责)$"
)
_BENEFIT = re.compile(r"[\u4e00-\u9fff]{0,20}?(?:补贴|补助|资助|奖励|经费|津贴|贷款|扶持资金|资助资金)")
_BEFORE_BENEFIT = re.compile(
    r".*(?:发放|享受|申领|申请|给予|获得|领取|落实|予以|承担|提供|推出|完善|符合|鼓励|支持|发挥|用好|"
    r"释放|健全|[的元和与及对受内年户笔])"
)


def read(clause: Clause) -> Reading:
    """Return what `clause` states; its ordinal, heading and departments are not statements."""
    body = _body(clause)
    found = _DEPARTMENTS.search(body.text)
    departments = None
    if found and _names_departments(found.group(1)):
        named = _SHARING.sub("", found.group(1))
        departments = body.part(found.start(1), found.start(1) + len(named))
        body = body.part(0, found.start())
    return Reading(tuple(_statements(body)), departments)


def _names_departments(text: str) -> bool:
    names = re.split("[、,]", text)
    return sum(bool(_DEPARTMENT.search(name)) for name in names) * 2 >= len(names)


def _body(clause: Clause) -> Passage:
    whole = Passage(clause.start, clause.end, clause.text)
    if clause.kind in (ClauseKind.PREAMBLE, ClauseKind.END) or not clause.heading:
        return whole
    after = clause.text.index(clause.heading) + len(clause.heading)
    rest = clause.text[after:]
    skipped = len(rest) - len(rest.lstrip("。: \n"))
    return whole.part(after + skipped, len(clause.text)) if rest[skipped:] else whole


def _statements(body: Passage) -> Iterator[Statement]:
    for number, sentence in enumerate(_split(body, "。\n")):
        benefits: tuple[str, ...] = ()
        for part in _split(sentence, ";"):
            benefits = _benefits(part.text) or benefits
            yield Statement(part, number, benefits, tuple(_split(part, ",")))


def _split(passage: Passage, marks: str) -> Iterator[Passage]:
    """Yield the runs of `passage` between `marks`; marks inside brackets and quotes do not count."""
    depth = 0
    cuts = [-1]
    for place, char in enumerate(passage.text):
        if char in "([《“":
            depth += 1
        elif char in ")]》”":
            depth = max(depth - 1, 0)
        elif char in marks and (depth == 0 or char == "\n"):
            depth = 0
            cuts.append(place)
    for before, after in pairwise([*cuts, len(passage.text)]):
        run = passage.text[before + 1 : after]
        if run.strip():
            lead = len(run) - len(run.lstrip())
            yield passage.part(before + 1 + lead, before + 1 + len(run.rstrip()))


def _benefits(text: str) -> tuple[str, ...]:
    """Return the names of the benefits in `text`; a bare 补贴 names none."""
    names = (_BEFORE_BENEFIT.sub("", match.group()) for match in _BENEFIT.finditer(text))
    return tuple(dict.fromkeys(name for name in names if len(name) > 2))
