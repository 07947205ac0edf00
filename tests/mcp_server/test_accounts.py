"""Several accounts: merged or chosen, told apart, and one that fails costs no other."""

from collections.abc import AsyncIterator

import pytest

from mcp_server.calls import FamulorServer
from mcp_server.server import build
from shared.demo import DEMO_KEY, DemoApi
from shared.demo.faults import ServerError, Unauthorized
from shared.runtime import open_core
from shared.settings import Settings, from_arguments
from tests.clocks import ManualClock
from tests.mcp_server.conftest import ERAS, Agent, connected


@pytest.fixture
async def client_api(clock: ManualClock) -> AsyncIterator[DemoApi]:
    async with DemoApi([{"id": 7, "name": "Client’s own", "mode": "pipeline", "status": "active"}], clock=clock) as api:
        yield api


@pytest.fixture
def server_of_two(demo_api: DemoApi, client_api: DemoApi, clock: ManualClock) -> FamulorServer:
    accounts = {
        "agency": {"api_key": DEMO_KEY, "base_url": demo_api.base_url},
        "client": {"api_key": DEMO_KEY, "base_url": client_api.base_url},
    }
    settings = from_arguments(Settings, famulor_accounts=accounts)
    return build(lambda: open_core(settings, clock), clock)


async def test_several_accounts_are_told_apart(server_of_two: FamulorServer) -> None:
    async with connected(server_of_two) as agent:
        answer = await agent.call()
        assert {row["account"] for row in answer["assistants"]} == {"agency", "client"}
        assert answer["of"] == 13
        assert answer["accounts"] == [
            {"account": "agency", "fetched_at": "2026-03-01T12:00:00Z"},
            {"account": "client", "fetched_at": "2026-03-01T12:00:00Z"},
        ]
        for everyone in ("*", "agency,*", ["agency", "client"]):
            assert await agent.call(account=everyone) == answer
        assert await agent.names(account="client") == ["Client’s own"]
        assert await agent.names(account="CLIENT") == await agent.names(account="*,!agency") == ["Client’s own"]
        assert "Client’s own" not in await agent.names(account="!client")
        assert (await agent.call(account="client"))["assistants"][0]["account"] == "client"


async def test_an_account_that_fails_is_told_beside_the_others_answers(
    server_of_two: FamulorServer, client_api: DemoApi, demo_api: DemoApi, clock: ManualClock
) -> None:
    client_api.always(Unauthorized())
    async with connected(server_of_two) as agent:
        answer = await agent.call()
        assert (answer["of"], answer["stale"]) == (12, False)
        agency, client = answer["accounts"]
        assert "error" not in agency
        assert set(client) == {"account", "error"}
        assert "API key of the account “client”" in client["error"]
        demo_api.always(ServerError())
        clock.advance(31)
        answer = await agent.call()
        assert answer["stale"] is True
        assert "fault of its own" in answer["stale_reason"]
        assert answer["accounts"][0]["stale"] is True


async def test_when_every_account_fails_the_answer_is_an_error(
    server_of_two: FamulorServer, client_api: DemoApi, demo_api: DemoApi
) -> None:
    for api in (client_api, demo_api):
        api.always(Unauthorized())
    async with connected(server_of_two) as agent:
        assert (await agent.refused())["kind"] == "KeyRejected"
        assert (await agent.refused("get_outbound_assistant", assistant="7"))["kind"] == "KeyRejected"


async def test_an_unknown_account_is_refused_with_the_names_of_those_there_are(server_of_two: FamulorServer) -> None:
    async with connected(server_of_two) as agent:
        for tool, arguments in (("list_outbound_assistants", {}), ("get_outbound_assistant", {"assistant": "42"})):
            error = await agent.refused(tool, account="agncy", **arguments)
            assert error["message"] == "There is no account “agncy”. Known: agency, client."


async def test_each_account_has_its_own_assistant_of_an_id(server_of_two: FamulorServer, client_api: DemoApi) -> None:
    client_api.assistants[0]["id"] = 42
    async with connected(server_of_two) as agent:
        error = await agent.refused("get_outbound_assistant", assistant=42)
        assert "“Sales Follow-up” (42, agency), “Client’s own” (42, client)" in error["message"]
        for account, name in (("agency", "Sales Follow-up"), ("client", "Client’s own")):
            answer = await agent.call("get_outbound_assistant", assistant=42, account=account)
            assert (answer["assistant"]["account"], answer["assistant"]["name"]) == (account, name)


async def progress(agent: Agent, tool: str, **arguments: str) -> list[tuple[float, float | None, str | None]]:
    """What a client is told while a call is under way."""
    told = []

    async def listen(progress: float, total: float | None, message: str | None) -> None:
        told.append((progress, total, message))

    await agent.client.call_tool(tool, arguments, progress_callback=listen)
    return told


@pytest.mark.parametrize("era", ERAS)
async def test_progress_is_told_account_by_account(server_of_two: FamulorServer, era: str) -> None:
    both = [(1, 2, "1 of 2 accounts have answered"), (2, 2, "2 of 2 accounts have answered")]
    async with connected(server_of_two, era) as agent:
        assert await progress(agent, "list_outbound_assistants") == both
        assert await progress(agent, "get_outbound_assistant", assistant="Client") == both
        assert await progress(agent, "list_outbound_assistants", account="client") == [
            (1, 1, "1 of 1 accounts have answered")
        ]


async def test_what_is_left_out_names_the_account_too(server_of_two: FamulorServer, client_api: DemoApi) -> None:
    client_api.change(7, system_prompt="word " * 2000)
    async with connected(server_of_two) as agent:
        answer = await agent.call("get_outbound_assistant", assistant="Client", max_tokens=500)
        assert answer["next_call"]["arguments"]["account"] == "client"
        answer = await agent.call(account="client", response_format="detailed", max_tokens=500)
        assert answer["next_call"]["arguments"] == {"assistant": "7", "account": "client"}


async def test_accounts_beyond_the_budget_are_counted_and_those_that_fail_come_first(
    demo_api: DemoApi, client_api: DemoApi, clock: ManualClock
) -> None:
    client_api.always(Unauthorized())
    accounts = {
        f"account-{number}": {"api_key": DEMO_KEY, "base_url": (client_api if number == 9 else demo_api).base_url}
        for number in range(10)
    }
    settings = from_arguments(Settings, famulor_accounts=accounts)
    async with connected(build(lambda: open_core(settings, clock), clock)) as agent:
        answer = await agent.call(max_tokens=800, limit=1)
        assert answer["accounts"][-1]["account"] == "account-9"
        assert "API key" in answer["accounts"][-1]["error"]
        assert f"{10 - len(answer['accounts'])} of 10 accounts" in answer["left_out"]
        assert len((await agent.call(limit=1))["accounts"]) == 10
