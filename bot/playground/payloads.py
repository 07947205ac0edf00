"""What Slack sends to a bot, complete: pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.playground.workspace import APP, TEAM, Channel, Message, User

DOMAIN = "local"
# Slack still sends the token that signatures have replaced.
VERIFICATION_TOKEN = "local-verification-token"  # noqa: S105  # nobody checks it


@dataclass(frozen=True)
class Circumstances:
    """Who does something, where and when, and how the bot may answer."""

    user: User
    channel: Channel
    at: datetime
    response_url: str
    trigger_id: str


def slash_command(typed: str, circumstances: Circumstances) -> dict[str, Any]:
    """The payload for a command as it was typed: "/assistants outbound active"."""
    command, *text = typed.split(maxsplit=1)
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": TEAM,
        "team_domain": DOMAIN,
        "channel_id": circumstances.channel.id,
        "channel_name": circumstances.channel.name_in_commands,
        "user_id": circumstances.user.id,
        "user_name": circumstances.user.name,
        "command": command,
        "text": "".join(text).rstrip(),
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": circumstances.response_url,
        "trigger_id": circumstances.trigger_id,
    }


def button_press(message: Message, action_id: str, circumstances: Circumstances) -> dict[str, Any]:
    """The payload for a press on the button with this `action_id`.

    Raises:
        LookupError: the message has no such button.
    """
    user, channel = circumstances.user, circumstances.channel
    return {
        "type": "block_actions",
        "token": VERIFICATION_TOKEN,
        "team": {"id": TEAM, "domain": DOMAIN},
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": TEAM},
        "api_app_id": APP,
        "is_enterprise_install": False,
        "enterprise": None,
        "channel": {"id": channel.id, "name": channel.name_in_commands},
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": message.ephemeral,
        },
        # Slack does not send back an ephemeral message, only which one it was.
        **({} if message.ephemeral else {"message": {**message.payload, "type": "message", "ts": message.ts}}),
        "state": {"values": {}},
        "response_url": circumstances.response_url,
        "trigger_id": circumstances.trigger_id,
        "actions": [
            {**_button(message, action_id), "action_ts": f"{circumstances.at.timestamp():.6f}"},
        ],
    }


def envelope(kind: str, payload: Mapping[str, Any], envelope_id: str, *, answerable: bool) -> dict[str, Any]:
    """The payload as Socket Mode wraps it; `answerable`: its acknowledgement may carry an answer."""
    return {
        "envelope_id": envelope_id,
        "type": kind,
        "accepts_response_payload": answerable,
        "payload": payload,
    }


def _button(message: Message, action_id: str) -> dict[str, Any]:
    for number, block in enumerate(message.blocks):
        for element in [block.get("accessory"), *(block.get("elements") or [])]:
            if isinstance(element, Mapping) and element.get("action_id") == action_id:
                return {
                    "block_id": block.get("block_id", f"b{number}"),
                    "action_id": action_id,
                    "type": element.get("type"),
                    "text": element.get("text"),
                    "value": element.get("value"),
                }
    raise LookupError(f"no button {action_id!r} in this message")
