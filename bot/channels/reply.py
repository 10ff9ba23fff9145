"""An answer, as the contract's JSON, → what a page shows of it. The chat and the plain page show the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from bot.advisor import Advisor
from bot.channels import forms
from bot.channels.address import clause_address
from bot.channels.markup import to_html
from bot.channels.pages import day_in_words
from bot.channels.result import Json, Result, result
from knowledge.corpus import target_period
from knowledge.facts import Fact, FactType

_STANDINGS = {
    "in_force": "在有效期内",
    "ended": "有效期已过",
    "not_yet": "还没有开始",
    "repealed": "已废止",
    "period_over": "没有写有效期,目标期已过",
    "unstated": "没有写有效期",
}
_STANDING_KINDS = ("ended", "period_over", "not_yet", "repealed")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a cited document stands: a colour and words."""

    status: str
    words: str


@dataclass(frozen=True, slots=True)
class Source:
    """A clause that the reply rests on."""

    n: int
    title: str
    label: str
    href: str  # opens the document with the cited words marked
    quote: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Known:
    """Something that has been understood of the person, and the field that corrects it."""

    label: str
    words: str
    field: forms.Field


@dataclass(frozen=True, slots=True)
class Asking:
    """The one question that follows, and how it can be answered with a tap."""

    fact: str
    question: str
    options: tuple[str, ...]
    field: forms.Field | None  # where there is a fact of the dictionary to fill in


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer as a page shows it."""

    answer_id: str
    conversation_id: str
    as_of: date
    standings: tuple[Standing, ...]
    notices: tuple[str, ...]  # about the documents, in full
    remarks: tuple[str, ...]  # how the message was read
    html: Markup
    results: tuple[Result, ...]
    sources: tuple[Source, ...]
    asking: Asking | None
    regions: tuple[str, ...]
    known: tuple[Known, ...]
    label: str
    asked: str = ""  # the message, masked, to be asked again for another day
    cities: tuple[str, ...] = ()  # that can be asked about instead

    @property
    def leading(self) -> Result | None:
        """The one calculation whose sum leads the reply; None where there are several, or none."""
        only = self.results[0] if len(self.results) == 1 else None
        return only if only and only.sum else None


def reply(answer: Json, advisor: Advisor, asked: str = "") -> Reply:
    """Return an answer for a page; `asked` is the message that it answers, masked."""
    facts = advisor.calculator.programs.facts
    notices = [one for one in _maps(answer["notices"])]
    about = tuple(str(one["text"]) for one in notices if one["kind"] in _STANDING_KINDS)
    as_of = date.fromisoformat(str(answer["as_of"]))
    sources = tuple(_source(one, advisor, as_of) for one in _maps(answer["citations"]))
    past = (source.standing for source in sources if source.standing.status in _STANDING_KINDS)
    asks = _maps(answer["asks"])
    return Reply(
        answer_id=str(answer["answer_id"]),
        conversation_id=str(answer["conversation_id"]),
        as_of=as_of,
        standings=tuple(dict.fromkeys(past)),
        notices=about,
        remarks=tuple(str(one["text"]) for one in notices if one["kind"] not in _STANDING_KINDS),
        html=to_html(_without(str(answer["text"]), about)),
        results=tuple(result(one, advisor.corpus, facts) for one in _maps(answer["calculations"])),
        sources=sources,
        asking=_asking(asks[0], advisor) if asks else None,
        regions=tuple(str(name) for name in _list(answer["regions"])),
        known=tuple(_known(answer["facts"], advisor)),
        label=str(answer["label"]),
        asked=asked,
        cities=tuple(advisor.regions.get(code).name for code in advisor.settler.covered),
    )


def _without(text: str, notices: tuple[str, ...]) -> str:
    """Return a reply without the paragraphs that the page shows in a place of their own."""
    return "\n\n".join(part for part in text.split("\n\n") if part not in notices)


def _source(citation: Json, advisor: Advisor, as_of: date) -> Source:
    policy_id, clause = str(citation["policy"]), str(citation["clause"])
    quote = str(citation["quote"])
    _, href = clause_address(advisor.corpus, policy_id, clause, quote, as_of)
    standing = Standing(str(citation["validity"]), _standing(citation, advisor))
    n = citation["n"]
    assert isinstance(n, int)
    return Source(n, str(citation["title"]), str(citation["label"]), href, quote, standing)


def _standing(citation: Json, advisor: Advisor) -> str:
    status = str(citation["validity"])
    words = _STANDINGS[status]
    policy = advisor.corpus.policies.get(str(citation["policy"]))
    if status in ("ended", "in_force") and citation["valid_to"]:
        return f"{words}(到{day_in_words(date.fromisoformat(str(citation['valid_to'])))})"
    period = target_period(policy, str(citation["clause"])) if policy and status == "period_over" else None
    return f"没有写有效期,目标期已过(到{day_in_words(period.until)})" if period else words


def _asking(ask: Json, advisor: Advisor) -> Asking:
    name = str(ask["fact"])
    fact = _fact(name, advisor)
    options = tuple(str(option) for option in _list(ask["options"]))
    if not options and fact and fact.type is FactType.BOOL:
        options = ("是", "不是")
    if not options and fact and fact.type is FactType.ENUM:
        options = tuple((fact.options or {}).values())
    open_ = fact is not None and not options
    return Asking(
        name, str(ask["question"]), options, forms.field(fact, {}, name) if open_ and fact else None
    )


def _known(facts: object, advisor: Advisor) -> Iterator[Known]:
    for name, value in facts.items() if isinstance(facts, Mapping) else ():
        if fact := _fact(name, advisor):
            typed = forms.typed(fact, value, name) if value is not None else {}
            yield Known(fact.label, forms.in_words(fact, value), forms.field(fact, typed, name))


def _fact(name: str, advisor: Advisor) -> Fact | None:
    return advisor.calculator.programs.facts.get(name.rpartition(".")[2])


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


def _maps(value: object) -> list[Json]:
    return [one for one in _list(value) if isinstance(one, Mapping)]
