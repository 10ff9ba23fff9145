"""A real server and a real browser for the pages."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page

import app
from bot.advisor import Advisor
from bot.channels.callers import Callers
from bot.channels.site import Site
from tests.conftest import NOW

KEY = "a-key-for-tests"


@contextmanager
def serving(served: FastAPI, port: int = 0) -> Iterator[str]:
    """Yield the address at which an app is served."""
    server = uvicorn.Server(uvicorn.Config(served, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(20)


@pytest.fixture(scope="session")
def address(advisor: Advisor) -> Iterator[str]:
    with serving(app.build(advisor, lambda: NOW, site=Site(asks_per_minute=0))) as at:
        yield at


@pytest.fixture(scope="session")
def served(advisor: Advisor) -> Iterator[str]:
    """The whole app, which lets in whoever has the key."""
    with serving(app.build(advisor, lambda: NOW, callers=Callers((KEY,), 600, time.monotonic))) as at:
        yield at


@pytest.fixture(params=[360, 1280], ids=["phone", "desk"])
def either(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page at the width of a phone, then at that of a desk."""
    with fresh(browser, request.param) as context:
        yield context.new_page()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    with fresh(browser, 360) as context:
        yield context.new_page()


@contextmanager
def fresh(browser: Browser, width: int = 360, **settings: object) -> Iterator[BrowserContext]:
    """Yield a visitor of their own: no cookies, nothing kept."""
    context = browser.new_context(viewport={"width": width, "height": 800}, **settings)  # type: ignore[arg-type]
    context.set_default_timeout(15_000)
    yield context
    context.close()
