"""How fast: determinations a second on one core, and a whole screening.

python -m bot.calculator.bench
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

from bot.calculator.tools import Calculator
from knowledge import corpus, programs
from knowledge.regions import Regions

_DAY = "2024-06-01"
_JOBS = {"student_status": "enrolled", "heads": 5, "year_index": 1}
_PERSON = {
    "degree": "bachelor",
    "graduate_kind": "fresh",
    "works_in_hangzhou": True,
    "insured_months": 10,
    "birth_date": "1999-03-04",
    "district": "富阳区",
}


def main() -> None:
    """Write the two figures."""
    policies = corpus.load([corpus.SHIPPED], Regions.shipped()).policies
    calculator = Calculator(programs.load(policies, [corpus.SHIPPED]), Regions.shipped())
    one = _seconds(lambda: calculator.calculate("hangzhou-2023 2.3.17:jobs", _JOBS, _DAY), 2000)
    every = _seconds(lambda: calculator.screen("杭州市", _PERSON, _DAY), 100)
    own = _seconds(lambda: calculator.screen("杭州市", _PERSON, _DAY, "求职"), 100)
    sys.stdout.write(f"一次计算 {one * 1000:.2f} 毫秒,每秒 {1 / one:.0f} 次\n")
    sys.stdout.write(f"一人对照杭州全部项目 {every * 1000:.1f} 毫秒,只看求职 {own * 1000:.1f} 毫秒\n")


def _seconds(call: Callable[[], object], times: int) -> float:
    """Return the median seconds of one call over five rounds."""
    rounds = []
    for _ in range(5):
        begin = time.perf_counter()
        for _ in range(times // 5):
            call()
        rounds.append((time.perf_counter() - begin) / (times // 5))
    return statistics.median(rounds)


if __name__ == "__main__":
    main()
