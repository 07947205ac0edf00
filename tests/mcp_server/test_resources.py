"""The list of assistants and each one of them as resources: the tools' data under URIs."""

import json
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from mcp import MCPError
from mcp.types import INTERNAL_ERROR, INVALID_PARAMS, TextResourceContents

from mcp_server.calls import FamulorServer
from mcp_server.resources import MOST_ROWS
from mcp_server.server import build
from shared.core import Core
from shared.demo import DEMO_KEY, DemoApi, demo_assistants, many_assistants
from shared.demo.faults import EchoedKey, TooManyRequests
from shared.runtime import open_core
from shared.settings import Settings, from_arguments
from tests.clocks import ManualClock
from tests.mcp_server.conftest import ERAS, Agent, connected

LIST = "famulor://assistants/outbound"
LARGEST_EVENT = 2**20
"""Bytes that the SDK's client takes at once."""


async def read(agent: Agent, uri: str) -> dict[str, Any]:
    result = await agent.client.read_resource(uri)
    (content,) = result.contents
    assert isinstance(content, TextResourceContents)
    assert (content.uri, content.mime_type) == (uri, "application/json")
    data: dict[str, Any] = json.loads(content.text)
    return data


async def call(agent: Agent, tool: str, **arguments: Any) -> dict[str, Any]:
    """The tool's answer as it came."""
    structured = (await agent.client.call_tool(tool, arguments)).structured_content
    assert isinstance(structured, dict)
    return structured


async def refused(agent: Agent, uri: str) -> MCPError:
    with pytest.raises(MCPError) as error:
        await agent.client.read_resource(uri)
    assert error.value.error.data["uri"] == uri
    return error.value


async def test_they_are_offered_with_all_that_a_client_may_show(agent: Agent) -> None:
    (listed, audit, _page) = (await agent.client.list_resources()).resources
    templates = (await agent.client.list_resource_templates()).resource_templates
    assert (listed.uri, audit.uri) == (LIST, f"{LIST}/audit")
    assert [one.uri_template for one in templates] == [
        f"{LIST}{{?account,status,mode,language,timezone,webhook}}",
        f"{LIST}/{{id}}{{?account}}",
        f"{LIST}/audit{{?account,status,mode,language,timezone,webhook,rule,min_severity}}",
        f"{LIST}/{{id}}/audit{{?account}}",
    ]
    for shown in [one.model_dump(exclude_none=True) for one in (listed, audit, *templates)]:
        assert set(shown) - {"uri", "uri_template"} == {
            *("name", "title", "description", "mime_type", "icons", "annotations")
        }
        assert shown["mime_type"] == "application/json"


async def test_the_list_is_what_the_tool_lists(agent: Agent) -> None:
    assert await read(agent, LIST) == await call(agent, "list_outbound_assistants", limit=100)


async def test_one_is_what_the_tool_shows(agent: Agent) -> None:
    assert await read(agent, f"{LIST}/42") == await call(agent, "get_outbound_assistant", assistant="42")


async def test_the_list_takes_the_tools_filters(agent: Agent) -> None:
    uri = f"{LIST}?status=!active&language=de,en&mode=&timezone=Europe%2FLondon&webhook=missing"
    answer = await read(agent, uri)
    filters = {"status": "!active", "language": "de,en", "timezone": "Europe/London", "webhook": "missing"}
    assert answer == await call(agent, "list_outbound_assistants", **filters, limit=100)
    assert answer["total"] == 2


@pytest.mark.parametrize(
    "uri",
    [
        f"{LIST}/1",
        f"{LIST}/{'9' * 18}",
        f"{LIST}/{'9' * 400}",
        f"{LIST}/042",
        f"{LIST}/-42",
        f"{LIST}/42.0",
        f"{LIST}/4²",
        f"{LIST}/sales",
        f"{LIST}/{{id}}",
        f"{LIST}/",
        f"{LIST}/../outbound/42",
        f"{LIST}/%2E%2E%2F42",
        f"{LIST}/..%2F..%2Fetc%2Fpasswd",
        f"{LIST}/42%00",
        f"{LIST}/42/",
        f"{LIST}/42\n",
        f"{LIST}/42#",
        f"{LIST}/42?status=active",
        f"{LIST}/42?account=nobody",
        f"{LIST}?account=nobody",
        f"{LIST}?account=default&account=default",
        f"{LIST}?search=x",
        f"{LIST}?status",
        f"{LIST}?status=%ff",
        f"{LIST}?webhook=perhaps",
        f"x{LIST}",
        "famulor://assistants",
        "file:///etc/passwd",
        "nonsense",
        "",
    ],
)
async def test_what_there_is_not_is_not_found(agent: Agent, demo_api: DemoApi, uri: str) -> None:
    error = await refused(agent, uri)
    assert error.code == INVALID_PARAMS
    assert DEMO_KEY not in str(error.error)
    assert "Traceback" not in str(error.error)


async def test_a_number_in_a_name_is_no_id(agent: Agent, demo_api: DemoApi) -> None:
    demo_api.change(42, name="Campaign 4711")
    assert (await refused(agent, f"{LIST}/4711")).message.startswith("There is no outbound assistant “4711”.")


async def test_what_an_account_lacks_is_said_in_words(agent: Agent) -> None:
    error = await refused(agent, f"{LIST}?account=nobody")
    assert error.message == "There is no account “nobody”. Known: default."


async def test_when_famulor_fails_it_is_said_whether_to_try_again(
    agent: Agent, demo_api: DemoApi, caplog: pytest.LogCaptureFixture
) -> None:
    demo_api.always(TooManyRequests(retry_after=600))
    error = await refused(agent, LIST)
    assert error.code == INTERNAL_ERROR
    assert error.message.endswith("Try again in 600 s.")
    assert error.error.data == {"uri": LIST, "kind": "RateLimited", "retryable": True, "retry_after": 600}
    assert "rate limit" in caplog.text


async def test_an_error_holds_no_key(agent: Agent, demo_api: DemoApi) -> None:
    demo_api.always(EchoedKey())
    error = await refused(agent, f"{LIST}/42")
    assert error.code == INTERNAL_ERROR
    assert DEMO_KEY not in str(error.error)


async def test_a_failure_of_our_own_shows_a_reference_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> AbstractAsyncContextManager[Core]:
        raise RuntimeError("canary")

    async with connected(build(broken)) as agent:
        with caplog.at_level(logging.ERROR):
            error = await refused(agent, LIST)
    assert error.code == INTERNAL_ERROR
    assert "canary" not in str(error.error)
    reference = error.message.partition("(reference ")[2].partition(")")[0]
    assert reference in caplog.text
    assert "RuntimeError: canary" in caplog.text


async def test_secrets_are_masked_and_nothing_hides(agent: Agent, demo_api: DemoApi) -> None:
    demo_api.change(
        42,
        name="Sales\u202e\u200b",
        webhook_url="https://user:canary@hooks.example.com/?token=canary",
        variables={"api_key": "canary"},
    )
    everything = json.dumps([await read(agent, LIST), await read(agent, f"{LIST}/42")], ensure_ascii=False)
    assert "Sales" in everything
    assert not set(everything) & {"\u202e", "\u200b"}
    assert "canary" not in everything


async def test_old_data_is_marked_as_old(agent: Agent, demo_api: DemoApi, clock: ManualClock) -> None:
    await read(agent, LIST)
    demo_api.always(TooManyRequests(retry_after=600))
    clock.advance(31)
    for uri in (f"{LIST}?account=default", f"{LIST}/42"):
        answer = await read(agent, uri)
        assert answer["stale"] is True
        assert "rate limit" in answer["stale_reason"]


@pytest.fixture
async def hinted(server: FamulorServer) -> AsyncIterator[Agent]:
    """An agent of the era that knows how long an answer is good for."""
    async with connected(server, ERAS[1]) as agent:
        yield agent


async def test_it_says_for_how_long_its_data_will_be_fresh(
    hinted: Agent, demo_api: DemoApi, clock: ManualClock
) -> None:
    async def hint(uri: str) -> tuple[int | None, str | None]:
        result = await hinted.client.read_resource(uri, cache_mode="bypass")
        return result.ttl_ms, result.cache_scope

    assert await hint(LIST) == (30_000, "private")
    clock.advance(12)
    assert await hint(LIST) == (18_000, "private")
    assert await hint(f"{LIST}/42") == (18_000, "private")
    clock.advance(18)
    assert await hint(LIST) == (30_000, "private")
    demo_api.always(TooManyRequests(retry_after=600))
    clock.advance(30)
    assert await hint(f"{LIST}/42") == (0, "private")


async def test_what_never_changes_is_everybodys_for_minutes(hinted: Agent) -> None:
    client = hinted.client
    for result in (
        await client.list_tools(),
        await client.list_prompts(),
        await client.list_resources(),
        await client.list_resource_templates(),
        await client.read_resource("ui://famulor/assistants"),
    ):
        assert (result.ttl_ms, result.cache_scope) == (300_000, "public")


async def test_of_thousands_the_list_shows_the_first_and_how_to_go_on(clock: ManualClock) -> None:
    async with DemoApi(many_assistants(5000), clock=clock, limited=False) as demo_api:
        settings = from_arguments(Settings, famulor_api_key=DEMO_KEY, famulor_base_url=demo_api.base_url)
        async with connected(build(lambda: open_core(settings, clock), clock)) as agent:
            answer = await read(agent, f"{LIST}?language=de")
            assert demo_api.count() == 1
            shown = len(answer["assistants"])
            assert 100 < shown <= MOST_ROWS
            assert answer["left_out"] == f"{answer['total'] - shown} of {answer['total']} assistants"
            following = await call(agent, answer["next_call"]["name"], **answer["next_call"]["arguments"])
            names = [row[1] for row in (*answer["assistants"], *following["assistants"])]
            assert names == sorted(set(names))
            assert following["total"] == answer["total"]


async def test_however_long_names_and_prompts_are_an_event_can_carry_it(clock: ManualClock) -> None:
    records = [record | {"name": '"ä' * 127} for record in many_assistants(600)]
    records.append(demo_assistants()[0] | {"system_prompt": '"ä\n' * 300_000})
    async with DemoApi(records, clock=clock, limited=False) as demo_api:
        settings = from_arguments(Settings, famulor_api_key=DEMO_KEY, famulor_base_url=demo_api.base_url)
        async with connected(build(lambda: open_core(settings, clock), clock)) as agent:
            for uri in (LIST, f"{LIST}/42"):
                result = await agent.client.read_resource(uri)
                assert len(json.dumps(result.model_dump(mode="json"))) < LARGEST_EVENT
                assert "next_call" in await read(agent, uri)


@pytest.fixture
async def agent_of_two(clock: ManualClock) -> AsyncIterator[Agent]:
    """An agent whose server has two accounts with the same assistants, of which the second has one more."""
    more = demo_assistants()[0] | {"id": 43, "name": "The client's own"}
    async with (
        DemoApi(clock=clock) as agency,
        DemoApi([*demo_assistants(), more], clock=clock) as client,
    ):
        accounts = {
            "agency": {"api_key": DEMO_KEY, "base_url": agency.base_url},
            "client": {"api_key": DEMO_KEY, "base_url": client.base_url},
        }
        settings = from_arguments(Settings, famulor_accounts=accounts)
        async with connected(build(lambda: open_core(settings, clock), clock)) as agent:
            yield agent


async def test_an_account_picks_its_assistants(agent_of_two: Agent) -> None:
    assert (await read(agent_of_two, LIST))["total"] == 25
    assert (await read(agent_of_two, f"{LIST}?account=Client"))["total"] == 13
    assert (await read(agent_of_two, f"{LIST}/42?account=client"))["assistant"]["account"] == "client"
    assert (await read(agent_of_two, f"{LIST}/43"))["assistant"]["account"] == "client"
    assert (await refused(agent_of_two, f"{LIST}/43?account=agency")).code == INVALID_PARAMS


async def test_an_id_of_two_accounts_asks_for_one(agent_of_two: Agent) -> None:
    error = await refused(agent_of_two, f"{LIST}/42")
    assert error.code == INVALID_PARAMS
    assert "(42, agency)" in error.message
    assert "(42, client)" in error.message
