"""Every tool call goes through here: its arguments are made to fit, its failures put into words."""

import logging
import secrets
from typing import Any

from mcp import MCPError
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.types import CallToolResult, InputRequiredResult, Tool

from mcp_server import render
from mcp_server.answers import as_error
from mcp_server.arguments import fitted
from mcp_server.state import State
from shared.errors import FamulorError, QuestionError, UpstreamError

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

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[State, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Call a tool. Whatever fails is a result with `is_error`, but for errors of the protocol itself."""
        try:
            return await super().call_tool(name, fitted(await self._tool(name), arguments), context)
        except FamulorError as error:
            failure = error
        except MCPError:
            raise
        except Exception as error:  # noqa: BLE001 # whatever it was: the model gets words, the log the rest
            # The SDK hands on what a tool raised as the cause of an error of its own.
            failure = error.__cause__ if isinstance(error.__cause__, FamulorError) else _unexpected(name, error)
        if isinstance(failure, UpstreamError):
            # Who asked wrongly is told so; who runs the server is told what doesn't work.
            _log.warning("%s: %s", name, render.line(str(failure)))
        return as_error(failure)

    async def _tool(self, name: str) -> Tool:
        tools = {tool.name: tool for tool in await self.list_tools()}
        if name not in tools:
            raise ToolUnknown(tool=name, known=", ".join(tools))
        return tools[name]


def _unexpected(tool: str, error: Exception) -> Unexpected:
    reference = secrets.token_hex(4)
    _log.error("%s failed unexpectedly, reference %s", tool, reference, exc_info=error)
    return Unexpected(reference=reference)
