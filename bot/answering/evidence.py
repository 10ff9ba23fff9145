"""From the clause that was found, the passages that answer: which statements, which figure of a list.

Everything that comes out is a verbatim passage. What is chosen depends on the words of the question
alone, so a figure is never taken from a statement about something else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from embeddings.store import Vectors
from knowledge.numerals import Figure, Measure, figures
from knowledge.statements import Passage, Reading, Statement


@dataclass(frozen=True, slots=True)
class Pick:
    """The one figure of a list that the question names: 硕士3万元 of 本科1万元、硕士3万元、博士10万元."""

    passage: Passage
    words: str | None  # the question's words for it, where the passage does not name it (银奖)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a clause says to a question."""

    statements: tuple[Statement, ...]  # the ones that answer, in the order of the text
    pick: Pick | None
    passages: tuple[Passage, ...]  # what to quote: the statements, less the figures not asked for
    has_measure: bool  # whether they hold a figure of the kind that was asked for
    measure: Measure | None = None  # that kind
    best: Statement | None = None  # the one that fits best, where figures were asked for


_OTHER_TOPIC = 0.6  # a statement that fits this much worse than the best one is about something else
_AS_GOOD = 0.75  # of the best score: a statement that fits about as well
_RELATED = 0.45  # of the best score: a statement that may hold another of several figures asked for
_FOUND = 3.0  # weight of the search's score beside words and meaning; set on the development questions
_LONGEST = 170  # characters to quote at the most


@dataclass(frozen=True, slots=True)
class Asked:
    """What evidence is looked for."""

    topic: str  # the words of the question that say what it is about
    measure: Measure | None = None  # the kind of figure that is asked for, None when none is
    personal: bool = False  # it asks what a person gets or needs: the figures of targets are no answer
    any_figure: bool = False  # a figure is asked for, of whatever kind
    several: bool = False  # it asks for more than one figure
    person: str = ""  # words for what is known of the person and the question leaves open: 本科
    found: Mapping[int, float] = field(default_factory=dict)  # the search's score of each statement


def choose(reading: Reading, asked: Asked, encoder: Vectors) -> Evidence | None:
    """Return the passages of a clause that answer what is asked; None if it states nothing."""
    statements = reading.statements
    if not statements:
        return None
    scores = _scores(statements, asked, encoder)
    best = int(np.argmax(scores))
    group = _group(statements, best)
    if asked.measure is None and not asked.any_figure:
        group = (statements[best],) if _length(group) > _LONGEST else group
        return Evidence(group, None, tuple(s.passage for s in group), True)
    if not _with(group, asked):
        other = _best_with(statements, scores, asked)
        if other is None or scores[other] < _OTHER_TOPIC * scores[best]:
            return Evidence((statements[best],), None, (statements[best].passage,), False)
        group, best = _group(statements, other), other
    evidence = _evidence(group, statements[best], asked)
    return evidence if evidence.pick else _with_rivals(evidence, statements, scores, best, asked)


_DEPARTMENT = re.compile(
    r"部门|[市区县省厅局委](?:人社|财政|科技)?[局委办]|办公室|领导小组|联席会议|牵头|负责"
)


def who(reading: Reading, asked: Asked, encoder: Vectors) -> Evidence | None:
    """Return the statement of a clause that says who does it, where no closing brackets do."""
    named = tuple(s for s in reading.statements if _DEPARTMENT.search(s.passage.text))
    if not named:
        return None
    best = named[int(np.argmax(_scores(named, asked, encoder)))]
    return Evidence((best,), None, (best.passage,), True)


def _evidence(group: tuple[Statement, ...], best: Statement, asked: Asked) -> Evidence:
    question, measure = asked.topic, asked.measure
    if measure is None:
        return Evidence(group, None, tuple(s.passage for s in group), True, None, best)
    fitting = _with(group, asked)
    pick = _pick_from(fitting, best, question, measure)
    if pick is None and (own := _pick_from(fitting, best, asked.person, measure)) and own.words is None:
        pick = own  # words that the passage lacks can only be the question's
    if pick is not None:
        others = tuple(p for s in group for p in _segments_without(s, measure, pick))
        return Evidence(group, pick, others, True, measure, best)
    if _length(group) > _LONGEST:
        group = tuple(s for s in group if s is best or s in _with(group, asked))
    if _length(group) > _LONGEST and best in _with(group, asked):
        group = (best,)
    narrowed = _segments_asked(best, question, measure) if len(group) == 1 else None
    return Evidence(group, None, narrowed or tuple(s.passage for s in group), True, measure, best)


def _with_rivals(
    evidence: Evidence,
    statements: Sequence[Statement],
    scores: NDArray[np.float32],
    best: int,
    asked: Asked,
) -> Evidence:
    """Return the evidence with the statements that fit about as well: which is meant is not ours to guess."""
    rivals = [
        s
        for s, score in zip(statements, scores, strict=True)
        if score >= (_RELATED if asked.several else _AS_GOOD) * scores[best]
        and s not in evidence.statements
        and _with((s,), asked)
    ]
    chosen = sorted((*evidence.statements, *rivals), key=lambda s: s.passage.start)
    if not rivals or _length(chosen) > _LONGEST:
        return evidence
    return Evidence(tuple(chosen), None, tuple(s.passage for s in chosen), True, asked.measure, evidence.best)


# ── which statements ─────────────────────────────────────────────────────────────────────────


def _group(statements: Sequence[Statement], best: int) -> tuple[Statement, ...]:
    """Return the statements of one sentence that speak about one benefit, the best among them."""
    chosen = statements[best]
    beside = [s for s in statements if s.sentence == chosen.sentence]
    if any(_THE_OTHERS.match(s.passage.text) for s in beside):
        return tuple(beside)  # 在上城区……;在其他区、县(市)……: neither holds without the other
    if not chosen.benefits:
        return (chosen,)
    return tuple(s for s in beside if s.benefits == chosen.benefits)


_THE_OTHERS = re.compile(r"(?:在|对)?(?:其他|其余|其它)[^,。;]{0,6}(?:区|县|市|单位|企业|人员|项目|的)")


def _with(group: Sequence[Statement], asked: Asked) -> tuple[Statement, ...]:
    """Return the statements that have a figure of the kind asked for."""
    fitting = (s for s in group if any(_answers(f, asked.measure) for f in s.figures))
    return tuple(s for s in fitting if not (asked.personal and s.is_target))


def _answers(figure: Figure, measure: Measure | None) -> bool:
    """Whether a figure is of the kind asked for; 1:10 also says how many. Of no kind: any but a day."""
    if measure is None:
        return figure.measure not in (Measure.DAY, Measure.FREQUENCY)
    ratio = measure is Measure.COUNT and figure.unit == ":"
    return figure.measure is measure or ratio


def _best_with(statements: Sequence[Statement], scores: NDArray[np.float32], asked: Asked) -> int | None:
    fitting = [i for i, s in enumerate(statements) if _with((s,), asked)]
    return max(fitting, key=lambda i: scores[i], default=None)


def _length(group: Sequence[Statement]) -> int:
    return sum(len(s.passage.text) for s in group)


def _scores(statements: Sequence[Statement], asked: Asked, encoder: Vectors) -> NDArray[np.float32]:
    """Return (n,) float32, how well each statement fits: by words, by meaning, by how people ask for it."""
    texts = [" ".join((*s.benefits, s.passage.text)) for s in statements]
    (topic,) = encoder.encode_questions([asked.topic])
    cosines = np.maximum(encoder.encode(texts) @ topic, 0)
    found = np.array([max(asked.found.get(s.passage.start, 0.0), 0.0) for s in statements])
    return np.asarray(_overlaps(texts, asked.topic) + cosines + _FOUND * found, dtype=np.float32)


def _overlaps(texts: Sequence[str], question: str) -> NDArray[np.float32]:
    """Return (n,) float32, each text's share of the question's character pairs.

    A pair that stands in many of the texts counts less: it does not tell them apart.
    """
    asked = _pairs(question)
    held = [_pairs(text) & asked for text in texts]
    common = Counter(pair for pairs in held for pair in pairs)
    if not common:
        return np.zeros(len(texts), dtype=np.float32)
    weights = {pair: 1.0 / count for pair, count in common.items()}
    whole = sum(weights.values())
    return np.array([sum(weights[p] for p in pairs) / whole for pairs in held], dtype=np.float32)


def _pairs(text: str) -> set[str]:
    runs = re.findall(r"[\u3400-\u9fff]+|[a-zA-Z0-9]+", text)
    return {run[i : i + 2] for run in runs for i in range(max(len(run) - 1, 1))}


# ── which figure of a list ───────────────────────────────────────────────────────────────────


def _pick_from(
    statements: Sequence[Statement], best: Statement, question: str, measure: Measure
) -> Pick | None:
    ordered = sorted(statements, key=lambda s: s is not best)
    picks = (pick(segment, question, measure) for s in ordered for segment in _figured(s, measure))
    return next((p for p in picks if p is not None), None)


def _figured(statement: Statement, measure: Measure) -> tuple[Passage, ...]:
    segments = statement.segments
    return tuple(s for s in segments if any(f.measure is measure for f in figures(s.text)))


# 不合格 is not 合格; of 没有优秀 the fillers leave 没 优秀.
_NEGATED = re.compile(r"(?:不|没得|没评上|没|未|非) ?[\u4e00-\u9fff]{2}")


def pick(segment: Passage, question: str, measure: Measure) -> Pick | None:
    """Return the member of a list of figures that the question names, if it names just one."""
    question = _NEGATED.sub(" ", question)
    members = _members(segment, measure)
    if len(members) > 1:
        return _labelled(members, question, measure)
    return _respectively(segment, question, measure)


def _members(segment: Passage, measure: Measure) -> tuple[Passage, ...]:
    """Return the parts of 本科1万元、硕士3万元、博士10万元 when each part has a label and a figure."""
    parts: list[Passage] = []
    start = 0
    for cut in [*(m.start() for m in re.finditer("、", segment.text)), len(segment.text)]:
        parts.append(segment.part(start, cut))
        start = cut + 1
    lead = re.compile(r"^(?:其中|对|按)")
    members = tuple(p.part(m.end(), len(p.text)) if (m := lead.match(p.text)) else p for p in parts)
    labelled = all(_label_of(m, measure) for m in members)
    return members if labelled else ()


def _label_of(member: Passage, measure: Measure) -> str:
    found = [f for f in figures(member.text) if f.measure is measure]
    return member.text[: found[0].start] if len(found) == 1 else ""


def _labelled(members: Sequence[Passage], question: str, measure: Measure) -> Pick | None:
    labels = [_label_of(m, measure) for m in members]
    named = [i for i, label in enumerate(labels) if longest_common(label, question) >= 2]
    return Pick(members[named[0]], None) if len(named) == 1 else None


_JOINED = re.compile(r"、|和|或")


def _respectively(segment: Passage, question: str, measure: Measure) -> Pick | None:
    """Return the n-th figure of 分别给予……100万元、50万元 for the n-th of the things listed before."""
    amounts = [f for f in figures(segment.text) if f.measure is measure]
    between = [segment.text[a.end : b.start] for a, b in pairwise(amounts)]
    if len(amounts) < 2 or set(between) != {"、"} or "分别" not in segment.text:
        return None
    before = segment.text[: amounts[0].start]
    picks: list[tuple[int, str]] = []
    for labels in _lists_of(before, len(amounts)):
        named = [(i, w) for i, label in enumerate(labels) if (w := _named(label, question))]
        if len(named) == 1:
            picks.append(named[0])
    if not picks:
        return None
    place, words = max(picks, key=lambda pick: len(pick[1]))  # 国家级 says more than 工作
    return Pick(segment.part(amounts[place].start, amounts[place].end), words)


def _lists_of(text: str, size: int) -> list[tuple[str, ...]]:
    """Return every run of `size` short things joined by 、和或 in `text`, each cut to what it must be."""
    pieces = _JOINED.split(text)
    runs = [tuple(pieces[i : i + size]) for i in range(len(pieces) - size + 1)]
    return [
        (run[0][-3:], *(piece for piece in run[1:-1]), run[-1][:6])
        for run in runs
        if all(0 < len(piece) <= 6 for piece in run[1:-1])
    ]


def _named(label: str, question: str) -> str | None:
    """Return the question's words for a label: 国家级, or 银奖 for the 银 of 金、银、铜奖."""
    size = longest_common(label, question)
    if size >= 2:
        return next(label[i : i + size] for i in range(len(label)) if label[i : i + size] in question)
    medal = f"{label[-1]}奖" if len(label) == 1 or label.endswith("获金") else None
    return medal if medal and medal in question else None


def longest_common(label: str, question: str) -> int:
    """Return the length of the longest run of characters that both have."""
    sizes = (
        size
        for size in range(len(label), 0, -1)
        for i in range(len(label) - size + 1)
        if label[i : i + size] in question
    )
    return next(sizes, 0)


# ── which segments ───────────────────────────────────────────────────────────────────────────


def _segments_without(statement: Statement, measure: Measure, pick: Pick) -> tuple[Passage, ...]:
    """Return the statement's segments less those with figures of the kind that was picked."""
    figured = _figured(statement, measure)
    if not any(s.start <= pick.passage.start < s.end for s in figured) and figured:
        return ()
    return tuple(segment for segment in statement.segments if segment not in figured)


def _segments_asked(statement: Statement, question: str, measure: Measure) -> tuple[Passage, ...] | None:
    """Return the one segment of several figures that is asked for, with the day that leads them."""
    figured = _figured(statement, measure)
    if len(figured) < 2:
        return None
    overlaps = _overlaps([segment.text for segment in figured], question)
    best = int(np.argmax(overlaps))
    if overlaps[best] < 2 * np.sort(overlaps)[-2] or overlaps[best] == 0:
        return None
    days = (s for s in statement.segments if any(f.measure is Measure.DAY for f in figures(s.text)))
    lead = next((s for s in days if s.start < figured[best].start), None)
    return (figured[best],) if lead is None or lead is figured[best] else (lead, figured[best])
