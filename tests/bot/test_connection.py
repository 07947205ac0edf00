"""The way to Slack: what the environment must not change, what is logged, and coming back."""

import asyncio
import logging
from collections.abc import Callable

import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from bot import connection
from bot.admission import SlackUnreachable
from bot.connection import connected, renew_tickets
from bot.logger import slack_logger
from bot.playground import LocalSlack
from shared.core import Core
from shared.settings import SlackSettings
from tests.bot.conftest import OpenBot

MakeSettings = Callable[..., SlackSettings]


async def test_a_bot_that_slack_sends_away_comes_back(open_bot: OpenBot, slack: LocalSlack) -> None:
    ask = await open_bot()
    await slack.disconnect()
    await slack.connected()
    assert "/assistants" in (await ask("help")).as_text()


async def test_nothing_that_opens_something_is_logged_even_at_debug(
    open_bot: OpenBot, slack: LocalSlack, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ask = await open_bot()
    await ask("show canary")
    await slack.disconnect()
    await slack.connected()
    slacks = [record for record in caplog.records if record.name.startswith(("slack", "famulor-bot"))]
    assert slacks
    assert min(record.levelno for record in slacks) >= logging.INFO
    for secret in (slack.bot_token, slack.app_token, "/response/", "ticket=", "canary"):
        assert secret not in caplog.text
    assert logging.getLogger("slack_bolt.RequestVerification").level == logging.WARNING


def test_what_slacks_libraries_say_of_an_error_loses_its_addresses(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise RuntimeError("url='wss://slack.example/link/?ticket=canary'")

    try:
        fail()
    except RuntimeError:
        slack_logger().exception("Failed to connect to %s with %s", "https://hooks.example/canary", "xoxb-1-canary")
    assert "Failed to connect to … with …" in caplog.text
    assert "canary" not in caplog.text


async def test_a_socket_that_never_opens_is_given_up(
    settings: MakeSettings, slack: LocalSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "CONNECT_PATIENCE", 0.2)
    monkeypatch.setattr(SocketModeClient, "connect", lambda _client: asyncio.Event().wait())
    with pytest.raises(SlackUnreachable, match=r"0\.2 s to connect"):
        async with connected(settings(), Core([])):
            pytest.fail("The app should not have started.")


async def test_a_used_ticket_is_thrown_away_instead_of_tried_for_ever(slack: LocalSlack) -> None:
    client = SocketModeClient(
        slack.app_token, web_client=AsyncWebClient(base_url=slack.api_url), logger=slack_logger(), ping_interval=0.01
    )
    client.wss_uri = f"{slack.url}link/?ticket=used"
    renewing = asyncio.create_task(renew_tickets(client, every=0.01))
    try:
        async with asyncio.timeout(10):
            await client.connect()  # type: ignore[no-untyped-call] # the SDK's
            await slack.connected()
    finally:
        renewing.cancel()
        await client.close()  # type: ignore[no-untyped-call] # the SDK's


async def test_an_app_that_has_stopped_takes_nothing_on(settings: MakeSettings, slack: LocalSlack) -> None:
    async with connected(settings(), Core([])):
        await slack.connected()
    assert (await slack.type_command("/assistants help")).failed_because == "dispatch_failed"
