"""Evidence → a draft: spans that each name their source.

The order is always the same: where the document stands, the answer, to whom and what is open, where it
stands in print, one next step. What was said in the talk already is left out when the draft is finished.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.answering.evidence import Evidence
from bot.answering.messages import say
from bot.answering.personal import Determination, decides, eligibility, offer
from bot.answering.personal import in_english as personal_in_english
from bot.answering.personal import premises as personal_premises
from bot.answering.personal import tell as personal_words
from bot.answering.plainly import Told
from bot.types import AnswerStatus, Ask, Intent, Notice, SourceKind, Span, ToolCall
from knowledge.corpus import target_period
from knowledge.normalize import normalized
from knowledge.numerals import Figure, Measure, figures
from knowledge.statements import Passage
from knowledge.types import Clause, Policy, Region, ValidityStatus

_STALE_YEARS = 5
_LONGEST_DEPARTMENTS = 24
_GRANTS = re.compile("可(?:以|申请|享受|申领|获得|继续)|给予|发放|补贴")
_CAP = re.compile(r"(?:最高|不超过|不高于)[^,。;]{0,4}\d")


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply before it is checked."""

    status: AnswerStatus
    spans: tuple[Span, ...]  # what is said whatever was said before
    lead: tuple[Span, ...] = ()  # of which place it is said; left out while the talk stays there
    remarks: tuple[tuple[Span, ...], ...] = ()  # to whom, what is open: each once in a talk
    question: tuple[Span, ...] = ()  # what is asked back, once in a talk
    source: tuple[Span, ...] = ()  # where it stands in print, with the document's name
    source_again: tuple[Span, ...] = ()  # the same once the document was named
    english: tuple[Span, ...] = ()  # the answer in English, for somebody who asks in it
    cell: tuple[Span, ...] = ()  # the same in a table that compares places; () where it has no place in one
    before: tuple[Span, ...] = ()  # what must be said about the document first
    after: tuple[Span, ...] = ()  # the next step
    clause: Clause | None = None  # the clause that settles it
    quotes: tuple[Passage, ...] = ()  # what its citation quotes, in the order of the text
    notices: tuple[Notice, ...] = ()
    verdict: str | None = None
    calculations: tuple[Determination, ...] = ()
    calls: tuple[ToolCall, ...] = ()  # the tools that were called for it, in order
    asks: tuple[Ask, ...] = ()

    @property
    def all_spans(self) -> tuple[Span, ...]:
        """Everything that may be shown of it."""
        remarks = (span for remark in self.remarks for span in remark)
        lead = (*self.before, *self.lead, *self.spans, *remarks, *self.question)
        return (*lead, *self.source, *self.source_again, *self.english, *self.cell, *self.after)


@dataclass(frozen=True, slots=True)
class Found:
    """The clause that settles a question, and all that is needed to speak about it."""

    policy: Policy
    clause: Clause
    status: ValidityStatus
    as_of: date
    region: Region
    departments: Passage | None

    def passage(self, passage: Passage) -> Span:
        ref = f"{self.policy.policy_id}#{self.clause.clause_id}@{passage.start}-{passage.end}"
        return Span(passage.text, SourceKind.CLAUSE, ref)

    def fact(self, name: str, words: str) -> Span:
        return Span(words, SourceKind.METADATA, f"{self.policy.policy_id}:{name}")

    @property
    def is_live(self) -> bool:
        """Whether what the clause gives may still be asked for on that day."""
        return self.status in (ValidityStatus.IN_FORCE, ValidityStatus.UNSTATED)

    @property
    def place(self) -> Span:
        return Span(self.region.name, SourceKind.REGION, self.region.code)

    @property
    def title(self) -> Span:
        return self.fact("title", self.policy.title.value)

    @property
    def label(self) -> Span:
        return self.fact(f"label:{self.clause.clause_id}", self.clause.label)


def day_in_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


# ── where the document stands ────────────────────────────────────────────────────────────────


def notice(found: Found) -> tuple[tuple[Span, ...], tuple[Notice, ...]]:
    """Return what must be said about the document first, as spans and as notices."""
    spans = _validity_notice(found)
    notices = [Notice(found.status.value, _plain(spans))] if spans else []
    year = found.policy.issued_on.year if found.policy.issued_on else None
    if spans and year and found.as_of.year - year > _STALE_YEARS:
        stale = say("notice.stale", year=found.fact("issued_on", str(year)))
        notices.append(Notice("stale", _plain(stale)))
        spans += stale
    return spans, tuple(notices)


def _validity_notice(found: Found) -> tuple[Span, ...]:
    policy = found.policy
    as_of = Span(day_in_words(found.as_of), SourceKind.DAY, found.as_of.isoformat())
    if found.status is ValidityStatus.ENDED and policy.valid_to:
        valid_to = found.fact("valid_to", day_in_words(policy.valid_to))
        return say("notice.ended", valid_to=valid_to, as_of=as_of)
    if found.status is ValidityStatus.PERIOD_OVER:
        period = target_period(policy, found.clause.clause_id)
        assert period is not None  # PERIOD_OVER means that there is one
        until = found.fact(f"period:{found.clause.clause_id}", day_in_words(period.until))
        return say("notice.period_over", until=until, as_of=as_of)
    if found.status is ValidityStatus.NOT_YET:
        begins = policy.valid_from or policy.issued_on
        assert begins is not None  # NOT_YET means that there is one
        start = found.fact("begins", day_in_words(begins))
        return say("notice.not_yet", begins=start, as_of=as_of)
    if found.status is ValidityStatus.REPEALED:
        return say("notice.repealed", as_of=as_of)
    return ()


def _plain(spans: tuple[Span, ...]) -> str:
    return "".join(span.text for span in spans).replace("**", "")


_ANSWERED = {
    ValidityStatus.ENDED: AnswerStatus.ANSWERED_ENDED,
    ValidityStatus.REPEALED: AnswerStatus.ANSWERED_ENDED,
    ValidityStatus.PERIOD_OVER: AnswerStatus.ANSWERED_PERIOD_OVER,
    ValidityStatus.NOT_YET: AnswerStatus.ANSWERED_NOT_YET,
}


def _answered(found: Found) -> AnswerStatus:
    return _ANSWERED.get(found.status, AnswerStatus.ANSWERED)


# ── the answer ───────────────────────────────────────────────────────────────────────────────


def answer(
    found: Found,
    evidence: Evidence,
    intent: Intent,
    told: Told | None = None,
    calculation: Determination | None = None,
    ask: Ask | None = None,
    claim: Figure | None = None,
) -> Draft:
    """Return the draft for a clause that says what was asked: the person's own figure before the rule.

    In plain words (`told`) where somebody wrote them, else in the words of the clause. A figure that the
    person takes for granted, and that is not the one written, is said not to be.
    """
    personal = personal_words(calculation) if calculation and decides(calculation) else ()
    premise = say("answer.premise") if claim and _contradicted(claim, evidence) else ()
    rule, conditions = _rule(found, evidence, intent, told, personal=bool(personal))
    remarks = conditions
    if calculation and personal:
        remarks += personal_premises(calculation, unstated_said=_says_unstated(told))
    else:
        remarks += _open_points(evidence, intent, told)
    verdict = None
    if intent is Intent.CAN_I:
        verdict = (calculation and eligibility(calculation)) or "unknown"
    draft = _draft(found, premise + personal + rule, tuple(s.passage for s in evidence.statements), verdict)
    return replace(
        draft,
        remarks=remarks,
        question=say("personal.ask", question=Span(ask.question, SourceKind.QUESTION, ask.fact))
        if ask
        else (),
        english=_in_english(told, calculation if personal else None),
        after=say("answer.next_of", next=told.next) if told and told.next and not personal else draft.after,
        cell=_row(found, (personal if told else personal + _text(found, evidence)) or rule),
        calculations=(calculation,) if calculation else (),
        asks=(ask,) if ask else (),
    )


def _rule(
    found: Found, evidence: Evidence, intent: Intent, told: Told | None, *, personal: bool
) -> tuple[tuple[Span, ...], tuple[tuple[Span, ...], ...]]:
    """Return what the clause says, and what is said of it once in a talk.

    To whom it goes is a remark, unless the figure that is asked for stands there.
    """
    if told is None:
        body = _text(found, evidence)
        lead = say("personal.rule") if personal else say("answer.can_i") if intent is Intent.CAN_I else ()
        return lead + body, ()
    gives = told.gives + say("answer.stop") if told.gives else ()
    to = say("answer.to", to=told.to) if told.to else ()
    mistake = (say("answer.mistake", mistake=told.mistake),) if told.mistake and not personal else ()
    if told.to_answers and not personal:
        return gives + to, mistake
    return gives, ((to,) if to else ()) + mistake


def _text(found: Found, evidence: Evidence) -> tuple[Span, ...]:
    return _picked(found, evidence) if evidence.pick else _core(found, evidence)


def _in_english(told: Told | None, calculation: Determination | None) -> tuple[Span, ...]:
    if told is None:
        return ()
    own = personal_in_english(calculation) if calculation else ()
    return say("english.lead") + own + told.english


def _row(found: Found, body: tuple[Span, ...]) -> tuple[Span, ...]:
    return say("compare.row", said=body, region=found.place, title=found.title, label=found.label)


def _contradicted(claim: Figure, evidence: Evidence) -> bool:
    """Return whether what answers has figures of the claim's kind and unit, and none of them is the claim."""
    shown = [evidence.pick.passage] if evidence.pick else evidence.passages
    found = [figure for passage in shown for figure in figures(normalized(passage.text))]
    alike = [f for f in found if (f.measure, f.unit) == (claim.measure, claim.unit)]
    return bool(alike) and not any(min(f.values) <= v <= max(f.values) for f in alike for v in claim.values)


def _core(found: Found, evidence: Evidence) -> tuple[Span, ...]:
    passages = _spans(found, evidence.passages, evidence.measure)
    return say("answer.core", passage=passages) + say("answer.stop")


def _picked(found: Found, evidence: Evidence) -> tuple[Span, ...]:
    pick = evidence.pick
    assert pick is not None
    figure = found.passage(pick.passage)
    benefit = _benefit_passage(evidence)
    if pick.words:
        words = Span(pick.words, SourceKind.PERSON, pick.words)
        spans = say("answer.pick_for", words=words, pick=figure)
    elif benefit:
        spans = say("answer.pick_of", pick=figure, benefit=found.passage(benefit))
    else:
        spans = say("answer.pick", pick=figure)
    if evidence.passages:
        spans += say("answer.conditions", passages=_spans(found, evidence.passages))
    return spans + say("answer.stop")


def _benefit_passage(evidence: Evidence) -> Passage | None:
    """Return where the first statement names its benefit, if it names just one."""
    for statement in evidence.statements:
        if len(statement.benefits) == 1 and statement.benefits[0] in statement.passage.text:
            start = statement.passage.text.index(statement.benefits[0])
            return statement.passage.part(start, start + len(statement.benefits[0]))
    return None


def _spans(found: Found, passages: tuple[Passage, ...], measure: Measure | None = None) -> tuple[Span, ...]:
    """Return passages one after the other: a comma where one stands there in the text, else ；.

    Figures of the kind that was asked for stand out.
    """
    spans: tuple[Span, ...] = ()
    for number, passage in enumerate(passages):
        if number:
            gap = found.policy.text[passages[number - 1].end : passage.start]
            spans += say("answer.join" if set(gap) <= {",", " "} else "answer.semicolon")
        spans += _with_figures_standing_out(found, passage, measure)
    return spans


def _with_figures_standing_out(found: Found, passage: Passage, measure: Measure | None) -> tuple[Span, ...]:
    spans: tuple[Span, ...] = ()
    start = 0
    for figure in figures(passage.text) if measure else ():
        if figure.measure is not measure:
            continue
        if figure.start > start:
            spans += (found.passage(passage.part(start, figure.start)),)
        spans += say("answer.strong", words=found.passage(passage.part(figure.start, figure.end)))
        start = figure.end
    rest = passage.part(start, len(passage.text))
    return (*spans, found.passage(rest)) if rest.text else spans


def _says_unstated(told: Told | None) -> bool:
    """Whether the plain words say already that the document leaves its conditions open."""
    return told is not None and any("文件没写" in span.text for span in told.to)


def _open_points(evidence: Evidence, intent: Intent, told: Told | None) -> tuple[tuple[Span, ...], ...]:
    said = "".join(p.text for p in evidence.passages)
    said += evidence.pick.passage.text if evidence.pick else ""
    points: tuple[tuple[Span, ...], ...] = ()
    if _CAP.search(said) and intent is Intent.HOW_MUCH and not (told and told.mistake):
        points += (say("answer.cap"),)
    if re.search("符合[^,。;]{0,4}条件", said) and not _says_unstated(told):
        points += (say("answer.qualified"),)
    elif intent is Intent.CAN_I and _GRANTS.search(said):
        points += (say("answer.verdict"),)
    return points


def offered(found: Found, rows: Sequence[Determination], ask: Ask | None, *, first: bool) -> Draft:
    """Return the draft for what a person may get under one clause: each program with its sum."""
    spans = say("screen.lead") if first else ()
    if first and any(not row["reviewed_by"] for row in rows):
        spans += say("personal.unreviewed")
    for row in rows:
        spans += offer(row)
    asked = (
        say("personal.ask_after", question=Span(ask.question, SourceKind.QUESTION, ask.fact)) if ask else ()
    )
    draft = _draft(found, spans, (), None)
    return replace(draft, question=asked, calculations=tuple(rows), asks=(ask,) if ask else ())


def responsible(found: Found) -> Draft:
    """Return the draft for "who is responsible"."""
    if found.departments is None:
        return not_in_text(found, "who", None)
    heading = found.fact(f"heading:{found.clause.clause_id}", found.clause.heading)
    spans = say(
        "answer.who",
        heading=heading,
        departments=found.passage(found.departments),
    )
    return _draft(found, spans, (found.departments,), None, next_step=False)


def still_valid(found: Found) -> Draft:
    """Return the draft for "does this clause still hold": what is known of its document's days."""
    policy = found.policy
    if policy.valid_to:
        until = found.fact("valid_to", day_in_words(policy.valid_to))
        spans = say("answer.valid_to", title=found.title, until=until)
    elif period := target_period(policy, found.clause.clause_id):
        until = found.fact(f"period:{found.clause.clause_id}", day_in_words(period.until))
        spans = say("answer.period", title=found.title, until=until)
    else:
        spans = say("answer.until_unstated", title=found.title)
    return _draft(found, spans, (), None)


def until_when(found: Found) -> Draft:
    """Return the draft for "until when": what the document says about its own validity."""
    policy = found.policy
    if policy.valid_from and policy.validity_quote:
        validity = _quoted(found, policy.validity_quote)
        spans = say("answer.until", title=found.title, validity=validity)
    elif period := target_period(policy, found.clause.clause_id):
        quote = _quoted(found, period.quote)
        until = found.fact(f"period:{found.clause.clause_id}", day_in_words(period.until))
        spans = say("answer.until_period", title=found.title, period=quote, until=until)
    else:
        spans = say("answer.until_unstated", title=found.title)
    return _draft(found, spans, (), None)


def where_it_stands(found: Found, quoted: Passage) -> Draft:
    """Return the draft for "which clause says so": its words, as they stand there."""
    spans = say("answer.stands", title=found.title, passage=found.passage(quoted))
    return _draft(found, spans, (quoted,), None)


def about_document(found: Found) -> Draft:
    """Return the draft for "who issued it, when, under what number"; what is not known is said."""
    policy = found.policy
    spans = say("document.title", title=found.title)
    if policy.number:
        spans += say("document.number", number=found.fact("number", policy.number.value))
    if policy.issuers:
        issuers = found.fact("issuer", policy.issuers[0].value)
        spans += say("document.issuer", issuer=issuers)
    if policy.issued_on:
        spans += say("document.issued", day=found.fact("issued_day", day_in_words(policy.issued_on)))
    missing = not (policy.number and policy.issuers and policy.issued_on)
    spans += say("document.stop") + (say("document.missing") if missing else ())
    return _draft(found, spans, (), None)


def _quoted(found: Found, quote: str) -> Span:
    start = found.policy.text.index(quote, found.clause.start)  # the title may say the same words
    return found.passage(Passage(start, start + len(quote), quote))


def matter_not_in_text(found: Found, words: str, nearest: Passage | None) -> Draft:
    """Return the draft for something that people ask about and the clause does not speak of."""
    spans = say("not_in_text.matter", words=Span(words, SourceKind.PERSON, words))
    return _not_in_text(found, spans, nearest)


def known_to_be_unsaid(found: Found, what: str, nearest: Passage | None) -> Draft:
    """Return the draft for something of which a person noted that the document does not say it."""
    words = found.fact(f"unsaid:{found.clause.clause_id}", what)
    return _not_in_text(found, say("not_in_text.known", words=words), nearest)


def not_in_text(found: Found, detail: str, nearest: Passage | None) -> Draft:
    """Return the draft for a topic that the document has and a detail that it has not."""
    return _not_in_text(found, say(f"not_in_text.{detail}"), nearest)


def _not_in_text(found: Found, said: tuple[Span, ...], nearest: Passage | None) -> Draft:
    remarks: tuple[tuple[Span, ...], ...] = ()
    quotes: tuple[Passage, ...] = ()
    if nearest is not None:
        remarks += (say("not_in_text.nearest", passage=found.passage(nearest)),)
        quotes = (nearest,)
    if found.departments:
        remarks += (say("not_in_text.department", departments=found.passage(found.departments)),)
        quotes += (found.departments,)
    draft = _draft(found, said, quotes, None, next_step=False)
    row = _row(found, say("compare.unsaid"))
    return replace(draft, remarks=remarks, cell=row, status=AnswerStatus.UNANSWERABLE_NOT_IN_TEXT)


def _draft(
    found: Found,
    body: tuple[Span, ...],
    quotes: tuple[Passage, ...],
    verdict: str | None,
    *,
    next_step: bool = True,
) -> Draft:
    first, notices = notice(found)
    return Draft(
        status=_answered(found),
        lead=say("answer.lead", region=found.place),
        spans=body,
        source=_source(found),
        source_again=say("answer.source_again", label=found.label),
        before=first,
        after=_next_step(found, named=not next_step),
        clause=found.clause,
        quotes=quotes,
        notices=notices,
        verdict=verdict,
    )


def _source(found: Found) -> tuple[Span, ...]:
    if number := found.policy.number:
        written = found.fact("number", number.value)
        return say("answer.source_number", title=found.title, number=written, label=found.label)
    return say("answer.source", title=found.title, label=found.label)


def _next_step(found: Found, *, named: bool) -> tuple[Span, ...]:
    departments = found.departments
    if departments and not named and len(departments.text) <= _LONGEST_DEPARTMENTS:
        return say("answer.next_department", departments=found.passage(departments))
    return say("answer.next")
