"""The format of a worked case, and how a result is held against it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path


@dataclass(frozen=True, slots=True)
class WorkedCase:
    """Facts and what must come of them, written from the text of the document."""

    id: str
    program: str
    name: str
    as_of: str
    facts: dict[str, object]
    expected: dict[str, object]

    def mismatches(self, result: dict[str, object]) -> list[str]:
        """Return the keys that came out differently.

        `flags` need only be among the result's, `no_flags` must not be.
        """
        return [key for key, wanted in self.expected.items() if not _agrees(key, wanted, result)]


def _agrees(key: str, wanted: object, result: dict[str, object]) -> bool:
    if key in ("flags", "no_flags"):
        assert isinstance(wanted, list)
        raised = result.get("flags")
        found = set(raised) if isinstance(raised, list) else set()
        return set(wanted) <= found if key == "flags" else not set(wanted) & found
    return _same(wanted, result.get(key))


def _same(wanted: object, found: object) -> bool:
    if isinstance(wanted, dict) and isinstance(found, dict):
        return wanted.keys() == found.keys() and all(_same(wanted[k], found[k]) for k in wanted)
    if isinstance(wanted, list) and isinstance(found, list):
        return len(wanted) == len(found) and all(map(_same, wanted, found))
    return type(wanted) is type(found) and wanted == found


def read_cases(folder: Path) -> list[WorkedCase]:
    lines = [
        line
        for file in sorted(folder.glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    return [WorkedCase(**json.loads(line, parse_float=Decimal)) for line in lines]
