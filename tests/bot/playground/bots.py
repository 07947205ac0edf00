"""Real Bolt apps that the tests connect to the local Slack."""

from collections.abc import Callable
from typing import Protocol

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import LocalSlack

Register = Callable[[AsyncApp], object]


class RunBot(Protocol):
    """Connects a bot with the listeners that it is given, and closes it after the test."""

    async def __call__(self, slack: LocalSlack, register: Register) -> AsyncSocketModeHandler: ...


async def connect(slack: LocalSlack, register: Register) -> AsyncSocketModeHandler:
    client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
    app = AsyncApp(client=client, process_before_response=True)
    register(app)
    handler = AsyncSocketModeHandler(app, slack.app_token, web_client=client)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await slack.connected()
    return handler


async def acknowledge(ack: AsyncAck) -> None:
    await ack()
