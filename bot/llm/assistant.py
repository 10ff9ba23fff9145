"""An advisor → the same advisor with a model that listens and writes; closes what it opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from langchain_core.language_models import BaseChatModel

from bot.advisor import Advisor
from bot.llm.limits import Allowance, Circuit
from bot.llm.listening import Listener
from bot.llm.manners import Manners
from bot.llm.speaker import speaking
from bot.llm.writing import Writer
from knowledge import terms


@contextmanager
def assisted(
    advisor: Advisor,
    model: BaseChatModel,
    seconds: float,
    allowance: Allowance,
    clock: Callable[[], float],
    circuit: Circuit | None = None,
) -> Iterator[Advisor]:
    """Yield `advisor` with a model: it listens within a third of the `seconds` and writes within the rest."""
    circuit = circuit or Circuit(clock)
    programs = advisor.calculator.programs
    topics = tuple(dict.fromkeys(program.title for program in programs.programs.values()))
    with speaking(model, circuit, allowance) as speaker:
        listener = Listener(
            replace(speaker, seconds=seconds / 3), programs.facts, advisor.regions, terms.load(), topics
        )
        writer = Writer(replace(speaker, seconds=seconds * 2 / 3), Manners.shipped())
        yield replace(advisor, listen=listener, write=writer)
