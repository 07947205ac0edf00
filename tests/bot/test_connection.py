"""The way to Slack: what the environment must not change, what is logged, and coming back."""

import asyncio
import logging

import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from bot import connection
from bot.admission import SlackUnreachable
from bot.app import is_said
from bot.connection import connected, renew_tickets
from bot.logger import slack_logger
from bot.playground import LocalSlack
from bot.playground.people import BEN
from shared.runtime import Runtime, open_runtime
from shared.settings import SlackSettings
from tests.bot.conftest import Ask, MakeSettings, OpenBot
from tests.clocks import ManualClock


async def test_a_bot_that_slack_sends_away_comes_back(bot: Runtime[SlackSettings], slack: LocalSlack) -> None:
    await slack.disconnect()
    async with asyncio.timeout(30):
        await slack.connected()
        # What is sent into a socket that is just being closed is lost, as it is at Slack.
        while not (interaction := await slack.type_command("/assistants help")).acknowledged:
            await slack.connected()
        assert "/assistants" in (await interaction.reply()).as_text()


async def test_nothing_that_opens_something_is_logged_even_at_debug(
    open_bot: OpenBot, ask_in: Ask, slack: LocalSlack, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await open_bot()
    await ask_in("canary canary canary")
    await slack.disconnect()
    await slack.connected()
    slacks = [record for record in caplog.records if record.name.startswith(("slack", "famulor-bot"))]
    assert slacks
    assert min(record.levelno for record in slacks) >= logging.INFO
    for secret in (slack.bot_token, slack.app_token, "/response/", "ticket=", "canary"):
        assert secret not in caplog.text


def test_what_slacks_libraries_say_of_an_error_loses_its_addresses(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise RuntimeError("url='wss://slack.example/link/?ticket=canary'")

    try:
        fail()
    except RuntimeError:
        slack_logger().exception("Failed to connect to %s with %s", "https://hooks.example/canary", "xoxb-1-canary")
    assert "Failed to connect to … with …" in caplog.text
    assert "canary" not in caplog.text


async def test_a_socket_that_never_opens_is_given_up(open_bot: OpenBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "CONNECT_PATIENCE", 0.2)
    monkeypatch.setattr(SocketModeClient, "connect", lambda _client: asyncio.Event().wait())
    with pytest.raises(SlackUnreachable, match=r"0\.2 s to connect"):
        await open_bot()


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


async def test_an_app_that_has_stopped_takes_nothing_on(
    settings: MakeSettings, slack: LocalSlack, clock: ManualClock
) -> None:
    async with open_runtime(settings(), clock) as runtime, connected(runtime):
        await slack.connected()
    assert (await slack.type_command("/assistants help")).failed_because == "dispatch_failed"


async def test_both_commands_mentions_and_direct_messages_are_the_same_door(
    bot: Runtime[SlackSettings], slack: LocalSlack
) -> None:
    said = [
        await slack.type_command("/assistants outbound active"),
        await slack.type_command("/assistenten ausgehend aktiv"),
        await slack.mention("outbound active"),
        await slack.say("outbound active"),
    ]
    for interaction in said:
        assert "9 of 12 outbound assistants" in (await interaction.reply()).as_text()


async def test_an_empty_mention_is_answered_with_the_overview(bot: Runtime[SlackSettings], slack: LocalSlack) -> None:
    reply = await (await slack.mention("")).reply()
    assert "12 outbound assistants" in reply.as_text()
    german = await (await slack.mention("", user=BEN)).reply()
    assert "12 Outbound-Assistenten" in german.as_text()


async def test_a_mention_in_a_thread_is_answered_in_the_thread_to_the_asker_alone(
    bot: Runtime[SlackSettings], slack: LocalSlack
) -> None:
    first = await slack.mention("outbound inactive")
    await first.reply()
    reply = await (await slack.mention("outbound active", thread_ts=first.thread_ts)).reply()
    assert (reply.thread_ts, reply.ephemeral) == (first.thread_ts, True)


async def test_only_what_people_say_to_the_app_is_for_it() -> None:
    assert not await is_said({"type": "message", "channel_type": "im", "user": "U1", "subtype": "message_changed"})
    assert not await is_said({"type": "message", "channel_type": "im", "user": "U1", "bot_id": "B1"})
    assert not await is_said({"type": "message", "channel_type": "im"})
    assert not await is_said({"type": "message", "channel_type": "channel", "user": "U1"})
    assert await is_said({"type": "message", "channel_type": "im", "user": "U1"})
    assert await is_said({"type": "app_mention", "user": "U1"})
