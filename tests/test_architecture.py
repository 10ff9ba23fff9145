"""Imports point one way, and each vendor has its door."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OTHERS = {".venv", "node_modules"}  # not our code
ROOMS = ("knowledge", "embeddings", "bot", "eval")  # each may import itself and what stands before it

# vendor → the files and folders that may import it
DOORS = {
    "alembic": ("bot/records/",),
    "bm25s": ("embeddings/lexical.py",),
    "chromadb": ("embeddings/store.py",),
    "cryptography": ("bot/channels/wechat/crypto.py",),
    "fastapi": ("bot/channels/", "app.py"),
    "gradio": ("bot/channels/chat.py",),
    "anyio": ("bot/channels/api.py", "bot/channels/mcp.py", "bot/llm/speaker.py"),
    "huggingface_hub": ("embeddings/encoder.py",),
    "httpx": ("bot/channels/wechat/client.py",),
    "httpx2": ("bot/llm/model.py", "bot/llm/speaker.py"),
    "jsonschema": ("bot/channels/mcp.py",),
    "markupsafe": ("bot/channels/",),
    "langchain_chroma": ("embeddings/store.py",),
    "langchain_core": (
        "embeddings/store.py",
        "embeddings/search.py",
        "bot/calculator/tools.py",
        "bot/answering/settle.py",
        "bot/tools.py",
        "bot/channels/mcp.py",
        "bot/llm/",
    ),
    "langchain_openai": ("bot/llm/model.py",),
    "langsmith": ("bot/llm/speaker.py",),
    "mcp": ("bot/channels/mcp.py",),
    "lxml": ("knowledge/readers/",),
    "numpy": ("embeddings/", "bot/answering/evidence.py"),
    "openai": ("bot/llm/speaker.py",),
    "opencc": ("knowledge/normalize.py",),
    "prometheus_client": ("bot/channels/health.py",),
    "pydantic": (
        "knowledge/corpus.py",
        "knowledge/facts.py",
        "knowledge/mistakes.py",
        "knowledge/plain.py",
        "knowledge/programs.py",
        "bot/channels/",
        "bot/llm/",
        "app.py",
    ),
    "pydantic_settings": ("app.py",),
    "pypdfium2": ("knowledge/readers/pdf.py",),
    "pypinyin": ("bot/understanding/repair.py", "bot/publishing/shelf.py"),
    "rapidocr": ("knowledge/readers/recognition.py",),
    "safetensors": ("embeddings/encoder.py", "embeddings/train/"),
    "scipy": ("embeddings/learned.py",),
    "sentence_transformers": ("embeddings/encoder.py", "embeddings/train/"),
    "sklearn": ("embeddings/learned.py",),
    "sqlalchemy": ("bot/records/",),
    "starlette": ("bot/channels/", "app.py"),
    "tokenizers": ("embeddings/encoder.py", "embeddings/train/"),
    "torch": ("embeddings/encoder.py", "embeddings/train/", "bot/llm/local.py"),
    "tqdm": ("app.py",),
    "transformers": ("embeddings/encoder.py", "embeddings/train/", "bot/llm/local.py"),
    "uvicorn": ("app.py",),
}


def sources() -> list[Path]:
    return [ROOT / "app.py", *(path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def wrong_directions(path: Path) -> list[str]:
    room = path.relative_to(ROOT).parts[0]
    if room == "app.py":
        return []
    later = (*ROOMS[ROOMS.index(room) + 1 :], *(() if room == "eval" else ("app",)))
    return [name for name in imports(path) if name in later]


def closed_doors(path: Path) -> list[str]:
    place = path.relative_to(ROOT).as_posix()
    ours = {*ROOMS, "app", *sys.stdlib_module_names}
    return [name for name in imports(path) if name not in ours and not place.startswith(DOORS.get(name, ()))]


@pytest.mark.parametrize("path", sources(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_nothing_points_back(path: Path) -> None:
    assert wrong_directions(path) == []


@pytest.mark.parametrize("path", sources(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_a_vendor_is_imported_at_its_door_only(path: Path) -> None:
    assert closed_doors(path) == []


def test_an_import_that_points_back_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    (tmp_path / "knowledge").mkdir()
    wrong = tmp_path / "knowledge" / "wrong.py"
    wrong.write_text("from bot.types import Answer\nimport chromadb\nimport json\n", encoding="utf-8")

    assert wrong_directions(wrong) == ["bot"]
    assert closed_doors(wrong) == ["chromadb"]


def test_there_is_no_room_without_a_noun() -> None:
    named = {path.name for path in ROOT.rglob("*") if path.is_dir() and not OTHERS & {*path.parts}}

    assert named.isdisjoint({"utils", "common", "helpers", "core"})
