"""One question to an MCP server over streamable HTTP, as a client of today's protocol asks it: stateless, one POST."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import aiohttp

VERSION = "2026-07-28"
"""Of the protocol: https://modelcontextprotocol.io/specification ; since then no session has to be begun first."""
PATIENCE = 30.0
"""Seconds for an answer; the server gives Famulor up before."""
BYTES_A_TOKEN = 4
"""Of English and JSON, about."""


class NotAnswered(Exception):
    """The server gave no answer, or none of the protocol's; says why."""


async def asked(url: str, method: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The `result` of a request such as "tools/list".

    Raises:
        NotAnswered: nobody listens there, it took too long, or the protocol itself refused.
    """
    about = {
        "io.modelcontextprotocol/protocolVersion": VERSION,
        "io.modelcontextprotocol/clientInfo": {"name": "famulor-playground", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": {**(params or {}), "_meta": about}}
    headers = {
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": VERSION,
        "Mcp-Method": method,
        **({"Mcp-Name": str(params["name"])} if params and "name" in params else {}),
    }
    try:
        async with (
            asyncio.timeout(PATIENCE),
            aiohttp.ClientSession() as session,
            session.post(url, json=body, headers=headers, allow_redirects=False) as response,
        ):
            text = await response.text()
    except (aiohttp.ClientError, ValueError) as error:
        raise NotAnswered(str(error) or type(error).__name__) from error
    except TimeoutError as error:
        raise NotAnswered(f"{PATIENCE:g} s") from error
    return _result(text, response.status)


def tokens(text: str) -> int:
    """About as many tokens as this text is for a model."""
    return -(-len(text.encode()) // BYTES_A_TOKEN)


def _result(text: str, status: int) -> dict[str, Any]:
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAnswered(f"HTTP {status}") from error
    match answer:
        case {"result": dict(result)}:
            return result
        case {"error": {"message": str(why)}}:
            raise NotAnswered(why)
    raise NotAnswered(f"HTTP {status}")
