"""The tools over the Model Context Protocol: at /mcp (streamable HTTP) and on standard input and output."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from langchain_core.tools import StructuredTool
from mcp.server import Server
from mcp.server.context import ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.channels.callers import Callers, TurnedAway

LARGEST_BODY = 64 * 1024  # bytes
_INSTRUCTIONS = Path(__file__).parents[1] / "prompts" / "agents.txt"

Json = Mapping[str, Any]


def server(tools: Sequence[StructuredTool]) -> Server[Any]:
    """Return a server that offers `tools`, each with its own JSON schema."""
    by_name = {tool.name: tool for tool in tools}
    listed = [_listed(tool) for tool in tools]

    async def list_tools(_: ServerRequestContext[Any], __: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=listed)

    async def call_tool(_: ServerRequestContext[Any], asked: CallToolRequestParams) -> CallToolResult:
        tool = by_name.get(asked.name)
        if tool is None:
            raise MCPError(INVALID_PARAMS, f"没有工具 {asked.name},有 {'、'.join(by_name)}")
        given = asked.arguments or {}
        if problems := dict(_problems(_schema(tool), given)):
            return _result({"error": "invalid_input", "fields": list(problems), "problems": problems})
        return _result(await anyio.to_thread.run_sync(tool.invoke, given))

    told = _INSTRUCTIONS.read_text(encoding="utf-8")
    return Server("policy-advisor", instructions=told, on_list_tools=list_tools, on_call_tool=call_tool)


async def on_standard_streams(tools: Sequence[StructuredTool]) -> None:
    """Serve until standard input ends; nothing else may write to standard output meanwhile."""
    offering = server(tools)
    async with stdio_server() as (receiving, sending):
        await offering.run(receiving, sending, offering.create_initialization_options())


class Endpoint:
    """The ASGI application at /mcp. Stateless: any worker may answer any request.

    It answers only inside `running()`, which the app's lifespan holds open.
    """

    def __init__(self, tools: Sequence[StructuredTool], callers: Callers, origins: Sequence[str]) -> None:
        self._server, self._callers, self._origins = server(tools), callers, origins
        self._manager: StreamableHTTPSessionManager | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        self._manager = StreamableHTTPSessionManager(
            self._server, json_response=True, stateless=True, max_request_body_size=LARGEST_BODY
        )
        async with self._manager.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._answering(Headers(scope=scope))(scope, receive, send)

    def _answering(self, headers: Headers) -> ASGIApp:
        assert self._manager is not None  # the lifespan runs before the first request
        page = headers.get("origin")  # agents send none; a page anywhere could reach a server at home
        if page and page not in self._origins:
            return JSONResponse({"error": "网页不能直接调用这个接口"}, 403)
        try:
            self._callers.admit(headers.get("authorization"))
        except TurnedAway as turned:
            return JSONResponse({"error": turned.sentence}, turned.status, turned.headers)
        return self._manager.handle_request


def _listed(tool: StructuredTool) -> Tool:
    return Tool(
        name=tool.name,
        description=tool.description,
        input_schema=_schema(tool),
        annotations=ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False),
    )


def _schema(tool: StructuredTool) -> dict[str, Any]:
    assert isinstance(tool.args_schema, dict)  # ours are all written as JSON schema
    return tool.args_schema


def _problems(schema: Json, given: Json) -> Iterator[tuple[str, str]]:
    """Yield what of `given` does not fit the schema, by the name of the argument."""
    for error in Draft202012Validator(schema).iter_errors(given):
        if error.validator == "required":
            yield from ((name, "缺少这一项") for name in schema["required"] if name not in given)
        elif error.validator == "additionalProperties" and not error.path:
            known = schema["properties"]
            yield from ((name, "不认识这一项") for name in given if name not in known)
        else:
            place = ".".join(str(step) for step in error.path)
            yield place, "不是可以接受的值,请看工具的参数说明"


def _result(found: object) -> CallToolResult:
    """Return a tool's JSON, as text for a model and as data for a program."""
    structured = found if isinstance(found, dict) else {"result": found}
    text = TextContent(type="text", text=json.dumps(structured, ensure_ascii=False))
    return CallToolResult(content=[text], structured_content=structured, is_error="error" in structured)
