"""The pipeline: a message in, a checked answer out. Read it from `Advisor.answer` downwards."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from time import perf_counter

from bot.answering.check import Known, problems
from bot.answering.compose import Draft
from bot.answering.finish import Lean, Said, Section, distinct, finish
from bot.answering.messages import say
from bot.answering.render import answer_json
from bot.answering.settle import Settler, sent_on, signposted
from bot.answering.signposts import Signpost
from bot.calculator.tools import Calculator
from bot.privacy import mask
from bot.records.store import Records
from bot.types import Answer, AnswerStatus, Ask, Intent, Notice, Question, SourceKind, Span
from bot.understanding.facts import read_facts
from bot.understanding.reading import (
    Reading,
    asks_for_all,
    asks_what,
    audience,
    is_english,
    is_worried,
    leaning,
    leans_back,
    only_states,
    read,
    returns,
    says_nothing,
    smalltalk,
    split_asks,
)
from bot.understanding.repair import Repairer
from bot.understanding.scope import is_off_topic, is_our_business
from bot.understanding.thread import Thread, thread
from knowledge.corpus import Corpus
from knowledge.facts import InvalidFact
from knowledge.normalize import normalized
from knowledge.numerals import Measure
from knowledge.regions import Ambiguous, Regions
from knowledge.types import Region

LONGEST_MESSAGE = 2000  # characters
_MOST_OPTIONS = 6
_CORRECTS = re.compile(r"不对|不是,|说错|错了|改成|换成|应该是|^是|更正|如果是|要是")
_FOR_A_CHILD = re.compile(
    r"[替帮给]\S{0,3}(?:孩子|儿子|女儿|闺女|娃)|(?:孩子|儿子|女儿|闺女|娃)[^,。]{0,12}(?:能|可以|多少|吗)|他|她"
)
_GOES = re.compile(r"[去来到在想换成搬回]|工作|上班|\s")  # 如果我去杭州呢 only names another place
_COMPARES = re.compile(r"比|还是|哪个|哪边|哪里|哪儿|哪座|和[^,。?]{2,6}(?:呢|相比|对比|的?区别)|分别|各")
_BARE = 4  # characters of a topic that is but a value: 两个, 本科
_NEEDS_NO_TOPIC = {Intent.UNTIL_WHEN, Intent.DOCUMENT, Intent.WHAT_CAN_I_GET}  # the place is enough

_log = logging.getLogger(__name__)


class UnknownConversation(LookupError):
    """No conversation has that id, or it has expired."""


class Unproven(RuntimeError):
    """A draft says something that its source does not."""


def _silent(step: str) -> None:
    """Take note of no step."""


def _unobserved(answer: Answer, seconds: float) -> None:
    """Count nothing."""


def _as_read(question: Question, answer: Answer) -> tuple[Question, tuple[Notice, ...]]:
    """Return the question as it is: no model listens."""
    return question, ()


def _as_written(answer: Answer) -> Answer:
    """Return the answer as it is: no model writes."""
    return answer


@dataclass(frozen=True, slots=True)
class Advisor:
    """Answers messages from the documents it has, and keeps the masked conversation."""

    settler: Settler
    records: Records
    repairer: Repairer
    knowledge: str = ""  # the archived version that answers name
    observe: Callable[[Answer, float], None] = _unobserved  # each answer and the seconds it took
    listen: Callable[[Question, Answer], tuple[Question, tuple[Notice, ...]]] = (
        _as_read  # bot/llm/listening.py
    )
    write: Callable[[Answer], Answer] = _as_written  # bot/llm/writing.py

    @property
    def corpus(self) -> Corpus:
        return self.settler.corpus

    @property
    def regions(self) -> Regions:
        return self.settler.regions

    @property
    def calculator(self) -> Calculator:
        return self.settler.calculator

    def is_local(self, name: str) -> bool:
        """Whether a fact is about one program alone."""
        return self.settler.is_local(name)

    def facts_in(
        self, text: str, as_of: date, awaited: str | None = None, *, supposed: bool = True
    ) -> dict[str, object]:
        """Return the facts that a message states, by name; None is "asked, and not said".

        With `supposed`, also what it only supposes (要是招5个) and what it says in general (博士补贴多少).
        A fact about one program alone that was `awaited` keeps that program's name. Where somebody asks
        for their child, their own age is not the child's.
        """
        bare = awaited.rpartition(".")[2] if awaited else None
        message = normalized(text)
        found = read_facts(message, self.calculator.programs.facts, as_of, bare)
        sure = [r for r in found if supposed or not (r.hypothetical or r.whose == "other")]
        if _FOR_A_CHILD.search(message) and any(read.whose == "child" for read in sure):
            sure = [read for read in sure if read.whose != "self"]
        return {awaited if awaited and read.name == bare else read.name: read.value for read in sure}

    def facts_to_screen(self, text: str, given: Mapping[str, object], as_of: date) -> dict[str, object]:
        """Return what words and given facts say about a person; of the words, nothing about one program."""
        read = self.facts_in(text, as_of)
        return {**{name: value for name, value in read.items() if not self.is_local(name)}, **given}

    def wrong_facts(self, facts: Mapping[str, object], day: date) -> dict[str, str]:
        """Return what is wrong with facts that a request gives, by name; a null is "asked, and not said"."""
        dictionary = self.calculator.programs.facts
        problems: dict[str, str] = {}
        for name, value in facts.items():
            fact = dictionary.get(name.rpartition(".")[2])
            if fact is None:
                problems[name] = "没有这一项事实"
            elif value is not None:
                try:
                    fact.read(value, day)
                except InvalidFact as error:
                    problems[name] = error.problem
        return problems

    def probe(self) -> None:
        """Search and look into the records once; whatever raises is what is not ready."""
        code = self.settler.covered[0]
        policies = tuple(self.corpus.policies)
        self.settler.retriever.invoke("补贴", regions=(code,), policies=policies)
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
            answer = self.write(self._answer(question, conversation_id, on_step))
        except Exception:
            _log.exception("answering failed in conversation %s", conversation_id)
            draft = Draft(AnswerStatus.ERROR_UNEXPECTED, say("none.unexpected"))
            answer = finish([Section(draft)], question, conversation_id)
        answer = replace(answer, knowledge=self.knowledge)
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
        mended = self.repairer.repaired(normalized(question.message))
        question = replace(question, message=mended.text, english=is_english(question.message))
        answer = self._read_and_answered(question, conversation_id, on_step)
        heard, understood = self.listen(question, answer)
        if heard != question:
            answer = self._read_and_answered(heard, conversation_id, on_step)
        told = (*(_taken_for(*change) for change in mended.changes), *understood)
        return replace(answer, notices=(*answer.notices, *told))

    def _read_and_answered(
        self, question: Question, conversation_id: str, on_step: Callable[[str], None]
    ) -> Answer:
        on_step("读问题")
        before = thread(self.records.turns(conversation_id))
        reading = self._read(question, before)
        if not reading.text:
            return _said(AnswerStatus.CLARIFY_TOPIC, "none.empty", question, conversation_id)
        if kind := smalltalk(reading.text):
            words = say(f"smalltalk.{kind}", cities=self.settler.covered_names())
            draft = Draft(AnswerStatus.ANSWERED_SMALLTALK, words)
            return finish([Section(draft)], question, conversation_id)

        post = sent_on(reading.text)
        if post and post.urgent:
            return _redirected(post, question, conversation_id)

        known = self._known(question, before)
        supposed = self.facts_in(reading.text, question.as_of)  # a reply takes up the question before it
        facts = (
            supposed | known | self.facts_in(question.message, question.as_of, self._meant(question, before))
        )
        places = self._places(question, reading, before)
        if post and not places:
            return _redirected(post, question, conversation_id)
        if is_off_topic(reading.text) and not is_our_business(reading.text):
            return _out_of_scope(question, conversation_id, before)
        if not places and not reading.ambiguous and not is_our_business(reading.text):
            return _out_of_scope(question, conversation_id, before)
        if not places:
            return self._ask_region(question, conversation_id, reading, known)
        leans = {place.code: self._lean(before, place, reading) for place in places}
        if says_nothing(reading) and not any(leans.values()) and reading.intent not in _NEEDS_NO_TOPIC:
            return self._ask_topic(question, conversation_id, places, known)

        on_step("找条款")
        asks = self._asks(reading, places)
        sections = distinct(
            section
            for place in places
            for section in self._settled(asks, place, question.as_of, facts, leans[place.code])
        )

        on_step("核对")
        for section in sections:
            self._require_proof(section.draft, reading, question.as_of)
        return finish(
            sections,
            question,
            conversation_id,
            regions=tuple(self.settler.full_name(place) for place in places),
            facts=known,
            said=_said_in(before),
            compared=len(places) > 1 and len(asks) == 1,
            comforting=is_worried(reading.text),
        )

    # ── what is asked, and where ─────────────────────────────────────────────────────────────

    def _read(self, question: Question, before: Thread) -> Reading:
        """Read the message; one that names only a place takes up the question before it."""
        within = self._resolved(question.region or (before.regions or (None,))[0])
        code = within.code if within else None
        reading = read(question.message, self.regions, code)
        if not before.asked:
            return reading
        asked = self.repairer.repaired(normalized(before.asked)).text
        earlier = read(asked, self.regions, code)
        if self._replies(question, reading, before):
            regions = reading.regions or earlier.regions
            topic = self._corrected(earlier, question)
            return replace(earlier, regions=regions, topic=topic, text=f"{reading.text}\n{earlier.text}")
        wanted = read(before.wanted, self.regions, code)
        if reading.intent is Intent.WHAT and leans_back(reading) and not asks_what(reading.text):
            intent = Intent.HOW_MUCH if wanted.intent is Intent.WHAT_CAN_I_GET else wanted.intent
            return replace(reading, intent=intent, measure=wanted.measure)
        goes_on = earlier.intent is not Intent.WHAT_CAN_I_GET and before.rested_on and leans_back(reading)
        if reading.intent is Intent.WHAT_CAN_I_GET and goes_on:  # 能给多少 is about what was spoken of
            return replace(reading, intent=Intent.HOW_MUCH, measure=Measure.MONEY)
        return reading

    def _lean(self, before: Thread, place: Region, reading: Reading) -> Lean | None:
        """Return the clause of a place's documents that a message may lean on, if the talk touched one."""
        policies = {policy.policy_id for policy in self.corpus.in_regions(self.regions.chain(place.code))}
        touched = [Lean(*one) for one in before.rested_on if one[0].partition("#")[0] in policies]
        return next(iter(touched[1:] if returns(reading.text) else touched), None)

    def _corrected(self, earlier: Reading, question: Question) -> str:
        """Return what an earlier question is about, in the words of the facts as they are now."""
        dictionary = self.calculator.programs.facts
        was = {r.name: r.words for r in read_facts(earlier.text, dictionary, question.as_of)}
        now = {r.name: r.words for r in read_facts(normalized(question.message), dictionary, question.as_of)}
        topic = earlier.topic
        for name in was.keys() & now.keys():
            topic = topic.replace(was[name], now[name])
        return topic

    def _asks(self, reading: Reading, places: Sequence[Region]) -> tuple[Reading, ...]:
        """Return what a message asks, one reading each: a letter asks several things."""
        texts = split_asks(reading.text)
        if len(texts) == 1:
            return (reading,)
        asks = (read(text, self.regions, places[0].code) for text in texts)
        return tuple(ask for ask in asks if ask.topic or ask.intent in _NEEDS_NO_TOPIC) or (reading,)

    def _replies(self, question: Question, reading: Reading, before: Thread) -> bool:
        """Whether a message only names another place, or only says more about the person."""
        if reading.regions and not _GOES.sub("", reading.topic):
            return True
        if before.awaited == "audience" and audience(reading.text):
            return True
        awaited = self._meant(question, before)
        bare_value = before.awaited and len(reading.topic) <= _BARE and reading.intent is Intent.WHAT
        if bare_value and self.facts_in(question.message, question.as_of, awaited):  # 两个呢
            return True
        if reading.intent is Intent.SMALLTALK or not only_states(question.message):
            return False
        return bool(self.facts_in(question.message, question.as_of, awaited)) or not reading.topic

    def _meant(self, question: Question, before: Thread) -> str | None:
        """Return the fact that a bare value is for: the one asked for, else one it corrects (是30个人)."""
        told = [name for name in before.facts if name in self.calculator.programs.facts][::-1]
        corrected = told if _CORRECTS.search(question.message) else []
        meant = [*((before.awaited,) if before.awaited else ()), *corrected]
        found = (n for n in meant if n in self.facts_in(question.message, question.as_of, n))
        return next(found, before.awaited)

    def _known(self, question: Question, before: Thread) -> dict[str, object]:
        """Return what is known of the person: the talk's facts, the request's, the message's own last.

        Of earlier turns only what is about the person; 以前领过 was said about one program.
        """
        dictionary = self.calculator.programs.facts
        kept = {n: v for n, v in before.facts.items() if n not in dictionary or not dictionary[n].local}
        awaited = self._meant(question, before)
        read = self.facts_in(question.message, question.as_of, awaited, supposed=False)
        return {**kept, **question.facts, **read}

    def _places(self, question: Question, reading: Reading, before: Thread) -> tuple[Region, ...]:
        """Return the places to answer for: the message's before the request's before the talk's."""
        if reading.regions:
            return self._once_a_document(self._asked_about(reading))
        if reading.ambiguous:
            return ()
        named = (question.region,) if question.region else before.regions
        return tuple(place for name in named if (place := self._resolved(name)))

    def _asked_about(self, reading: Reading) -> tuple[Region, ...]:
        """Return the places of a message, but homes told beside it (家里在安徽,去杭州) unless it compares."""
        covered = tuple(r for r in reading.regions if self.corpus.in_regions(self.regions.chain(r.code)))
        return covered if covered and not _COMPARES.search(reading.text) else reading.regions

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

    def _ask_region(
        self, question: Question, conversation_id: str, reading: Reading, known: Mapping[str, object]
    ) -> Answer:
        if reading.ambiguous:
            options = tuple(self.settler.full_name(place) for place in reading.ambiguous[:_MOST_OPTIONS])
            words = Span(reading.ambiguous[0].name, SourceKind.REGION, reading.ambiguous[0].code)
            spans = say("ask.region_again", words=words)
        else:
            options = tuple(
                span.text for span in self.settler.covered_names() if span.source is SourceKind.REGION
            )
            spans = say("ask.region", cities=self.settler.covered_names())
        draft = Draft(AnswerStatus.CLARIFY_REGION, spans)
        ask = Ask("region", "您问的是哪个城市?", options)
        return finish([Section(draft)], question, conversation_id, asks=(ask,), facts=known)

    def _ask_topic(
        self,
        question: Question,
        conversation_id: str,
        places: Sequence[Region],
        known: Mapping[str, object],
    ) -> Answer:
        place = Span(places[0].name, SourceKind.REGION, places[0].code)
        draft = Draft(AnswerStatus.CLARIFY_TOPIC, say("ask.topic", region=place))
        ask = Ask("topic", "您想了解哪一方面?")
        names = tuple(self.settler.full_name(region) for region in places)
        return finish([Section(draft)], question, conversation_id, regions=names, asks=(ask,), facts=known)

    def _settled(
        self,
        asks: Sequence[Reading],
        place: Region,
        as_of: date,
        facts: Mapping[str, object],
        lean: Lean | None,
    ) -> Iterator[Section]:
        """Yield a section for each ask; one that says too little leans on the answer before it."""
        for ask in asks:
            if ask.intent is Intent.WHAT_CAN_I_GET and (
                offers := self.settler.offers(ask, place, as_of, facts)
            ):
                yield from offers
                continue
            on = lean and replace(lean, weight=leaning(ask))
            section = self.settler.section(ask, place, as_of, facts, on)
            if section.draft.status is AnswerStatus.UNANSWERABLE_NO_CLAUSE and asks_for_all(ask):
                yield from self.settler.offers(ask, place, as_of, facts) or (section,)
                continue
            lean = section.lean or lean
            yield section

    # ── whether it may be shown ──────────────────────────────────────────────────────────────

    def _require_proof(self, draft: Draft, reading: Reading, as_of: date) -> None:
        facts = self.calculator.programs.facts
        wrong = problems(draft, Known(reading.text, as_of, self.corpus, self.regions, facts))
        if wrong:
            raise Unproven("; ".join(wrong))


def _said_in(before: Thread) -> Said:
    return Said(before.noticed, before.told, before.regions, before.unhelped)


def _taken_for(typed: str, term: str) -> Notice:
    words = say("notice.corrected", typed=_of_person(typed), term=_of_person(term))
    return Notice("corrected", "".join(span.text for span in words))


def _of_person(words: str) -> Span:
    return Span(words, SourceKind.PERSON, words)


def _said(status: AnswerStatus, sentence: str, question: Question, conversation_id: str) -> Answer:
    return finish([Section(Draft(status, say(sentence)))], question, conversation_id)


def _out_of_scope(question: Question, conversation_id: str, before: Thread) -> Answer:
    draft = Draft(AnswerStatus.REFUSED_OUT_OF_SCOPE, say("none.out_of_scope"))
    return finish([Section(draft)], question, conversation_id, said=_said_in(before))


def _redirected(post: Signpost, question: Question, conversation_id: str) -> Answer:
    return finish([Section(signposted(post))], question, conversation_id)
