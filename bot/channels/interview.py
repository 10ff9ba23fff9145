"""/screen 我能领什么: one question at a time, ten at the most; what is certain is shown as it becomes so.

The whole interview stands in the address: nothing is stored, and the way back is the browser's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.channels import forms
from bot.channels.calculating import raw_facts
from bot.channels.documents import Listed, listed
from bot.channels.forms import Typed
from bot.channels.pages import Pages
from bot.channels.result import Result, result
from bot.channels.site import mark
from bot.channels.timeline import Event, timeline
from bot.privacy import mask
from knowledge.programs import AUDIENCES

MOST_QUESTIONS = 10

_AUDIENCES = {
    "求职": "找工作、刚毕业",
    "创业": "自己创业、开店",
    "博士后": "做博士后",
    "导师": "当创业导师",
    "单位": "替单位问",
}
_NOT_FACTS = {"city", "as_of", "audience", "text", "mode", "theme", "done", "asked"}


@dataclass(frozen=True, slots=True)
class Told:
    """Something the visitor said, and the address without it, to say it anew."""

    label: str
    words: str
    without: str


@dataclass(frozen=True, slots=True)
class Screened:
    """The programs of a city by how they come out, and the question that settles most."""

    met: tuple[Result, ...]
    unknown: tuple[Result, ...]
    not_met: tuple[Result, ...]
    next: forms.Field | None
    problems: tuple[str, ...] = ()


def router(pages: Pages) -> APIRouter:
    """Return the interview, and its summary to keep."""
    routes = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

    @routes.get("/screen")
    def interview(request: Request) -> Response:
        typed = _typed(request)
        if text := "".join(typed.pop("text", [])):
            return RedirectResponse(f"/screen?{urlencode(_understood(pages, text, typed), doseq=True)}", 303)
        return pages.render(request, "screen.html", "/screen", words=_words(request, pages, typed))

    @routes.get("/screen/summary")
    def summary(request: Request) -> Response:
        typed = _typed(request)
        words = _words(request, pages, typed)
        number = sha256(urlencode(sorted(typed.items()), doseq=True).encode()).hexdigest()[:32]
        words["mark"] = mark(pages.site, number)
        page = pages.render(request, "summary.html", "/screen", words=words)
        page.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote('我能领什么.html')}"
        return page

    return routes


def _typed(request: Request) -> dict[str, list[str]]:
    query = request.query_params
    return {name: values for name in query if any(values := [v for v in query.getlist(name) if v.strip()])}


def _understood(pages: Pages, text: str, typed: Typed) -> dict[str, list[str]]:
    """Return the address for what a person said in their own words; what they said before holds."""
    advisor = pages.advisor
    day, _ = pages.day("".join(typed.get("as_of", ())))
    dictionary = advisor.calculator.programs.facts
    read = advisor.facts_to_screen(mask(text).text[:500], {}, day)
    said = {n: v for name, value in read.items() if name in dictionary
            for n, v in forms.typed(dictionary[name], value).items()}  # fmt: skip
    return {**said, **{name: list(values) for name, values in typed.items()}}


def _words(request: Request, pages: Pages, typed: dict[str, list[str]]) -> dict[str, object]:
    """Return what the pages of the interview are filled with."""
    chosen = pages.chosen(request)
    day, wrong = pages.day("".join(typed.get("as_of", ())))
    audience = "".join(typed.get("audience", ())[:1])
    audience = audience if audience in AUDIENCES else ""
    facts = raw_facts(pages, tuple(_fact_names(pages, typed)), typed)
    number = "".join(typed.get("asked", ())[:1])[:3]
    asked = int(number) if number.isascii() and number.isdigit() else 0
    found = _screened(pages, chosen.city, facts, day, audience, typed) if chosen.city and audience else None
    over = bool(typed.get("done")) or asked >= MOST_QUESTIONS
    query = urlencode({k: v for k, v in typed.items() if k not in ("done", "mode", "theme")}, doseq=True)
    return {
        "city": chosen.city,
        "audience": audience,
        "audiences": _AUDIENCES,
        "day": day,
        "wrong": wrong,
        "told": tuple(_told(pages, typed, audience)),
        "kept": [
            (n, v)
            for n, values in typed.items()
            if n not in ("done", "asked", "mode", "theme", "city")
            for v in values
        ],
        "found": found,
        "question": None if over or found is None else found.next,
        "asked": asked,
        "most": MOST_QUESTIONS,
        "query": query,
        "documents": tuple(_documents(pages, chosen.city, day)) if found else (),
        "picture": timeline(tuple(_events(found, pages, chosen.city, day))) if found else None,
    }


def _fact_names(pages: Pages, typed: Typed) -> Iterator[str]:
    """Yield the facts that an address names: bare, with their program, or in parts (taxes.vat)."""
    dictionary = pages.advisor.calculator.programs.facts
    for name in typed:
        if name in _NOT_FACTS:
            continue
        if name.rpartition(".")[2] in dictionary:
            yield name
        elif name.partition(".")[0] in dictionary:
            yield name.partition(".")[0]


def _screened(
    pages: Pages, city: str, facts: Mapping[str, object], day: date, audience: str, typed: Typed
) -> Screened:
    calculator = pages.advisor.calculator
    dictionary = calculator.programs.facts
    found = calculator.screen(city, facts, day, audience)
    if "error" in found:
        problems = found["problems"]
        assert isinstance(problems, Mapping)
        named = ((dictionary.get(str(n).rpartition(".")[2]), str(p)) for n, p in problems.items())
        said = tuple(f"{fact.label if fact else '日期'}:{problem}" for fact, problem in named)
        return Screened((), (), (), None, said)

    def group(name: str) -> tuple[Result, ...]:
        rows = found[name]
        assert isinstance(rows, list)
        return tuple(result(row, pages.advisor.corpus, dictionary) for row in rows)

    question = found["next_question"]
    field = None
    if isinstance(question, Mapping):
        name = str(question["fact"])
        fact = dictionary[name.rpartition(".")[2]]
        field = forms.field(fact, typed, name, str(question["question"]))
    return Screened(group("met"), group("unknown"), group("not_met"), field)


def _told(pages: Pages, typed: dict[str, list[str]], audience: str) -> Iterator[Told]:
    dictionary = pages.advisor.calculator.programs.facts

    def without(*names: str) -> str:
        kept = {n: v for n, v in typed.items() if n not in (*names, "done", "asked")}
        return f"/screen?{urlencode(kept, doseq=True)}"

    if audience:
        yield Told("想了解", _AUDIENCES.get(audience, audience), without("audience"))
    for name in dict.fromkeys(_fact_names(pages, typed)):
        fact = dictionary[name.rpartition(".")[2]]
        given, value = forms.raw(fact, typed, name)
        if given:
            program = pages.advisor.calculator.programs.named(name.rpartition(".")[0]) if fact.local else None
            label = f"{program.title},{fact.label}" if program else fact.label
            yield Told(label, forms.in_words(fact, value), without(*forms.names(fact, name)))


def _documents(pages: Pages, city: str, day: date) -> Iterator[Listed]:
    """Yield the documents of a city, each with where it stands on the day."""
    code = next(code for code, name in pages.cities.items() if name == city)
    for policy in pages.advisor.corpus.in_regions(pages.advisor.regions.chain(code)):
        yield listed(pages, policy, day)


def _events(found: Screened, pages: Pages, city: str, day: date) -> Iterator[Event]:
    """Yield the days that matter: of asking, of each document, of each condition that lapses."""
    yield Event(day, "您看的这一天", now=True)
    for policy in (document.policy for document in _documents(pages, city, day)):
        if policy.valid_from:
            yield Event(policy.valid_from, f"《{policy.title.value}》开始")
        if policy.valid_to:
            yield Event(policy.valid_to, f"《{policy.title.value}》最后一天", over=policy.valid_to < day)
    for one in (*found.met, *found.unknown):
        amount = f"({one.sum})" if one.sum else ""
        for last, text in one.until:
            yield Event(last, f"{one.title}{amount}:{text}", over=last < day)
