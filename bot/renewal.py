"""An advisor that goes over to newly published policies between two questions, while it serves."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.advisor import Advisor

_log = logging.getLogger(__name__)
_LOOKS_EVERY = 1.0  # seconds


class LiveAdvisor(Advisor):
    """Stands for the advisor that serves now. Each answer is made by one advisor from first to last."""

    __slots__ = ("_serving",)

    def __init__(self, serving: Advisor) -> None:
        object.__setattr__(self, "_serving", serving)

    def __getattr__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "_serving"), name)

    def answer(self, *args: Any, **kwargs: Any) -> Any:
        return self._serving.answer(*args, **kwargs)

    def go_over(self, following: Advisor) -> None:
        """Let `following` make the answers from now on; those on their way end as they began."""
        object.__setattr__(self, "_serving", following)


def seen(folder: Path) -> frozenset[tuple[str, int, int]]:
    """Return what stands in a folder of policies: each file that decides an answer, its time and size."""
    found = set()
    for path in (*folder.glob("[!.]*/*.toml"), *folder.glob("[!.]*/programs/*.toml")):
        try:
            state = path.stat()
        except FileNotFoundError:
            continue  # it went while we looked; the next look sees it
        found.add((str(path), state.st_mtime_ns, state.st_size))
    return frozenset(found)


@contextmanager
def watching(folder: Path, renew: Callable[[], None]) -> Iterator[None]:
    """Call `renew` in the background whenever a policy of `folder` has changed.

    When it fails, what served goes on serving, and it is tried again with the next look.
    """
    over = threading.Event()

    def watch(known: frozenset[tuple[str, int, int]]) -> None:
        while not over.wait(_LOOKS_EVERY):
            now = seen(folder)
            if now == known:
                continue
            try:
                renew()
                known = now
            except Exception:  # a policy that cannot be taken in must not end the answers
                _log.exception("taking in %s failed; it is tried again", folder)

    thread = threading.Thread(target=watch, args=(seen(folder),), name="renewal", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
