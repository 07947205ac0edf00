"""`famulor-mcp` over standard input and output, started as a client starts it."""

import asyncio
import signal

import pytest

from shared.demo import DEMO_KEY, DemoApi, many_assistants
from shared.demo.faults import Hang
from tests.mcp_server.conftest import MODERN, PATIENCE, Start, until_asked

CALL = {"name": "list_outbound_assistants", "arguments": {"status": "inactive"}}


async def test_a_client_is_answered_in_either_era(start: Start, environment: dict[str, str]) -> None:
    async with start(**environment) as program:
        await program.greet()
        old = await program.ask("tools/call", **CALL)
    async with start(**environment) as program:
        new = await program.ask("tools/call", **CALL, **MODERN)
    for answer in (old, new):
        assert [row[0] for row in answer["result"]["structuredContent"]["assistants"]] == [140, 312]
    for answer in (old, new):
        del answer["result"]["structuredContent"]["fetched_at"]
    assert old["result"]["structuredContent"] == new["result"]["structuredContent"]


async def test_the_demo_needs_nothing_and_uses_nothing_of_the_users(start: Start) -> None:
    elsewhere = {"FAMULOR_API_KEY": "canary-key-of-the-user", "FAMULOR_BASE_URL": "https://famulor.invalid"}
    async with start("--demo", **elsewhere) as program:
        await program.greet()
        answer = await program.ask("tools/call", **CALL)
        assert answer["result"]["structuredContent"]["of"] == 12
        code, stdout, stderr = await program.end()
    assert (code, stdout) == (0, "")
    assert "canary" not in stderr


async def test_it_ends_with_its_input(start: Start, environment: dict[str, str]) -> None:
    async with start(**environment) as program:
        await program.greet()
        await program.ask("tools/call", **CALL)
        assert await program.end() == (0, "", "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_in_order(start: Start, environment: dict[str, str], number: signal.Signals) -> None:
    async with start(**environment) as program:
        await program.greet()
        await program.ask("tools/call", **CALL)
        program.process.send_signal(number)
        assert await asyncio.wait_for(program.process.wait(), PATIENCE) == 0
        assert await program.end() == (0, "", "")


async def test_a_signal_ends_it_while_a_call_is_under_way(
    start: Start, environment: dict[str, str], demo_api: DemoApi
) -> None:
    demo_api.always(Hang())
    async with start(**environment) as program:
        await program.greet()
        program.send({"jsonrpc": "2.0", "id": "hanging", "method": "tools/call", "params": CALL})
        await until_asked(demo_api)
        program.process.terminate()
        assert await asyncio.wait_for(program.process.wait(), PATIENCE) == 0


async def test_a_client_that_stops_listening_leaves_no_traceback(start: Start, environment: dict[str, str]) -> None:
    async with start(**environment) as program:
        await program.greet()
        program.process._transport.get_pipe_transport(1).close()  # type: ignore[attr-defined] # noqa: SLF001
        for number in range(3):
            program.send({"jsonrpc": "2.0", "id": f"late {number}", "method": "tools/list"})
        code, _stdout, stderr = await program.end()
        assert (code, stderr) == (0, "")


async def test_broken_messages_do_not_end_the_conversation(start: Start) -> None:
    async with start("--demo") as program:
        await program.greet()
        program.stdin.write(b"not json\n\xff\xfe\n[]\n")
        assert (await program.ask("ping"))["result"] == {}


async def test_its_key_is_in_nothing_that_it_says(start: Start, environment: dict[str, str]) -> None:
    async with start(**environment, LOG_LEVEL="debug") as program:
        await program.greet()
        heard = [await program.ask("tools/call", **CALL), await program.ask("tools/list")]
        _code, stdout, stderr = await program.end()
    assert "[debug" in stderr
    assert DEMO_KEY not in stdout + stderr + str(heard)


async def test_five_thousand_assistants_are_served_from_little_memory(start: Start) -> None:
    call = {"name": "list_outbound_assistants", "arguments": {"limit": 100, "search": "finish"}}
    async with (
        DemoApi(many_assistants(5000), limited=False) as demo_api,
        start(FAMULOR_API_KEY=DEMO_KEY, FAMULOR_BASE_URL=demo_api.base_url) as program,
    ):
        await program.greet()
        answer = (await program.ask("tools/call", **call))["result"]["structuredContent"]
        assert (len(answer["assistants"]), answer["of"]) == (100, 5000)
        assert program.peak_memory() < 300
