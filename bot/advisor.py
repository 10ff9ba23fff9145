"""The pipeline: a message in, a checked answer out. Read it from `Advisor.answer` downwards."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from time import perf_counter

from langchain_core.tools import BaseTool

from bot.answering import compose, personal
from bot.answering.check import Known, problems
from bot.answering.compose import Draft, Found
from bot.answering.evidence import Asked, Evidence, choose, who
from bot.answering.finish import Section, finish
from bot.answering.messages import say
from bot.answering.render import answer_json
from bot.answering.signposts import Signpost, signpost
from bot.calculator.tools import Calculator
from bot.privacy import mask
from bot.records.store import Records
from bot.types import Answer, AnswerStatus, Ask, Intent, Question, SourceKind, Span, ToolCall
from bot.understanding.facts import read_facts
from bot.understanding.reading import Reading, asking_part, asks_something, read
from bot.understanding.scope import fits, is_our_business, surely_fits
from bot.understanding.thread import Thread, thread
from embeddings.encoder import Encoder
from embeddings.search import ClauseRetriever, scored
from embeddings.types import ScoredClause
from knowledge.corpus import Corpus, target_period
from knowledge.normalize import normalized
from knowledge.numerals import Measure, figures
from knowledge.regions import Ambiguous, Regions
from knowledge.statements import Passage
from knowledge.statements import read as read_clause
from knowledge.types import Clause, Policy, Region, RegionLevel, ValidityStatus

LONGEST_MESSAGE = 2000  # characters
_MOST_OPTIONS = 6
_ABOUT_THE_DOCUMENT = {Intent.UNTIL_WHEN, Intent.DOCUMENT}  # these need no topic beside the place

_log = logging.getLogger(__name__)


class UnknownConversation(LookupError):
    """No conversation has that id, or it has expired."""


class Unproven(RuntimeError):
    """A draft says something that its source does not."""


def _silent(step: str) -> None:
    """Take note of no step."""


def _unobserved(answer: Answer, seconds: float) -> None:
    """Count nothing."""


@dataclass(frozen=True, slots=True)
class Advisor:
    """Answers messages from the documents it has, and keeps the masked conversation."""

    corpus: Corpus
    regions: Regions
    retriever: ClauseRetriever
    encoder: Encoder
    calculator: Calculator
    records: Records
    observe: Callable[[Answer, float], None] = _unobserved  # each answer and the seconds it took
    _calculate: BaseTool = field(init=False)  # the calculator, called as any other agent calls it

    def __post_init__(self) -> None:
        calculate, *_ = self.calculator.tools()
        object.__setattr__(self, "_calculate", calculate)

    @property
    def covered(self) -> tuple[str, ...]:
        """The codes of the regions that have documents."""
        return tuple(dict.fromkeys(policy.region for policy in self.corpus.policies.values()))

    def facts_in(self, text: str, as_of: date, awaited: str | None = None) -> dict[str, object]:
        """Return the facts that a message states, by name; None is "asked, and not said"."""
        dictionary = self.calculator.programs.facts
        return {read.name: read.value for read in read_facts(normalized(text), dictionary, as_of, awaited)}

    def probe(self) -> None:
        """Search and look into the records once; whatever raises is what is not ready."""
        code = self.covered[0]
        policies = tuple(self.corpus.policies)
        self.retriever.invoke("补贴", regions=(code,), policies=policies)
        self.records.answer("")

    def answer(self, question: Question, now: datetime, on_step: Callable[[str], None] = _silent) -> Answer:
        """Return the checked answer to one message; it is stored, masked, with its conversation.

        Raises:
            UnknownConversation: `question.conversation_id` names none that is known at `now`.
        """
        started = perf_counter()
        question = replace(question, message=mask(question.message).text)
        conversation_id = self._conversation(question, now)
        try:
            answer = self._answer(question, conversation_id, on_step)
        except Exception:
            _log.exception("answering failed in conversation %s", conversation_id)
            draft = Draft(AnswerStatus.ERROR_UNEXPECTED, say("none.unexpected"))
            answer = finish([Section(draft)], question, conversation_id)
        asked = question.message[:LONGEST_MESSAGE]  # what is too long to be read is not kept either
        self.records.add_turn(conversation_id, answer.answer_id, asked, answer_json(answer), now)
        self.observe(answer, perf_counter() - started)
        return answer

    def _conversation(self, question: Question, now: datetime) -> str:
        if question.conversation_id is None:
            return self.records.start_conversation(now)
        if not self.records.exists(question.conversation_id, now):
            raise UnknownConversation(question.conversation_id)
        return question.conversation_id

    def _answer(self, question: Question, conversation_id: str, on_step: Callable[[str], None]) -> Answer:
        if len(question.message) > LONGEST_MESSAGE:
            return _said(AnswerStatus.REFUSED_TOO_LONG, "none.too_long", question, conversation_id)

        on_step("读问题")
        before = thread(self.records.turns(conversation_id))
        reading = self._read(question, before)
        if not reading.text:
            return _said(AnswerStatus.CLARIFY_TOPIC, "none.empty", question, conversation_id)
        if reading.intent is Intent.SMALLTALK:
            hello = say("smalltalk.hello", cities=self._covered())
            draft = Draft(AnswerStatus.ANSWERED_SMALLTALK, hello)
            return finish([Section(draft)], question, conversation_id)

        asking = asking_part(reading.text)
        post = signpost(reading.text, asking if is_our_business(asking) else reading.text)
        if post and post.urgent:
            return _redirected(post, question, conversation_id)

        facts = self._facts(question, before)
        places = self._places(question, reading, before)
        if post and not places:
            return _redirected(post, question, conversation_id)
        if not places and not reading.ambiguous and not is_our_business(reading.text):
            return _said(AnswerStatus.REFUSED_OUT_OF_SCOPE, "none.out_of_scope", question, conversation_id)
        if not places:
            return self._ask_region(question, conversation_id, reading)
        if not reading.topic and reading.intent not in _ABOUT_THE_DOCUMENT:
            return self._ask_topic(question, conversation_id, places)

        on_step("找条款")
        found = [self._search(reading, place, question.as_of) for place in places]
        sections = [
            self._section(reading, place, clauses, question.as_of, post, facts)
            for place, clauses in zip(places, found, strict=True)
        ]

        on_step("核对")
        for section in sections:
            self._require_proof(section.draft, reading, question.as_of)
        calculations = [s.draft.calculation for s in sections if s.draft.calculation]
        return finish(
            sections,
            question,
            conversation_id,
            regions=tuple(self._full_name(place) for place in places),
            tool_calls=(
                *(_search_call(reading, place) for place in places),
                *(_calculate_call(done, facts) for done in calculations),
            ),
            facts=facts,
        )

    # ── what is asked, and where ─────────────────────────────────────────────────────────────

    def _read(self, question: Question, before: Thread) -> Reading:
        """Read the message; one that names only a place takes up the question before it."""
        within = self._resolved(question.region or (before.regions or (None,))[0])
        code = within.code if within else None
        reading = read(question.message, self.regions, code)
        if not before.asked or not self._replies(question, reading, before):
            return reading
        earlier = read(before.asked, self.regions, code)
        regions = reading.regions or earlier.regions
        return replace(earlier, regions=regions, text=f"{reading.text}\n{earlier.text}")

    def _replies(self, question: Question, reading: Reading, before: Thread) -> bool:
        """Whether a message only answers what was asked back, or only names another place."""
        if reading.regions and not reading.topic:
            return True
        if before.awaited in (None, "topic") or asks_something(question.message):
            return False
        return before.awaited in self.facts_in(question.message, question.as_of, before.awaited)

    def _facts(self, question: Question, before: Thread) -> dict[str, object]:
        """Return what is known of the person: the talk's facts, the request's, the message's own last."""
        read = self.facts_in(question.message, question.as_of, before.awaited)
        return {**before.facts, **question.facts, **read}

    def _places(self, question: Question, reading: Reading, before: Thread) -> tuple[Region, ...]:
        """Return the places to answer for: the message's before the request's before the talk's."""
        if reading.regions:
            return self._once_a_document(reading.regions)
        if reading.ambiguous:
            return ()
        named = (question.region,) if question.region else before.regions
        return tuple(place for name in named if (place := self._resolved(name)))

    def _once_a_document(self, places: Sequence[Region]) -> tuple[Region, ...]:
        """Return the places, without those that the same documents hold for: 平度、胶州 are both 青岛's."""
        kept: dict[tuple[str, ...], Region] = {}
        for place in places:
            policies = self.corpus.in_regions(self.regions.chain(place.code))
            kept.setdefault(tuple(p.policy_id for p in policies) or (place.code,), place)
        return tuple(kept.values())

    def _resolved(self, name: str | None) -> Region | None:
        place = self.regions.resolve(name) if name else None
        return None if isinstance(place, Ambiguous) else place

    def _covered(self) -> tuple[Span, ...]:
        """Return the places that have documents, as words for a sentence."""
        spans: list[Span] = []
        for number, code in enumerate(self.covered):
            spans += say("answer.enumerate") if number else ()
            spans.append(Span(self.regions.get(code).name, SourceKind.REGION, code))
        return tuple(spans)

    def _full_name(self, place: Region) -> str:
        """Return a name that no other place has: 杭州市西湖区, because 南昌市 has a 西湖区 too."""
        if place.level is not RegionLevel.DISTRICT or place.parent is None:
            return place.name
        return f"{self.regions.get(place.parent).name}{place.name}"

    def _ask_region(self, question: Question, conversation_id: str, reading: Reading) -> Answer:
        if reading.ambiguous:
            options = tuple(self._full_name(place) for place in reading.ambiguous[:_MOST_OPTIONS])
            words = Span(reading.ambiguous[0].name, SourceKind.REGION, reading.ambiguous[0].code)
            spans = say("ask.region_again", words=words)
        else:
            options = tuple(span.text for span in self._covered() if span.source is SourceKind.REGION)
            spans = say("ask.region", cities=self._covered())
        draft = Draft(AnswerStatus.CLARIFY_REGION, spans)
        ask = Ask("region", "您问的是哪个城市?", options)
        return finish([Section(draft)], question, conversation_id, asks=(ask,))

    def _ask_topic(self, question: Question, conversation_id: str, places: Sequence[Region]) -> Answer:
        place = Span(places[0].name, SourceKind.REGION, places[0].code)
        draft = Draft(AnswerStatus.CLARIFY_TOPIC, say("ask.topic", region=place))
        ask = Ask("topic", "您想了解哪一方面?")
        names = tuple(self._full_name(region) for region in places)
        return finish([Section(draft)], question, conversation_id, regions=names, asks=(ask,))

    # ── which clause settles it ──────────────────────────────────────────────────────────────

    def _search(self, reading: Reading, place: Region, as_of: date) -> tuple[ScoredClause, ...] | None:
        """Return the clauses of a place that fit, best first; None where it has no documents."""
        chain = self.regions.chain(place.code)
        policies = [
            policy.policy_id
            for policy in self.corpus.in_regions(chain)
            if self.corpus.status(policy, as_of) is not ValidityStatus.REPEALED
        ]
        if not policies:
            return None
        text = reading.topic or reading.text
        documents = self.retriever.invoke(text, regions=chain, policies=policies)
        return scored(self.corpus, documents)

    def _section(
        self,
        reading: Reading,
        place: Region,
        clauses: tuple[ScoredClause, ...] | None,
        as_of: date,
        post: Signpost | None,
        facts: Mapping[str, object],
    ) -> Section:
        region = Span(place.name, SourceKind.REGION, place.code)
        if post and not (clauses and surely_fits(clauses[0])):
            return Section(_signpost(post))
        if clauses is None:
            spans = say("none.no_documents", region=region, cities=self._covered())
            return Section(Draft(AnswerStatus.UNANSWERABLE_NO_CLAUSE, spans))
        if reading.intent is Intent.DOCUMENT:
            return self._document(clauses[0].clause, as_of)
        if reading.intent is Intent.UNTIL_WHEN and not reading.topic:
            return self._validity(clauses[0].clause, place, as_of)
        if not fits(clauses[0], reading):
            if not is_our_business(reading.text):
                return Section(Draft(AnswerStatus.REFUSED_OUT_OF_SCOPE, say("none.out_of_scope")))
            spans = say("none.no_clause", region=region)
            return Section(Draft(AnswerStatus.UNANSWERABLE_NO_CLAUSE, spans))
        return self._from_clause(reading, _with_the_figure(clauses, reading), as_of, facts)

    def _from_clause(
        self, reading: Reading, hit: ScoredClause, as_of: date, facts: Mapping[str, object]
    ) -> Section:
        stated = read_clause(hit.clause)
        found = self._found(hit.clause, as_of)
        asked = Asked(reading.topic, None, reading.personal, hit.statements)
        if reading.intent is Intent.WHO:
            named = None if found.departments else who(stated, asked, self.encoder)
            draft = compose.answer(found, named, reading.intent) if named else compose.responsible(found)
            return Section(draft, found)
        if reading.intent is Intent.UNTIL_WHEN:
            dated = choose(stated, replace(asked, measure=Measure.DAY), self.encoder)
            if dated is None or not dated.has_measure:
                return Section(compose.still_valid(found), found)
            return Section(compose.answer(found, dated, reading.intent), found)
        measure = reading.measure if reading.intent is Intent.HOW_MUCH else None
        evidence = choose(stated, replace(asked, measure=measure), self.encoder)
        if evidence and measure is None and reading.intent is Intent.HOW_MUCH:
            evidence = replace(evidence, has_measure=any(s.figures for s in evidence.statements))
        if evidence is None or reading.intent is Intent.HOW_TO_APPLY:
            return Section(compose.not_in_text(found, "apply", _without_figures(evidence)), found)
        if not evidence.has_measure:
            detail = measure.value if measure else "any"
            return Section(compose.not_in_text(found, detail, _without_figures(evidence)), found)
        return Section(self._with_figure(reading, found, evidence, facts), found)

    def _with_figure(
        self, reading: Reading, found: Found, evidence: Evidence, facts: Mapping[str, object]
    ) -> Draft:
        """Return the draft with the person's own figure, where a program of the clause computes it."""
        known = self.calculator.programs
        about = (evidence.best,) if evidence.best else evidence.statements
        program = personal.program_for(
            known.of_clause(found.clause.full_id),
            found.clause,
            tuple(statement.passage for statement in about),
            reading.text,
        )
        if program is None or reading.intent not in _ABOUT_A_PERSON:
            return compose.answer(found, evidence, reading.intent)
        mine = {name: value for name, value in facts.items() if name in program.reads}
        done = self._calculate.invoke({"program": program.id, "facts": mine, "as_of": str(found.as_of)})
        if "error" in done:
            return compose.answer(found, evidence, reading.intent)
        live = found.status in (ValidityStatus.IN_FORCE, ValidityStatus.UNSTATED)
        ask = personal.ask(done, known.facts) if live else None
        return compose.answer(found, evidence, reading.intent, done if mine else None, ask)

    def _found(self, clause: Clause, as_of: date) -> Found:
        policy = self.corpus.policies[clause.policy_id]
        return Found(
            policy=policy,
            clause=clause,
            status=self.corpus.status(policy, as_of, clause.clause_id),
            as_of=as_of,
            region=self.regions.get(policy.region),
            departments=read_clause(clause).departments,
        )

    def _document(self, clause: Clause, as_of: date) -> Section:
        """Answer who issued a document, when, under what number, from what it says about itself."""
        policy = self.corpus.policies[clause.policy_id]
        found = self._found(_clause_with(policy, policy.issued_quote) or clause, as_of)
        return Section(compose.about_document(found), found)

    def _validity(self, clause: Clause, place: Region, as_of: date) -> Section:
        """Answer "until when" from what the document says about itself."""
        policy = self.corpus.policies[clause.policy_id]
        period = target_period(policy, clause.clause_id)
        quote = policy.validity_quote or (period.quote if period else None)
        found = self._found(_clause_with(policy, quote) or clause, as_of)
        return Section(compose.until_when(found), found)

    # ── whether it may be shown ──────────────────────────────────────────────────────────────

    def _require_proof(self, draft: Draft, reading: Reading, as_of: date) -> None:
        facts = self.calculator.programs.facts
        wrong = problems(draft, Known(reading.text, as_of, self.corpus, self.regions, facts))
        if wrong:
            raise Unproven("; ".join(wrong))


def _said(status: AnswerStatus, sentence: str, question: Question, conversation_id: str) -> Answer:
    return finish([Section(Draft(status, say(sentence)))], question, conversation_id)


def _signpost(post: Signpost) -> Draft:
    return Draft(AnswerStatus(f"redirected_{post.subject}"), say(f"signpost.{post.subject}"))


def _redirected(post: Signpost, question: Question, conversation_id: str) -> Answer:
    return finish([Section(_signpost(post))], question, conversation_id)


_ABOUT_A_PERSON = {Intent.HOW_MUCH, Intent.CAN_I}  # these may be answered with the person's own figure


def _calculate_call(done: Mapping[str, object], facts: Mapping[str, object]) -> ToolCall:
    args = {"program": done["program"], "facts": dict(facts), "as_of": done["as_of"]}
    return ToolCall("calculate", args)


def _search_call(reading: Reading, place: Region) -> ToolCall:
    return ToolCall("search_clauses", {"topic": reading.topic, "region": place.name})


_AS_GOOD = 0.85  # of the best score: a clause that fits about as well


def _with_the_figure(found: Sequence[ScoredClause], reading: Reading) -> ScoredClause:
    """Return the best clause, or one about as good that alone has a figure of the kind asked for.

    Never for money: whose money it is decides, and a near clause's would be borrowed.
    """
    best = found[0]
    if reading.intent is not Intent.HOW_MUCH or reading.measure in (None, Measure.MONEY):
        return best
    as_good = [one for one in found if one.score >= _AS_GOOD * found[0].score]
    measured = (c for c in as_good if any(f.measure is reading.measure for f in figures(c.clause.text)))
    return next(measured, best)


def _clause_with(policy: Policy, quote: str | None) -> Clause | None:
    if quote is None:
        return None
    return next((clause for clause in policy.clauses if quote in clause.text), None)


_NO_ANSWER = {Measure.MONEY, Measure.COUNT, Measure.SHARE}


def _without_figures(evidence: Evidence | None) -> Passage | None:
    """Return the nearest statement when it holds no figure that could be taken for the answer."""
    if evidence is None:
        return None
    passage = evidence.statements[0].passage
    return None if any(f.measure in _NO_ANSWER for f in figures(passage.text)) else passage
