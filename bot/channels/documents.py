"""The documents: /policies lists and searches them, /policies/<id> marks the cited words; /compare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from bot.answering.render import answer_json
from bot.channels.pages import Pages, standing
from bot.channels.reply import reply
from bot.privacy import mask
from bot.types import Question
from embeddings.search import scored
from knowledge.corpus import citable
from knowledge.normalize import normalized
from knowledge.types import Clause, ClauseKind, Policy, ValidityStatus

_MOST_HITS = 12
_SPAN = re.compile(r"(\d{1,7})-(\d{1,7})")
_RUNNING = (ValidityStatus.IN_FORCE, ValidityStatus.UNSTATED)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a clause's words, cited by the reply or not."""

    text: str
    cited: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One clause as the page shows it."""

    clause_id: str
    label: str
    level: int | None  # of its heading, 2 to 4; None for a clause that has none of its own
    heading: tuple[Piece, ...]
    paragraphs: tuple[tuple[Piece, ...], ...]
    cited: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A document in the list, and where it stands on the day."""

    policy: Policy
    region: str
    status: ValidityStatus
    standing: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause that a search found."""

    listed: Listed
    clause: Clause
    excerpt: tuple[Piece, ...]


def router(pages: Pages) -> APIRouter:
    """Return the pages of the documents."""
    routes = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

    @routes.get("/policies")
    def policies(
        request: Request, as_of: str = "", q: str = "", city: str = "", running: bool = False
    ) -> HTMLResponse:
        day, wrong = pages.day(as_of)
        words = normalized(mask(q).text)[:100].strip()
        known = tuple(listed(pages, policy, day) for policy in pages.advisor.corpus.policies.values())
        within = tuple(row for row in known if city in ("", row.region))
        shown = tuple(row for row in within if not running or row.status in _RUNNING)
        hits = tuple(_hits(pages, words, within)) if words else ()
        return pages.render(
            request, "policies.html", "/policies",
            day=day, wrong=wrong, q=words, city=city, running=running, listed=shown, hits=hits,
        )  # fmt: skip

    @routes.get("/policies/{policy_id}")
    def policy(request: Request, policy_id: str, as_of: str = "", mark: str = "") -> HTMLResponse:
        found = pages.advisor.corpus.policies.get(policy_id)
        if found is None:
            return pages.problem(request, 404, "没有这份文件", f"没有收录编号为“{policy_id[:40]}”的文件。")
        day, wrong = pages.day(as_of)
        shown = tuple(entries(found, _span(mark)))
        return pages.render(
            request,
            "policy.html",
            "/policies",
            listed=listed(pages, found, day),
            day=day,
            wrong=wrong,
            entries=shown,
        )

    @routes.get("/compare")
    def compare(
        request: Request, a: str = "", b: str = "", subject: str = "", as_of: str = ""
    ) -> HTMLResponse:
        day, wrong = pages.day(as_of)
        names = set(pages.cities.values())
        subject = mask(subject).text[:60].strip()
        shown = None
        if subject and a in names and b in names:
            wrong = "请选两个不同的城市。" if a == b else wrong
        if subject and a in names and b in names and a != b:
            answer = pages.advisor.answer(Question(f"{a}和{b}的{subject}", day), pages.clock())
            shown = reply(answer_json(answer), pages.advisor)
        return pages.render(
            request, "compare.html", "/policies", day=day, wrong=wrong, a=a, b=b, subject=subject, reply=shown
        )

    return routes


def listed(pages: Pages, policy: Policy, day: date) -> Listed:
    """Return a document as the list shows it on a day."""
    advisor = pages.advisor
    region = advisor.regions.get(policy.region).name
    return Listed(policy, region, advisor.corpus.status(policy, day), standing(advisor, policy, day))


def _hits(pages: Pages, words: str, within: tuple[Listed, ...]) -> Iterator[Hit]:
    """Yield the clauses of these documents that fit the words best: those that hold them go first."""
    rows = {row.policy.policy_id: row for row in within}
    literal = [c for row in within for c in citable(row.policy) if words in c.text]
    found = [clause for code in dict.fromkeys(row.policy.region for row in within)
             for clause in _nearest(pages, words, code)]  # fmt: skip
    unique = {clause.full_id: clause for clause in (*literal, *found) if clause.policy_id in rows}
    for clause in list(unique.values())[:_MOST_HITS]:
        yield Hit(rows[clause.policy_id], clause, excerpt(clause.text, words))


def _nearest(pages: Pages, words: str, code: str) -> Iterator[Clause]:
    advisor = pages.advisor
    chain = advisor.regions.chain(code)
    policies = tuple(policy.policy_id for policy in advisor.corpus.in_regions(chain))
    documents = advisor.settler.retriever.invoke(words, regions=chain, policies=policies, k=3)
    return (one.clause for one in scored(advisor.corpus, documents))


def excerpt(text: str, words: str, around: int = 90) -> tuple[Piece, ...]:
    """Return the part of a text where the words stand, marked; its beginning where they do not."""
    place = text.find(words)
    if place < 0:
        return (Piece(text[: 2 * around] + ("…" if len(text) > 2 * around else ""), False),)
    start, end = max(0, place - around), min(len(text), place + len(words) + around)
    before, after = text[start:place], text[place + len(words) : end]
    lead, tail = "…" if start else "", "…" if end < len(text) else ""
    return (Piece(lead + before, False), Piece(words, True), Piece(after + tail, False))


# ── a document ───────────────────────────────────────────────────────────────────────────────


def _span(mark: str) -> tuple[int, int]:
    """Return the offsets into the policy's text that an address asks to mark: ?mark=1034-1051."""
    found = _SPAN.fullmatch(mark)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def entries(policy: Policy, cited: tuple[int, int] = (0, 0)) -> Iterator[Entry]:
    """Yield the clauses of a document, each with the lines of its own text and the cited words marked."""
    for clause in policy.clauses:
        heading, body = _heading(clause)
        lines = tuple(_lines(clause.start + len(clause.text) - len(body), body, cited))
        holds = clause.start < cited[1] and cited[0] < clause.end and clause.kind is not ClauseKind.SECTION
        marked = tuple(_pieces(clause.start, heading, cited))
        yield Entry(clause.clause_id, clause.label, _level(clause), marked, lines, holds)


def _lines(start: int, body: str, cited: tuple[int, int]) -> Iterator[tuple[Piece, ...]]:
    for line in body.split("\n"):
        if line.strip(" |"):
            yield tuple(_pieces(start, line, cited))
        start += len(line) + 1


def _pieces(start: int, text: str, cited: tuple[int, int]) -> Iterator[Piece]:
    """Yield the words before, inside and after what is cited; `start` is where the text stands."""
    first, last = (min(max(place - start, 0), len(text)) for place in cited)
    for words, inside in ((text[:first], False), (text[first:last], True), (text[last:], False)):
        if words:
            yield Piece(words, inside)


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
