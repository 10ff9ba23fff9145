"""How an answer is held against what was expected, and how sure a share is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatch

from bot.types import Answer
from eval.questions import Case, Expected, Turn
from knowledge.metadata import days
from knowledge.numerals import Measure, figures

FigureValue = tuple[str, Decimal] | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Score:
    """What was right about one answer."""

    case: Case
    turn: Turn
    expected: Expected
    answer: Answer
    status: bool
    clause_first: bool  # an expected clause is the first citation
    clause: bool  # an expected clause is first or second, and at most three are cited
    figures: bool  # all that must appear do, none that must not
    words: bool  # none that must not be said is said

    @property
    def right(self) -> bool:
        return not self.causes

    @property
    def causes(self) -> tuple[str, ...]:
        """What is wrong, in the order of the pipeline; () when nothing is."""
        held = {"clause": self.clause, "status": self.status, "figures": self.figures, "words": self.words}
        return tuple(name for name, holds in held.items() if not holds)


def scores(case: Case, turn: Turn, answer: Answer) -> tuple[Score, ...]:
    """Return how `answer` did: one score, or one for each thing that a letter asks."""
    if not turn.asks:
        return (_score(case, turn, turn.expected, answer, most=2),)
    return tuple(_score(case, turn, ask, answer, most=_MOST_OF_A_LETTER) for ask in turn.asks)


_MOST_OF_A_LETTER = 5  # its asks rest on several clauses; citing everything is still wrong


def _score(case: Case, turn: Turn, expected: Expected, answer: Answer, most: int) -> Score:
    """Return the score of one expectation; figures are looked for in the answer's text alone."""
    cited = [f"{c.policy}#{c.clause}" for c in answer.citations]
    said = values(answer.text)
    return Score(
        case=case,
        turn=turn,
        expected=expected,
        answer=answer,
        status=bool(turn.asks) or any(fnmatch(answer.status, allowed) for allowed in expected.status),
        clause_first=not expected.clauses or (bool(cited) and cited[0] in expected.clauses),
        clause=not expected.clauses
        or (len(cited) <= most + 1 and bool(set(cited[:most]) & set(expected.clauses))),
        figures=all(values(wanted) <= said for wanted in expected.figures)
        and not any(values(banned) & said for banned in expected.not_figures),
        words=not any(words in answer.text for words in expected.not_said),
    )


def values(text: str) -> set[FigureValue]:
    """Return the figures of a text by what they measure: 4000元 = 0.4万元 = 四千元, 半年 = 6个月."""
    found: set[FigureValue] = {("day", day.isoformat()) for day in days(text)}
    for figure in figures(text):
        factor, unit = _MONTHS.get(figure.unit, (Decimal(1), figure.measure.value))
        found |= {(unit, value * factor) for value in figure.values}
        if figure.measure is Measure.DAY:
            found.add(("year", figure.text[:4]))
    return found


_MONTHS = {"年": (Decimal(12), "months"), "个月": (Decimal(1), "months"), "月": (Decimal(1), "months")}


def interval(right: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927), both ends 0 to 1.

    Raises:
        ValueError: there are no cases, so there is no share.
    """
    if n == 0:
        raise ValueError("a share of no cases is undefined")
    z = 1.959964
    share, spread = right / n, z * z / n
    middle = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    return max(middle - half, 0.0), min(middle + half, 1.0)
