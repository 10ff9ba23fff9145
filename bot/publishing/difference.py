"""What a new version of a document changes: clauses, figures, and the programs that rest on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from knowledge.corpus import citable
from knowledge.numerals import figures
from knowledge.programs import Program
from knowledge.types import Clause, Policy


class Change(StrEnum):
    """What became of a clause."""

    SAME = "same"
    MOVED = "moved"  # the same words under another number
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class ClauseDifference:
    """One clause in the old version and in the new one."""

    change: Change
    old: Clause | None
    new: Clause | None
    gone: tuple[str, ...] = ()  # figures that the new text has no more
    come: tuple[str, ...] = ()  # figures that the old text has not


@dataclass(frozen=True, slots=True)
class Difference:
    """All that a new version changes."""

    old: Policy
    new: Policy
    clauses: tuple[ClauseDifference, ...]
    programs: tuple[Program, ...]  # of the old version, whose words do not stand in the new one
    asks: int  # recorded ways of asking about clauses that changed


_ALIKE = 0.6  # share of the characters that two versions of a clause have in common


def difference(old: Policy, new: Policy, programs: Sequence[Program]) -> Difference:
    """Return what `new` changes against `old`; `programs` are those of the old version."""
    clauses = tuple(_clauses(old, new))
    touched = {c.old.clause_id for c in clauses if c.old and c.change not in (Change.SAME, Change.MOVED)}
    broken = tuple(p for p in programs if any(quote not in new.text for quote in _quotes(p)))
    asks = sum(len(phrasing.asks) for c in touched for phrasing in old.phrasings.get(c, ()))
    return Difference(old, new, clauses, broken, asks)


def _quotes(program: Program) -> Iterator[str]:
    yield program.quote
    for parameter in program.parameters.values():
        yield from (dated.quote for dated in parameter.values)


def _clauses(old: Policy, new: Policy) -> Iterator[ClauseDifference]:
    pairs = _pairs(citable(old), citable(new))
    paired = {after.clause_id for _, after in pairs if after}
    for before, after in pairs:
        yield _of(before, after)
    for clause in citable(new):
        if clause.clause_id not in paired:
            yield ClauseDifference(Change.ADDED, None, clause, (), _figures(clause))


def _pairs(old: Sequence[Clause], new: Sequence[Clause]) -> list[tuple[Clause, Clause | None]]:
    """Return each old clause with its new version: the same words, else the same place, else the likest."""
    left = {clause.clause_id: clause for clause in new}
    found: dict[str, Clause | None] = {}
    words = {_words(clause): clause.clause_id for clause in reversed(new)}
    for clause in old:
        if (same := words.get(_words(clause))) in left:
            found[clause.clause_id] = left.pop(same)
    for clause in (c for c in old if c.clause_id not in found):
        there = left.get(clause.clause_id)
        if there and (there.heading == clause.heading or _alike(clause, there) >= _ALIKE):
            found[clause.clause_id] = left.pop(clause.clause_id)
    for clause in (c for c in old if c.clause_id not in found):
        likest = max(left.values(), key=lambda other: _alike(clause, other), default=None)
        close = likest is not None and _alike(clause, likest) >= _ALIKE
        found[clause.clause_id] = left.pop(likest.clause_id) if likest is not None and close else None
    return [(clause, found[clause.clause_id]) for clause in old]


def _of(before: Clause, after: Clause | None) -> ClauseDifference:
    if after is None:
        return ClauseDifference(Change.REMOVED, before, None, _figures(before))
    if _words(before) == _words(after):
        change = Change.SAME if before.clause_id == after.clause_id else Change.MOVED
        return ClauseDifference(change, before, after)
    was, is_now = Counter(_figures(before)), Counter(_figures(after))
    gone, come = tuple((was - is_now).elements()), tuple((is_now - was).elements())
    return ClauseDifference(Change.CHANGED, before, after, gone, come)


def _words(clause: Clause) -> str:
    """Return what a clause says, without the number before it and without blanks."""
    body = clause.text
    if clause.heading and clause.heading in body:
        body = body[body.index(clause.heading) :]
    return "".join(body.split())


def _alike(a: Clause, b: Clause) -> float:
    if not 0.3 < (len(a.text) + 1) / (len(b.text) + 1) < 3.3:
        return 0.0
    return SequenceMatcher(None, _words(a)[:2000], _words(b)[:2000], autojunk=False).quick_ratio()


def _figures(clause: Clause) -> tuple[str, ...]:
    return tuple(figure.text for figure in figures(clause.text))


# ── what is shown ────────────────────────────────────────────────────────────────────────────

_SAID = {Change.MOVED: "挪动", Change.CHANGED: "修改", Change.ADDED: "新增", Change.REMOVED: "删去"}


def told(found: Difference) -> str:
    """Return the difference as lines for a person."""
    lines = [f"{found.old.policy_id} → {found.new.policy_id}"]
    for clause in found.clauses:
        if clause.change is not Change.SAME:
            lines += _lines(clause)
    counted = Counter(clause.change for clause in found.clauses)
    lines.append("条款:" + "、".join(f"{_SAID.get(c, '未变')} {n}" for c, n in sorted(counted.items())))
    lines += [f"项目要重做:{program.id}《{program.title}》" for program in found.programs]
    if found.asks:
        lines.append(f"有 {found.asks} 种记录的问法问的是改动过的条款,请核对")
    return "\n".join(lines)


def _lines(found: ClauseDifference) -> Iterator[str]:
    place = " → ".join(clause.clause_id for clause in (found.old, found.new) if clause)
    figures_ = ";".join(
        words
        for words in (
            f"数字去掉 {'、'.join(found.gone)}" if found.gone else "",
            f"数字新有 {'、'.join(found.come)}" if found.come else "",
        )
        if words
    )
    yield f"{_SAID[found.change]} {place} {figures_}".rstrip()
    if found.change is not Change.MOVED:
        yield from (f"  - {line}" for line in (found.old.text.split("\n") if found.old else ()))
        yield from (f"  + {line}" for line in (found.new.text.split("\n") if found.new else ()))


def as_json(found: Difference) -> dict[str, object]:
    """Return the difference as a JSON object."""
    return {
        "old": found.old.policy_id,
        "new": found.new.policy_id,
        "clauses": [
            {
                "change": clause.change.value,
                "old": clause.old.clause_id if clause.old else None,
                "new": clause.new.clause_id if clause.new else None,
                "figures_gone": list(clause.gone),
                "figures_come": list(clause.come),
            }
            for clause in found.clauses
        ],
        "programs": [program.id for program in found.programs],
        "asks": found.asks,
    }
