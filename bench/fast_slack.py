"""A Slack that costs next to nothing: it sends commands over HTTP or Socket Mode, and notes what comes back when."""

import asyncio
import itertools
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from bot.admission import SCOPES

BOT_TOKEN = "xoxb-bench"  # noqa: S105 # opens nothing
SIGNING_SECRET = "bench-signing-secret"  # noqa: S105 # the same
TEAM, USER, CHANNEL = "T0BENCH", "U0PERSON", "C0BENCH"
_PATIENCE = 60
"""Seconds for one answer: what takes longer is broken."""

Envelope = Mapping[str, Any]
Send = Callable[[Envelope], Awaitable[None]]
"""Sends what an envelope holds, and comes back when it is acknowledged."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One command: seconds until it was acknowledged, and until its answer was there."""

    acknowledged: float
    answered: float


@dataclass(slots=True)
class _Socket:
    """An app's connection, and who waits for which acknowledgement."""

    opened: asyncio.Event = field(default_factory=asyncio.Event)
    connection: web.WebSocketResponse | None = None
    waiting: dict[str, asyncio.Future[None]] = field(default_factory=dict)


class FastSlack:
    """A server on loopback for any number of apps, each of them known by its app-level token."""

    def __init__(self) -> None:
        self._sockets: dict[str, _Socket] = {}
        self._answers: dict[str, asyncio.Future[str]] = {}
        self._numbers = itertools.count(1)
        self._verifier = SignatureVerifier(SIGNING_SECRET)
        application = web.Application()
        application.add_routes(
            [
                web.route("*", "/api/{method}", self._method),
                web.get("/link/{token}", self._link),
                web.post("/answers/{number}", self._answer),
            ]
        )
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        self._session: aiohttp.ClientSession | None = None
        self.url = ""

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, backlog=1024).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        # Hung up before any app does so: none is then sent something on a connection that it is just closing.
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=2))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
        await self._runner.cleanup()

    async def exchange(self, typed: str, send: Send) -> tuple[Exchange, str]:
        """Sends the command, and waits for its answer; also what the answer says."""
        number = str(next(self._numbers))
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        command, _, text = typed.partition(" ")
        payload = {
            "token": "",
            "team_id": TEAM,
            "team_domain": "bench",
            "channel_id": CHANNEL,
            "channel_name": "bench",
            "user_id": USER,
            "user_name": "person",
            "command": command,
            "text": text,
            "api_app_id": "A0BENCH",
            "is_enterprise_install": "false",
            "response_url": f"{self.url}/answers/{number}",
            "trigger_id": f"{number}.{time.time_ns()}",
        }
        began = time.perf_counter()
        async with asyncio.timeout(_PATIENCE):
            await send({"envelope_id": number, "type": "slash_commands", "payload": payload})
            acknowledged = time.perf_counter()
            said = await answer
        return Exchange(acknowledged - began, time.perf_counter() - began), said

    def by_socket(self, app_token: str) -> Send:
        """To the app that has connected with this token, once it has."""
        socket = self._sockets.setdefault(app_token, _Socket())

        async def send(envelope: Envelope) -> None:
            await socket.opened.wait()
            acknowledged = socket.waiting[envelope["envelope_id"]] = asyncio.get_running_loop().create_future()
            assert socket.connection is not None  # noqa: S101 # it has opened
            await socket.connection.send_str(json.dumps({**envelope, "accepts_response_payload": True}))
            await acknowledged

        return send

    def by_http(self, address: str) -> Send:
        """To the app that listens there."""

        async def send(envelope: Envelope) -> None:
            body, now = urlencode(envelope["payload"]), str(int(time.time()))
            headers = {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Slack-Request-Timestamp": now,
                "X-Slack-Signature": self._verifier.generate_signature(timestamp=now, body=body) or "",
            }
            assert self._session is not None  # noqa: S101 # the server runs
            async with self._session.post(address, data=body, headers=headers) as response:
                await response.read()
                response.raise_for_status()

        return send

    async def _answer(self, request: web.Request) -> web.Response:
        self._answers.pop(request.match_info["number"]).set_result(await request.text())
        return web.Response(text="ok")

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        connection = web.WebSocketResponse()
        await connection.prepare(request)
        await connection.send_json({"type": "hello", "num_connections": 1})
        socket = self._sockets.setdefault(request.match_info["token"], _Socket())
        socket.connection = connection
        socket.opened.set()
        async for message in connection:
            if message.type is aiohttp.WSMsgType.TEXT:
                socket.waiting.pop(json.loads(message.data)["envelope_id"]).set_result(None)
        return connection

    async def _method(self, request: web.Request) -> web.Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        answers: Mapping[str, Mapping[str, Any]] = {
            "auth.test": {"team": "Bench", "team_id": TEAM, "user": "bot", "user_id": "U0BOT", "bot_id": "B0BOT"},
            "apps.connections.open": {"url": f"{self.url.replace('http', 'ws', 1)}/link/{token}"},
            "users.info": {"user": {"id": USER, "team_id": TEAM, "locale": "en-US", "tz": "Europe/Berlin"}},
        }
        answer = {"ok": True, **answers.get(request.match_info["method"], {})}
        return web.json_response(answer, headers={"x-oauth-scopes": ",".join(sorted(SCOPES))})
