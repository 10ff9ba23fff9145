"""The documents say what is so: nouns stand in the glossary, commands run, links lead somewhere."""

from __future__ import annotations

import dataclasses
import enum
import inspect
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType

import pytest

import bot.types
import embeddings.types
import knowledge.types
from bot.advisor import Advisor
from bot.types import Question

ROOT = Path(__file__).parent.parent
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")


def nouns(module: ModuleType) -> list[str]:
    """Return the public dataclasses and enums that a module defines."""
    return [
        name
        for name, thing in vars(module).items()
        if inspect.isclass(thing)
        and thing.__module__ == module.__name__
        and not name.startswith("_")
        and (dataclasses.is_dataclass(thing) or issubclass(thing, enum.Enum))
    ]


@pytest.mark.parametrize("module", [knowledge.types, embeddings.types, bot.types], ids=lambda m: m.__name__)
def test_every_public_noun_stands_in_the_glossary(module: ModuleType) -> None:
    assert [name for name in nouns(module) if f"`{name}`" not in GLOSSARY] == []


@pytest.mark.parametrize("readme", ["README.md", "README.en.md"])
def test_the_two_commands_of_a_readme_are_targets_of_the_makefile(readme: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = re.findall(r"^make (\w+)", (ROOT / readme).read_text(encoding="utf-8"), re.M)

    assert {"run", "test"} <= set(commands)
    assert [name for name in commands if not re.search(rf"^{name}:", makefile, re.M)] == []


@pytest.mark.parametrize(
    "path",
    [
        "README.md",
        "README.en.md",
        *(f"docs/decisions/{p.name}" for p in (ROOT / "docs/decisions").glob("*.md")),
    ],
)
def test_every_link_into_the_repository_leads_somewhere(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]

    assert [link for link in links if not ((ROOT / path).parent / link).exists()] == []


@pytest.mark.parametrize("readme", ["README.md", "README.en.md"])
def test_every_path_that_a_readme_names_exists(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    paths = re.findall(r"`((?:knowledge|embeddings|bot|tests|eval|docs)/[\w./-]*)`", text)

    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_decision_is_listed() -> None:
    listed = (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")

    for path in (ROOT / "docs/decisions").glob("0*.md"):
        assert path.name in listed


@pytest.mark.parametrize("readme", ["README.md", "README.en.md"])
def test_the_answer_that_a_readme_shows_is_the_answer_that_is_given(readme: str, advisor: Advisor) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    asked = re.findall(r"^> \*\*[问Q]\*\* ([^( ]+)", text, re.M)[0]
    shown = re.findall(r"^> (?:\*\*[答A]\*\* )?(.+)$", text, re.M)[1:]
    answer = advisor.answer(Question(asked, date(2024, 6, 1)), datetime.now(UTC))

    for line in shown:
        for piece in line.split("……"):
            assert piece.strip() in answer.text


_SAID = {
    "single": "单个问题",
    "noisy": "带错字的",
    "today": "按今天问的",
    "dialogue": "对话(按轮)",
    "letter": "信(按所问的事)",
    "near_miss": "原文没写的",
    "other_service": "别的部门的事",
    "attack": "想骗它的",
}


def test_the_readme_quotes_the_figures_that_were_kept() -> None:
    kept = json.loads((ROOT / "eval" / "baseline.json").read_text(encoding="utf-8"))["scored"]
    rows = dict(
        re.findall(r"^\| (\S+) \| (\d+ \| [\d.]+%) \|", (ROOT / "README.md").read_text("utf-8"), re.M)
    )

    def share(n: int, right: int) -> str:
        return f"{n} | {right / n:.1%}"

    quoted = {
        said: share(kept["kinds"][kind]["n"], kept["kinds"][kind]["right"]) for kind, said in _SAID.items()
    }
    quoted["成对的,两个都对"] = share(kept["pairs"]["n"], kept["pairs"]["right"])
    assert rows == quoted
