"""Log messages to clients of the older era that have asked for them."""

import pytest
from mcp import Client
from mcp.types import (
    EmptyResult,
    LoggingLevel,
    LoggingMessageNotificationParams,
    SetLevelRequest,
    SetLevelRequestParams,
)

from mcp_server.calls import FamulorServer
from mcp_server.server import build
from shared.demo import DEMO_KEY, DemoApi, faults
from shared.runtime import open_core
from shared.settings import Settings
from tests.mcp_server.conftest import ERAS

FAILING = "list_outbound_assistants"


async def heard(server: FamulorServer, level: LoggingLevel | None) -> list[LoggingMessageNotificationParams]:
    """What a client of the older era hears of a call that fails, having asked for this level."""
    messages: list[LoggingMessageNotificationParams] = []

    async def note(params: LoggingMessageNotificationParams) -> None:
        messages.append(params)

    async with Client(server, mode=ERAS[0], logging_callback=note) as client:
        if level is not None:
            request = SetLevelRequest(params=SetLevelRequestParams(level=level))
            await client.session.send_request(request, EmptyResult)
        assert (await client.call_tool(FAILING, {})).is_error
        # A call that fails for a reason of the asker's is none of the operator's business.
        assert (await client.call_tool(FAILING, {"sort": "age"})).is_error
    return messages


@pytest.mark.parametrize("level", ["debug", "warning"])
async def test_a_client_that_asks_for_warnings_hears_of_failures_upstream(
    server: FamulorServer, demo_api: DemoApi, level: LoggingLevel
) -> None:
    demo_api.always(faults.EchoedKey(401))
    (message,) = await heard(server, level)
    assert (message.level, message.logger) == ("warning", "famulor")
    assert message.data.startswith("list_outbound_assistants: Famulor does not accept the API key")
    assert DEMO_KEY not in message.data


@pytest.mark.parametrize("level", [None, "error"])
async def test_a_client_that_asks_for_less_or_nothing_hears_nothing(
    server: FamulorServer, demo_api: DemoApi, level: LoggingLevel | None
) -> None:
    demo_api.always(faults.Unauthorized())
    assert await heard(server, level) == []


async def test_messages_are_promised_where_they_are_sent(server: FamulorServer, settings: Settings) -> None:
    async with Client(server, mode=ERAS[0]) as client:
        assert client.server_capabilities.logging is not None
    async with Client(server, mode="auto") as client:
        assert client.server_capabilities.logging is None
    async with Client(build(lambda: open_core(settings), pushes=False), mode=ERAS[0]) as client:
        assert client.server_capabilities.logging is None
