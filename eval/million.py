"""`python -m eval.million`: phrasings × facts × days, each reply against the engine and the verifier.

A question is a phrasing of the statement that a program computes, asked of its city, with facts drawn at
random: some in words, the others as a request gives them. The engine is the oracle: the reply may show no
other sum, no other verdict. The verifier derives every word of it again from the archived knowledge.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import app
from bot.advisor import Advisor
from bot.answering import personal
from bot.answering.render import answer_json
from bot.types import Question
from eval.metrics import values
from knowledge import archive, verifier
from knowledge.facts import Fact, FactType
from knowledge.programs import Program
from knowledge.types import Policy

Json = Any
FIRST, LAST = date(2023, 7, 5), date(2026, 12, 31)  # of the days asked on
_EDGES = (date(2023, 7, 5), date(2025, 12, 31), date(2026, 1, 1))

# How people say a fact; {} is its value. What stands nowhere here is given as a request gives it.
SPOKEN: dict[str, Sequence[str]] = {
    "heads": ("我招了{}个人", "带了{}个人就业", "店里雇了{}个人"),
    "insured_months": ("社保连续交了{}个月", "参保满{}个月了"),
    "year_index": ("现在是第{}年",),
    "age": ("我{}岁", "今年{}周岁"),
    "postdocs": ("我们招收了{}名博士后",),
}
_OPTIONS: dict[str, Sequence[str]] = {
    "degree": ("我是{}",),
    "student_status": ("我现在是{}", "我{}"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, and what the engine is to be asked."""

    program: Program
    question: Question
    spoken: dict[str, object]  # facts that the message says


def drawn(advisor: Advisor, seed: int) -> Iterator[Asked]:
    """Yield questions without end, the same ones for the same seed."""
    chance = random.Random(seed)
    programs = [p for p in advisor.calculator.programs.programs.values() if _asks(advisor, p)]
    while True:
        program = chance.choice(programs)
        city = advisor.regions.get(advisor.corpus.policies[program.policy_id].region).name
        facts = _facts(advisor, program, chance)
        ask = chance.choice(_asks(advisor, program))
        said_already = advisor.facts_in(ask, FIRST)  # 本科四十岁能迁户口吗
        facts = {name: value for name, value in facts.items() if name not in said_already}
        spoken = {n: facts.pop(n) for n in list(facts) if n in SPOKEN | _OPTIONS and chance.random() < 0.7}
        said = [_said(advisor.calculator.programs.facts[n], v, chance) for n, v in spoken.items()]
        message = ",".join((*said, ask if city[:2] in ask else f"{city[:2]}{ask}"))
        named = {_name(advisor, program, name): value for name, value in facts.items()}
        yield Asked(program, Question(message, _day(chance), city, facts=named), spoken)


def _asks(advisor: Advisor, program: Program) -> tuple[str, ...]:
    """Return how people ask about the statement that a program computes; () where it pays nobody."""
    policy: Policy = advisor.corpus.policies[program.policy_id]
    clause = next((c for c in policy.clauses if c.clause_id == program.clause), None)
    if clause is None or program.kind not in personal.PAYING or program.quote not in clause.text:
        return ()
    start = clause.start + clause.text.index(program.quote)
    there = (p for p in policy.phrasings.get(program.clause, ()) if p.at is not None and not p.unsaid)
    return tuple(ask for p in there if start <= (p.at or 0) < start + len(program.quote) for ask in p.asks)


def _facts(advisor: Advisor, program: Program, chance: random.Random) -> dict[str, object]:
    dictionary = advisor.calculator.programs.facts
    drawn_: dict[str, object] = {}
    for name in program.reads:
        if name in dictionary and chance.random() < 0.6:
            value = _value(dictionary[name], chance)
            if value is not None:
                drawn_[name] = value
    return drawn_


def _value(fact: Fact, chance: random.Random) -> object:
    low, high = int(fact.minimum or 0), int(min(fact.maximum or 60, 60))
    match fact.type:
        case FactType.ENUM:
            return chance.choice(list(fact.options or {}))
        case FactType.BOOL:
            return chance.random() < 0.6
        case FactType.INT:
            return chance.randint(low, max(low, high))
        case FactType.DECIMAL:
            return str(chance.randint(1, 80) * 10000)
        case FactType.DATE:
            return (date(2016, 1, 1) + timedelta(days=chance.randint(0, 3900))).isoformat()
        case FactType.MONTH:
            return f"{chance.randint(2023, 2025)}-{chance.randint(1, 12):02d}"
    return None


def _said(fact: Fact, value: object, chance: random.Random) -> str:
    shape = chance.choice(list((SPOKEN | _OPTIONS)[fact.name]))
    return shape.format((fact.options or {}).get(str(value), value) if fact.options else value)


def _name(advisor: Advisor, program: Program, name: str) -> str:
    return f"{program.short}.{name}" if advisor.is_local(name) else name


def _day(chance: random.Random) -> date:
    if chance.random() < 0.2:
        return chance.choice(_EDGES)
    return FIRST + timedelta(days=chance.randint(0, (LAST - FIRST).days))


def wrong(asked: Asked, answer: Json, known: Json, advisor: Advisor) -> Iterator[str]:
    """Yield by kind what is wrong with a reply: words, misread facts, sums and verdicts."""
    if any(verifier.problems(answer, known)):
        yield "words"
    for name, value in asked.spoken.items():
        read = answer["facts"].get(_name(advisor, asked.program, name), answer["facts"].get(name))
        if read is not None and str(read) != str(value):
            yield "misread"
    screened = any(call["tool"] == "screen" for call in answer["tool_calls"])
    for made in () if screened else answer["calculations"]:
        yield from _against_the_engine(made, answer, advisor)


def _against_the_engine(made: Json, answer: Json, advisor: Advisor) -> Iterator[str]:
    call = next(c for c in answer["tool_calls"] if c["args"].get("program") == made["program"])
    right: Json = advisor.calculator.calculate(made["program"], call["args"]["facts"], answer["as_of"])
    if any(str(made.get(name)) != str(right.get(name)) for name in _SUMS):
        yield "figure"
    if made["eligibility"] != right["eligibility"] or answer["verdict"] not in (None, right["eligibility"]):
        yield "verdict"
    total = personal.amount(right)
    told = any(p["source"] == "step" and p["ref"].endswith(":amount") for p in answer["proof"])
    if told and total is not None and ("money", total) not in values(answer["text"]):
        yield "figure"


_SUMS = ("amount_yuan", "if_met_yuan", "historic_amount_yuan")


def run(advisor: Advisor, known: Json, n: int, seed: int) -> Counter[str]:
    """Return what came of `n` questions: computed, cited with the right clause first, wrong by kind."""
    found: Counter[str] = Counter()
    for asked in islice(drawn(advisor, seed), n):
        answer: Json = answer_json(advisor.answer(asked.question, datetime.now(UTC)))
        cited = [(c["policy"], c["clause"]) for c in answer["citations"][:1]]
        found["clause first"] += cited == [(asked.program.policy_id, asked.program.clause)]
        found["computed"] += any(made["program"] == asked.program.id for made in answer["calculations"])
        found.update(f"wrong: {kind}" for kind in set(wrong(asked, answer, known, advisor)))
    return found


def bound(n: int) -> float:
    """Return the one-sided 95 % bound of a share of which nothing was seen in `n` (rule of three)."""
    return 3.0 / n


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.million")
    parser.add_argument("-n", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder, app.advisor(app.Settings(data_dir=Path(folder))) as advisor:
        known = archive.read(Path(folder) / "archive", advisor.knowledge)
        found = run(advisor, known, given.n, given.seed)
    print(f"{given.n} replies, seed {given.seed}")
    for name, count in sorted(found.items()):
        print(f"{name:16} {count:8} {count / given.n:.4%}")
    failures = [name for name in found if name.startswith("wrong")]
    if not failures:
        print(f"nothing wrong; with 95 % certainty fewer than {bound(given.n):.6%} are")
    return int(bool(failures))


if __name__ == "__main__":
    sys.exit(main())
