"""Every tool call goes through here: its arguments are made to fit, its failures put into words."""

import logging
import secrets
from collections.abc import Mapping
from functools import partial
from typing import Any

from mcp import MCPError
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.types import CallToolResult, InputRequiredResult, Tool

from mcp_server import messages, render
from mcp_server.answers import as_error
from mcp_server.arguments import fitted
from mcp_server.state import State
from shared.clock import Clock
from shared.errors import FamulorError, QuestionError, StoreError, UpstreamError
from shared.logs import bound, new_request
from shared.telemetry import Telemetry, timed

_log = logging.getLogger(__name__)


class ToolUnknown(QuestionError):
    """There is no tool of this name."""

    what = "There is no tool “{tool}”."
    cure = "There are: {known}."


class Unexpected(FamulorError):
    """A fault of this program. What it was stands in the log only: it may name what no model should see."""

    what = "This server failed for a reason of its own (reference {reference})."
    cure = "Another call may work; whoever runs the server finds the reason in its log."


class FamulorServer(MCPServer[State]):
    """An MCP server whose tools raise FamulorError; the model is told what happened, and what to do."""

    def __init__(self, name: str, *, clock: Clock, telemetry: Telemetry, **options: Any) -> None:
        super().__init__(name, **options)
        self.telemetry = telemetry
        self._clock = clock
        self._tools: Mapping[str, Tool] = {}

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[State, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool. Whatever fails is a result with `is_error`, but for errors of the protocol itself."""
        # What is no tool is only what somebody wrote.
        tool = name if self._tool_manager.get_tool(name) else "unknown"
        with bound(request=new_request(), tool=tool):
            try:
                with timed(partial(self.telemetry.tool, tool), self._clock.monotonic):
                    return await self._called(name, arguments, context)
            except FamulorError as failure:
                if isinstance(failure, UpstreamError | StoreError):
                    # Who asked wrongly is told so; who runs the server is told what doesn't work.
                    told = f"{name}: {render.line(str(failure))}"
                    _log.warning("%s", told)
                    if context is not None:
                        await messages.warn(context.request_context, told)
                return as_error(failure)

    async def _called(
        self, name: str, arguments: dict[str, Any], context: Context[State, Any] | None
    ) -> CallToolResult | InputRequiredResult:
        """The tool's result. Raises FamulorError for whatever fails, and the protocol's own MCPError."""
        try:
            return await super().call_tool(name, fitted(await self._tool(name), arguments), context)
        except (FamulorError, MCPError):
            raise
        except Exception as error:  # whatever it was: the model gets words, the log the rest
            # The SDK hands on what a tool raised as the cause of an error of its own.
            failure = error.__cause__ if isinstance(error.__cause__, FamulorError) else unexpected(name, error)
            raise failure from error

    async def list_tools(self) -> list[Tool]:
        """The tools as clients get them: what models read of each costs them tokens in every conversation."""
        return [
            tool.model_copy(
                update={"input_schema": _lean(tool.input_schema), "output_schema": _lean(tool.output_schema)}
            )
            for tool in await super().list_tools()
        ]

    async def _tool(self, name: str) -> Tool:
        # All are there before anybody calls one.
        self._tools = self._tools or {tool.name: tool for tool in await super().list_tools()}
        if name not in self._tools:
            raise ToolUnknown(tool=name, known=", ".join(self._tools))
        return self._tools[name]


def _lean(schema: Any) -> Any:
    """The schema without what says nothing: pydantic's titles, which are names again, and the default "" of texts."""
    match schema:
        case dict():
            silent = {"title"} if isinstance(schema.get("title"), str) else set()
            silent |= {"default"} if schema.get("default") == "" else set()
            return {key: _lean(value) for key, value in schema.items() if key not in silent}
        case list():
            return [_lean(value) for value in schema]
        case _:
            return schema


def unexpected(what: str, error: Exception) -> Unexpected:
    """What is said of a fault of this program while `what` was done; the log gets all of it."""
    reference = secrets.token_hex(4)
    _log.error("%s failed unexpectedly, reference %s", what, reference, exc_info=error)
    return Unexpected(reference=reference)
