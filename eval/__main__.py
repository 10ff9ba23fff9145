"""`python -m eval`: ask every question, print by kind how many were right, and the failures to mend."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import app
from bot.advisor import Advisor
from bot.types import Answer, Question
from embeddings.index import read_manifest
from eval import models, screening
from eval.ablation import Missing, without
from eval.baselines import Answering, baselines
from eval.metrics import Score, interval, scores
from eval.models import Compared
from eval.questions import Case, Part, load
from eval.screening import Screened

BASELINE = Path(__file__).with_name("baseline.json")


def answering(advisor: Advisor) -> Answering:
    """Return the advisor as a function from a question to its answer."""

    def answer(question: Question) -> Answer:
        return advisor.answer(question, datetime.now(UTC))

    return answer


def ask(answer: Answering, case: Case) -> Iterator[Score]:
    """Yield the scores of a case, its turns asked in one conversation of their own."""
    conversation = None
    for turn in case.turns:
        given = answer(Question(turn.message, case.as_of, case.region, conversation))
        conversation = given.conversation_id
        yield from scores(case, turn, given)


def table(found: Sequence[Score]) -> Iterator[str]:
    """Yield a line a kind: n, the share right with its interval, and the parts of it."""
    for kind, some in by_kind(found).items():
        n, right = len(some), sum(one.right for one in some)
        low, high = interval(right, n)
        first = sum(one.clause_first for one in some)
        causes = Counter(one.causes[0] for one in some if one.causes)
        told = " ".join(f"{cause} {count}" for cause, count in causes.most_common())
        share = f"right {right / n:6.1%} [{low:.1%}, {high:.1%}]"
        yield f"{kind:15} n={n:4} {share} clause first {first / n:6.1%}  {told}"


def by_kind(found: Sequence[Score]) -> dict[str, list[Score]]:
    """Return the scores by what was asked, the pairs (right when both are) and all of them at the end."""
    kinds = dict.fromkeys(one.case.kind for one in found)
    return {kind: [one for one in found if kind in (one.case.kind, "all")] for kind in (*kinds, "all")}


def pairs(found: Sequence[Score]) -> tuple[int, int]:
    """Return how many pairs are right in both halves, and how many there are."""
    halves: dict[str, list[bool]] = {}
    for one in found:
        if one.case.pair:
            halves.setdefault(one.case.pair, []).append(one.right)
    return sum(all(both) for both in halves.values()), len(halves)


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


def figures_of(found: Sequence[Score], screened: Sequence[Screened]) -> dict[str, object]:
    """Return what baseline.json keeps of one part: counts, never questions."""
    both, of = pairs(found)
    kinds = {
        kind: {
            "n": len(some),
            "right": sum(one.right for one in some),
            "clause_first": sum(one.clause_first for one in some),
        }
        for kind, some in by_kind(found).items()
    }
    sure = sum(len(one.profile.met) for one in screened)
    return {
        "kinds": kinds,
        "pairs": {"n": of, "right": both},
        "screening": {
            "n": len(screened),
            "promised_wrongly": sum(len(one.promised_wrongly) for one in screened),
            "met": sure,
            "found": sure - sum(len(one.missed) for one in screened),
        },
    }


def report(advisor: Advisor, only: Part | None, *, failures: bool) -> Mapping[str, object]:
    """Print the tables; return the figures of each part."""
    found = [one for case in load() for one in ask(answering(advisor), case)]
    screened = [screening.screen(advisor, profile) for profile in screening.load()]
    figures = {}
    for part in Part:
        some = [one for one in found if one.case.part is part]
        persons = [one for one in screened if one.profile.part is part]
        figures[part.value] = figures_of(some, persons)
        if only in (None, part):
            both, of = pairs(some)
            print(f"── {part.value} ──", *table(some), sep="\n")
            print(f"{'pairs':15} n={of:4} both right {both / of:.1%}", *screening.table(persons), sep="\n")
        if failures and part is Part.DEVELOPMENT:
            print(*(failure(one) for one in some if not one.right), sep="\n")
            print(*(screening.failure(one) for one in persons if not one.right), sep="\n")
    return figures


def beside(advisor: Advisor) -> None:
    """Print what answerers without understanding score on the scored part."""
    cases = [case for case in load() if case.part is Part.SCORED]
    for name, answer in baselines(advisor).items():
        found = [one for case in cases for one in ask(answer, case)]
        print(f"── {name} ──", *table(found), sep="\n")


def bring() -> None:
    """Print what the development part scores with one part of the advisor taken away."""
    cases = [case for case in load() if case.part is Part.DEVELOPMENT]
    for missing in Missing:
        with tempfile.TemporaryDirectory() as folder, without(missing, Path(folder)) as advisor:
            found = [one for case in cases for one in ask(answering(advisor), case)]
        print(f"── without {missing.value} ──", *table(found), sep="\n", flush=True)


def model_beside(advisor: Advisor, settings: app.Settings, only: Part | None) -> None:
    """Print what the answers score with the model that is configured, and in what they differ."""
    compared, with_it = Compared(), []
    cases = [case for case in load() if only in (None, case.part)]
    with models.with_model(advisor, settings) as assisted:
        for case in cases:
            without = [one.answer for one in ask(answering(advisor), case)]
            started = perf_counter()
            scored = list(ask(answering(assisted), case))
            compared.seconds += perf_counter() - started
            with_it += scored
            for one, other in zip(without, scored, strict=True):
                compared.take(one, other.answer)
    print("── with the model ──", *table(with_it), *compared.lines(), sep="\n")


def stamp(advisor: Advisor) -> dict[str, str]:
    """Return which code and which index the figures belong to."""
    shown = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    changed = subprocess.run(["git", "status", "--porcelain"], capture_output=True, text=True, check=False)
    index = read_manifest(advisor.settler.retriever.folder).content
    commit = shown.stdout.strip() or "unknown"
    return {"commit": commit + ("+" if changed.stdout.strip() else ""), "index": index}


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval")
    parser.add_argument("--failures", action="store_true", help="print the failures of the development part")
    parser.add_argument("--part", choices=[part.value for part in Part], help="only this part")
    parser.add_argument("--beside", action="store_true", help="print what dumb answerers score, too")
    parser.add_argument("--ablation", action="store_true", help="print what each part brings, and stop")
    parser.add_argument("--model", action="store_true", help="ask again with the model of ADVISOR_LLM_…")
    parser.add_argument("--keep", action="store_true", help="write the figures to eval/baseline.json")
    given = parser.parse_args(argv)
    if given.ablation:
        bring()
        return 0
    with tempfile.TemporaryDirectory() as folder:
        return evaluate(app.Settings(data_dir=Path(folder)), given)


def evaluate(settings: app.Settings, given: argparse.Namespace) -> int:
    """Print the figures without a model, and what was asked for besides."""
    with app.advisor(settings.model_copy(update={"llm_url": "", "llm_folder": None})) as advisor:
        kept = stamp(advisor)
        print(f"commit {kept['commit']}, index {kept['index'][:16]}")
        only = Part(given.part) if given.part else None
        figures = report(advisor, only, failures=given.failures)
        if given.beside:
            beside(advisor)
        if given.model:
            model_beside(advisor, settings, only)
    if given.keep:
        BASELINE.write_text(json.dumps({**kept, **figures}, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
