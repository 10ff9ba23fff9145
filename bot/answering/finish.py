"""A checked draft → the answer that any channel can show: text, proof, citations."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from bot.answering.compose import Draft, Found
from bot.answering.messages import LABEL, say
from bot.types import Answer, AnswerStatus, Ask, Citation, Proof, Question, SourceKind, Span
from knowledge.statements import Passage


@dataclass(frozen=True, slots=True)
class Lean:
    """What an answer rested on, for a message after it that says too little by itself."""

    clause: str  # full id
    quote: str
    weight: float = 0.0  # how much the message needs it, 0 to 1


@dataclass(frozen=True, slots=True)
class Section:
    """The draft that answers one ask for one place, and the clause that it rests on, if any."""

    draft: Draft
    found: Found | None = None

    @property
    def lean(self) -> Lean | None:
        """What the next ask may lean on."""
        return Lean(self.found.clause.full_id, _quote(self.draft, self.found)) if self.found else None


def finish(
    sections: Sequence[Section],
    question: Question,
    conversation_id: str,
    *,
    regions: tuple[str, ...] = (),
    asks: tuple[Ask, ...] = (),
    facts: Mapping[str, object] | None = None,
    noticed: frozenset[str] = frozenset(),
    compared: bool = False,
) -> Answer:
    """Return the answer made of `sections`; its status is the first one's that answers, else the first's.

    With `compared`, the sections answer one ask for several places, and are told in a table.
    """
    spans = _spans(sections, noticed, compared=compared)
    statuses = [section.draft.status for section in sections]
    cited = {s.found.clause.full_id: s for s in reversed(sections) if s.found}  # each clause once
    verdicts = {section.draft.verdict for section in sections}
    return Answer(
        answer_id=secrets.token_hex(16),
        conversation_id=conversation_id,
        status=next((status for status in statuses if status.startswith("answered")), statuses[0]),
        text="".join(span.text for span in spans),
        as_of=question.as_of,
        verdict=verdicts.pop() if len(verdicts) == 1 else None,
        citations=tuple(
            _citation(number, section.draft, section.found)
            for number, section in enumerate(reversed(cited.values()), start=1)
            if section.found
        ),
        asks=asks or next((section.draft.asks for section in sections if section.draft.asks), ()),
        facts=facts or {},
        calculations=tuple(done for section in sections for done in section.draft.calculations),
        notices=tuple(dict.fromkeys(notice for section in sections for notice in section.draft.notices)),
        regions=regions,
        tool_calls=tuple(call for section in sections for call in section.draft.calls),
        proof=_proof(spans),
        label=LABEL,
    )


def distinct(sections: Iterable[Section]) -> tuple[Section, ...]:
    """Return the sections, each thing said once: two asks may be answered by the same words."""
    kept: dict[tuple[Span, ...], Section] = {}
    for section in sections:
        kept.setdefault(section.draft.spans, section)
    ours = [s for s in kept.values() if s.draft.status is not AnswerStatus.REFUSED_OUT_OF_SCOPE]
    return tuple(ours or kept.values())  # of a letter, what is small talk beside its questions is passed over


def _spans(sections: Sequence[Section], noticed: frozenset[str], *, compared: bool) -> tuple[Span, ...]:
    """Return all that is said: a notice once in a talk, the answers, and one next step at the end."""
    compared = compared and all(_fits_a_table(section.draft.cell) for section in sections)
    blocks: list[tuple[Span, ...]] = []
    for section in sections:
        said = section.draft.before in blocks or {n.text for n in section.draft.notices} <= noticed
        if section.draft.before and not said:
            blocks.append(section.draft.before)
        if not compared:
            blocks.append(section.draft.spans)
    if compared:
        rows = tuple(span for section in sections for span in section.draft.cell)
        blocks.append(say("compare.head") + rows + say("compare.end"))
    spans: tuple[Span, ...] = ()
    for number, block in enumerate(blocks):
        spans += (say("answer.paragraph") if number else ()) + block
    last = next((s.draft.after for s in reversed(sections) if s.draft.after), ())
    return spans + last


def _fits_a_table(cell: Sequence[Span]) -> bool:
    """Whether words make a row: what is verbatim may hold no sign that ends a cell."""
    return bool(cell) and not any(
        "\n" in s.text or "|" in s.text for s in cell if s.source is SourceKind.CLAUSE
    )


def _proof(spans: Sequence[Span]) -> tuple[Proof, ...]:
    ends = list(accumulate(len(span.text) for span in spans))
    return tuple(
        Proof(end - len(span.text), end, span.source, span.ref) for span, end in zip(spans, ends, strict=True)
    )


def _citation(number: int, draft: Draft, found: Found) -> Citation:
    policy, clause = found.policy, found.clause
    return Citation(
        n=number,
        policy=policy.policy_id,
        clause=clause.clause_id,
        label=clause.label,
        title=policy.title.value,
        number=policy.number.value if policy.number else None,
        issuer=policy.issuers[0].value if policy.issuers else None,
        quote=_quote(draft, found),
        url=f"/policies/{policy.policy_id}#{clause.clause_id}",
        validity=found.status,
        valid_from=policy.valid_from,
        valid_to=policy.valid_to,
    )


_LONGEST_QUOTE = 300


def _quote(draft: Draft, found: Found) -> str:
    """Return one verbatim run that holds all that is quoted; the first passage if that is too long."""
    passages: tuple[Passage, ...] = draft.quotes
    if not passages:
        return found.clause.text[:_LONGEST_QUOTE]
    start, end = min(p.start for p in passages), max(p.end for p in passages)
    if end - start > _LONGEST_QUOTE:
        return passages[0].text
    return found.policy.text[start:end]
