"""Real Bolt apps that the tests connect to the local Slack."""

from collections.abc import Callable
from typing import Any, Protocol

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


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def option(value: str) -> dict[str, Any]:
    return {"text": plain(value.title()), "value": value}


def actions(*elements: dict[str, Any], block_id: str = "controls") -> dict[str, Any]:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def button(action_id: str, text: str = "", **others: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain(text or action_id.title()), **others}


def menu(kind: str, action_id: str, **others: Any) -> dict[str, Any]:
    return {"type": kind, "action_id": action_id, **others}


def field(block_id: str, element: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {"type": "input", "block_id": block_id, "label": plain(block_id.title()), "element": element, **others}


def modal(*blocks: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain("Form"), "submit": plain("Send"), "blocks": list(blocks), **others}


def home(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "home", "blocks": list(blocks)}
