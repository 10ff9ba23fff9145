"""`python -m eval.bench`: time from start to ready, time an answer, memory; each beside something known.

The seconds of a shared machine mean little, so each is also given as a multiple of one bare nearest-
neighbour query of the same process.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter, sleep

import app
from bot.advisor import Advisor
from bot.types import Question
from eval.questions import load

_ANSWERS = 500
_PATIENCE = 120  # seconds for a server to get ready


def seconds(run: Callable[[], object]) -> float:
    started = perf_counter()
    run()
    return perf_counter() - started


def answers(advisor: Advisor) -> list[float]:
    """Return the seconds of each of 500 answers."""
    questions = [
        Question(case.turns[0].message, case.as_of, case.region) for case in islice(cycle(load()), _ANSWERS)
    ]
    return [seconds(partial(advisor.answer, question, datetime.now(UTC))) for question in questions]


def bare_queries(advisor: Advisor) -> list[float]:
    """Return the seconds of each of 500 bare searches in the largest region."""
    policies = tuple(advisor.corpus.policies)
    region = advisor.settler.covered[:1]
    search = advisor.settler.retriever.invoke
    return [seconds(lambda: search("租房补贴", regions=region, policies=policies)) for _ in range(_ANSWERS)]


def over_http(address: str, people: int) -> list[float]:
    """Return the seconds of each of 500 answers over HTTP, asked by so many people at once."""
    asked_of = [case for case in load() if case.region != "西湖区"]  # two cities have one: asked back
    cases = islice(cycle(asked_of), _ANSWERS)
    bodies = [
        {"message": case.turns[0].message, "region": case.region, "as_of": str(case.as_of)} for case in cases
    ]

    def asked(body: dict[str, object]) -> float:
        sent = urllib.request.Request(
            f"{address}/api/chat", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        return seconds(lambda: urllib.request.urlopen(sent, timeout=60).read())

    with ThreadPoolExecutor(people) as together:
        return list(together.map(asked, bodies))


@contextmanager
def served(folder: str) -> Iterator[str]:
    """Yield the address of a server of its own, started as its user would start it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, str(Path(app.__file__)), "serve", "--port", str(port)]
    environment = {**os.environ, "ADVISOR_DATA_DIR": folder}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            _wait_for(f"http://127.0.0.1:{port}/readyz")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait_for(address: str) -> None:
    for _ in range(_PATIENCE):
        try:
            urllib.request.urlopen(address, timeout=5).read()
        except OSError:
            sleep(1)
        else:
            return
    raise TimeoutError(f"{address} was not ready after {_PATIENCE} s")


def told(name: str, times: Sequence[float], beside: float) -> str:
    ordered = sorted(times)
    median, late = statistics.median(ordered), ordered[int(len(ordered) * 0.99)]
    return (
        f"{name}: median {median * 1000:.1f} ms ({median / beside:.1f}×), "
        f"99th percentile {late * 1000:.1f} ms ({late / beside:.1f}×), n={len(ordered)}"
    )


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        settings = app.Settings(data_dir=Path(folder))
        for name in ("first start, index built", "later start"):
            started = perf_counter()
            with app.advisor(settings) as advisor:
                advisor.probe()
                print(f"{name}: ready after {perf_counter() - started:.1f} s")
                if name.startswith("later"):
                    bare = bare_queries(advisor)
                    beside = statistics.median(bare)
                    print(told("one search", bare, beside))
                    print(told("one answer", answers(advisor), beside))
        with served(folder) as address:
            for people in (1, 8):
                print(told(f"over HTTP, {people} at once", over_http(address, people), beside))
    print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at the most")
    return 0


if __name__ == "__main__":
    sys.exit(main())
