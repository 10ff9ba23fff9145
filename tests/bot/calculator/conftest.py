"""The shipped policies and programs, loaded once."""

from __future__ import annotations

import pytest

from bot.calculator.tools import Calculator
from knowledge import corpus, programs
from knowledge.programs import Programs
from knowledge.regions import Regions


@pytest.fixture(scope="session")
def shipped() -> Programs:
    policies = corpus.load([corpus.SHIPPED], Regions.shipped()).policies
    return programs.load(policies, [corpus.SHIPPED])


@pytest.fixture(scope="session")
def calculator(shipped: Programs) -> Calculator:
    return Calculator(shipped, Regions.shipped())
