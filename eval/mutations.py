"""`python -m eval.mutations`: the verifier accepts every honest answer and no falsified one.

Each falsification changes one thing that could mislead a person. It is tried twice: as it is, and with
the short code made anew, as somebody would who knows how it is made. The second is the harder test:
only the archived knowledge can tell.
"""

from __future__ import annotations

import argparse
import copy
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import app
from bot.advisor import Advisor
from bot.answering.render import answer_json
from eval.__main__ import answering, ask
from eval.questions import Part, load
from knowledge import archive, verifier

Json = Any
Falsify = Callable[[Json, random.Random], bool]  # changes an answer; False where there is nothing to change

_CITIES = ("杭州市", "青岛市", "上海市", "济南市", "嘉兴市")


def answers(advisor: Advisor, most: int | None = None) -> Iterator[Json]:
    """Yield the answers to the development questions, as JSON."""
    cases = [case for case in load() if case.part is Part.DEVELOPMENT][:most]
    for case in cases:
        yield from (answer_json(score.answer) for score in ask(answering(advisor), case))


def digit(answer: Json, chance: random.Random) -> bool:
    """Another digit in the reply."""
    places = [m.start() for m in re.finditer(r"\d", answer["text"])]
    if not places:
        return False
    at = chance.choice(places)
    other = chance.choice([d for d in "0123456789" if d != answer["text"][at]])
    answer["text"] = f"{answer['text'][:at]}{other}{answer['text'][at + 1 :]}"
    return True


def ten_thousand(answer: Json, chance: random.Random) -> bool:
    """万 lost, or 元 made 万元."""
    was = answer["text"]
    answer["text"] = was.replace("万", "", 1) if "万" in was else was.replace("元", "万元", 1)
    return bool(answer["text"] != was)


def city(answer: Json, chance: random.Random) -> bool:
    """Another city's name in the reply."""
    named = [name for name in _CITIES if name in answer["text"]]
    if not named:
        return False
    was = chance.choice(named)
    return _replaced(answer, was, chance.choice([name for name in _CITIES if name != was]))


def clause(answer: Json, chance: random.Random) -> bool:
    """Another clause of the document is cited."""
    if not answer["citations"]:
        return False
    cited = chance.choice(answer["citations"])
    cited["clause"] = chance.choice(
        [c for c in ("2.1.3", "2.3.17", "3.1", "2.8", "1") if c != cited["clause"]]
    )
    return True


def quote(answer: Json, chance: random.Random) -> bool:
    """A character of a quote is another one."""
    quoted = [c for c in answer["citations"] if len(c["quote"]) > 2]
    if not quoted:
        return False
    cited = chance.choice(quoted)
    at = chance.randrange(len(cited["quote"]))
    cited["quote"] = (
        f"{cited['quote'][:at]}{'甲' if cited['quote'][at] != '甲' else '乙'}{cited['quote'][at + 1 :]}"
    )
    return True


def lost(answer: Json, chance: random.Random) -> bool:
    """A condition or a figure is left out of the reply; the proof is made to fit."""
    spans = [p for p in answer["proof"] if p["source"] in ("clause", "step") or _is_condition(p["ref"])]
    if len(answer["proof"]) < 2 or not spans:
        return False
    gone = chance.choice(spans)
    start, end = gone["span"]
    answer["text"] = answer["text"][:start] + answer["text"][end:]
    answer["proof"] = [_moved(p, start, end - start) for p in answer["proof"] if p is not gone]
    return True


def swapped(answer: Json, chance: random.Random) -> bool:
    """Two spans of the reply change places; each keeps its source."""
    pairs = [(a, b) for a in answer["proof"] for b in answer["proof"] if a["span"][0] < b["span"][0]]
    pairs = [(a, b) for a, b in pairs if _said(answer, a) != _said(answer, b)]
    if not pairs:
        return False
    one, two = chance.choice(pairs)
    one["source"], two["source"] = two["source"], one["source"]
    one["ref"], two["ref"] = two["ref"], one["ref"]
    return True


def verdict(answer: Json, chance: random.Random) -> bool:
    """能 made 不能, and the reverse."""
    if answer["verdict"] is None:
        return False
    answer["verdict"] = chance.choice([v for v in ("met", "not_met") if v != answer["verdict"]])
    return True


def day(answer: Json, chance: random.Random) -> bool:
    """The answer is given out as one of another year."""
    if not answer["citations"]:
        return False
    answer["as_of"] = f"{int(answer['as_of'][:4]) + chance.choice((-9, 9))}{answer['as_of'][4:]}"
    return True


def validity(answer: Json, chance: random.Random) -> bool:
    """A document that has ended is given out as in force, and the reverse."""
    if not answer["citations"]:
        return False
    cited = chance.choice(answer["citations"])
    cited["validity"] = "ended" if cited["validity"] == "in_force" else "in_force"
    return True


def amount(answer: Json, chance: random.Random) -> bool:
    """Another sum in a calculation."""
    found = [c for c in answer["calculations"] if c.get("amount_yuan") or c.get("if_met_yuan")]
    if not found:
        return False
    made = chance.choice(found)
    name = "amount_yuan" if made.get("amount_yuan") else "if_met_yuan"
    made[name] = int(float(made[name])) + chance.choice((1, 10, 777, 123457))
    return True


def condition(answer: Json, chance: random.Random) -> bool:
    """A condition of a calculation is dropped, or comes out otherwise."""
    found = [c for c in answer["calculations"] if c["conditions"]]
    if not found:
        return False
    made = chance.choice(found)
    if chance.random() < 0.5:
        made["conditions"].pop(chance.randrange(len(made["conditions"])))
    else:
        one = chance.choice(made["conditions"])
        one["met"] = chance.choice([met for met in (True, False, None) if met is not one["met"]])
    return True


FALSIFICATIONS: Mapping[str, Falsify] = {
    f.__name__: f
    for f in (
        digit,
        ten_thousand,
        city,
        clause,
        quote,
        lost,
        swapped,
        verdict,
        day,
        validity,
        amount,
        condition,
    )
}


def falsified(answer: Json, kind: str, chance: random.Random) -> Json | None:
    """Return the answer falsified, its short code made anew; None where it has nothing of the kind."""
    changed = copy.deepcopy(answer)
    if not FALSIFICATIONS[kind](changed, chance) or changed == answer:
        return None
    changed["code"] = archive.code(changed)
    return changed


def _replaced(answer: Json, was: str, now: str) -> bool:
    answer["text"] = answer["text"].replace(was, now, 1)
    return True


def _is_condition(ref: str) -> bool:
    return "/gives@" in ref or "/to@" in ref


def _moved(proof: Json, start: int, length: int) -> Json:
    first, last = proof["span"]
    return {**proof, "span": [first - length, last - length]} if first > start else proof


def _said(answer: Json, proof: Json) -> str:
    return str(answer["text"][slice(*proof["span"])])


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.mutations")
    parser.add_argument("-n", type=int, default=100_000, help="how many falsified answers")
    parser.add_argument("--seed", type=int, default=20261125)
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder, app.advisor(app.Settings(data_dir=Path(folder))) as advisor:
        honest = list(answers(advisor))
        known = archive.read(Path(folder) / "archive", advisor.knowledge)
    refused = [one for one in honest if any(verifier.problems(one, known))]
    print(f"honest {len(honest)}, refused {len(refused)}")
    for one in refused[:5]:
        print("  ", list(verifier.problems(one, known))[:3])
    chance = random.Random(given.seed)
    tried, passed, kept = Counter[str](), Counter[str](), Counter[str]()
    while sum(tried.values()) < given.n:
        kind = chance.choice(list(FALSIFICATIONS))
        answer = chance.choice(honest)
        if (changed := falsified(answer, kind, chance)) is None:
            continue
        tried[kind] += 1
        passed[kind] += not any(verifier.problems(changed, known))
        kept[kind] += not any(verifier.problems({**changed, "code": answer["code"]}, known))
    for kind in FALSIFICATIONS:
        print(f"{kind:14} tried {tried[kind]:6} accepted {kept[kind]:4}, resealed {passed[kind]:4}")
    return int(bool(refused or kept.total()))


if __name__ == "__main__":
    sys.exit(main())
