"""The pages that need no script: what they share, the visitor's choices, what the law wants said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse
from starlette.templating import Jinja2Templates

from bot.advisor import Advisor
from bot.answering.messages import LABEL, sentences
from bot.channels.choices import THEMES, Choices, Cities, keep
from bot.channels.site import Site
from knowledge.corpus import target_period
from knowledge.facts import parse_day
from knowledge.metadata import days
from knowledge.types import Policy, ValidityStatus


def day_in_words(day: date) -> str:
    """Return a day as people write it: 2025年12月31日."""
    return f"{day.year}年{day.month}月{day.day}日"


STATIC = Path(__file__).with_name("static")
TEMPLATES = Jinja2Templates(Path(__file__).with_name("templates"))
TEMPLATES.env.globals["in_words"] = day_in_words


@dataclass(frozen=True, slots=True)
class At:
    """Where a page stands: whose it is, who looks at it, and how they may change the look."""

    path: str  # with the query, as the visitor sees it
    here: str  # the entry of the navigation
    chosen: Choices
    site: Site
    cities: Cities
    disclaimer: str

    @property
    def themes(self) -> dict[str, str]:
        return THEMES

    def look(self, name: str, value: str) -> str:
        """Return the address that makes a choice and comes back here."""
        return f"/look?{urlencode({name: value, 'back': self.path})}"


@dataclass(frozen=True, slots=True)
class Pages:
    """What every page is made with."""

    advisor: Advisor
    clock: Callable[[], datetime]
    site: Site

    @property
    def cities(self) -> Cities:
        regions = self.advisor.regions
        return {code: regions.get(code).name for code in self.advisor.settler.covered}

    @property
    def bar(self) -> str:
        """The permanent notice."""
        return sentences()["page.bar"]

    def chosen(self, request: Request) -> Choices:
        return Choices.of(request, self.cities)

    def at(self, request: Request, here: str) -> At:
        query = f"?{request.url.query}" if request.method == "GET" and request.url.query else ""
        path = f"{request.url.path}{query}"
        disclaimer = sentences()["page.disclaimer"]
        return At(path, here, self.chosen(request), self.site, self.cities, disclaimer)

    def render(
        self,
        request: Request,
        template: str,
        here: str,
        *,
        status: int = 200,
        words: Mapping[str, object] | None = None,
        **more: object,
    ) -> HTMLResponse:
        """Return a page; nobody on the way may keep it, because it may hold what a person told."""
        shared = {"at": self.at(request, here), "label": LABEL, "bar": self.bar}
        filled = {**shared, **(words or {}), **more}
        return TEMPLATES.TemplateResponse(request, template, filled, status, {"Cache-Control": "no-store"})

    def problem(self, request: Request, status: int, title: str, problem: str) -> HTMLResponse:
        return self.render(request, "problem.html", "", status=status, title=title, problem=problem)

    def day(self, written: str | None) -> tuple[date, str | None]:
        """Return the day that somebody wrote, or today with what is wrong with it."""
        today = self.clock().date()
        if not written or not written.strip():
            return today, None
        found = read_day(written)
        return (found, None) if found else (today, sentences()["page.bad_day"].format(day=written[:20]))


def read_day(written: str) -> date | None:
    """Return the day that somebody wrote, as 2024-06-01 or as 2024年6月1日; None where it is none."""
    try:
        return parse_day(written.strip()) or next(iter(days(written)), None)
    except ValueError:  # 2023-02-30
        return None


def router(pages: Pages) -> APIRouter:
    """Return the way in, the choices of a visitor, and the pages about the service itself."""
    routes = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

    @routes.get("/", response_class=RedirectResponse)
    def home() -> RedirectResponse:
        return RedirectResponse("/chat")

    @routes.get("/favicon.ico")
    def favicon() -> FileResponse:
        return FileResponse(STATIC / "favicon.svg", media_type="image/svg+xml")

    @routes.get("/look")
    def look(request: Request, back: str = "/chat") -> RedirectResponse:
        response = RedirectResponse(_inside(back), 303)
        chosen = {n: v for n, v in request.query_params.items() if n in ("mode", "theme", "city")}
        keep(response, chosen, pages.cities, secure=request.url.scheme == "https")
        return response

    @routes.get("/about")
    def about(request: Request) -> HTMLResponse:
        policies = pages.advisor.corpus.policies.values()
        return pages.render(request, "about.html", "/about", policies=policies)

    @routes.get("/privacy")
    def privacy(request: Request) -> HTMLResponse:
        return pages.render(request, "privacy.html", "/privacy")

    return routes


def _inside(back: str) -> str:
    """Return `back` if it is a path of ours, else the way in: no address may send people elsewhere."""
    parts = urlsplit(back)
    ours = not parts.scheme and not parts.netloc and back.startswith("/") and back[1:2] not in ("/", "\\")
    return back if ours and back.isprintable() else "/chat"


def standing(advisor: Advisor, policy: Policy, day: date) -> str:
    """Return where a document stands on a day, in words: never only a colour."""
    status = advisor.corpus.status(policy, day)
    if status is ValidityStatus.ENDED and policy.valid_to:
        return f"有效期到{day_in_words(policy.valid_to)}为止,已结束"
    if status is ValidityStatus.IN_FORCE:
        until = f",到{day_in_words(policy.valid_to)}" if policy.valid_to else ""
        return f"在有效期内{until}"
    if status is ValidityStatus.PERIOD_OVER:
        period = target_period(policy, None)
        assert period is not None  # PERIOD_OVER means that there is one
        return f"没有写有效期;目标期到{day_in_words(period.until)}为止,已经过了"
    return {
        ValidityStatus.NOT_YET: "还没有开始",
        ValidityStatus.REPEALED: "已被后来的文件废止",
    }.get(status, "没有写有效期")
