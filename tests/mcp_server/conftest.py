"""An agent that speaks the real protocol to our server, which asks a demo API over real sockets."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Self

import pytest
from mcp import Client
from mcp.types import TextContent

from mcp_server.calls import FamulorServer
from mcp_server.server import build
from shared.demo import DEMO_KEY, DemoApi
from shared.runtime import open_core
from shared.settings import Settings, from_arguments
from shared.store import open_store
from tests.clocks import ManualClock

ERAS = ("legacy", "2026-07-28")
MODERN = {
    "_meta": {
        "io.modelcontextprotocol/protocolVersion": ERAS[1],
        "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {},
    }
}
"""What each request of the newer era carries, which knows no handshake."""

PATIENCE = 20
"""Seconds that a busy machine may take for what takes one."""


class Agent:
    """Calls tools as a model would, and holds every answer against what all answers promise."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def call(self, tool: str = "list_outbound_assistants", /, **arguments: Any) -> dict[str, Any]:
        """The answer's data, a table's rows as objects; the client itself holds it against the output schema."""
        text, structured, is_error = await self._call(tool, arguments)
        assert not is_error, text
        assert json.loads(text) == structured
        assert text == json.dumps(structured, ensure_ascii=False, separators=(",", ":"))
        columns = structured.get("columns")
        if columns:
            (rows,) = {"assistants", "changes", "findings"} & structured.keys()
            structured[rows] = [dict(zip(columns, row, strict=True)) for row in structured[rows]]
        return structured

    async def names(self, **arguments: Any) -> list[str]:
        return [row["name"] for row in (await self.call(**arguments))["assistants"]]

    async def refused(self, tool: str = "list_outbound_assistants", /, **arguments: Any) -> dict[str, Any]:
        """The error's data, of which the text is the message."""
        text, structured, is_error = await self._call(tool, arguments)
        assert is_error, text
        assert list(structured) == ["error"]
        assert structured["error"]["message"] == text
        error: dict[str, Any] = structured["error"]
        return error

    async def _call(self, tool: str, arguments: dict[str, Any]) -> tuple[str, dict[str, Any], bool]:
        result = await self.client.call_tool(tool, arguments)
        (content,) = result.content
        assert isinstance(content, TextContent)
        assert isinstance(result.structured_content, dict)
        return content.text, result.structured_content, result.is_error


@asynccontextmanager
async def connected(server: FamulorServer | str, era: str = ERAS[0]) -> AsyncIterator[Agent]:
    """An agent with a connection of its own, held by a task of its own: fixtures begin and end in different ones."""
    agent: asyncio.Future[Agent] = asyncio.get_running_loop().create_future()
    over = asyncio.Event()

    async def hold() -> None:
        async with Client(server, mode=era) as client:
            await client.list_tools()
            agent.set_result(Agent(client))
            await over.wait()

    holding = asyncio.create_task(hold())
    await asyncio.wait((holding, asyncio.ensure_future(agent)), return_when=asyncio.FIRST_COMPLETED)
    if holding.done():
        await holding
    try:
        yield await agent
    finally:
        over.set()
        await holding


async def until_asked(demo_api: DemoApi) -> None:
    """Comes back when a request for the assistants has arrived."""
    async with asyncio.timeout(PATIENCE):
        while not demo_api.count():  # noqa: ASYNC110 # the demo API tells nobody
            await asyncio.sleep(0.01)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def demo_api(clock: ManualClock) -> AsyncIterator[DemoApi]:
    async with DemoApi(clock=clock) as api:
        yield api


@pytest.fixture
def settings(demo_api: DemoApi) -> Settings:
    return from_arguments(
        Settings,
        famulor_api_key=DEMO_KEY,
        famulor_base_url=demo_api.base_url,
        famulor_read_timeout=1.5,
        famulor_total_timeout=8,
    )


@pytest.fixture
def server(settings: Settings, clock: ManualClock, sqlite_url: str) -> FamulorServer:
    """As `famulor-mcp` builds it; its database is made where somebody asks for the past."""
    return build(lambda: open_core(settings, clock), clock, open_store=lambda: open_store(sqlite_url, clock))


@pytest.fixture(params=ERAS)
async def agent(server: FamulorServer, request: pytest.FixtureRequest) -> AsyncIterator[Agent]:
    async with connected(server, request.param) as agent:
        yield agent


class Program:
    """`famulor-mcp` as a user starts it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self.process = process
        self.stdin, self.stdout, self.stderr = process.stdin, process.stdout, process.stderr
        self._number = 0

    async def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """The answer to a request over standard input and output: what stands beside `id`."""
        self._number += 1
        self.send({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params})
        answer = await self.hear()
        assert answer["id"] == self._number
        return answer

    def send(self, message: dict[str, Any]) -> None:
        self.stdin.write(json.dumps(message).encode() + b"\n")

    async def hear(self) -> dict[str, Any]:
        """The next message on standard output."""
        answer: dict[str, Any] = json.loads(await asyncio.wait_for(self.stdout.readline(), PATIENCE))
        return answer

    async def greet(self) -> Self:
        """The handshake."""
        client = {"name": "test", "version": "1"}
        await self.ask("initialize", protocolVersion="2025-11-25", capabilities={}, clientInfo=client)
        self.send({"jsonrpc": "2.0", "method": "notifications/initialized"})
        return self

    async def address(self) -> str:
        """Where it serves over HTTP, as soon as it does."""
        while line := await asyncio.wait_for(self.stderr.readline(), PATIENCE):
            if b"serving at " in line:
                return line.decode().rpartition(" ")[2].strip()
        raise AssertionError("It ended without serving.")

    async def end(self) -> tuple[int, str, str]:
        """Exit code and what is left of standard output and standard error; its standard input ends here."""
        self.stdin.close()
        stdout, stderr = await asyncio.wait_for(self.process.communicate(), PATIENCE)
        assert self.process.returncode is not None
        return self.process.returncode, stdout.decode(), stderr.decode()

    def peak_memory(self) -> float:
        """MiB that it ever held at once."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024


Start = Callable[..., AbstractAsyncContextManager[Program]]


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Starts the program with arguments and environment variables, in a folder without a `.env`."""

    @asynccontextmanager
    async def start(*arguments: str, **environment: str) -> AsyncIterator[Program]:
        ours = ("FAMULOR_", "LOG_", "MCP_", "DATABASE_")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        inherited["XDG_DATA_HOME"] = str(tmp_path / "data")
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "mcp_server",
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=tmp_path,
            env={**inherited, **environment},
            limit=2**22,
        )
        program = Program(process)
        try:
            yield program
        finally:
            if process.returncode is None:
                process.terminate()
                await program.end()

    return start


@pytest.fixture
def environment(demo_api: DemoApi) -> dict[str, str]:
    """Environment variables with which the program asks the demo API."""
    return {"FAMULOR_API_KEY": DEMO_KEY, "FAMULOR_BASE_URL": demo_api.base_url}
