"""What a form says → a question to the advisor. The plain page at /ask and the chat speak the same form.

Fields of the form: `q` the words; `talk` the conversation; `city`, `as_of`; and where the form answers
or corrects one fact, `about` its name, its inputs, and `corrects`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse

from bot.advisor import Advisor, UnknownConversation
from bot.answering.messages import sentences
from bot.channels import forms
from bot.channels.common_questions import common_questions
from bot.channels.forms import Typed
from bot.channels.pages import Pages
from bot.channels.reply import Reply, reply
from bot.types import Answer, Question
from knowledge.facts import FactType, InvalidFact

_LARGEST_FORM = 64 * 1024  # bytes
_MOST_FIELDS = 200


@dataclass(frozen=True, slots=True)
class Said:
    """A form as it was sent: the question in it, or what is wrong with it."""

    question: Question
    problem: str = ""


def read_form(body: str) -> Typed:
    """Return the fields of an urlencoded form.

    Raises:
        ValueError: more fields than any form of ours has.
    """
    return parse_qs(body[:_LARGEST_FORM], keep_blank_values=True, max_num_fields=_MOST_FIELDS)


def said(typed: Typed, pages: Pages) -> Said:
    """Return the question that a form asks."""

    def one(name: str) -> str:
        return (typed.get(name) or [""])[0]

    day, problem = pages.day(one("as_of"))
    city = one("city") if one("city") in pages.cities.values() else None
    question = Question(one("q"), day, city, one("talk") or None)
    if one("about") and not question.message.strip():
        return _about(one("about"), typed, question, pages, problem or "")
    return Said(question, problem or "")


def _about(name: str, typed: Typed, question: Question, pages: Pages, problem: str) -> Said:
    """Return the question of a form that answers or corrects one fact: in words, and as the fact itself."""
    fact = pages.advisor.calculator.programs.facts.get(name.rpartition(".")[2])
    if fact is None:
        return Said(question, sentences()["page.unknown_fact"])
    given, value = forms.raw(fact, typed, name)
    if not given:
        return Said(question, sentences()["page.nothing_chosen"])
    try:
        if value is not None:
            fact.read(value, question.as_of)
    except InvalidFact as error:
        return Said(question, f"{fact.label}:{error.problem}")
    number = fact.type in (FactType.INT, FactType.DECIMAL)
    words = str(value) if number else forms.in_words(fact, value)
    message = f"{fact.label}改成{words}" if typed.get("corrects") else words
    return Said(replace(question, message=message, facts={name: value}), problem)


def answered(
    question: Question, advisor: Advisor, now: datetime, on_step: Callable[[str], None] = lambda step: None
) -> Answer:
    """Return the answer; a talk that was erased or is past its days begins anew."""
    try:
        return advisor.answer(question, now, on_step)
    except UnknownConversation:
        return advisor.answer(replace(question, conversation_id=None), now, on_step)


def earlier(pages: Pages, conversation_id: str | None) -> tuple[tuple[str, Reply], ...]:
    """Return the turns of a conversation for a page; none where it is unknown or past its days."""
    if not conversation_id:
        return ()
    turns = pages.advisor.records.conversation(conversation_id, pages.clock()) or ()
    return tuple((turn.asked, reply(turn.answer, pages.advisor, turn.asked)) for turn in turns)


async def form(request: Request) -> Typed:
    """Return the fields of the form that a request sends."""
    try:
        return read_form((await request.body()).decode("utf-8", "replace"))
    except ValueError as error:
        raise HTTPException(422, {"field": "body", "problem": "这张表的格子太多,不是本站的表"}) from error


Sent = Annotated[Typed, Depends(form)]


def router(pages: Pages) -> APIRouter:
    """Return /ask, the chat without a script: the same replies, one page a turn."""
    routes = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

    def page(
        request: Request, talk: str | None = None, problem: str = "", done: str = "", q: str = ""
    ) -> HTMLResponse:
        city = pages.chosen(request).city
        return pages.render(
            request, "ask.html", "/chat",
            turns=earlier(pages, talk), problem=problem, done=done, q=q, talk=talk or "", city=city,
            questions=common_questions(pages.advisor, city), day=pages.clock().date(),
        )  # fmt: skip

    @routes.get("/ask")
    def begin(request: Request) -> HTMLResponse:
        return page(request)

    @routes.post("/ask")
    def ask(request: Request, typed: Sent) -> HTMLResponse:
        asked = said(typed, pages)
        question = asked.question
        if asked.problem:
            return page(request, question.conversation_id, asked.problem, q=question.message)
        answer = answered(question, pages.advisor, pages.clock())
        return page(request, answer.conversation_id)

    @routes.post("/forget")
    def forget(request: Request, typed: Sent) -> HTMLResponse:
        erased = pages.advisor.records.erase((typed.get("talk") or [""])[0])
        return page(request, done=sentences()["page.forgotten" if erased else "page.nothing_to_forget"])

    @routes.get("/questions")
    def questions(request: Request) -> HTMLResponse:
        asked = common_questions(pages.advisor, pages.chosen(request).city)
        return pages.render(request, "questions.html", "/chat", questions=asked)

    return routes
