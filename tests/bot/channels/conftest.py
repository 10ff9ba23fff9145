"""The app as it is really served, for clients that speak over a socket."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

import pytest
import uvicorn
from fastapi import FastAPI

import app
from bot.advisor import Advisor
from bot.channels.callers import Callers
from tests.conftest import NOW

KEY = "a-key-for-tests"


@contextmanager
def serving(served: FastAPI) -> Iterator[str]:
    """Yield the address under which an app is served, on a port that was free."""
    server = uvicorn.Server(uvicorn.Config(served, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    until = monotonic() + 20
    while not server.started and monotonic() < until:
        sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)


@pytest.fixture(scope="session")
def served(advisor: Advisor) -> Iterator[str]:
    """The whole app, which lets in whoever has the key."""
    with serving(app.build(advisor, lambda: NOW, callers=Callers((KEY,), 600, monotonic))) as address:
        yield address
