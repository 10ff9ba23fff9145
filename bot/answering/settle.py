"""One ask about one place → the section that answers it: which clause settles it, and what it says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from langchain_core.tools import BaseTool

from bot.answering import compose, personal, plainly
from bot.answering.compose import Draft, Found
from bot.answering.evidence import Asked, Evidence, choose, who
from bot.answering.finish import Lean, Section
from bot.answering.messages import say
from bot.answering.plainly import Told
from bot.answering.signposts import Signpost, signpost
from bot.calculator.tools import Calculator
from bot.types import AnswerStatus, Ask, Intent, SourceKind, Span, ToolCall
from bot.understanding.reading import LEANS_BACK, Reading, asking_part, audience, measure_asked
from bot.understanding.scope import fits, is_our_business, surely_fits
from embeddings.encoder import Encoder
from embeddings.search import ClauseRetriever, scored
from embeddings.types import ScoredClause
from knowledge import matters
from knowledge.corpus import Corpus, target_period
from knowledge.numerals import Measure, figures
from knowledge.programs import AUDIENCES
from knowledge.regions import Regions
from knowledge.statements import Passage
from knowledge.statements import read as read_clause
from knowledge.types import Clause, ClauseKind, Policy, Region, RegionLevel, ValidityStatus


@dataclass(frozen=True, slots=True)
class Settler:
    """Finds the clause that settles an ask and drafts what it says; the calculator is called as a tool."""

    corpus: Corpus
    regions: Regions
    retriever: ClauseRetriever
    encoder: Encoder
    calculator: Calculator
    _calculate: BaseTool = field(init=False)
    _screen: BaseTool = field(init=False)

    def __post_init__(self) -> None:
        calculate, screen, _ = self.calculator.tools()
        object.__setattr__(self, "_calculate", calculate)
        object.__setattr__(self, "_screen", screen)

    @property
    def covered(self) -> tuple[str, ...]:
        """The codes of the regions that have documents."""
        return tuple(dict.fromkeys(policy.region for policy in self.corpus.policies.values()))

    def covered_names(self) -> tuple[Span, ...]:
        """Return the places that have documents, as words for a sentence."""
        spans: list[Span] = []
        for number, code in enumerate(self.covered):
            spans += say("answer.enumerate") if number else ()
            spans.append(Span(self.regions.get(code).name, SourceKind.REGION, code))
        return tuple(spans)

    def full_name(self, place: Region) -> str:
        """Return a name that no other place has: 杭州市西湖区, because 南昌市 has a 西湖区 too."""
        if place.level is not RegionLevel.DISTRICT or place.parent is None:
            return place.name
        return f"{self.regions.get(place.parent).name}{place.name}"

    def _search_for(self, reading: Reading, place: Region, as_of: date) -> dict[str, Any] | None:
        """Return what to search for and where; None where the place has no documents."""
        chain = self.regions.chain(place.code)
        policies = [
            policy.policy_id
            for policy in self.corpus.in_regions(chain)
            if self.corpus.status(policy, as_of) is not ValidityStatus.REPEALED
        ]
        text = " ".join((reading.topic or reading.text, *_in_digits(reading.text)))
        return {"text": text, "regions": list(chain), "policies": policies} if policies else None

    def _ranked(
        self, search: Mapping[str, Any], reading: Reading, lean: Lean | None
    ) -> tuple[ScoredClause, ...]:
        """Return the clauses, best first; the talk so far and the names of programs count."""
        within = {"regions": search["regions"], "policies": search["policies"], "k": _LOOKED_AT}
        found = scored(self.corpus, self.retriever.invoke(search["text"], **within))
        return self._named(_leant(found, lean) if lean else found, reading.text)

    def section(
        self,
        reading: Reading,
        place: Region,
        as_of: date,
        facts: Mapping[str, object],
        lean: Lean | None = None,
    ) -> Section:
        """Return the section that answers one ask for one place."""
        search = self._search_for(reading, place, as_of)
        section = self._settled(reading, place, as_of, facts, lean, search)
        if search is None:
            return section
        calls = (ToolCall("search_clauses", search), *section.draft.calls)
        return replace(section, draft=replace(section.draft, calls=calls))

    def _settled(
        self,
        reading: Reading,
        place: Region,
        as_of: date,
        facts: Mapping[str, object],
        lean: Lean | None,
        search: Mapping[str, Any] | None,
    ) -> Section:
        post = sent_on(reading.text)
        region = Span(place.name, SourceKind.REGION, place.code)
        clauses = self._ranked(search, reading, lean) if search else None
        if post and not (clauses and surely_fits(clauses[0])):
            return Section(signposted(post))
        if reading.intent is Intent.SOURCE and lean and lean.weight >= LEANS_BACK:
            return self._where_it_stands(lean, as_of)
        if clauses is None:
            spans = say("none.no_documents", region=region, cities=self.covered_names())
            row = say("compare.none", region=region)
            return Section(Draft(AnswerStatus.UNANSWERABLE_NO_CLAUSE, spans, cell=row))
        if reading.intent is Intent.DOCUMENT:
            return self._document(clauses[0].clause, as_of)
        if reading.intent is Intent.UNTIL_WHEN and _is_about_all(reading, clauses[0].clause):
            return self._validity(clauses[0].clause, place, as_of)
        if not fits(clauses[0], reading):
            return self._nothing_fits(reading, region, as_of, lean)
        clauses = _with_the_subjects(clauses, reading)
        return self._from_clause(reading, _with_the_figure(clauses, reading), as_of, facts, lean)

    def _nothing_fits(self, reading: Reading, region: Span, as_of: date, lean: Lean | None) -> Section:
        if lean and lean.weight:
            found = self._found(self.corpus.clause(lean.clause), as_of)
            return Section(compose.not_in_text(found, "any", None), found)
        if not is_our_business(reading.text):
            return Section(Draft(AnswerStatus.REFUSED_OUT_OF_SCOPE, say("none.out_of_scope")))
        return Section(Draft(AnswerStatus.UNANSWERABLE_NO_CLAUSE, say("none.no_clause", region=region)))

    def _named(self, found: Sequence[ScoredClause], text: str) -> tuple[ScoredClause, ...]:
        """Return the clauses, first the one whose program a message calls by its name."""
        programs = self.calculator.programs
        said = text.replace(" ", "")
        named = {
            one.clause.full_id
            for one in found
            if any(p.title in said for p in programs.of_clause(one.clause.full_id))
        }
        raised = (replace(one, score=one.score + _NAMED * (one.clause.full_id in named)) for one in found)
        return tuple(sorted(raised, key=lambda one: -one.score))

    def offers(
        self, reading: Reading, place: Region, as_of: date, facts: Mapping[str, object]
    ) -> tuple[Section, ...]:
        """Return what a person may get in a place, a section a clause; () where no program pays persons."""
        who_asks = audience(reading.text)
        shared = {name: value for name, value in facts.items() if not self.is_local(name)}
        args = {"region": place.code, "facts": shared, "as_of": str(as_of), "audience": who_asks}
        found = self._screen.invoke(args)
        rows = [*found.get("met", ()), *_most_open_to_all(found.get("unknown", ()))]
        rows = [row for row in rows if _pays(row)][:_MOST_ROWS]
        if not rows:
            return ()
        if who_asks is None:
            draft = Draft(AnswerStatus.CLARIFY_FACTS, say("screen.audience"))
            return (Section(replace(draft, asks=(Ask("audience", "您想问哪一方面?", AUDIENCES[:-1]),))),)
        by_clause: dict[str, list[Mapping[str, object]]] = {}
        for row in rows:
            by_clause.setdefault(f"{row['policy']}#{row['clause']}", []).append(row)
        shown = tuple(by_clause.items())[:_MOST_CLAUSES]
        ask = self._next_question(found)
        first, *others = (
            self._offered(clause, mine, as_of, number == 0, ask if number == len(shown) - 1 else None)
            for number, (clause, mine) in enumerate(shown)
        )
        return replace(first, draft=replace(first.draft, calls=(ToolCall("screen", args),))), *others

    def _offered(
        self, clause: str, rows: Sequence[Mapping[str, object]], as_of: date, first: bool, ask: Ask | None
    ) -> Section:
        found = self._found(self.corpus.clause(clause), as_of)
        return Section(compose.offered(found, rows, ask if found.is_live else None, first=first), found)

    def _next_question(self, screened: Mapping[str, object]) -> Ask | None:
        question = screened.get("next_question")
        if not isinstance(question, Mapping):
            return None
        name = str(question["fact"])
        fact = self.calculator.programs.facts.get(name.rpartition(".")[2])
        labels = tuple(str(option["label"]) for option in question["options"])
        return Ask(name, fact.question, labels) if fact else None

    def is_local(self, name: str) -> bool:
        """Whether a fact is about one program alone, and needs that program's name beside it."""
        fact = self.calculator.programs.facts.get(name)
        return fact is not None and fact.local

    def _from_clause(
        self,
        reading: Reading,
        hit: ScoredClause,
        as_of: date,
        facts: Mapping[str, object],
        lean: Lean | None,
    ) -> Section:
        stated = read_clause(hit.clause)
        found = self._found(hit.clause, as_of)
        asked = Asked(
            reading.topic,
            personal=reading.personal,
            several=reading.several,
            person=self._person(facts, reading),
            found=hit.statements,
        )
        if reading.intent is Intent.UNTIL_WHEN:
            dated = choose(stated, replace(asked, measure=Measure.DAY), self.encoder)
            if dated is None or not dated.has_measure:
                return Section(compose.still_valid(found), found)
            told = self._told(found, dated, asked)
            return Section(compose.answer(found, dated, reading.intent, told), found)
        if reading.intent is Intent.WHO and found.departments:
            return Section(compose.responsible(found), found)
        if reading.intent is Intent.WHO:
            evidence = who(stated, asked, self.encoder)
        else:
            evidence = choose(stated, _figure_asked(asked, reading), self.encoder)
        decided = self._decided(reading, found, evidence, facts)
        if decided is None and (unsaid := self._unsaid(reading, hit, found, evidence, _weight(lean))):
            return Section(unsaid, found)
        if evidence is None or not evidence.has_measure:
            evidence = choose(stated, asked, self.encoder)
        if evidence is None:
            return Section(compose.not_in_text(found, "any", None), found)
        return Section(decided or self._with_figure(reading, found, evidence, facts), found)

    def _decided(
        self, reading: Reading, found: Found, evidence: Evidence | None, facts: Mapping[str, object]
    ) -> Draft | None:
        """Return the draft for a "can I" that a program of the clause decides from what the person said."""
        if reading.intent is not Intent.CAN_I or evidence is None or self._unnamed(reading, found, evidence):
            return None
        draft = self._with_figure(reading, found, evidence, facts)
        return draft if any(personal.decides(done) for done in draft.calculations) else None

    def _person(self, facts: Mapping[str, object], reading: Reading) -> str:
        """Return the labels of the facts beside which the question names no other of the kind: 本科, 优秀."""
        labels: list[str] = []
        for name, value in facts.items():
            fact = self.calculator.programs.facts.get(name.rpartition(".")[2])
            options = (fact and fact.options) or {}
            if not isinstance(value, str) or value not in options:
                continue
            if not any(other != value and label in reading.text for other, label in options.items()):
                labels.append(options[value])
        return " ".join(labels)

    def _unsaid(
        self, reading: Reading, hit: ScoredClause, found: Found, evidence: Evidence | None, lean: float
    ) -> Draft | None:
        """Return the draft that says that the clause leaves unsaid what is asked; None where it says it."""
        words = self._unnamed(reading, found, evidence) if evidence else None
        lacking = _lacking(reading, evidence)
        if hit.is_taught:
            odds = (
                _JUDGED * self.retriever.unsaid(reading.bare, hit.clause)
                + _UNNAMED * bool(words)
                + _LACKING * bool(lacking)
                + _NEARER * (hit.unsaid[0] - hit.asked)
            )
            leaves_unsaid = odds > (_ODDS_LEANING if lean >= LEANS_BACK else _ODDS)
        else:
            leaves_unsaid = bool(words or lacking)
        if not leaves_unsaid:
            return None
        nearest = _without_figures(evidence)
        likeness, known = hit.unsaid
        alike = measure_asked(known or "") in (None, reading.measure)  # 最多借多少 is not 可以借几年
        if known and alike and likeness > max(hit.asked, _NEAR_ENOUGH):
            return compose.known_to_be_unsaid(found, known, nearest)
        if words:
            return compose.matter_not_in_text(found, words, nearest)
        return compose.not_in_text(found, lacking or "any", nearest)

    def _unnamed(self, reading: Reading, found: Found, evidence: Evidence) -> str | None:
        """Return the words for something that is asked about and that the clause does not speak of."""
        phrasings = found.policy.phrasings.get(found.clause.clause_id, ())
        asks = tuple(text for phrasing in phrasings if not phrasing.unsaid for text in phrasing.asks)
        statement = "".join(s.passage.text for s in evidence.statements)
        asking = asking_part(reading.text) or reading.text
        texts = matters.Texts(statement, found.clause.text, found.policy.text)
        return matters.unsaid(asking, texts, asks, matters.shipped())

    def _with_figure(
        self, reading: Reading, found: Found, evidence: Evidence, facts: Mapping[str, object]
    ) -> Draft:
        """Return the draft with the person's own figure, where a program of the clause computes it."""
        person = self._person(facts, reading)
        told = self._told(found, evidence, Asked(reading.topic, person=person))
        told = None if reading.intent is Intent.WHO else told  # who does it stands in the text
        known = self.calculator.programs
        best = evidence.best
        about = [s for s in evidence.statements if best is None or s is best or s.benefits == best.benefits]
        program = personal.program_for(
            known.of_clause(found.clause.full_id),
            found.clause,
            [statement.passage for statement in about],
            reading.text,
        )
        if program is None or reading.intent not in _ABOUT_A_PERSON:
            return compose.answer(found, evidence, reading.intent, told, claim=reading.claim)
        own = f"{program.short}."  # how a fact about this program alone is called outside of it
        bare = {name.removeprefix(own): value for name, value in facts.items()}
        mine = {name: value for name, value in bare.items() if name in program.reads}
        args = {"program": program.id, "facts": mine, "as_of": str(found.as_of)}
        done = self._calculate.invoke(args)
        if "error" in done:
            return compose.answer(found, evidence, reading.intent, told, claim=reading.claim)
        ask = personal.ask(done, known.facts) if found.is_live else None
        own_figure = done if mine and _is_what_is_asked(done, reading, evidence) else None
        if own_figure and personal.decides(own_figure):
            plain = found.policy.plain.get(found.clause.clause_id, ())
            told = plainly.tell_about(plain, found.clause, evidence, program.quote) or told
        draft = compose.answer(found, evidence, reading.intent, told, own_figure, ask, reading.claim)
        return replace(draft, calls=(ToolCall("calculate", args),))

    def _told(self, found: Found, evidence: Evidence, asked: Asked) -> Told | None:
        plain = found.policy.plain.get(found.clause.clause_id, ())
        return plainly.tell(plain, found.clause, evidence, asked)

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

    def _where_it_stands(self, lean: Lean, as_of: date) -> Section:
        """Answer "which clause says so" with the words that the last answer rested on."""
        found = self._found(self.corpus.clause(lean.clause), as_of)
        start = found.policy.text.index(lean.quote, found.clause.start)
        return Section(
            compose.where_it_stands(found, Passage(start, start + len(lean.quote), lean.quote)), found
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


# Whether a clause leaves unsaid what is asked: log-odds, fitted to the development questions
# (logistic regression, 703 questions, 94 in 100 right in ten-fold cross-validation).
_JUDGED = 1.0  # what the judge learned from the phrasings
_UNNAMED = 3.1  # a matter is asked about that the clause does not name
_LACKING = 1.8  # a kind of figure is asked for that what answers does not have
_NEARER = 1.5  # by how much it is more like an ask that is known to be unsaid
_ODDS = 0.2
_ODDS_LEANING = 1.5  # a few words in a talk tell the judge little
_NEAR_ENOUGH = 0.6  # score of an ask known to be unsaid, for its words to be used in the reply


def _weight(lean: Lean | None) -> float:
    return lean.weight if lean else 0.0


def _is_what_is_asked(done: Mapping[str, object], reading: Reading, evidence: Evidence) -> bool:
    """Whether the sum is what is asked for: not 几年, and not the one part of it that is named."""
    if reading.measure not in (None, Measure.MONEY):
        return False
    total = personal.amount(done)
    pick = evidence.pick
    return not pick or total is None or any(total in figure.values for figure in figures(pick.passage.text))


def _figure_asked(asked: Asked, reading: Reading) -> Asked:
    if reading.intent is not Intent.HOW_MUCH:
        return asked
    return replace(asked, measure=reading.measure, any_figure=reading.measure is None)


_WHOLE = re.compile(r"政策|文件|方案|计划|通知|行动(?!力)|办法|这(?:一)?套")
_PART = re.compile(
    r"补贴|补助|资助|奖励|津贴|贷款|房补|落户|减免|税|工资|大赛|比赛|培训|考核|这(?:一)?[笔条项]"
)


def _is_about_all(reading: Reading, clause: Clause) -> bool:
    """Whether "until when" is asked of a document as a whole: 这套政策哪天到期."""
    if not reading.topic or clause.kind in (ClauseKind.PREAMBLE, ClauseKind.END):
        return True
    return bool(_WHOLE.search(reading.text)) and not _PART.search(reading.text)


def _lacking(reading: Reading, evidence: Evidence | None) -> str | None:
    """Return the detail that is asked for and that what answers does not have, as messages call it."""
    if reading.intent is Intent.HOW_TO_APPLY:
        return "apply"
    if reading.intent is Intent.WHO:
        return None if evidence else "who"
    if evidence is None or not evidence.has_measure:
        return reading.measure.value if reading.measure else "any"
    return None


_MOST_CLAUSES = 3  # an answer rarely cites more


def _most_open_to_all(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return open programs, first those that hang on what many hang on, last on something rare (入选)."""
    common = Counter(fact for row in rows for fact in row["missing"])

    def rarest(row: Mapping[str, Any]) -> int:
        shared = (common[fact] for fact in row["missing"] if "." not in fact)  # not about this one alone
        return min(shared, default=0)

    return sorted(rows, key=lambda row: -rarest(row))


_MOST_ROWS = 6  # programs; the rest comes up as more is said


def _pays(row: Mapping[str, object]) -> bool:
    """Whether a screened program gives a person something; those without a figure are no offer."""
    return row["kind"] in personal.PAYING


def sent_on(text: str) -> Signpost | None:
    """Return where a message is sent on to, if another service's business is what it asks about."""
    asking = asking_part(text)
    return signpost(text, asking if is_our_business(asking) else text)


def signposted(post: Signpost) -> Draft:
    """Return the draft that sends on to another service."""
    return Draft(AnswerStatus(f"redirected_{post.subject}"), say(f"signpost.{post.subject}"))


_ABOUT_A_PERSON = {Intent.HOW_MUCH, Intent.CAN_I}  # these may be answered with the person's own figure


def _in_digits(text: str) -> tuple[str, ...]:
    """Return the sums of a message as documents write them: 五十万 is 50万元 there."""
    sums = (value for figure in figures(text) if figure.measure is Measure.MONEY for value in figure.values)
    return tuple(f"{value / 10000:f}万元" for value in sums if value >= 10000 and value % 10000 == 0)


_LOOKED_AT = 60  # clauses; more than any of the documents has, so that the one leant on is among them
_NAMED = 0.3  # added to the score of a clause whose program is called by its name


def _leant(found: Sequence[ScoredClause], lean: Lean) -> tuple[ScoredClause, ...]:
    """Return the clauses with the one that the last answer rested on moved forward."""
    moved = (_towards(one, lean) if one.clause.full_id == lean.clause else one for one in found)
    return tuple(sorted(moved, key=lambda one: -one.score))


def _towards(hit: ScoredClause, lean: Lean) -> ScoredClause:
    start = hit.clause.start + hit.clause.text.find(lean.quote)
    quoted = range(start, start + len(lean.quote)) if lean.quote in hit.clause.text else range(0)
    statements = {at: score + lean.weight * (at in quoted) for at, score in hit.statements.items()}
    return replace(hit, score=hit.score + lean.weight, statements=statements)


_AS_GOOD = 0.85  # of the best score: a clause that fits about as well


def _with_the_subjects(found: Sequence[ScoredClause], reading: Reading) -> tuple[ScoredClause, ...]:
    """Return the clauses, first one that is about as good as the best and names what is asked about."""
    asked = matters.subjects(asking_part(reading.text) or reading.text, matters.shipped())
    as_good = [one for one in found if one.score >= _AS_GOOD * found[0].score]
    naming = (one for one in as_good if all(matter.is_in(one.clause.text) for matter in asked))
    first = next(naming, found[0])
    return (first, *(one for one in found if one is not first))


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


_LONGEST_NEAREST = 60  # characters; what is longer is read at the source
_NO_ANSWER = {Measure.MONEY, Measure.COUNT, Measure.SHARE, Measure.DURATION, Measure.AGE}


def _without_figures(evidence: Evidence | None) -> Passage | None:
    """Return the nearest statement if it is short and holds no figure that could be taken for the answer."""
    passage = evidence.statements[0].passage if evidence else None
    if passage is None or len(passage.text) > _LONGEST_NEAREST:
        return None
    return None if any(f.measure in _NO_ANSWER for f in figures(passage.text)) else passage
