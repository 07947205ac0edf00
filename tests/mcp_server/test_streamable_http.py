"""`famulor-mcp --http`: many clients, one core."""

import asyncio
import http.client
import re
import signal
import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

import pytest
from mcp import MCPError

from shared.demo import DEMO_KEY, DemoApi
from shared.demo.faults import Hang, Latency
from tests.mcp_server.access.conftest import post
from tests.mcp_server.conftest import ERAS, PATIENCE, Start, connected, until_asked


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
        assert "timeout graceful shutdown exceeded" not in stderr
        assert "Traceback" not in stderr


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("options", [(), ("--stateless",), ("--stateless", "--json")])
async def test_a_signal_lets_a_call_under_way_finish(start: Start, era: str, options: tuple[str, ...]) -> None:
    async with DemoApi() as demo_api:  # on the machine's own clock: the call really lasts
        demo_api.always(Latency(1.5))
        environment = {"FAMULOR_API_KEY": DEMO_KEY, "FAMULOR_BASE_URL": demo_api.base_url}
        async with start("--http", "--port", "0", *options, **environment) as program:
            async with connected(await program.address(), era) as agent:
                calling = asyncio.create_task(agent.call())
                await until_asked(demo_api)
                program.process.terminate()
                assert (await calling)["total"] == 12
                assert await asyncio.wait_for(program.process.wait(), PATIENCE) == 0
            _code, _stdout, stderr = await program.end()
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
        "Choose another one with --port, or another --host.\n"
    )


async def test_a_host_that_is_not_this_machines_is_said_so(start: Start, environment: dict[str, str]) -> None:
    async with start("--http", "--host", "nowhere.invalid", "--caller-keys", **environment) as program:
        code, stdout, stderr = await program.end()
    assert (code, stdout) == (1, "")
    assert stderr.startswith("famulor-mcp: can't listen on port 8767 of nowhere.invalid (")
    assert "Unknown error" not in stderr


@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("stateless", [(), ("--stateless",)])
async def test_progress_travels_but_not_with_answers_in_one_piece(
    start: Start, environment: dict[str, str], era: str, stateless: tuple[str, ...]
) -> None:
    heard: list[tuple[float, float | None]] = []

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        assert message
        heard.append((progress, total))

    async def call(*options: str) -> None:
        async with (
            start("--http", "--port", "0", *options, **environment) as program,
            connected(await program.address(), era) as agent,
        ):
            await agent.client.call_tool("list_outbound_assistants", progress_callback=hear)

    await call(*stateless, "--json")
    assert heard == []
    await call(*stateless)
    assert heard == [(1, 1)]


async def test_sessions_are_opened_unless_it_is_stateless(start: Start) -> None:
    for options in ((), ("--stateless",)):
        async with start("--demo", "--http", "--port", "0", *options) as program:
            opened = await post(await program.address())
        assert opened.status_code == 200
        assert ("mcp-session-id" in opened.headers) is (not options)


async def test_without_sessions_nobody_is_promised_to_be_told_of_changes(start: Start) -> None:
    promised = []
    for options in ((), ("--stateless",)):
        async with start("--demo", "--http", "--port", "0", "--json", *options) as program:
            capabilities = (await post(await program.address())).json()["result"]["capabilities"]
        promised.append(capabilities.get("resources", {}).get("subscribe"))
    assert promised == [True, False]


async def test_its_log_holds_nothing_that_was_searched_for(start: Start, environment: dict[str, str]) -> None:
    async with start("--http", "--port", "0", **environment, LOG_LEVEL="DEBUG") as program:
        async with connected(f"{await program.address()}?token=canary") as agent:
            await agent.call(search="canary")
        program.process.terminate()
        _code, stdout, stderr = await program.end()
    assert stdout == ""
    assert re.search("anonymous: tools/call list_outbound_assistants → 200 in", stderr)
    for secret in (DEMO_KEY, "canary", "session ID"):
        assert secret not in stderr
