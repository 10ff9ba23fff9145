"""The advisor with a model and without one: what it brings, and that it never makes an answer less true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic

import app
from bot.advisor import Advisor
from bot.llm.assistant import assisted
from bot.llm.limits import Allowance, Circuit
from bot.llm.model import open_model
from bot.llm.place import ModelPlace
from bot.types import Answer

_ENDLESS = 10**12


@contextmanager
def with_model(advisor: Advisor, settings: app.Settings) -> Iterator[Advisor]:
    """Yield the advisor with the model of the settings, which is asked every time: no limit, no rest.

    Raises:
        UnusableModel: what is configured cannot or may not be used.
    """
    key = settings.llm_key.get_secret_value()
    place = ModelPlace(settings.llm_url, settings.llm_model, key, settings.llm_folder, settings.llm_hosts)
    allowance = Allowance(_ENDLESS, _ENDLESS, monotonic)
    circuit = Circuit(monotonic, most=_ENDLESS)
    with assisted(
        advisor, open_model(place), settings.llm_seconds, allowance, monotonic, circuit
    ) as answering:
        yield answering


@dataclass(slots=True)
class Compared:
    """Answers beside one another: how many differ, in what, and how long they took."""

    answers: int = 0
    differ: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0  # that those with a model took

    def take(self, without: Answer, with_it: Answer) -> None:
        """Count two answers to the same message: in what they differ, if they do."""
        self.answers += 1
        for part in ("text", "status", "verdict", "facts", "regions", "asks"):
            self.differ[part] += getattr(without, part) != getattr(with_it, part)
        self.differ["citations"] += _cited(without) != _cited(with_it)

    def lines(self) -> Iterator[str]:
        each = self.seconds / max(self.answers, 1)
        yield f"{self.answers} answers beside one another; {each:.2f} s each with the model"
        yield "differ in " + " ".join(f"{part} {n}" for part, n in sorted(self.differ.items()))


def _cited(answer: Answer) -> list[tuple[str, str, str]]:
    return [(cited.policy, cited.clause, cited.quote) for cited in answer.citations]
