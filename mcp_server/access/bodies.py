"""A request's body: read whole, neither too large nor too slow, and named for the log."""

import asyncio
import re
from typing import Any

from pydantic_core import from_json
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mcp_server.access.layers import VISIT, Layer, method_and_headers
from mcp_server.access.refusals import BodyTooLarge, BodyTooSlow, NotOneMessage

PATIENCE = 10
"""Seconds in which a body must have come; it holds a place meanwhile."""

# Of names that others choose, only what looks like ours goes into the log: a key never does.
_METHOD = re.compile(r"[a-z_/]{1,60}", re.IGNORECASE)
_NAME = re.compile(r"[a-z_]{1,40}")


class Bodies(Layer):
    """Refuses bodies that are too large (in bytes) or too slow; hands on what came."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        super().__init__(app)
        self._limit = limit

    async def request(self, scope: Scope, receive: Receive, send: Send) -> None:
        method, headers = method_and_headers(scope)
        if method != "POST":
            await self.app(scope, receive, send)
            return
        announced = headers.get("content-length", "0")
        if announced.isdecimal() and int(announced) > self._limit:
            raise BodyTooLarge(limit=self._limit)
        try:
            async with asyncio.timeout(PATIENCE):
                body = await self._read(receive)
        except TimeoutError:
            raise BodyTooSlow(seconds=PATIENCE) from None
        if body is None:
            return  # the client hung up: nobody is there to answer
        scope[VISIT].what = described(body)
        unread: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return unread.pop() if unread else await receive()

        await self.app(scope, replay, send)

    async def _read(self, receive: Receive) -> bytes | None:
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            body += message.get("body", b"")
            if len(body) > self._limit:
                raise BodyTooLarge(limit=self._limit)
            more = message.get("more_body", False)
        return bytes(body)


def described(body: bytes) -> str:
    """The protocol's method, and which tool or prompt; never an argument. Raises NotOneMessage."""
    try:
        message: Any = from_json(body)
    except ValueError:
        return "no JSON"  # the protocol has an error of its own for it
    if not isinstance(message, dict):
        raise NotOneMessage
    method, params = message.get("method"), message.get("params")
    if not isinstance(method, str) or not _METHOD.fullmatch(method):
        return "response" if method is None else "unknown method"
    name = params.get("name") if isinstance(params, dict) and method in {"tools/call", "prompts/get"} else None
    return f"{method} {name}" if isinstance(name, str) and _NAME.fullmatch(name) else method
