"""The documents as pages: /policies lists them, /policies/<id>#<clause> marks the cited clause."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse
from starlette.templating import Jinja2Templates

from bot.advisor import Advisor
from bot.answering.compose import day_in_words
from bot.answering.messages import LABEL, sentences
from knowledge.corpus import target_period
from knowledge.types import Clause, ClauseKind, Policy, ValidityStatus

STATIC = Path(__file__).with_name("static")
_TEMPLATES = Jinja2Templates(Path(__file__).with_name("templates"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One clause as the page shows it."""

    clause_id: str
    label: str
    level: int | None  # of its heading, 2 to 4; None for a clause that has none of its own
    heading: str
    paragraphs: tuple[str, ...]


def router(advisor: Advisor, clock: Callable[[], datetime]) -> APIRouter:
    """Return the pages of the documents."""
    pages = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

    @pages.get("/", response_class=RedirectResponse)
    def home() -> RedirectResponse:
        return RedirectResponse("/chat")

    @pages.get("/favicon.ico")
    def favicon() -> FileResponse:
        return FileResponse(STATIC / "favicon.svg", media_type="image/svg+xml")

    @pages.get("/policies")
    def policies(request: Request) -> HTMLResponse:
        known = [
            (policy, advisor.regions.get(policy.region).name, standing(advisor, policy, clock()))
            for policy in advisor.corpus.policies.values()
        ]
        return _page(request, "policies.html", policies=known)

    @pages.get("/policies/{policy_id}")
    def policy(request: Request, policy_id: str) -> HTMLResponse:
        found = advisor.corpus.policies.get(policy_id)
        if found is None:
            raise HTTPException(404, {"field": "id", "problem": f"没有收录文件 {policy_id}"})
        return _page(
            request,
            "policy.html",
            policy=found,
            region=advisor.regions.get(found.region).name,
            standing=standing(advisor, found, clock()),
            entries=tuple(entries(found)),
        )

    return pages


def standing(advisor: Advisor, policy: Policy, now: datetime) -> str:
    """Return where a document stands on the day, in words: never only a colour."""
    status = advisor.corpus.status(policy, now.date())
    if status is ValidityStatus.ENDED and policy.valid_to:
        return f"有效期到{day_in_words(policy.valid_to)}为止,已结束"
    if status is ValidityStatus.IN_FORCE:
        until = f"到{day_in_words(policy.valid_to)}" if policy.valid_to else ""
        return f"在有效期内{until}"
    if status is ValidityStatus.PERIOD_OVER:
        period = target_period(policy, None)
        assert period is not None  # PERIOD_OVER means that there is one
        return f"没有写有效期;目标期到{day_in_words(period.until)}为止,已经过了"
    return {
        ValidityStatus.NOT_YET: "还没有开始",
        ValidityStatus.REPEALED: "已被后来的文件废止",
    }.get(status, "没有写有效期")


def entries(policy: Policy) -> Iterator[Entry]:
    """Yield the clauses of a document, each with the lines of its own text."""
    for clause in policy.clauses:
        heading, body = _heading(clause)
        lines = tuple(line for line in body.split("\n") if line.strip(" |"))
        yield Entry(clause.clause_id, clause.label, _level(clause), heading, lines)


def _heading(clause: Clause) -> tuple[str, str]:
    """Return what is printed as a heading of its own, and the rest."""
    if clause.kind in (ClauseKind.SECTION, ClauseKind.ANNEX):
        return clause.text, ""
    first, _, rest = clause.text.partition("\n")
    own_line = bool(clause.heading) and first.endswith(clause.heading)
    return (first, rest) if own_line else ("", clause.text)


def _level(clause: Clause) -> int | None:
    depth = clause.clause_id.count(".") + 2
    return min(depth, 4) if _heading(clause)[0] else None


def _page(request: Request, template: str, **words: object) -> HTMLResponse:
    shared = {"label": LABEL, "disclaimer": sentences()["page.disclaimer"]}
    return _TEMPLATES.TemplateResponse(request, template, {**shared, **words})
