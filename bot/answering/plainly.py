"""The plain words of the statements that answer: what they give, to whom, and the one that is asked for.

The words were written ahead of time and are tied to the clause (plain.toml). Nothing is written here;
what the question names of a list is picked, the rest of the list is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.answering.evidence import Asked, Evidence, Pick, pick
from bot.answering.messages import say
from bot.types import SourceKind, Span
from knowledge.normalize import normalized
from knowledge.numerals import Measure, figures
from knowledge.statements import Passage
from knowledge.types import Clause, Plain

_LONGEST = 120  # characters of what several entries give; beyond, only the one that fits best is told
_MARK = re.compile("[,;:]")


@dataclass(frozen=True, slots=True)
class Told:
    """What is said in plain words; each part as spans, () where there is nothing to say."""

    gives: tuple[Span, ...]
    to: tuple[Span, ...]
    to_answers: bool  # whether the figure that is asked for stands in `to` alone
    mistake: tuple[Span, ...]
    next: tuple[Span, ...]
    english: tuple[Span, ...]


def tell(plain: Sequence[Plain], clause: Clause, evidence: Evidence, asked: Asked) -> Told | None:
    """Return what the statements of `evidence` say in plain words; None where nobody wrote them all.

    None too where the plain words lack a figure of the kind that is asked for: then the text answers.
    """
    entries = _entries(plain, evidence)
    if not entries or not _has_all(entries, evidence):
        return None
    return _told(entries, clause, evidence.measure, asked)


def tell_about(plain: Sequence[Plain], clause: Clause, evidence: Evidence, quote: str) -> Told | None:
    """Return the conditions of the program that `quote` begins, where the statements are about it."""
    place = clause.start + clause.text.find(quote)
    entry = next((p for p in plain if p.start <= place < p.end), None)
    if entry is None or quote not in clause.text or entry not in _entries(plain, evidence):
        return None
    return replace(_told((entry,), clause, None, Asked("")), gives=())


def _told(entries: Sequence[Plain], clause: Clause, measure: Measure | None, asked: Asked) -> Told:
    words = [_Words(entry, clause) for entry in entries]
    said = {f.measure for entry in entries for f in figures(normalized(entry.gives))}
    return Told(
        to_answers=measure is not None and measure not in said,
        gives=_joined(each.gives(asked, measure) for each in words),
        to=_joined(each.whole("to") for each in words),
        mistake=words[0].whole("mistake"),
        next=words[0].whole("next"),
        english=_spaced(each.whole("en") for each in words),
    )


def _entries(plain: Sequence[Plain], evidence: Evidence) -> tuple[Plain, ...]:
    """Return the entries that stand for the statements, the best statement's alone if they are long."""
    held = [_standing_for(s.passage, plain) for s in evidence.statements]
    if not all(held):
        return ()
    entries = tuple(dict.fromkeys(entry for entry in held if entry))
    if sum(len(entry.gives) for entry in entries) <= _LONGEST:
        return entries
    best = _standing_for((evidence.best or evidence.statements[0]).passage, plain)
    return (best,) if best else ()


def _standing_for(passage: Passage, plain: Sequence[Plain]) -> Plain | None:
    return next((p for p in plain if p.start <= passage.start and passage.end <= p.end), None)


def _has_all(entries: Sequence[Plain], evidence: Evidence) -> bool:
    """Whether every figure of the kind asked for that the text would show is in the plain words too."""
    shown = [evidence.pick.passage] if evidence.pick else evidence.passages
    asked = {v for p in shown for f in figures(p.text) if f.measure is evidence.measure for v in f.values}
    said = "。".join(f"{entry.gives}。{entry.to}" for entry in entries)
    return asked <= {v for f in figures(normalized(said)) for v in f.values}


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of one entry, as spans that name where they stand."""

    entry: Plain
    clause: Clause

    def part(self, name: str, start: int, end: int) -> tuple[Span, ...]:
        text = getattr(self.entry, name)[start:end]
        place = f"{self.clause.full_id}@{self.entry.start}-{self.entry.end}"
        return (Span(text, SourceKind.PLAIN, f"{place}/{name}@{start}-{end}"),) if text else ()

    def whole(self, name: str) -> tuple[Span, ...]:
        return self.part(name, 0, len(getattr(self.entry, name)))

    def gives(self, asked: Asked, measure: Measure | None) -> tuple[Span, ...]:
        """Return what is given, of a list only the member asked for; the figures asked for stand out."""
        if measure is None:
            return self.whole("gives")
        whole = Passage(0, len(self.entry.gives), self.entry.gives)
        found = next(_picks(whole, asked, measure), None)
        if found is None:
            return self._standing_out(0, len(whole.text), measure)
        segment, member = found
        return (
            *self.part("gives", 0, segment.start),
            *self._standing_out(member.start, member.end, measure),
            *self._standing_out(segment.end, len(whole.text), measure),
        )

    def _standing_out(self, start: int, end: int, measure: Measure) -> tuple[Span, ...]:
        spans: tuple[Span, ...] = ()
        for figure in figures(self.entry.gives):
            if figure.measure is measure and start <= figure.start and figure.end <= end:
                spans += self.part("gives", start, figure.start)
                spans += say("answer.strong", words=self.part("gives", figure.start, figure.end))
                start = figure.end
        return spans + self.part("gives", start, end)


def _picks(gives: Passage, asked: Asked, measure: Measure) -> Iterator[tuple[Passage, Passage]]:
    """Yield each list of figures and the member that the question names, or else what is known of them."""
    start = 0
    segments = []
    for cut in [*(m.start() for m in _MARK.finditer(gives.text)), len(gives.text)]:
        segments.append(gives.part(start, cut))
        start = cut + 1
    for words in (asked.topic, asked.person):
        for segment in segments:
            found: Pick | None = pick(segment, words, measure)
            if found and found.words is None:
                yield segment, found.passage


def _joined(parts: Iterator[tuple[Span, ...]]) -> tuple[Span, ...]:
    spans: tuple[Span, ...] = ()
    for part in parts:
        spans += (say("answer.semicolon") if spans and part else ()) + part
    return spans


def _spaced(parts: Iterator[tuple[Span, ...]]) -> tuple[Span, ...]:
    spans: tuple[Span, ...] = ()
    for part in parts:
        spans += (say("english.space") if spans else ()) + part
    return spans
