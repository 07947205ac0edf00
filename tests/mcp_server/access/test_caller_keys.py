"""Callers who bring their own Famulor key, which is used for their request alone."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared.demo import DEMO_KEY, DemoApi
from shared.demo.faults import Hang
from tests.mcp_server.access.conftest import HELLO, Served, caller, post, refused, session
from tests.mcp_server.conftest import ERAS, Start, until_asked

KEY = {"X-Famulor-Key": DEMO_KEY}


@pytest.fixture
async def address(start: Start, demo_api: DemoApi) -> AsyncIterator[str]:
    async with start("--http", "--port", "0", "--caller-keys", FAMULOR_BASE_URL=demo_api.base_url) as program:
        yield await program.address()


@pytest.mark.parametrize("era", ERAS)
async def test_famulor_is_asked_with_the_callers_key_and_each_time_anew(
    address: str, demo_api: DemoApi, era: str
) -> None:
    async with caller(address, KEY, era) as agent:
        assert (await agent.call())["total"] == 12
        assert (await agent.call())["total"] == 12
    assert demo_api.count() == 2
    assert {one.headers["authorization"] for one in demo_api.requests} == {f"Bearer {DEMO_KEY}"}


@pytest.mark.parametrize("era", ERAS)
async def test_nobody_gets_what_anothers_key_brought(address: str, era: str) -> None:
    async with caller(address, KEY, era) as agent, caller(address, {"X-Famulor-Key": "another"}, era) as stranger:
        answers = await asyncio.gather(*(agent.call() for _ in range(8)), *(stranger.refused() for _ in range(8)))
        assert [answer["total"] for answer in answers[:8]] == [12] * 8
        assert {error["kind"] for error in answers[8:]} == {"KeyRejected"}


async def test_the_configured_key_is_never_used_instead(start: Start, environment: dict[str, str]) -> None:
    async with start("--http", "--port", "0", **environment, MCP_CALLER_KEYS="true") as program:
        address = await program.address()
        async with caller(address, {"X-Famulor-Key": "another"}, ERAS[1]) as stranger:
            assert (await stranger.refused())["kind"] == "KeyRejected"
        response = await post(address)
    assert response.status_code == 401
    assert "www-authenticate" not in response.headers
    assert "X-Famulor-Key" in refused(response)["message"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("", "is empty."),
        (f"Bearer {DEMO_KEY}", "begins with “Bearer”. Set the key alone."),
        ("${FAMULOR_KEY}", "holds a literal ${VAR}"),
        ("two words", "holds characters that a key never has"),
    ],
)
async def test_what_is_no_key_is_refused_in_words(served: Served, given: str, told: str) -> None:
    async with served(mcp_caller_keys=True) as http:
        response = await http.post("/mcp", json=HELLO, headers={"X-Famulor-Key": given})
    assert response.status_code == 401
    assert refused(response)["message"].startswith(f"The key in the header X-Famulor-Key {told}")
    assert DEMO_KEY not in response.text


async def test_two_keys_at_once_are_none(served: Served) -> None:
    async with served(mcp_caller_keys=True) as http:
        headers = [*http.headers.items(), *KEY.items(), ("X-Famulor-Key", "another")]
        assert (await http.post("/mcp", json=HELLO, headers=headers)).status_code == 401


async def test_nothing_that_was_seen_with_other_keys_is_offered(address: str, tmp_path: Path) -> None:
    async with caller(address, KEY, ERAS[1]) as agent:
        assert len((await agent.client.list_tools()).tools) == 3
        assert (await agent.refused("list_outbound_assistant_changes"))["kind"] == "ToolUnknown"
    assert not (tmp_path / "data").exists()


async def test_a_session_is_its_keys_own(address: str) -> None:
    opened = await post(address, HELLO, **KEY)
    ping = {"jsonrpc": "2.0", "id": 2, "method": "ping"}
    assert (await post(address, ping, **session(opened), **{"X-Famulor-Key": "another"})).status_code == 404
    assert (await post(address, ping, **session(opened), **KEY)).status_code == 200


@pytest.mark.parametrize("era", ERAS)
async def test_who_hangs_up_leaves_nothing_open(address: str, demo_api: DemoApi, era: str) -> None:
    demo_api.next_answers(Hang())
    async with caller(address, KEY, era) as agent:
        calling = asyncio.create_task(agent.client.call_tool("list_outbound_assistants"))
        await until_asked(demo_api)
        calling.cancel()
        await asyncio.wait([calling])
        assert (await agent.call())["total"] == 12


async def test_a_key_is_only_needed_where_callers_bring_none(start: Start) -> None:
    async with start("--http", "--port", "0") as program:
        code, _stdout, stderr = await program.end()
    assert code == 2
    assert stderr.startswith("famulor-mcp: FAMULOR_API_KEY: is missing.")
    async with start(MCP_CALLER_KEYS="true") as program:
        code, _stdout, stderr = await program.end()
    assert code == 2
    assert stderr.startswith("famulor-mcp: FAMULOR_API_KEY: is missing.")
