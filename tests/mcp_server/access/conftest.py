"""The program over HTTP, asked with plain requests and by real clients; and an authorization server."""

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any, Self

import httpx2
import jwt
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from mcp_server.access.tokens import hashed
from mcp_server.server import build
from mcp_server.streamable_http import Serving, application
from shared.runtime import open_core
from shared.settings import Settings, from_arguments
from shared.settings.http import HttpSettings
from tests.clocks import ManualClock
from tests.mcp_server.conftest import ERAS, MODERN, PATIENCE, Agent

ADDRESS = "http://127.0.0.1:8767/mcp"
TOKEN = "canary-token-of-the-agency"
HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
CALL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "list_outbound_assistants", "arguments": {}, **MODERN},
}
OF_TODAY = {
    "MCP-Protocol-Version": ERAS[1],
    "Mcp-Method": "tools/call",
    "Mcp-Name": "list_outbound_assistants",
}
"""As both eras send it; the newer one with these headers too."""
JSON = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@asynccontextmanager
async def caller(address: str, headers: Mapping[str, str], era: str) -> AsyncIterator[Agent]:
    """A real client that sends these headers with every request."""
    async with (
        httpx2.AsyncClient(headers=dict(headers), timeout=PATIENCE) as http,
        Client(streamable_http_client(address, http_client=http), mode=era) as client,
    ):
        yield Agent(client)


async def post(address: str, body: Any = HELLO, **headers: str) -> httpx2.Response:
    """A plain request."""
    async with httpx2.AsyncClient(timeout=PATIENCE) as http:
        return await http.post(address, json=body, headers={**JSON, **headers})


def session(opened: httpx2.Response) -> dict[str, str]:
    """The headers of the session that `HELLO` opened."""
    return {"Mcp-Session-Id": opened.headers["mcp-session-id"], "MCP-Protocol-Version": "2025-11-25"}


def refused(response: httpx2.Response) -> dict[str, Any]:
    """The error of a refusal; every one has the same shape, which clients show to whoever asked."""
    answer = response.json()
    assert (answer["jsonrpc"], answer["id"]) == ("2.0", None)
    error: dict[str, Any] = answer["error"]
    assert set(error) == {"code", "message", "data"}
    waits = error["data"]["retry_after"]
    assert response.headers.get("retry-after") == (str(waits) if waits else None)
    return error


def bearers(path: Path, **tokens: str) -> None:
    """Write a file with these callers' tokens."""
    lines = [f"{name}:{hashed(token)}\n" for name, token in tokens.items()]
    path.write_text("# who calls\n\n" + "".join(lines))
    path.chmod(0o600)


@pytest.fixture
def tokens(tmp_path: Path) -> Path:
    """A file with one caller's token."""
    path = tmp_path / "tokens"
    bearers(path, agency=TOKEN)
    return path


Served = Callable[..., httpx2.AsyncClient]


@pytest.fixture
def served(settings: Settings, clock: ManualClock) -> Served:
    """The application in memory, where the clock can be moved; asked as if at `ADDRESS`."""

    def served(**given: Any) -> httpx2.AsyncClient:
        http_settings = from_arguments(
            HttpSettings,
            **{"famulor_api_key": settings.famulor_api_key, "famulor_base_url": settings.famulor_base_url, **given},
        )
        server = build(lambda: open_core(settings, clock), clock)
        serving = Serving("127.0.0.1", 8767, "/mcp", stateless=True)
        gate = application(server, serving, http_settings, address=ADDRESS, clock=clock)
        running = server.session_manager.run()
        return httpx2.AsyncClient(
            transport=Running(gate.application, running), base_url=ADDRESS.removesuffix("/mcp"), headers=JSON
        )

    return served


class Running(httpx2.ASGITransport):
    """Starts what answers with the first request."""

    def __init__(self, app: Any, running: Any) -> None:
        super().__init__(app)
        self._running = running

    async def __aenter__(self) -> Self:
        await self._running.__aenter__()
        return self

    async def __aexit__(self, *details: object) -> None:
        await self._running.__aexit__(*details)


@cache
def private_keys(whose: str) -> Mapping[str, tuple[str, Any]]:
    """Name → algorithm and key; made once, because an RSA key takes long."""
    return {
        "rsa": ("RS256", rsa.generate_private_key(public_exponent=65537, key_size=2048)),
        "ec": ("ES256", ec.generate_private_key(ec.SECP256R1())),
        "ed": ("EdDSA", ed25519.Ed25519PrivateKey.generate()),
    }


class Issuer:
    """An authorization server: it publishes its keys, and signs what it is told to."""

    def __init__(self, whose: str = "issuer") -> None:
        self.url = ""
        self.keys = dict(private_keys(whose))
        self.published = ["rsa", "ec", "ed"]
        self.metadata: dict[str, Any] = {}
        self.asked: list[str] = []
        self.shared: list[dict[str, str]] = []
        self.down = False

    def token(self, key: str = "rsa", *, kid: str | None = None, algorithm: str = "", **claims: Any) -> str:
        """A good token, but for what is said otherwise; a claim that is None is left out."""
        known, private = self.keys[key]
        good = {
            "iss": self.url,
            "aud": ADDRESS,
            "sub": "ada",
            "client_id": "agent",
            "scope": "openid assistants:read",
            "exp": time.time() + 600,
        }
        payload = {name: value for name, value in {**good, **claims}.items() if value is not None}
        return jwt.encode(payload, private, algorithm or known, headers={"kid": kid or key})

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        if self.down:
            return web.Response(status=500)
        if request.path == "/keys":
            return web.json_response({"keys": [*map(self._public, self.published), *self.shared]})
        if request.path == "/list":
            return web.json_response([])
        if request.path == "/.well-known/openid-configuration":
            return web.json_response({"issuer": self.url, "jwks_uri": f"{self.url}/keys", **self.metadata})
        return web.Response(status=404)

    def _public(self, name: str) -> dict[str, Any]:
        algorithm, private = self.keys[name]
        public = jwt.get_algorithm_by_name(algorithm).to_jwk(private.public_key(), as_dict=True)
        return {**public, "kid": name, "use": "sig"}


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    issuer = Issuer()
    application = web.Application()
    application.router.add_get("/{path:.*}", issuer.answer)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    issuer.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield issuer
    await runner.cleanup()
