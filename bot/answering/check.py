"""A draft → the problems that forbid showing it. Every span is held against what it says it rests on.

That a figure also occurs somewhere in the cited clause is not enough: the span must be that very
passage, at that very place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from bot.answering.compose import Draft, day_in_words
from bot.answering.messages import is_piece_of
from bot.answering.personal import part
from bot.types import SourceKind, Span
from knowledge.corpus import Corpus, UnknownClause, target_period
from knowledge.facts import Facts
from knowledge.regions import Regions, UnknownRegion
from knowledge.types import Clause, Policy

_CLAUSE_REF = re.compile(r"([^#@]+#[^#@]+)@(\d+)-(\d+)")
_PLAIN_REF = re.compile(r"([^#@]+)#([^#@]+)@(\d+)-(\d+)/(gives|to|mistake|next|en)@(\d+)-(\d+)")


@dataclass(frozen=True, slots=True)
class Known:
    """What a draft may rest on."""

    message: str  # normalised and masked
    as_of: date
    corpus: Corpus
    regions: Regions
    facts: Facts


def problems(draft: Draft, known: Known) -> tuple[str, ...]:
    """Return what is wrong with `draft`, in words for the log; () when it may be shown."""
    wrong = (
        f"{span.source.value} span {span.text!r} is not what {span.ref} says"
        for span in draft.all_spans
        if not _holds(span, draft, known)
    )
    return (*wrong, *_uncited(draft, known.corpus))


def _holds(span: Span, draft: Draft, known: Known) -> bool:
    match span.source:
        case SourceKind.CLAUSE:
            return _is_passage(span, known.corpus)
        case SourceKind.PLAIN:
            return _is_plain(span, known.corpus)
        case SourceKind.METADATA:
            return _is_fact(span, known.corpus)
        case SourceKind.DAY:
            return span.ref == str(known.as_of) and span.text == day_in_words(known.as_of)
        case SourceKind.PERSON:
            return span.ref == span.text and span.text in known.message
        case SourceKind.STEP:
            return any(_is_part(span, calculation) for calculation in draft.calculations)
        case SourceKind.QUESTION:
            fact = span.ref.rpartition(".")[2]  # 2.3.17:startup.already_received
            return fact in known.facts and known.facts[fact].question == span.text
        case SourceKind.FIXED:
            return is_piece_of(span.text, span.ref)
        case SourceKind.REGION:
            return _is_region(span, known.regions)
    return False  # a model's manners come after this check, and by one of their own


def _is_part(span: Span, calculation: Mapping[str, object]) -> bool:
    """Whether the words are that part of the calculation that was made for this draft."""
    made, _, name = span.ref.rpartition(":")
    return (
        made == f"{calculation['program']}@{calculation['determination_id']}"
        and part(calculation, name) == span.text
    )


def _is_passage(span: Span, corpus: Corpus) -> bool:
    found = _CLAUSE_REF.fullmatch(span.ref)
    if not found:
        return False
    try:
        clause = corpus.clause(found.group(1))
    except UnknownClause:
        return False
    start, end = int(found.group(2)), int(found.group(3))
    inside = clause.start <= start < end <= clause.end
    return inside and corpus.policies[clause.policy_id].text[start:end] == span.text


def _is_plain(span: Span, corpus: Corpus) -> bool:
    """Whether the span is that very run of the plain words of that very part of the clause."""
    found = _PLAIN_REF.fullmatch(span.ref)
    policy = corpus.policies.get(found.group(1)) if found else None
    if not found or policy is None:
        return False
    place = (int(found.group(3)), int(found.group(4)))
    plain = next((p for p in policy.plain.get(found.group(2), ()) if (p.start, p.end) == place), None)
    return (
        plain is not None
        and span.text == (getattr(plain, found.group(5))[int(found.group(6)) : int(found.group(7))])
    )


def _is_fact(span: Span, corpus: Corpus) -> bool:
    policy_id, _, name = span.ref.partition(":")
    policy = corpus.policies.get(policy_id)
    return policy is not None and span.text in _facts(policy, name)


def _facts(policy: Policy, name: str) -> tuple[str, ...]:
    """Return the ways in which a fact about a document may be written."""
    name, _, clause_id = name.partition(":")
    clause = next((c for c in policy.clauses if c.clause_id == clause_id), None)
    begins = policy.valid_from or policy.issued_on
    period = target_period(policy, clause_id)
    facts: dict[str, tuple[str | None, ...]] = {
        "title": (policy.title.value,),
        "number": (policy.number.value if policy.number else None,),
        "valid_to": (day_in_words(policy.valid_to) if policy.valid_to else None,),
        "begins": (day_in_words(begins) if begins else None,),
        "issuer": tuple(issuer.value for issuer in policy.issuers),
        "issued_day": (day_in_words(policy.issued_on) if policy.issued_on else None,),
        "issued_on": (str(policy.issued_on.year) if policy.issued_on else None,),
        "period": (day_in_words(period.until) if period else None,),
        "label": (clause.label if clause else None,),
        "heading": (clause.heading if clause else None,),
        "unsaid": tuple(phrasing.unsaid for phrasing in policy.phrasings.get(clause_id, ())),
    }
    return tuple(words for words in facts.get(name, ()) if words)


def _is_of(ref: str, clause: Clause | None) -> bool:
    """Whether a fact about a document is about the clause's own, and a label or heading its own."""
    policy_id, _, name = ref.partition(":")
    _, _, clause_id = name.partition(":")
    return clause is not None and policy_id == clause.policy_id and clause_id in ("", clause.clause_id)


def _is_region(span: Span, regions: Regions) -> bool:
    try:
        return regions.get(span.ref).name == span.text
    except UnknownRegion:
        return False


def _uncited(draft: Draft, corpus: Corpus) -> Iterator[str]:
    """Every clause and document that a span rests on is the one that is cited; quotes are verbatim."""
    cited = draft.clause.full_id if draft.clause else None
    for span in draft.all_spans:
        if span.source is SourceKind.METADATA and not _is_of(span.ref, draft.clause):
            yield f"{span.text!r} rests on {span.ref}, but {cited} is cited"
    for span in draft.all_spans:
        if span.source in (SourceKind.CLAUSE, SourceKind.PLAIN) and span.ref.partition("@")[0] != cited:
            yield f"{span.text!r} rests on {span.ref}, but {cited} is cited"
    for quote in draft.quotes:
        assert draft.clause is not None  # quotes come with their clause
        text = corpus.policies[draft.clause.policy_id].text
        if text[quote.start : quote.end] != quote.text:
            yield f"the quote {quote.text!r} is not verbatim in {cited}"
