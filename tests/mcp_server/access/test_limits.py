"""How much callers may ask."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from shared.demo import DemoApi
from shared.demo.faults import Hang
from tests.clocks import ManualClock
from tests.mcp_server.access.conftest import (
    CALL,
    HELLO,
    JSON,
    OF_TODAY,
    TOKEN,
    Served,
    bearer,
    bearers,
    caller,
    post,
    refused,
)
from tests.mcp_server.conftest import ERAS, PATIENCE, Agent, Start, until_asked


async def test_a_caller_has_so_many_calls_a_minute_and_is_told_when_to_call_again(
    served: Served, tokens: Path, clock: ManualClock
) -> None:
    bearers(tokens, agency=TOKEN, other="other")
    async with served(mcp_tokens_file=tokens, mcp_calls_per_minute=3) as http:
        for _ in range(3):
            assert (await http.post("/mcp", json=HELLO, headers=bearer(TOKEN))).status_code == 200
            clock.advance(10)
        refusal = await http.post("/mcp", json=HELLO, headers=bearer(TOKEN))
        assert refusal.status_code == 429
        error = refused(refusal)
        assert error["data"] == {"kind": "CallsUsedUp", "retryable": True, "retry_after": 31}
        assert error["message"] == "You have made 3 calls within a minute, and may not make more. Try again in 31 s."
        assert (await http.post("/mcp", json=HELLO, headers=bearer("other"))).status_code == 200
        clock.advance(31)
        assert (await http.post("/mcp", json=HELLO, headers=bearer(TOKEN))).status_code == 200
        assert (await http.post("/mcp", json=HELLO, headers=bearer(TOKEN))).status_code == 429


async def test_callers_on_this_machine_are_not_counted(served: Served) -> None:
    async with served(mcp_calls_per_minute=1) as http:
        for _ in range(3):
            assert (await http.post("/mcp", json=HELLO)).status_code == 200


async def test_callers_without_number_are_not_all_remembered(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mcp_server.access.limits.MOST_CALLERS", 2)
    async with served(mcp_caller_keys=True, mcp_calls_per_minute=1) as http:

        async def status(key: str) -> int:
            return (await http.post("/mcp", json=HELLO, headers={"X-Famulor-Key": key})).status_code

        assert [await status(key) for key in ("a", "b", "a", "c", "a", "b")] == [200, 200, 429, 200, 429, 200]


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("options", [(), ("--stateless", "--json")])
async def test_sixty_four_callers_at_once_are_all_answered(
    start: Start, environment: dict[str, str], demo_api: DemoApi, era: str, options: tuple[str, ...]
) -> None:
    async with start("--http", "--port", "0", *options, **environment) as program:
        address = await program.address()

        async def one(http: httpx2.AsyncClient) -> int:
            async with Client(streamable_http_client(address, http_client=http), mode=era) as client:
                return int((await Agent(client).call())["total"])

        async with httpx2.AsyncClient(timeout=PATIENCE) as http:
            assert await asyncio.gather(*(one(http) for _ in range(64))) == [12] * 64
    assert demo_api.count() == 1


@pytest.mark.parametrize("limit", ["MCP_CONCURRENT_CALLS", "MCP_CONCURRENT_CALLS_IN_ALL"])
async def test_too_many_at_once_are_asked_to_come_back(
    start: Start, environment: dict[str, str], demo_api: DemoApi, tokens: Path, limit: str
) -> None:
    bearers(tokens, agency=TOKEN, other="other")
    demo_api.always(Hang())
    given = {**environment, "MCP_TOKENS_FILE": str(tokens), limit: "1"}
    async with start("--http", "--port", "0", **given) as program:
        address = await program.address()
        holding = asyncio.create_task(post(address, CALL, **OF_TODAY, **bearer(TOKEN)))
        await until_asked(demo_api)
        mine = await post(address, HELLO, **bearer(TOKEN))
        others = await post(address, HELLO, **bearer("other"))
        if limit == "MCP_CONCURRENT_CALLS":
            assert (mine.status_code, others.status_code) == (429, 200)
            assert refused(mine)["data"] == {"kind": "TooManyAtOnce", "retryable": True, "retry_after": 1}
        else:
            assert (mine.status_code, others.status_code) == (503, 503)
            assert refused(mine)["data"] == {"kind": "ServerBusy", "retryable": True, "retry_after": 1}
        holding.cancel()


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize(("limit", "full"), [("MCP_CONCURRENT_CALLS", 429), ("MCP_CONCURRENT_CALLS_IN_ALL", 503)])
async def test_who_hangs_up_frees_the_place(
    start: Start, environment: dict[str, str], demo_api: DemoApi, tokens: Path, era: str, limit: str, full: int
) -> None:
    demo_api.always(Hang())
    given = {**environment, "MCP_TOKENS_FILE": str(tokens), "MCP_CALLS_PER_MINUTE": "100000", limit: "1"}
    async with start("--http", "--port", "0", "--stateless", **given) as program:
        address = await program.address()
        headers = OF_TODAY if era == ERAS[1] else {"MCP-Protocol-Version": "2025-11-25"}
        with cut_off(address, CALL, {**headers, **bearer(TOKEN)}):
            await until_asked(demo_api)
            assert (await post(address, HELLO, **bearer(TOKEN))).status_code == full
        async with asyncio.timeout(PATIENCE):
            while (await post(address, HELLO, **bearer(TOKEN))).status_code == full:
                pass
        program.process.terminate()
        code, _stdout, log = await program.end()
    assert code == 0
    assert "Traceback" not in log


@contextmanager
def cut_off(address: str, body: object, headers: Mapping[str, str], length: int = 0) -> Iterator[None]:
    """A request on a connection that is cut in the end, whether or not an answer came."""
    parts = urlsplit(address)
    content = json.dumps(body)
    lines = {"Host": parts.netloc, **JSON, "Content-Length": str(length or len(content)), **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    with socket.create_connection((parts.hostname or "", parts.port or 0)) as connection:
        connection.sendall(f"POST {parts.path} HTTP/1.1\r\n{head}\r\n{content}".encode())
        yield


async def test_half_a_request_holds_no_place_for_ever(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mcp_server.access.bodies.PATIENCE", 0.01)

    async def half() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    async with served() as http:
        response = await http.post("/mcp", content=half())
    assert response.status_code == 408
    assert refused(response)["data"]["retryable"] is True


async def test_who_hangs_up_in_the_middle_of_a_request_leaves_only_a_line_in_the_log(
    start: Start, environment: dict[str, str]
) -> None:
    async with start("--http", "--port", "0", **environment) as program:
        address = await program.address()
        with cut_off(address, HELLO, {}, length=1000):
            pass
        async with asyncio.timeout(PATIENCE):
            while b"anonymous: POST \xe2\x86\x92 hung up in" not in (line := await program.stderr.readline()):
                assert b"Traceback" not in line
        assert (await post(address)).status_code == 200


@pytest.mark.parametrize("era", ERAS)
async def test_who_listens_may_still_ask(start: Start, environment: dict[str, str], tokens: Path, era: str) -> None:
    given = {**environment, "MCP_TOKENS_FILE": str(tokens), "MCP_CONCURRENT_CALLS": "2"}
    async with (
        start("--http", "--port", "0", **given) as program,
        caller(await program.address(), bearer(TOKEN), era) as agent,
    ):
        for _ in range(5):
            assert (await agent.call())["total"] == 12
