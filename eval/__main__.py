"""`python -m eval`: ask every question, print by kind how many were right, and the failures to mend."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import app
from bot.advisor import Advisor
from bot.types import Question
from eval.metrics import Score, interval, scores
from eval.questions import Case, Part, load


def ask(advisor: Advisor, case: Case) -> Iterator[Score]:
    """Yield the scores of a case, its turns asked in one conversation of their own."""
    conversation = None
    for turn in case.turns:
        question = Question(turn.message, case.as_of, case.region, conversation)
        answer = advisor.answer(question, datetime.now(UTC))
        conversation = answer.conversation_id
        yield from scores(case, turn, answer)


def table(found: Sequence[Score]) -> Iterator[str]:
    """Yield a line a kind: n, the share right with its interval, and the parts of it."""
    kinds = dict.fromkeys(one.case.kind for one in found)
    for kind in (*kinds, "all"):
        some = [one for one in found if kind in (one.case.kind, "all")]
        n, right = len(some), sum(one.right for one in some)
        low, high = interval(right, n)
        first = sum(one.clause_first for one in some)
        causes = Counter(one.causes[0] for one in some if one.causes)
        told = " ".join(f"{cause} {count}" for cause, count in causes.most_common())
        share = f"right {right / n:6.1%} [{low:.1%}, {high:.1%}]"
        yield f"{kind:15} n={n:4} {share} clause first {first / n:6.1%}  {told}"


def failure(one: Score) -> str:
    """Return what was asked, what came, and what was expected."""
    case, answer, expected = one.case, one.answer, one.expected
    cited = ", ".join(f"{c.policy}#{c.clause}" for c in answer.citations)
    return (
        f"✗ {case.id} [{' '.join(one.causes)}] {one.turn.message} ({case.region or '—'}, {case.as_of})\n"
        f"    got  {answer.status.value} {cited}\n"
        f"    want {' '.join(expected.status)} {', '.join(expected.clauses)} {' '.join(expected.figures)}"
        f"{' not ' + ' '.join(expected.not_figures) if expected.not_figures else ''}\n"
        f"    said {answer.text[:200]!r}"
    )


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval")
    parser.add_argument("--failures", action="store_true", help="print the failures of the development part")
    parser.add_argument("--part", choices=[part.value for part in Part], help="only this part")
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder, app.advisor(app.Settings(data_dir=Path(folder))) as advisor:
        found = [one for case in load() for one in ask(advisor, case)]
    for part in Part:
        some = [one for one in found if one.case.part is part]
        if given.part in (None, part.value):
            print(f"── {part.value} ──", *table(some), sep="\n")
        if given.failures and part is Part.DEVELOPMENT:
            print(*(failure(one) for one in some if not one.right), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
