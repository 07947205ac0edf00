"""`famulor-mcp --http`: many clients, one core; this machine only."""

import asyncio
import http.client
import signal
import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

import pytest
from mcp import MCPError

from shared.demo import DEMO_KEY, DemoApi
from shared.demo.faults import Hang
from tests.mcp_server.conftest import ERAS, PATIENCE, Start, connected, until_asked


@pytest.mark.parametrize("era", ERAS)
async def test_fifty_clients_at_once_cost_one_request(
    start: Start, environment: dict[str, str], demo_api: DemoApi, era: str
) -> None:
    async with start("--http", "--port", "0", **environment) as program:
        address = await program.address()

        async def one_client() -> int:
            async with connected(address, era) as agent:
                answer = await agent.call()
                return int(answer["total"])

        assert await asyncio.gather(*(one_client() for _ in range(50))) == [12] * 50
        assert demo_api.count() == 1


async def test_both_eras_get_the_same_answer(start: Start, environment: dict[str, str]) -> None:
    async with start("--http", "--port", "0", "--path", "agents", **environment) as program:
        address = await program.address()
        assert address.endswith("/agents")
        answers = []
        for era in ERAS:
            async with connected(address, era) as agent:
                answers.append(await agent.call(status="active"))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_in_order_while_clients_listen(
    start: Start, environment: dict[str, str], number: signal.Signals
) -> None:
    async with start("--http", "--port", "0", **environment) as program:
        async with connected(await program.address()) as agent:
            await agent.call()
            program.process.send_signal(number)
            assert await asyncio.wait_for(program.process.wait(), PATIENCE) == 0
        _code, stdout, stderr = await program.end()
        assert stdout == ""
        assert "Traceback" not in stderr


async def test_a_signal_cuts_off_what_hangs(start: Start, environment: dict[str, str], demo_api: DemoApi) -> None:
    demo_api.always(Hang())
    async with start("--http", "--port", "0", **environment) as program:
        async with connected(await program.address(), ERAS[1]) as agent:
            calling = asyncio.create_task(agent.client.call_tool("list_outbound_assistants"))
            await until_asked(demo_api)
            program.process.terminate()
            assert await asyncio.wait_for(program.process.wait(), PATIENCE) == 0
            with pytest.raises(MCPError):
                await calling
        _code, _stdout, stderr = await program.end()
    assert "Traceback" not in stderr


async def status(address: str, headers: Mapping[str, str]) -> int:
    """The HTTP status of a request with these headers."""

    def ask() -> int:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
        connection.request("POST", urlsplit(address).path, b"{}", {"Content-Type": "application/json", **headers})
        answered = connection.getresponse().status
        connection.close()
        return answered

    return await asyncio.to_thread(ask)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "localhost", "::1"])
async def test_a_web_page_can_not_reach_it(start: Start, host: str) -> None:
    async with start("--demo", "--http", "--host", host, "--port", "0") as program:
        address = await program.address()
        assert await status(address, {"Host": "evil.example"}) == 421
        assert await status(address, {"Origin": "https://evil.example"}) == 403
        assert await status(address, {"Origin": address.removesuffix("/mcp")}) not in {403, 421}


async def test_a_taken_port_is_said_so(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with start("--demo", "--http", "--port", str(port)) as program:
            code, stdout, stderr = await program.end()
    assert (code, stdout) == (1, "")
    assert stderr == (
        f"famulor-mcp: can't listen on port {port} of 127.0.0.1 (Address already in use). "
        "Choose another one with --port.\n"
    )


async def test_its_log_holds_no_key_no_session_and_nothing_that_was_searched_for(
    start: Start, environment: dict[str, str]
) -> None:
    async with start("--http", "--port", "0", **environment, LOG_LEVEL="DEBUG") as program:
        address = await program.address()
        async with connected(f"{address}?token=canary") as agent:
            await agent.call(search="canary")
        program.process.terminate()
        _code, stdout, stderr = await program.end()
    assert "DEBUG" in stderr
    assert stdout == ""
    for secret in (DEMO_KEY, "canary", "session ID"):
        assert secret not in stderr
