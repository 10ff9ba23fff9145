"""A checked draft → the answer that any channel can show: text, proof, citations."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from bot.answering.compose import Draft, Found
from bot.answering.messages import LABEL, say
from bot.types import Answer, AnswerStatus, Ask, Citation, Proof, Question, SourceKind, Span
from bot.understanding.thread import UNHELPFUL
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


@dataclass(frozen=True, slots=True)
class Said:
    """What the talk has said already, so that it is not said twice."""

    notices: frozenset[str] = frozenset()
    text: str = ""  # the earlier replies, one after the other
    regions: tuple[str, ...] = ()  # the places of the last one
    unhelped: int = 0  # how many of the last ones in a row gave no answer

    def has(self, words: Sequence[Span]) -> bool:
        return "".join(span.text for span in words).strip() in self.text

    def and_(self, words: Sequence[Span]) -> Said:
        return replace(self, text=self.text + "".join(span.text for span in words))


def finish(
    sections: Sequence[Section],
    question: Question,
    conversation_id: str,
    *,
    regions: tuple[str, ...] = (),
    asks: tuple[Ask, ...] = (),
    facts: Mapping[str, object] | None = None,
    said: Said | None = None,
    compared: bool = False,
    comforting: bool = False,
) -> Answer:
    """Return the answer made of `sections`; its status is the first one's that answers, else the first's.

    With `compared`, the sections answer one ask for several places, and are told in a table. With
    `comforting`, a kind word comes first, once. What is asked in English is answered in English too.
    """
    comfort = say("answer.comfort") if comforting else ()
    comfort = () if said and said.has(comfort) else comfort
    spans = comfort + _spans(sections, said or Said(), regions, compared=compared, english=question.english)
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


def _spans(
    sections: Sequence[Section], said: Said, regions: tuple[str, ...], *, compared: bool, english: bool
) -> tuple[Span, ...]:
    """Return all that is said: what the talk has said already is left out, one next step at the end."""
    compared = compared and all(_fits_a_table(section.draft.cell) for section in sections)
    blocks: list[tuple[Span, ...]] = []
    for draft in _each_asking_once(sections):
        if draft.before and not said.has(draft.before) and not _noticed(draft, said):
            blocks.append(draft.before)
            said = said.and_(draft.before)
        if not compared:
            blocks.append(_told(draft, said, stays=regions == said.regions and len(regions) == 1))
            said = replace(said.and_(blocks[-1]), regions=regions)
    if compared:
        rows = tuple(span for section in sections for span in section.draft.cell)
        blocks.append(say("compare.head") + rows + say("compare.end"))
    spans: tuple[Span, ...] = ()
    for number, block in enumerate(blocks):
        spans += (say("answer.paragraph") if number else ()) + block
    last = next((s.draft.after for s in reversed(sections) if s.draft.after), ())
    if said.unhelped and all(section.draft.status.startswith(UNHELPFUL) for section in sections):
        last = say("none.again")
    spans += () if said.has(last) else last
    for section in sections if english else ():
        spans += say("answer.paragraph") + (section.draft.english or _in_english(section.draft))
    return spans


def _in_english(draft: Draft) -> tuple[Span, ...]:
    """Return the English line of a draft that has none of its own, by the family of its status."""
    family = draft.status.partition("_")[0]
    name = draft.status.value if draft.status in _OWN_LINE else family
    return say(f"english.{name}")


_OWN_LINE = {
    AnswerStatus.ANSWERED_SMALLTALK,
    AnswerStatus.CLARIFY_REGION,
    AnswerStatus.UNANSWERABLE_NOT_IN_TEXT,
}


def _each_asking_once(sections: Sequence[Section]) -> Iterator[Draft]:
    """Yield the drafts, without a question that one before them asks."""
    asked: set[tuple[Span, ...]] = set()
    for draft in (section.draft for section in sections):
        yield replace(draft, question=()) if draft.question in asked else draft
        asked.add(draft.question)


def _noticed(draft: Draft, said: Said) -> bool:
    return {notice.text for notice in draft.notices} <= said.notices


def _told(draft: Draft, said: Said, *, stays: bool) -> tuple[Span, ...]:
    """Return one section: where the talk stays in its place the place goes without saying.

    Remarks are said once. Only where the clause's answer was given before, what was remarked first is
    what is asked about.
    """
    spans = (() if stays else draft.lead) + draft.spans
    named = said.and_(spans).has([span for span in draft.source if span.ref.endswith(":title")])
    asked_about = draft.remarks[:1] if said.has(draft.spans) and not draft.calculations else ()
    for remark in draft.remarks:
        spans += remark if remark in asked_about or not (named and said.has(remark)) else ()
    spans += () if draft.question and said.has(draft.question) else draft.question  # then its buttons ask
    return spans + (draft.source_again if named and draft.source else draft.source)


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
