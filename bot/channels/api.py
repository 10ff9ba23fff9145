"""The HTTP contract under /api: chat, answers, conversations, feedback, policies, the calculator.

Whatever goes wrong is answered as problem JSON (RFC 9457) that names the field; a trace never leaves.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, TypeVar

import anyio
from fastapi import APIRouter, FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, BeforeValidator, ConfigDict
from starlette.exceptions import HTTPException as StarletteHTTPException

from bot.advisor import Advisor, UnknownConversation
from bot.answering.render import answer_json
from bot.privacy import mask
from bot.types import Answer, Question
from knowledge.corpus import Corpus, UnknownClause, citable
from knowledge.regions import Ambiguous
from knowledge.types import Clause, Policy

LARGEST_BODY = 64 * 1024  # bytes; the longest message that is read at all is far shorter

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TEXT_PIECE = 12  # characters of the checked reply in one `text` event

_log = logging.getLogger(__name__)
_Thing = TypeVar("_Thing")

Json = dict[str, object]


def _day(value: object) -> object:
    """Let only YYYY-MM-DD through; pydantic alone would also take a timestamp for a day."""
    if value is None or (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    raise ValueError("应为 YYYY-MM-DD 格式的日期,例如 2024-06-01")


Day = Annotated[date, BeforeValidator(_day)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ChatBody(Body):
    message: str
    conversation_id: str | None = None
    region: str | None = None
    as_of: Day | None = None
    facts: dict[str, Any] = {}  # null is "asked, and not said"


class CalculateBody(Body):
    program: str  # hangzhou-2023 2.3.17:jobs
    facts: dict[str, Any] = {}
    as_of: Day | None = None


class ScreenBody(Body):
    region: str
    as_of: Day | None = None
    facts: dict[str, Any] = {}
    text: str | None = None  # the person's own words; what `facts` says goes before
    audience: str | None = None


class FeedbackBody(Body):
    answer_id: str
    helpful: bool
    reason: str | None = None


class _ExactRequest(Request):
    """A request whose JSON numbers with a point are Decimal: no float ever touches money."""

    async def json(self) -> Any:
        if not hasattr(self, "_exact"):
            try:
                self._exact = json.loads(await self.body(), parse_float=Decimal)
            except json.JSONDecodeError:
                raise
            except (ValueError, RecursionError) as error:  # bytes that are no UTF-8, endless brackets
                raise json.JSONDecodeError(str(error), "", 0) from error
        return self._exact


class _ExactRoute(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def exact(request: Request) -> Response:
            return await handle(_ExactRequest(request.scope, request.receive))

        return exact


def router(advisor: Advisor, clock: Callable[[], datetime]) -> APIRouter:
    """Return the routes of the contract; `clock` says what time it is, with a zone."""
    api = APIRouter(prefix="/api", route_class=_ExactRoute)
    _chat_routes(api, advisor, clock)
    _record_routes(api, advisor, clock)
    _policy_routes(api, advisor, clock)
    _calculator_routes(api, advisor, clock)
    return api


def _chat_routes(api: APIRouter, advisor: Advisor, clock: Callable[[], datetime]) -> None:

    @api.post("/chat")
    def chat(body: ChatBody) -> Json:
        now = clock()
        if problems := advisor.wrong_facts(body.facts, body.as_of or now.date()):
            return {"error": "invalid_input", "fields": list(problems), "problems": problems}
        return answer_json(_answer(advisor, body, now))

    @api.post("/chat/stream", response_class=EventSourceResponse)
    async def stream(body: ChatBody) -> AsyncIterator[ServerSentEvent]:
        async for event in _events(advisor, body, clock()):
            yield event


def _record_routes(api: APIRouter, advisor: Advisor, clock: Callable[[], datetime]) -> None:
    @api.get("/answers/{answer_id}")
    def answer(answer_id: str) -> Json:
        return _found(advisor.records.answer(answer_id), "answer_id", "没有这个答复,或已过保存期")

    @api.get("/conversations/{conversation_id}")
    def conversation(conversation_id: str) -> Json:
        turns = _found(
            advisor.records.conversation(conversation_id, clock()),
            "conversation_id",
            "没有这个会话,或已过保存期",
        )
        told: list[Json] = [{"asked": turn.asked, "answer": turn.answer} for turn in turns]
        return {"conversation_id": conversation_id, "turns": told}

    @api.delete("/conversations/{conversation_id}", status_code=204)
    def erase(conversation_id: str) -> None:
        if not advisor.records.erase(conversation_id):
            raise _not_found("conversation_id", "没有这个会话,或已删除")

    @api.post("/feedback", status_code=204)
    def feedback(body: FeedbackBody) -> None:
        kept = advisor.records.add_feedback(body.answer_id, body.helpful, body.reason, clock())
        if not kept:
            raise _not_found("answer_id", "没有这个答复,或已过保存期")


def _policy_routes(api: APIRouter, advisor: Advisor, clock: Callable[[], datetime]) -> None:
    @api.get("/policies")
    def policies(as_of: Day | None = None) -> Json:
        day = as_of or clock().date()
        known = advisor.corpus.policies.values()
        return {"policies": [_policy(advisor, policy, day) for policy in known]}

    @api.get("/policies/{policy_id}")
    def policy(policy_id: str, as_of: Day | None = None) -> Json:
        found = _found(advisor.corpus.policies.get(policy_id), "id", f"没有收录文件 {policy_id}")
        clauses: list[Json] = [_clause_entry(clause) for clause in found.clauses]
        return {**_policy(advisor, found, as_of or clock().date()), "clauses": clauses}

    @api.get("/policies/{policy_id}/clauses/{clause_id}")
    def clause(policy_id: str, clause_id: str) -> Json:
        return _clause(advisor.corpus, f"{policy_id}#{clause_id}")


def _calculator_routes(api: APIRouter, advisor: Advisor, clock: Callable[[], datetime]) -> None:
    @api.get("/facts")
    def facts() -> Json:
        return {"facts": advisor.calculator.facts_json()}

    @api.get("/programs")
    def programs(region: str | None = None, as_of: Day | None = None) -> Json:
        day = as_of or clock().date()
        if region is not None:
            _known_region(advisor, region)
        return {"as_of": day.isoformat(), "programs": advisor.calculator.list_programs(region, day)}

    @api.post("/calculate")
    def calculate(body: CalculateBody) -> Json:
        return advisor.calculator.calculate(body.program, body.facts, body.as_of or clock().date())

    @api.post("/screen")
    def screen(body: ScreenBody) -> Json:
        day = body.as_of or clock().date()
        _known_region(advisor, body.region)
        facts = advisor.facts_to_screen(body.text or "", body.facts, day)
        return advisor.calculator.screen(body.region, facts, day, body.audience)


# ── chat ─────────────────────────────────────────────────────────────────────────────────────


def _question(advisor: Advisor, body: ChatBody, now: datetime) -> Question:
    if body.region is not None:
        _known_region(advisor, body.region)
    return Question(
        message=body.message,
        as_of=body.as_of or now.date(),
        region=body.region,
        conversation_id=body.conversation_id,
        facts={name: _masked(value) for name, value in body.facts.items()},
    )


def _masked(value: object) -> object:
    """Return a fact without personal data; decimals as the text that the dictionary reads."""
    if isinstance(value, str):
        return mask(value).text
    return str(value) if isinstance(value, Decimal) else value


def _known_region(advisor: Advisor, name: str) -> None:
    found = advisor.regions.resolve(name)
    if found is None:
        raise HTTPException(422, _problem("region", "不认识这个地区,请写城市或区县的名称或代码"))
    if isinstance(found, Ambiguous):
        places = "、".join(advisor.settler.full_name(place) for place in found.candidates)
        raise HTTPException(422, _problem("region", f"“{name}”不止一处,请写明是哪一处:{places}"))


def _answer(
    advisor: Advisor, body: ChatBody, now: datetime, on_step: Callable[[str], None] | None = None
) -> Answer:
    question = _question(advisor, body, now)
    try:
        return advisor.answer(question, now, **({"on_step": on_step} if on_step else {}))
    except UnknownConversation as error:
        raise _not_found("conversation_id", "没有这个会话,或已过保存期,请重新开始") from error


async def _events(advisor: Advisor, body: ChatBody, now: datetime) -> AsyncIterator[ServerSentEvent]:
    """Yield the steps while they happen, then the checked reply in pieces, then the whole answer.

    A client that goes away does not end the answering: it can fetch the answer by its id.
    """
    loop = asyncio.get_running_loop()
    told: asyncio.Queue[ServerSentEvent | None] = asyncio.Queue()  # None ends the stream

    def tell(event: str, data: Json) -> None:
        told.put_nowait(ServerSentEvent(event=event, data=data))

    def step(name: str) -> None:
        with suppress(RuntimeError):  # the server stops: the answer is stored all the same
            loop.call_soon_threadsafe(lambda: tell("step", {"step": name}))

    async def work() -> None:
        try:
            if problems := advisor.wrong_facts(body.facts, body.as_of or now.date()):
                wrong = [_problem(name, problem) for name, problem in problems.items()]
                return tell("error", _problem_json(422, "事实有误", wrong))
            answering = partial(_answer, advisor, body, now, step)
            answer = answer_json(await anyio.to_thread.run_sync(answering))
            text = str(answer["text"])
            for start in range(0, len(text), _TEXT_PIECE):
                # With the answer's id, so that a client that is cut off can fetch the rest.
                piece = text[start : start + _TEXT_PIECE]
                tell("text", {"text": piece, "answer_id": answer["answer_id"]})
            tell("answer", answer)
        except HTTPException as error:
            tell("error", _as_problem(error))
        except Exception:  # the stream is under way: its last event must say that it failed
            _log.exception("streaming failed")
            tell("error", _problem_json(500, _FAILED, []))
        finally:
            told.put_nowait(None)

    working = asyncio.create_task(work())
    while (event := await told.get()) is not None:
        yield event
    await working


# ── what is known ────────────────────────────────────────────────────────────────────────────


def _policy(advisor: Advisor, policy: Policy, day: date) -> Json:
    region = advisor.regions.get(policy.region)
    return {
        "id": policy.policy_id,
        "title": policy.title.value,
        "title_supplied_by": policy.title.supplied_by,
        "number": policy.number.value if policy.number else None,
        "issuer": policy.issuers[0].value if policy.issuers else None,
        "region": region.name,
        "issued_on": _iso(policy.issued_on),
        "valid_from": _iso(policy.valid_from),
        "valid_to": _iso(policy.valid_to),
        "target_periods": [
            {"clause": period.clause, "until": period.until.isoformat(), "quote": period.quote}
            for period in policy.periods
        ],
        "as_of": day.isoformat(),
        "validity": advisor.corpus.status(policy, day).value,
        "url": f"/policies/{policy.policy_id}",
        "source_sha256": policy.source_sha256,
    }


def _clause_entry(clause: Clause) -> Json:
    return {
        "id": clause.clause_id,
        "alias": clause.alias,
        "label": clause.label,
        "kind": clause.kind.value,
        "heading": clause.heading,
    }


def _clause(corpus: Corpus, full_id: str) -> Json:
    try:
        clause = corpus.clause(full_id)
    except UnknownClause as error:
        raise _not_found("clause", f"没有条款 {full_id}") from error
    policy = corpus.policies[clause.policy_id]
    return {
        **_clause_entry(clause),
        "policy": policy.policy_id,
        "title": policy.title.value,
        "text": clause.text,
        "context": list(clause.context),
        "citable": clause in citable(policy),
        "url": f"/policies/{policy.policy_id}#{clause.clause_id}",
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


# ── problems ─────────────────────────────────────────────────────────────────────────────────


def handle_problems(app: FastAPI) -> None:
    """Have `app` answer every error as problem JSON in Chinese."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(StarletteHTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)


def _problem(field: str, problem: str) -> Json:
    return {"field": field, "problem": problem}


def _not_found(field: str, problem: str) -> HTTPException:
    return HTTPException(404, _problem(field, problem))


def _found(thing: _Thing | None, field: str, problem: str) -> _Thing:
    if thing is None:
        raise _not_found(field, problem)
    return thing


def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors: list[Json] = [_problem(_field(found["loc"]), _in_chinese(found)) for found in error.errors()]
    return _response(422, "请求内容有误", errors)


def _field(location: tuple[int | str, ...]) -> str:
    """Return the field's name; the body as a whole is called `body`."""
    inside = [str(step) for step in location[1:] if not isinstance(step, int)]
    return ".".join(inside) or "body"


def _in_chinese(found: dict[str, Any]) -> str:
    kind = str(found["type"])
    problems = {
        "missing": "缺少这一项",
        "extra_forbidden": "不认识这一项",
        "string_type": "应为文字",
        "bool_type": "应为 true 或 false",
        "bool_parsing": "应为 true 或 false",
        "json_invalid": "不是正确的 JSON",
        "value_error": str(found["msg"]).removeprefix("Value error, "),
    }
    if kind.startswith("date"):
        return "没有这一天,应为 YYYY-MM-DD 格式的日期,例如 2024-06-01"
    return problems.get(kind, "格式不对")


def _as_problem(error: StarletteHTTPException) -> Json:
    named = error.detail if isinstance(error.detail, dict) else None
    titles = {404: "没有找到", 405: "不支持这种请求方法", 413: "内容太长", 422: "请求内容有误"}
    return _problem_json(
        error.status_code, titles.get(error.status_code, "请求没有成功"), [named] if named else []
    )


def _problem_json(status: int, title: str, errors: list[Json]) -> Json:
    detail = ";".join(f"{error['field']}:{error['problem']}" for error in errors)
    return {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail or title,
        "errors": errors,
    }


def _http_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, StarletteHTTPException)
    return JSONResponse(_as_problem(error), error.status_code, error.headers, media_type=_PROBLEM_TYPE)


def _unexpected(request: Request, error: Exception) -> Response:
    _log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return _response(500, _FAILED, [])


_FAILED = "服务出了点问题,请稍后再试,或拨打12333"
_PROBLEM_TYPE = "application/problem+json"


def _response(status: int, title: str, errors: list[Json]) -> Response:
    return JSONResponse(_problem_json(status, title, errors), status, media_type=_PROBLEM_TYPE)
