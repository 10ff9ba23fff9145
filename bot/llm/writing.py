"""An answer in a model's words, as far as they say what ours say; sentence by sentence, else ours again."""

from __future__ import annotations

import logging
import re
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from bot.llm.listening import tell
from bot.llm.manners import Manners
from bot.llm.prompts import prompt
from bot.llm.sentences import Outline, Sentence, outline, put_back
from bot.llm.speaker import Failure, Silent, Speaker
from bot.types import Answer, Proof, Span
from bot.visitors import visitor

_log = logging.getLogger(__name__)

_FAMILIES = ("answered", "clarify", "unanswerable")  # what sends on or refuses is said as it was written
_KEPT_AS_WRITTEN = ("answered_smalltalk",)
_LINE = re.compile(r"^\s*(\d{1,3})[.、:)\s]\s*(\S.*?)\s*$")
_MOST_REMEMBERED = 2000


@dataclass(frozen=True, slots=True)
class Writer:
    """Rewrites answers. What a model sees holds nothing of the person, so what it said serves everyone.

    Safe to share by threads.
    """

    speaker: Speaker
    manners: Manners
    _remembered: OrderedDict[str, Mapping[int, str]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, answer: Answer) -> Answer:
        """Return `answer` in a model's words where they say the same; first, how the question was taken."""
        return tell(self._in_its_words(answer))

    def _in_its_words(self, answer: Answer) -> Answer:
        if not answer.status.startswith(_FAMILIES) or answer.status in _KEPT_AS_WRITTEN:
            return answer
        try:
            return self._written(answer)
        except Silent as silent:
            _log.info("answered without the model: %s", silent.failure.value)
        except Exception:  # whatever a model brings about, the answer goes out as it was
            _log.exception("what the model wrote could not be taken")
        return answer

    def _written(self, answer: Answer) -> Answer:
        ours = outline(answer)
        said = self._said(ours, visitor.get() or answer.conversation_id)
        spans = tuple(span for piece in _spoken(ours, said) for span in piece)
        return replace(answer, text="".join(span.text for span in spans), proof=tuple(_proof(spans)))

    def _said(self, ours: Outline, who: str) -> Mapping[int, str]:
        """Return the sentences of the model that passed, by number; remembered for the next such answer."""
        shown = "\n".join(f"{n} {s.template}" for n, s in _open(ours))
        if not shown:
            return {}
        with self._lock:
            if (known := self._remembered.get(shown)) is not None:
                self._remembered.move_to_end(shown)
                return known
        reply = self.speaker.say(self._instructions(), f"{shown}\n\n记号:\n{ours.legend()}", who)
        passed = dict(self._passed(ours, reply.text))
        self.speaker.note(useful=bool(passed))
        if not passed:
            raise Silent(reply.failure or Failure.NONSENSE)
        if reply.failure is None:
            self._remember(shown, passed)
        return passed

    def _remember(self, shown: str, passed: Mapping[int, str]) -> None:
        with self._lock:
            self._remembered[shown] = passed
            if len(self._remembered) > _MOST_REMEMBERED:
                self._remembered.popitem(last=False)

    def _passed(self, ours: Outline, reply: str) -> Iterator[tuple[int, str]]:
        """Yield the number and the words of each sentence that says what ours says, each number once."""
        open_ones = dict(_open(ours))
        used: set[str] = set()
        for line in reply.splitlines():
            number, words = _numbered(line)
            sentence = open_ones.pop(number, None)
            if sentence is None or not self.manners.say_the_same(sentence.template, words):
                continue
            new = self.manners.courtesies_in(words) - self.manners.courtesies_in(sentence.template)
            if new & used:  # 您好 once is kind
                continue
            used |= new
            yield number, _ended(words, sentence)

    def _instructions(self) -> str:
        ways = groupby(self.manners.same, key=lambda way: self.manners.same[way])
        same = "\n".join("、".join(some) for _, some in ways)
        before, after = "、".join((*self.manners.before, *self.manners.alone)), "、".join(self.manners.after)
        return prompt("write", before=before, after=after, same=same)


def _open(ours: Outline) -> Iterator[tuple[int, Sentence]]:
    return ((n, s) for n, s in enumerate(ours.sentences, start=1) if s.is_open)


def _numbered(line: str) -> tuple[int, str]:
    found = _LINE.match(line)
    return (int(found[1]), found[2]) if found else (0, "")


def _spoken(ours: Outline, said: Mapping[int, str]) -> Iterator[tuple[Span, ...]]:
    """Yield the spans of each sentence, in the order of ours."""
    for number, sentence in enumerate(ours.sentences, start=1):
        words = said.get(number, sentence.template)
        yield sentence.spans if words == sentence.template else tuple(put_back(words, ours.tokens))


def _ended(words: str, ours: Sentence) -> str:
    """Return a sentence with an end, where ours has one."""
    ends = "。!?！？"
    return words if words[-1] in ends or ours.template[-1] not in ends else f"{words.rstrip(',:;，：；')}。"


def _proof(spans: Sequence[Span]) -> Iterator[Proof]:
    end = 0
    for span in spans:
        start, end = end, end + len(span.text)
        yield Proof(start, end, span.source, span.ref)
