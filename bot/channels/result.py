"""A determination, as the calculator's JSON, → what a page shows of it: the sum first, then why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.channels.address import clause_address
from knowledge.corpus import Corpus
from knowledge.facts import Facts

Json = Mapping[str, object]

_VERDICTS = {
    "met": "写明的条件都符合",
    "not_met": "有写明的条件不符合",
    "unknown": "还不能判断",
}
_PAST = {"expired": "有效期已过", "repealed": "已经废止", "not_yet": "还没有开始"}
_CONDITIONS = {True: ("yes", "✓ 符合"), False: ("no", "✗ 不符合"), None: ("open", "？ 待定")}


@dataclass(frozen=True, slots=True)
class Row:
    """A condition, ticked, crossed or open: the mark is a word too."""

    state: str  # yes, no, open
    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class Ground:
    """A figure that was used, its words, and where they stand."""

    quote: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Result:
    """One determination as a page shows it."""

    program: str
    title: str
    eligibility: str  # met, not_met, unknown, or "" where the text sets no condition on a person
    verdict: str
    sum: str  # 30000元(3万元), 最多20000元, or "" where there is none to show
    paid: str
    supposed: str  # 条件都符合的话 where the sum rests on that
    past: str  # 有效期已过, where the sum is one of the past
    conditions: tuple[Row, ...]
    missing: tuple[str, ...]  # labels of facts
    unverified: tuple[str, ...]
    steps: tuple[str, ...]
    grounds: tuple[Ground, ...]
    changes: tuple[str, ...]
    until: tuple[tuple[date, str], ...]
    notes: tuple[str, ...]
    title_of_policy: str
    label: str
    href: str
    quote: str
    link: str  # to the calculation of its own


def result(found: Json, corpus: Corpus, facts: Facts) -> Result:
    """Return a determination for a page."""
    policy_id, clause = str(found["policy"]), str(found["clause"])
    quote = str(found["quote"])
    label, href = clause_address(corpus, policy_id, clause, quote)
    sum_, supposed = _sum(found)
    missing = (facts.get(str(name).rpartition(".")[2]) for name in _list(found.get("missing")))
    policy = corpus.policies.get(policy_id)
    return Result(
        program=str(found["program"]),
        title=str(found["title"]),
        eligibility=str(found["eligibility"] or ""),
        verdict=_VERDICTS.get(str(found["eligibility"]), ""),
        sum=sum_,
        paid=str(found["paid"] or ""),
        supposed=supposed,
        past=_PAST.get(str(found["reason"]), "") if found["in_force"] is False else "",
        conditions=tuple(_rows(found)),
        missing=tuple(fact.label for fact in missing if fact),
        unverified=tuple(map(str, _list(found.get("unverified")))),
        steps=tuple(map(str, _list(found.get("steps")))),
        grounds=tuple(_grounds(found, corpus, policy_id)),
        changes=tuple(str(one["text"]) for one in _maps(found.get("changes"))),
        until=tuple(
            (date.fromisoformat(str(one["last_day"])), str(one["text"])) for one in _maps(found.get("until"))
        ),
        notes=tuple(map(str, _list(found.get("notes")))),
        title_of_policy=policy.title.value if policy else policy_id,
        label=label,
        href=href,
        quote=quote,
        link="/calculator/" + str(found["program"]).replace(" ", "/", 1),
    )


def _rows(found: Json) -> Iterator[Row]:
    for one in _maps(found.get("conditions")):
        met = one["met"]
        state, mark = _CONDITIONS[met if isinstance(met, bool) else None]
        yield Row(state, mark, str(one["text"]))


def _grounds(found: Json, corpus: Corpus, policy_id: str) -> Iterator[Ground]:
    quotes: dict[str, Ground] = {}
    for row in _maps(found.get("trace")):
        quote = str(row["quote"])
        label, href = clause_address(corpus, policy_id, str(row["clause"]), quote)
        quotes.setdefault(quote, Ground(quote, label, href))
    yield from quotes.values()


def _sum(found: Json) -> tuple[str, str]:
    """Return the sum in words, and what it supposes."""
    for name, supposed in (("amount_yuan", ""), ("historic_amount_yuan", ""), ("if_met_yuan", _IF_MET)):
        amount = found.get(name)
        if isinstance(amount, int | str) and (Decimal(amount) or found.get("eligibility") != "not_met"):
            most = "最多" if found["kind"] == "cap" else ""
            return f"{most}{yuan(Decimal(amount))}", supposed
    for name in ("max_yuan", "historic_max_yuan"):
        amount = found.get(name)
        if isinstance(amount, int | str) and Decimal(amount) > 0:
            return f"最多{yuan(Decimal(amount))}", _IF_MET if found.get("eligibility") == "unknown" else ""
    return "", ""


_IF_MET = "写明的条件都符合的话"


def yuan(amount: Decimal) -> str:
    """Return a sum as people read it: 30000元(3万元), 4000元, 3115.50元."""
    plain = f"{amount:.0f}元" if amount == amount.to_integral_value() else f"{amount:.2f}元"
    return (
        f"{plain}({(amount / 10000).normalize():f}万元)" if amount >= 10000 and amount % 1000 == 0 else plain
    )


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def _maps(value: object) -> list[Json]:
    return [one for one in _list(value) if isinstance(one, Mapping)]
