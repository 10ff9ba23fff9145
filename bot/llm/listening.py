"""A message that the built-in reader is unsure of, as a model understands it, in the person's words.

A model adds facts, a place, and our word for one of theirs. Nothing is taken without words that stand
in the message, each value is read as the dictionary demands, what the built-in reader read goes before,
and the person is told how they were understood.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.answering.messages import say
from bot.llm.prompts import prompt
from bot.llm.speaker import Failure, Silent, Speaker
from bot.types import Answer, AnswerStatus, Notice, Proof, Question, SourceKind, Span
from bot.understanding.facts import read_facts
from bot.visitors import visitor
from knowledge.facts import Fact, Facts, FactType, InvalidFact
from knowledge.normalize import normalized
from knowledge.numerals import figures
from knowledge.regions import Ambiguous, Regions

_log = logging.getLogger(__name__)

# Asking phrases that a model may take the person's words for, one an intent.
ASKS = ("能领多少钱", "能不能领", "到什么时候截止", "归哪个部门管", "怎么申请", "能领什么")
# How the built-in reader shows that it is unsure: of the answers of these kinds to the development
# questions 55 of 100 were right, of all others 90. They are one in thirty.
UNSURE = frozenset(
    {
        AnswerStatus.CLARIFY_REGION,
        AnswerStatus.CLARIFY_TOPIC,
        AnswerStatus.CLARIFY_FACTS,
        AnswerStatus.UNANSWERABLE_NO_CLAUSE,
    }
)
_FILLERS = re.compile(
    r"请问|你好|您好|谢谢|我想|我是|我|你|您|的|了|吗|呢|吧|啊|是|有|在|就|也|都|能|可以|多少|什么|怎么|哪[里个些]?|"
    r"[\W_]+"
)
_KIND = "understood"  # of the notices
_SHORTEST_WORDS = 2  # characters; a single one stands in every message


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _SaidFact(_Strict):
    name: str
    value: bool | int | str | list[str]
    evidence: str


class _SaidRegion(_Strict):
    name: str
    evidence: str


class _SaidWord(_Strict):
    said: str
    meant: str


class _Heard(_Strict):
    """What a model is asked for, and nothing else."""

    facts: list[_SaidFact] = Field(default=[], max_length=20)
    region: _SaidRegion | None = None
    words: list[_SaidWord] = Field(default=[], max_length=3)


@dataclass(frozen=True, slots=True)
class Listener:
    """Adds to a question what a model understood of it. Safe to share by threads."""

    speaker: Speaker
    facts: Facts
    regions: Regions
    terms: Sequence[str]  # our words, which a model may take the person's for
    topics: Sequence[str]  # those of them that it is told

    def __call__(self, question: Question, answer: Answer) -> tuple[Question, tuple[Notice, ...]]:
        """Return the question with what a model understood besides, and how that is told to the person.

        It is asked only where the built-in reading led to no place, no topic or no clause.
        """
        if answer.status not in UNSURE or not _FILLERS.sub("", question.message):
            return question, ()
        try:
            return self._with(question, self._heard(question, visitor.get() or answer.conversation_id))
        except Silent as silent:
            _log.info("read without the model: %s", silent.failure.value)
        except Exception:  # whatever a model brings about, the question is answered as it was asked
            _log.exception("what the model understood could not be taken")
        return question, ()

    def _heard(self, question: Question, who: str) -> _Heard:
        instructions = prompt(
            "read",
            facts="\n".join(_line(fact) for fact in self.facts.values() if _can_be_said(fact)),
            words="、".join((*ASKS, *self.topics)),
        )
        said = self.speaker.say(instructions, question.message, who)
        try:
            found = json.loads(said.text[said.text.index("{") : said.text.rindex("}") + 1])
            heard = _Heard.model_validate(found)
        except (ValueError, ValidationError, RecursionError) as error:
            self.speaker.note(useful=False)
            raise Silent(said.failure or Failure.NONSENSE) from error
        self.speaker.note(useful=True)
        return heard

    # ── what of it is taken ──────────────────────────────────────────────────────────────────

    def _with(self, question: Question, heard: _Heard) -> tuple[Question, tuple[Notice, ...]]:
        facts = dict(self._facts(question, heard.facts))
        notices = [_as(words, f"{self.facts[name].label}:{told}") for name, (_, words, told) in facts.items()]
        values = {name: value for name, (value, _, _) in facts.items()}
        region = self._region(question, heard.region)
        if region:
            notices.append(_as(*region))
        message = question.message
        for said, meant in self._words(question, heard.words):
            message = message.replace(said, meant)
            notices.append(_as(said, meant))
        found = replace(
            question,
            message=message,
            region=region[1] if region else question.region,
            facts={**values, **question.facts},
        )
        return found, tuple(notices)

    def _facts(
        self, question: Question, said: Sequence[_SaidFact]
    ) -> Iterator[tuple[str, tuple[object, str, str]]]:
        """Yield the facts that may be taken: name, value, the words, how the value is told."""
        read = {one.name: one.words for one in read_facts(question.message, self.facts, question.as_of)}
        for one in said:
            fact = self.facts.get(one.name)
            if fact is None or not _can_be_said(fact) or one.name in {*read, *question.facts}:
                continue
            if not _stands(one.evidence, question.message) or not _rests_on(fact, one):
                continue
            if any(words in one.evidence or one.evidence in words for words in read.values()):
                continue  # these words were read already, as something else
            try:
                fact.read(one.value, question.as_of)
            except InvalidFact:
                continue
            yield one.name, (one.value, one.evidence, _told(fact, one.value))

    def _region(self, question: Question, said: _SaidRegion | None) -> tuple[str, str] | None:
        """Return the words and the place they mean, where nobody named one."""
        if (
            said is None
            or question.region
            or question.conversation_id
            or not _stands(said.evidence, question.message)
        ):
            return None
        if self.regions.mentions(question.message):
            return None
        found = self.regions.resolve(said.name)
        return None if found is None or isinstance(found, Ambiguous) else (said.evidence, found.name)

    def _words(self, question: Question, said: Sequence[_SaidWord]) -> Iterator[tuple[str, str]]:
        known = {*self.terms, *self.topics, *ASKS}
        for one in said:
            if (
                one.meant in known
                and one.meant not in question.message
                and _stands(one.said, question.message)
            ):
                yield one.said, one.meant


def tell(answer: Answer) -> Answer:
    """Return the answer that says first how the person's words were taken, so that every channel shows it."""
    told = [notice.text for notice in answer.notices if notice.kind == _KIND]
    first = "".join(f"{text}\n\n" for text in told)
    if not told:
        return answer
    moved = (replace(p, start=p.start + len(first), end=p.end + len(first)) for p in answer.proof)
    ours = Proof(0, len(first), SourceKind.MANNERS, _KIND)
    return replace(answer, text=first + answer.text, proof=(ours, *moved))


def _stands(words: str, message: str) -> bool:
    """Whether words are in a message, and tell something."""
    return len(_FILLERS.sub("", words)) >= _SHORTEST_WORDS and words in message


def _rests_on(fact: Fact, said: _SaidFact) -> bool:
    """Whether a figure or a day of a value stands in its words, in any notation."""
    if fact.type in (FactType.INT, FactType.DECIMAL):
        written = {str(v) for f in figures(normalized(said.evidence)) for v in f.values}
        written |= set(re.findall(r"\d+(?:\.\d+)?", normalized(said.evidence)))
        return not isinstance(said.value, bool) and str(said.value) in written
    if fact.type in (FactType.DATE, FactType.MONTH):
        return all(str(int(part)) in said.evidence for part in re.findall(r"\d+", str(said.value)))
    return True


def _can_be_said(fact: Fact) -> bool:
    return not fact.local and fact.type in (
        FactType.ENUM,
        FactType.BOOL,
        FactType.INT,
        FactType.DECIMAL,
        FactType.DATE,
        FactType.MONTH,
    )


def _line(fact: Fact) -> str:
    options = "、".join(f"{value}={label}" for value, label in (fact.options or {}).items())
    return f"{fact.name}({fact.type.value}){fact.label}{f':{options}' if options else ''}"


def _told(fact: Fact, value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return (fact.options or {}).get(str(value), f"{value}{fact.unit}")


def _as(words: str, meant: str) -> Notice:
    """Return how the person is told that their words were taken for something."""
    said = say("notice.understood", words=_of_person(words), meant=_of_person(meant))
    return Notice(_KIND, "".join(span.text for span in said))


def _of_person(words: str) -> Span:
    return Span(words, SourceKind.PERSON, words)
