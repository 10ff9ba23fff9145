"""/calculator: every program as a form made from the fact dictionary; the address is the calculation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from bot.channels import forms
from bot.channels.forms import Typed
from bot.channels.pages import Pages, standing
from bot.channels.result import result
from knowledge.programs import Program

_STAFF = "工作人员"


@dataclass(frozen=True, slots=True)
class Group:
    """The programs of one clause."""

    heading: str
    programs: tuple[Program, ...]


def router(pages: Pages) -> APIRouter:
    """Return the list of a city's programs, and a form for each."""
    routes = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

    @routes.get("/calculator")
    def programs(request: Request) -> HTMLResponse:
        city = pages.chosen(request).city
        groups = tuple(_groups(pages, city)) if city else ()
        return pages.render(request, "calculator.html", "/calculator", city=city, groups=groups)

    @routes.get("/calculator/{policy_id}/{short}")
    def program(request: Request, policy_id: str, short: str) -> HTMLResponse:
        found = _published(pages, f"{policy_id} {short}")
        if found is None:
            return pages.problem(request, 404, "没有这一项", f"没有编号为“{short[:40]}”的补贴项目。")
        return _calculation(request, pages, found)

    return routes


def _published(pages: Pages, program_id: str) -> Program | None:
    known = pages.advisor.calculator.programs
    found = known.programs.get(program_id)
    return found if found and found in known.published((found.policy_id,)) else None


def _groups(pages: Pages, city: str) -> Iterator[Group]:
    advisor = pages.advisor
    code = next(code for code, name in pages.cities.items() if name == city)
    policies = tuple(policy.policy_id for policy in advisor.corpus.in_regions(advisor.regions.chain(code)))
    shown = (p for p in advisor.calculator.programs.published(policies) if p.computes)
    for full_id, programs in groupby(shown, key=lambda p: f"{p.policy_id}#{p.clause}"):
        clause = next(
            (c for c in advisor.corpus.policies[full_id.partition("#")[0]].clauses if c.full_id == full_id),
            None,
        )
        heading = f"{clause.label} {clause.heading}" if clause else "整份文件"
        yield Group(heading.strip(), tuple(programs))


def _calculation(request: Request, pages: Pages, program: Program) -> HTMLResponse:
    advisor = pages.advisor
    query = request.query_params
    typed = {name: query.getlist(name) for name in query}
    day, wrong_day = pages.day(query.get("as_of"))
    facts = raw_facts(pages, program.reads, typed)
    found = advisor.calculator.calculate(program.id, facts, day) if facts and not wrong_day else {}
    problems = _problems(found)
    missing = found.get("missing")
    wanted = tuple(map(str, missing)) if isinstance(missing, list) else ()
    fields = tuple(_fields(pages, program, typed, problems, wanted))
    policy = advisor.corpus.policies[program.policy_id]
    return pages.render(
        request,
        "program.html",
        "/calculator",
        program=program,
        policy=policy,
        standing=standing(advisor, policy, day),
        validity=advisor.corpus.status(policy, day),
        day=day,
        wrong_day=wrong_day,
        fields=tuple(one for one in fields if one.name not in program.optional),
        further=tuple(one for one in fields if one.name in program.optional),
        result=result(found, advisor.corpus, advisor.calculator.programs.facts)
        if found and not problems
        else None,
        other=tuple(problem for name, problem in problems.items() if name not in program.reads),
    )


def raw_facts(pages: Pages, names: tuple[str, ...], typed: Typed) -> dict[str, object]:
    """Return the raw value of every fact that something was typed for."""
    dictionary = pages.advisor.calculator.programs.facts
    facts: dict[str, object] = {}
    for name in names:
        fact = dictionary.get(name.rpartition(".")[2])
        given, value = forms.raw(fact, typed, name) if fact else (False, None)
        if given:
            facts[name] = value
    return facts


def _problems(found: Mapping[str, object]) -> Mapping[str, str]:
    problems = found.get("problems", {})
    return {str(k): str(v) for k, v in problems.items()} if isinstance(problems, Mapping) else {}


def _fields(
    pages: Pages, program: Program, typed: Typed, problems: Mapping[str, str], missing: tuple[str, ...]
) -> Iterator[forms.Field]:
    dictionary = pages.advisor.calculator.programs.facts
    for name in program.reads:
        fact = dictionary[name]
        if name == "metric":
            options = tuple((target.metric, target.label) for target in program.targets)
            yield forms.Field(
                name, fact.question, fact.label, "", "select", options, (), tuple(typed.get(name, ())),
                problems.get(name, ""), name in missing,
            )  # fmt: skip
        else:
            yield forms.field(fact, typed, problem=problems.get(name, ""), wanted=name in missing)
