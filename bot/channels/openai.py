"""The advisor as an OpenAI-compatible chat model at /v1, so that existing clients can talk to it.

The protocol keeps no conversation: each request brings the whole talk. Ours is found again by what the
person said in it, and where it is not (another worker, a restart) what they said is asked once more.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel

from bot.advisor import Advisor, UnknownConversation
from bot.answering.render import answer_json
from bot.channels.callers import Callers, TurnedAway
from bot.privacy import mask
from bot.types import Answer, Question
from knowledge.facts import parse_day
from knowledge.regions import Ambiguous

MODEL = "policy-advisor"

_MOST_TALKS = 10_000  # remembered at once
_ASKED_AGAIN = 6  # of a talk that is not known, so many of the person's last messages
_PIECE = 12  # characters of the checked reply in one chunk

Json = dict[str, object]


class Part(BaseModel):
    type: str
    text: str = ""


class Message(BaseModel):
    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None


class Completion(BaseModel):
    """A request; what clients send besides (temperature, tools, …) changes nothing and is not read."""

    model: str
    messages: list[Message]
    stream: bool = False
    n: int | None = None
    metadata: dict[str, str] | None = None  # "region" and "as_of" are ours


@dataclass(slots=True)
class Talks:
    """Which conversation goes on after what a person said; each is handed out once.

    Safe to share by threads.
    """

    _known: OrderedDict[str, str] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, caller: str, said: Sequence[str]) -> str | None:
        with self._lock:
            return self._known.pop(_digest(caller, said), None)

    def keep(self, caller: str, said: Sequence[str], conversation_id: str) -> None:
        with self._lock:
            self._known[_digest(caller, said)] = conversation_id
            if len(self._known) > _MOST_TALKS:
                self._known.popitem(last=False)


def _digest(caller: str, said: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps([caller, *said]).encode()).hexdigest()


def router(advisor: Advisor, clock: Callable[[], datetime], callers: Callers) -> APIRouter:
    """Return the routes under /v1; `clock` says what time it is, with a zone."""

    def admit(request: Request) -> None:
        request.state.caller = callers.admit(request.headers.get("authorization"))

    v1 = APIRouter(prefix="/v1", route_class=_Route, dependencies=[Depends(admit)])
    talks, created = Talks(), int(clock().timestamp())

    @v1.get("/models")
    def models() -> Json:
        return {"object": "list", "data": [_model(created)]}

    @v1.get("/models/{name}")
    def model(name: str) -> Json:
        _known_model(name)
        return _model(created)

    @v1.post("/chat/completions")
    def complete(body: Completion, request: Request) -> Response:
        now = clock()
        said, template = _said(body), _template(advisor, body, now)
        answer = _answer(advisor, talks, request.state.caller, said, template, now)
        told = _Told.of(answer, str(request.base_url).rstrip("/"))
        if body.stream:
            events = _events(told, int(now.timestamp()))
            return StreamingResponse(events, media_type="text/event-stream")
        return JSONResponse(_completion(told, int(now.timestamp())))

    return v1


def _model(created: int) -> Json:
    return {"id": MODEL, "object": "model", "created": created, "owned_by": MODEL}


def _known_model(name: str) -> None:
    if name != MODEL:
        raise HTTPException(404, {"param": "model", "problem": f"没有模型 {name},这里只有 {MODEL}"})


# ── what is asked ────────────────────────────────────────────────────────────────────────────


def _said(body: Completion) -> tuple[str, ...]:
    """Return what the person said, oldest first; the last of it is the question."""
    _known_model(body.model)
    if body.n not in (None, 1):
        raise _wrong("n", "一次只给一个答复")
    if not body.messages or body.messages[-1].role != "user":
        raise _wrong("messages", "最后一条应是 user 的消息")
    return tuple(_text(message) for message in body.messages if message.role == "user")


def _text(message: Message) -> str:
    if isinstance(message.content, list):
        if any(part.type != "text" for part in message.content):
            raise _wrong("messages", "只读文字,不读图片、文件和语音")
        return "\n".join(part.text for part in message.content)
    return message.content or ""


def _template(advisor: Advisor, body: Completion, now: datetime) -> Question:
    """Return the question without its message: the day and the place that the request names."""
    given = body.metadata or {}
    region, day = given.get("region"), given.get("as_of")
    as_of = parse_day(day) if day else now.date()
    if as_of is None:
        raise _wrong("metadata.as_of", "应为 YYYY-MM-DD 格式的日期,例如 2024-06-01")
    if region:
        found = advisor.regions.resolve(region)
        if found is None or isinstance(found, Ambiguous):
            raise _wrong("metadata.region", f"不认识“{region}”,或这个名字不止一处")
    return Question("", as_of, region or None)


def _wrong(param: str, problem: str) -> HTTPException:
    return HTTPException(400, {"param": param, "problem": problem})


# ── the answer ───────────────────────────────────────────────────────────────────────────────


def _answer(
    advisor: Advisor, talks: Talks, caller: str, said: Sequence[str], template: Question, now: datetime
) -> Answer:
    """Return the answer to the last of `said`, in the conversation that the rest of it belongs to."""
    masked = tuple(mask(text).text for text in said)
    *before, asked = masked
    answer = None
    if conversation_id := talks.take(caller, before) if before else None:
        answer = _asked(advisor, asked, template, conversation_id, now)
    if answer is None:
        conversation_id = None
        for text in (*before[-_ASKED_AGAIN:], asked):
            answer = _asked(advisor, text, template, conversation_id, now)
            assert answer is not None  # a conversation that was just begun is known
            conversation_id = answer.conversation_id
    assert answer is not None
    talks.keep(caller, masked, answer.conversation_id)
    return answer


def _asked(
    advisor: Advisor, text: str, template: Question, conversation_id: str | None, now: datetime
) -> Answer | None:
    question = Question(text, template.as_of, template.region, conversation_id)
    try:
        return advisor.answer(question, now)
    except UnknownConversation:  # erased or expired since
        return None


@dataclass(frozen=True, slots=True)
class _Told:
    """A reply as one text: the answer, its sources, the AI mark."""

    content: str
    annotations: tuple[Json, ...]
    answer: Answer

    @classmethod
    def of(cls, answer: Answer, base: str) -> _Told:
        text = "\n\n".join((answer.text, *_unsaid(answer)))
        annotations: list[Json] = []
        for cited in answer.citations:
            line = f"[{cited.n}] 《{cited.title}》{cited.label}:“{cited.quote}”"
            start = len(text) + 2
            text = f"{text}\n\n{line}"
            place: Json = {
                "start_index": start,
                "end_index": start + len(line),
                "title": f"《{cited.title}》{cited.label}",
                "url": base + cited.url,
            }
            annotations.append({"type": "url_citation", "url_citation": place})
        return cls(f"{text}\n\n{answer.label}", tuple(annotations), answer)


def _unsaid(answer: Answer) -> Iterator[str]:
    """Yield the notices that the text does not say: how the person's words were taken."""
    told = (notice.text for notice in answer.notices if notice.kind in ("corrected", "understood"))
    return (text for text in told if text not in answer.text)


def _completion(told: _Told, created: int) -> Json:
    message = {"role": "assistant", "content": told.content, "annotations": list(told.annotations)}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return _object("chat.completion", told, created, choice) | {"advisor": answer_json(told.answer)}


def _events(told: _Told, created: int) -> Iterator[str]:
    """Yield the checked reply as server-sent events; the last but one carries the whole answer."""

    def event(delta: Json, finish: str | None = None, **more: object) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        data = _object("chat.completion.chunk", told, created, choice) | more
        return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"

    yield event({"role": "assistant", "content": ""})
    for start in range(0, len(told.content), _PIECE):
        yield event({"content": told.content[start : start + _PIECE]})
    yield event({"annotations": list(told.annotations)}, "stop", advisor=answer_json(told.answer))
    yield "data: [DONE]\n\n"


def _object(kind: str, told: _Told, created: int, choice: Mapping[str, object]) -> Json:
    return {
        "id": f"chatcmpl-{told.answer.answer_id}",
        "object": kind,
        "created": created,
        "model": MODEL,
        "choices": [choice],
    }


# ── what goes wrong, as OpenAI's clients expect to hear it ───────────────────────────────────


class _Route(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except TurnedAway as turned:
                return _error(turned.status, turned.sentence, None, turned.headers)
            except RequestValidationError as error:
                return _error(400, "请求内容有误", _first_field(error))
            except HTTPException as error:
                detail = error.detail if isinstance(error.detail, dict) else {"problem": str(error.detail)}
                return _error(error.status_code, detail["problem"], detail.get("param"))

        return handled


def _first_field(error: RequestValidationError) -> str | None:
    location = error.errors()[0]["loc"][1:]
    return ".".join(str(step) for step in location) or None


def _error(
    status: int, sentence: str, param: str | None, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    kinds = {401: "authentication_error", 404: "not_found_error", 429: "rate_limit_error"}
    kind = kinds.get(status, "invalid_request_error")
    error = {"message": sentence, "type": kind, "param": param, "code": kind}
    return JSONResponse({"error": error}, status, dict(headers) if headers else None)
