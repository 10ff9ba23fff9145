"""An advisor with a model that is really called over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from time import monotonic

import pytest

from bot.advisor import Advisor
from bot.llm.assistant import assisted
from bot.llm.limits import Allowance, Circuit
from bot.llm.model import open_model
from bot.llm.place import ModelPlace
from bot.types import Answer, Question
from tests.bot.llm.pretend import Model, pretending
from tests.conftest import NOW

NEVER = 10**9


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="session")
def model() -> Iterator[Model]:
    with pretending() as model:
        yield model


@contextmanager
def beside(
    advisor: Advisor,
    address: str,
    seconds: float = 6.0,
    circuit: Circuit | None = None,
    allowance: Allowance | None = None,
) -> Iterator[Advisor]:
    """Yield the advisor with the model at an address; the circuit stays closed unless one is given."""
    circuit = circuit or Circuit(monotonic, most=NEVER)
    allowance = allowance or Allowance(NEVER, NEVER, monotonic)
    place = open_model(ModelPlace(url=address, model="m"))
    with assisted(advisor, place, seconds, allowance, monotonic, circuit) as answering:
        yield answering


def asked(advisor: Advisor, message: str, as_of: str = "2024-06-01") -> Answer:
    return advisor.answer(Question(message, date.fromisoformat(as_of)), NOW)
