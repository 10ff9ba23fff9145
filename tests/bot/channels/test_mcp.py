"""The tools over MCP, called by the official client: over HTTP, and on standard input and output."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import httpx
import httpx2
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from bot.advisor import Advisor
from tests.bot.channels.conftest import KEY
from tests.conftest import awaited

T = TypeVar("T")
JOBS = "hangzhou-2023 2.3.17:jobs"


def over_http(address: str, talk: Callable[[Client], Awaitable[T]], mode: str = "auto") -> T:
    async def talking() -> T:
        headers = {"Authorization": f"Bearer {KEY}"}
        async with (
            httpx2.AsyncClient(headers=headers, trust_env=False) as http,
            Client(streamable_http_client(f"{address}/mcp", http_client=http), mode=mode) as client,
        ):
            return await talk(client)

    return awaited(talking())


def call(address: str, tool: str, **arguments: object) -> dict[str, Any]:
    async def calling(client: Client) -> dict[str, Any]:
        result = await client.call_tool(tool, arguments)
        assert json.loads(result.content[0].text) == result.structured_content  # type: ignore[union-attr]
        assert result.is_error == ("error" in result.structured_content)
        found: dict[str, Any] = result.structured_content
        return found

    return over_http(address, calling)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_five_tools_are_listed_with_their_schemas(served: str, mode: str) -> None:
    async def listing(client: Client) -> list[Any]:
        return (await client.list_tools()).tools

    tools = over_http(served, listing, mode)

    names = [tool.name for tool in tools]
    assert names == ["search_clauses", "read_clause", "calculate", "screen", "list_programs"]
    assert JOBS in tools[2].input_schema["properties"]["program"]["enum"]
    assert all(tool.description for tool in tools)


def test_a_clause_is_found_in_its_region_only_and_can_be_read(served: str) -> None:
    found = call(served, "search_clauses", query="租房补贴一年多少", region="杭州", as_of="2024-06-01")

    first = found["clauses"][0]
    assert first["clause"] == "hangzhou-2023#2.1.3"
    assert first["validity"] == "in_force"
    assert {row["clause"].partition("#")[0] for row in found["clauses"]} == {"hangzhou-2023"}

    read = call(served, "read_clause", clause=first["clause"], as_of="2026-11-24")
    assert "每户每年发放1万元" in read["text"]
    assert read["label"] == "二、（一）3"
    assert read["validity"] == "ended"


def test_a_region_without_documents_has_no_clauses(served: str) -> None:
    found = call(served, "search_clauses", query="租房补贴", region="武汉", as_of="2024-06-01")

    assert found["clauses"] == []


def test_a_figure_comes_with_its_whole_trace(served: str) -> None:
    facts = {"student_status": "enrolled", "heads": 5, "year_index": 1}
    found = call(served, "calculate", program=JOBS, facts=facts, as_of="2024-06-01")

    assert found["amount_yuan"] == 4000
    assert "2000 + (5 − 3) × 1000 = 4000" in found["steps"][0]
    assert found["trace"][0]["quote"]
    assert found["unverified"]


def test_a_person_is_screened_and_programs_are_listed(served: str) -> None:
    screened = call(served, "screen", region="杭州", facts={"degree": "master"}, as_of="2024-06-01")
    listed = call(served, "list_programs", region="杭州", as_of="2024-06-01")

    assert {"met", "unknown", "not_met", "next_question"} <= screened.keys()
    assert JOBS in [row["program"] for row in listed["result"]]


@pytest.mark.parametrize(
    ("tool", "arguments", "field"),
    [
        ("search_clauses", {"query": "补贴", "region": "火星", "as_of": "2024-06-01"}, "region"),
        ("search_clauses", {"query": "补贴", "region": "杭州", "as_of": "2024-13-01"}, "as_of"),
        ("search_clauses", {"query": "补贴", "region": "杭州", "as_of": "2024-06-01", "limit": 99}, "limit"),
        ("search_clauses", {"region": "杭州", "as_of": "2024-06-01"}, "query"),
        ("read_clause", {"clause": "hangzhou-2023#9.9", "as_of": "2024-06-01"}, "clause"),
        ("calculate", {"program": "none", "facts": {}, "as_of": "2024-06-01"}, "program"),
        ("calculate", {"program": JOBS, "facts": {"heads": 3.5}, "as_of": "2024-06-01"}, "facts.heads"),
        ("screen", {"region": "杭州", "facts": {}, "as_of": "2024-06-01", "mode": "x"}, "mode"),
    ],
)
def test_wrong_input_is_named(served: str, tool: str, arguments: dict[str, object], field: str) -> None:
    assert call(served, tool, **arguments)["fields"] == [field]


def test_without_the_key_nobody_gets_in_and_no_page_does(served: str) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accept = {"Accept": "application/json, text/event-stream"}

    refused = httpx.post(f"{served}/mcp", json=body, headers=accept)
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")

    page = {**accept, "Authorization": f"Bearer {KEY}", "Origin": "https://evil.example"}
    assert httpx.post(f"{served}/mcp", json=body, headers=page).status_code == 403


def test_the_command_offers_the_same_tools_on_standard_streams(
    tmp_path: Path, data_dir: Path, advisor: Advisor
) -> None:
    shutil.copytree(data_dir / "index", tmp_path / "index")
    command = StdioServerParameters(
        command=sys.executable, args=["app.py", "mcp"], env={**os.environ, "ADVISOR_DATA_DIR": str(tmp_path)}
    )

    async def talking() -> tuple[int, object]:
        async with Client(command, read_timeout_seconds=60) as client:
            tools = (await client.list_tools()).tools
            facts = {"student_status": "enrolled", "heads": 6, "year_index": 1}
            given = {"program": JOBS, "facts": facts, "as_of": "2024-06-01"}
            return len(tools), (await client.call_tool("calculate", given)).structured_content["amount_yuan"]

    assert awaited(talking()) == (5, 5000)
