"""Socket Mode: tickets, open connections, envelopes and their acknowledgements."""

import asyncio
import json
import secrets
import uuid
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from aiohttp import WSMsgType, web

from bot.playground.workspace import APP

# https://docs.slack.dev/apis/events-api/using-socket-mode
MOST_CONNECTIONS = 10
# How long an aiohttp websocket waits for the other side's goodbye.
GOODBYE_SECONDS = 1.0


class NotConnectedError(Exception):
    """No bot has a socket open."""


class SocketMode:
    """The bot's sockets. Each envelope goes to exactly one of them, in turn."""

    def __init__(self) -> None:
        self._tickets: set[str] = set()
        self._open: set[web.WebSocketResponse] = set()
        # Those that take envelopes, the next one first: open, and not told to go.
        self._taking: list[web.WebSocketResponse] = []
        self._awaited: dict[str, asyncio.Future[Mapping[str, Any] | None]] = {}
        self._anyone = asyncio.Event()

    def ticket(self) -> str:
        """Lets one socket in, once."""
        ticket = str(uuid.uuid4())
        self._tickets.add(ticket)
        return ticket

    async def connected(self) -> None:
        """Comes back when at least one socket is open and not on its way out."""
        await self._anyone.wait()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One socket, from its greeting to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPNotFound(text="not a valid ticket")
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse(timeout=GOODBYE_SECONDS)
        await socket.prepare(request)
        if len(self._open) >= MOST_CONNECTIONS:
            await socket.send_json(_goodbye("too_many_websockets"))
            await socket.close()
            return socket
        self._open.add(socket)
        try:
            await socket.send_json(self._hello())
            self._taking.append(socket)
            self._anyone.set()
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._acknowledge(frame.data)
        finally:
            self._open.discard(socket)
            self._retire(socket)
        return socket

    async def send(self, envelope: Mapping[str, Any], within: float) -> Mapping[str, Any] | None:
        """Sends an envelope and waits for its acknowledgement; the payload in it, if any.

        Raises:
            NotConnectedError: there was nobody to send it to.
            TimeoutError: it was not acknowledged within so many seconds.
        """
        if not self._taking:
            raise NotConnectedError
        acknowledged: asyncio.Future[Mapping[str, Any] | None] = asyncio.get_running_loop().create_future()
        self._awaited[envelope["envelope_id"]] = acknowledged
        socket = self._taking.pop(0)
        self._taking.append(socket)
        try:
            async with asyncio.timeout(within):
                # A socket that dies at this moment loses the envelope, as it does at Slack.
                with suppress(ConnectionError):
                    await socket.send_json(envelope)
                return await acknowledged
        finally:
            self._awaited.pop(envelope["envelope_id"], None)

    async def disconnect(self, reason: str) -> None:
        """Asks every socket to go; Slack sends nothing more to them, and a bot comes back with new ones."""
        for socket in list(self._taking):
            self._retire(socket)
            await socket.send_json(_goodbye(reason))

    async def close(self) -> None:
        """Hangs up on everyone."""
        for socket in list(self._taking):
            self._retire(socket)
        await asyncio.gather(*(socket.close() for socket in self._open))

    def _retire(self, socket: web.WebSocketResponse) -> None:
        if socket in self._taking:
            self._taking.remove(socket)
        if not self._taking:
            self._anyone.clear()

    def _acknowledge(self, frame: str) -> None:
        try:
            answer = json.loads(frame)
        except ValueError:
            return
        envelope_id = answer.get("envelope_id") if isinstance(answer, dict) else None
        # A late, repeated or invented acknowledgement is for nobody: Slack says nothing about it either.
        awaited = self._awaited.get(envelope_id) if isinstance(envelope_id, str) else None
        if awaited is not None and not awaited.done():
            payload = answer.get("payload")
            awaited.set_result(payload if isinstance(payload, dict) else None)

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self._open),
            "debug_info": {
                "host": f"applink-{secrets.token_hex(4)}",
                "build_number": 1,
                "approximate_connection_time": 18060,
            },
            "connection_info": {"app_id": APP},
        }


def _goodbye(reason: str) -> dict[str, Any]:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-local"}}
