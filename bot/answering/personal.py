"""A determination → what it says about the person: the figure with its working, or what stands in the way.

Every word comes from the determination; `part` is the one place that turns a part of it into words,
for the reply and for the check alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from bot.answering.evidence import longest_common
from bot.answering.messages import say
from bot.types import Ask, SourceKind, Span
from knowledge.facts import Facts, FactType
from knowledge.numerals import Measure, figures
from knowledge.programs import Kind, Program
from knowledge.statements import Passage
from knowledge.types import Clause

Determination = Mapping[str, object]


def part(determination: Determination, name: str) -> str | None:
    """Return a part of a determination in words; None where it has none.

    `sum`, `amount`, `yuan`, `title`, `paid`, `step.0`, `failed.0`, `change.0`, `unverified.0`; `detail.0`
    is what a step adds to the sum.
    """
    kind, _, number = name.partition(".")
    match kind:
        case "sum":
            return _sum(determination)
        case "amount":
            return _yuan(amount(determination))
        case "yuan":
            exact = amount(determination)
            return None if exact is None else f"{exact:,}"
        case "title" | "paid":
            return str(determination[kind]) or None
        case "failed":
            return _failed(determination)[int(number)]
        case "unverified":
            return str(_listed(determination, "unverified")[int(number)])
        case "detail":
            return _detail(determination, int(number))
        case "step":
            return str(_listed(determination, "steps")[int(number)])
        case "change":
            change = _listed(determination, "changes")[int(number)]
            return str(change["text"]) if isinstance(change, Mapping) else None
    return None


def amount(determination: Determination) -> Decimal | None:
    """Return the sum in yuan: what is paid, was paid while in force, or would be if all else is met."""
    for name in ("amount_yuan", "historic_amount_yuan", "if_met_yuan"):
        found = determination.get(name)
        if isinstance(found, int | str):
            return Decimal(found)
    return None


def _sum(determination: Determination) -> str | None:
    """Return the sum, or the most that may come of it: 最多10万元."""
    if (exact := amount(determination)) is not None:
        return _yuan(exact)
    for name in ("max_yuan", "historic_max_yuan"):
        most = determination.get(name)
        if isinstance(most, int | str) and Decimal(most) > 0:
            return f"最多{_yuan(Decimal(most))}"
    return None


def offer(determination: Determination) -> tuple[Span, ...]:
    """Return one line of "what can I get": the program, its sum and how it is paid."""
    spans = say("screen.row", title=_title(determination))
    if total := _span(determination, "sum"):
        spans += say("screen.sum", sum=total)
    if paid := _span(determination, "paid"):
        spans += say("personal.paid", paid=paid)
    return spans


def eligibility(determination: Determination) -> str | None:
    """Return met, not_met or unknown; None where the text sets no condition on a person."""
    found = determination.get("eligibility")
    return str(found) if found else None


def decides(determination: Determination) -> bool:
    """Whether it says something about this person that the clause alone does not."""
    if determination.get("eligibility") in ("met", "not_met"):
        return True
    return amount(determination) is not None and bool(_listed(determination, "steps"))


def premises(determination: Determination, *, unstated_said: bool) -> tuple[tuple[Span, ...], ...]:
    """Return what the verdict leaves open, remark by remark: it is never a bare yes.

    With `unstated_said`, that the document does not name its conditions was said already.
    """
    remarks: tuple[tuple[Span, ...], ...] = ()
    if (first := _first_unverified(determination, unstated_said=unstated_said)) is not None:
        remarks += (say("personal.unverified", unverified=first),)
    if "not_reviewed" in _listed(determination, "flags"):
        remarks += (say("personal.unreviewed"),)
    if determination.get("eligibility") == "not_met":
        remarks += (say("personal.else"),)
    return remarks


def _first_unverified(determination: Determination, *, unstated_said: bool) -> Span | None:
    for number, item in enumerate(_listed(determination, "unverified")):
        if not (unstated_said and _QUALIFIED.search(str(item))):
            return _span(determination, f"unverified.{number}")
    return None


_QUALIFIED = re.compile("^“[^”]*(?:符合|相关条件)")  # “符合条件的”由实施细则规定


def in_english(determination: Determination) -> tuple[Span, ...]:
    """Return the person's own sum for somebody who asks in English; () where there is none."""
    found = _span(determination, "yuan")
    return say("english.own", yuan=found) if found else ()


def tell(determination: Determination) -> tuple[Span, ...]:
    """Return what the determination says about the person."""
    if determination.get("eligibility") == "not_met":
        return _not_met(determination) + _change(determination)
    figure = _span(determination, "amount")
    if figure is None:
        return say("personal.met")
    paid = _span(determination, "paid")
    most = "personal.at_most" if paid and _CEILING.search(paid.text) else "personal.is"
    spans = say(_supposed(determination)) + say(most, title=_title(determination), amount=figure)
    spans += say("personal.paid", paid=paid) if paid else ()
    return spans + _working(determination) + say("personal.stop") + _change(determination)


_CEILING = re.compile("最高|最多|不高于")


def _supposed(determination: Determination) -> str:
    """Return what the figure rests on: what the person said, or that the rest is met, and when it held."""
    open_ = determination.get("eligibility") == "unknown"
    if determination.get("in_force") is False:
        return "personal.if_met_then" if open_ else "personal.as_then"
    return "personal.if_met" if open_ else "personal.as_said"


def _working(determination: Determination) -> tuple[Span, ...]:
    """Return how the sum comes about: what is computed in full, else what a step adds to the sum."""
    numbers = range(len(_listed(determination, "steps")))
    shown = [part for number in numbers if (part := _worked(determination, number))]
    spans: tuple[Span, ...] = ()
    most = 1 if determination.get("in_force") is False else _MOST_STEPS  # what is payable by now is over
    for place, (span, computed) in enumerate(shown[:most]):
        first = "personal.working" if computed else "personal.detail"
        spans += say("personal.further" if place else first, step=span)
    return spans


_MOST_STEPS = 2


def _worked(determination: Determination, number: int) -> tuple[Span, bool] | None:
    step = _span(determination, f"step.{number}")
    if step and "=" in step.text:
        return step, True
    detail = _span(determination, f"detail.{number}")
    return (detail, False) if detail else None


def _detail(determination: Determination, number: int) -> str | None:
    """Return the parts of a step that have a sum other than the whole; 最高 50万元 is no working."""
    step = str(_listed(determination, "steps")[number])
    parts = [part for part in re.split("[,:]", step) if _sums(part) - {amount(determination)}]
    return None if step.startswith("最") else ",".join(parts) or None


def _sums(text: str) -> set[Decimal]:
    return {value for f in figures(text) if f.measure is Measure.MONEY for value in f.values}


def _not_met(determination: Determination) -> tuple[Span, ...]:
    joined: tuple[Span, ...] = ()
    for number in range(len(_failed(determination))):
        span = _span(determination, f"failed.{number}")
        joined += (*(say("answer.semicolon") if number else ()), *((span,) if span else ()))
    return say("personal.not_met", title=_title(determination), conditions=joined)


def _change(determination: Determination) -> tuple[Span, ...]:
    if not _listed(determination, "changes"):
        return ()
    change = _span(determination, "change.0")
    return say("personal.change", change=change) if change else ()


def ask(determination: Determination, facts: Facts) -> Ask | None:
    """Return the first missing fact as something to ask, with its options as people say them."""
    missing = _listed(determination, "missing")
    if determination.get("eligibility") != "unknown" or not missing:
        return None
    fact = facts[str(missing[0])]
    options = tuple((fact.options or {}).values()) or (("是", "不是") if fact.type is FactType.BOOL else ())
    _, _, short = str(determination["program"]).partition(" ")
    return Ask(f"{short}.{fact.name}" if fact.local else fact.name, fact.question, options)


PAYING = {Kind.EXACT, Kind.CAP, Kind.RANGE, Kind.ELIGIBILITY_ONLY}


def program_for(
    programs: Sequence[Program], clause: Clause, statements: Sequence[Passage], question: str
) -> Program | None:
    """Return the program that these statements of a clause are about; None if it is not clear which.

    A program belongs to the statements that hold the beginning of its quote; of several the one whose
    title the question names best.
    """
    there = [
        program
        for program in programs
        if program.kind in PAYING and _stands_in(clause, program.quote, statements)
    ]
    ranked = sorted(there, key=lambda p: (-longest_common(p.title, question), len(p.title)))
    if len(ranked) > 1 and longest_common(ranked[0].title, question) < _NAMES_IT:
        return None
    return ranked[0] if ranked else None


_NAMES_IT = 2  # characters of a title that a question has to share before it names one of several


def _stands_in(clause: Clause, quote: str, statements: Sequence[Passage]) -> bool:
    place = clause.start + clause.text.find(quote)
    return quote in clause.text and any(s.start <= place < s.end for s in statements)


def _title(determination: Determination) -> Span:
    span = _span(determination, "title")
    assert span is not None  # a program without a title does not load
    return span


def _span(determination: Determination, name: str) -> Span | None:
    words = part(determination, name)
    ref = f"{determination['program']}@{determination['determination_id']}:{name}"
    return Span(words, SourceKind.STEP, ref) if words else None


def _listed(determination: Determination, name: str) -> Sequence[object]:
    found = determination.get(name)
    return found if isinstance(found, Sequence) else ()


def _failed(determination: Determination) -> list[str]:
    """Return the stated conditions that are not met, in words."""
    conditions = _listed(determination, "conditions")
    failed = _listed(determination, "failed")
    return [str(c["text"]) for c in conditions if isinstance(c, Mapping) and c["id"] in failed]


def _yuan(sum_: Decimal | None) -> str | None:
    """Return a sum as people say it: 3万元, 1.5万元, 4000元."""
    if sum_ is None:
        return None
    if sum_ >= 10000 and sum_ % 100 == 0:
        return f"{(sum_ / 10000).normalize():f}万元"
    return f"{sum_:.0f}元" if sum_ == sum_.to_integral_value() else f"{sum_:.2f}元"
