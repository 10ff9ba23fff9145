"""Whether the advisor lives, whether it can answer, and what it has done: /healthz, /readyz, /metrics."""

from __future__ import annotations

import logging

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest

from bot.advisor import Advisor
from bot.types import Answer

_log = logging.getLogger(__name__)
_ANSWERS = Counter("advisor_answers", "Answers given, by how they came out", ["status"])
_SECONDS = Histogram("advisor_answer_seconds", "Seconds from the message to its checked answer")


def observe(answer: Answer, seconds: float) -> None:
    """Count an answer; nothing of the question is kept."""
    _ANSWERS.labels(answer.status.value).inc()
    _SECONDS.observe(seconds)


def router(advisor: Advisor) -> APIRouter:
    health = APIRouter(include_in_schema=False)

    @health.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @health.get("/readyz")
    def readyz() -> JSONResponse:
        """Answer 200 when questions can be answered, else 503 with the part that cannot."""
        try:
            advisor.probe()
        except Exception as error:  # whatever it is, the balancer must hear of it
            _log.exception("not ready")
            return JSONResponse({"status": "not_ready", "problem": type(error).__name__}, 503)
        return JSONResponse({"status": "ready", "policies": len(advisor.corpus.policies)})

    @health.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return health
