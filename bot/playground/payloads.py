"""What Slack sends to a bot about commands, buttons, menus, modals and shortcuts, complete: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.playground import forms
from bot.playground.people import DOMAINS, TEAM, User
from bot.playground.views import View
from bot.playground.workspace import APP, BOT, BOT_USER, Channel, Message

DOMAIN = DOMAINS[TEAM]
# Slack still sends the token that signatures have replaced.
VERIFICATION_TOKEN = "local-verification-token"  # noqa: S105  # nobody checks it

Payload = dict[str, Any]


@dataclass(frozen=True)
class Circumstances:
    """Who does something, where and when, and how the bot may answer. `channel` is None outside of channels."""

    user: User
    channel: Channel | None
    at: datetime
    response_url: str
    trigger_id: str


def slash_command(typed: str, circumstances: Circumstances) -> Payload:
    """The payload for a command as it was typed: "/assistants outbound active"."""
    command, *text = typed.split(maxsplit=1)
    user, channel = circumstances.user, circumstances.channel
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": user.team_id,
        "team_domain": DOMAINS.get(user.team_id, ""),
        "channel_id": channel.id if channel else "",
        "channel_name": channel.name_in_commands if channel else "",
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": "".join(text).rstrip(),
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": circumstances.response_url,
        "trigger_id": circumstances.trigger_id,
    }


def block_action(
    where: Message | View,
    control: forms.Control,
    action: Mapping[str, Any],
    state: forms.State,
    circumstances: Circumstances,
) -> Payload:
    """The payload for a button that was pressed or a menu from which something was chosen.

    `state`: what is filled in, after the choice.
    """
    return {
        **_interaction("block_actions", circumstances),
        **_in_attachment(_place(where, state, circumstances), control.attachment),
        "actions": [
            {
                **_of_control(control),
                **action,
                "action_ts": _seconds(circumstances),
            }
        ],
    }


def suggestion(where: Message | View, control: forms.Control, typed: str, circumstances: Circumstances) -> Payload:
    """The payload that asks for the options of a menu, with what was typed so far."""
    place = _place(where, {}, circumstances)
    for name in ("state", "response_url"):
        place.pop(name, None)
    return {
        **_interaction("block_suggestion", circumstances),
        **place,
        "action_id": control.action_id,
        "block_id": control.block_id,
        "value": typed,
    }


def view_submission(
    view: View, state: forms.State, response_urls: Sequence[Mapping[str, str]], circumstances: Circumstances
) -> Payload:
    """The payload for a modal that was sent off."""
    return {
        **_interaction("view_submission", circumstances),
        "view": view.as_slack(state),
        "response_urls": list(response_urls),
    }


def view_closed(view: View, *, is_cleared: bool, circumstances: Circumstances) -> Payload:
    """The payload for a modal that was closed."""
    payload = _interaction("view_closed", circumstances)
    del payload["trigger_id"]
    return {**payload, "view": view.as_slack(), "is_cleared": is_cleared}


def shortcut(callback_id: str, circumstances: Circumstances) -> Payload:
    """The payload for a global shortcut."""
    return {
        **_interaction("shortcut", circumstances),
        "callback_id": callback_id,
        "action_ts": _seconds(circumstances),
    }


def message_shortcut(callback_id: str, message: Message, circumstances: Circumstances) -> Payload:
    """The payload for a shortcut in the menu of a message."""
    return {
        **_interaction("message_action", circumstances),
        "callback_id": callback_id,
        "action_ts": _seconds(circumstances),
        "message_ts": message.ts,
        "message": as_slack(message),
        "channel": _channel(circumstances),
        "response_url": circumstances.response_url,
    }


def as_slack(message: Message) -> Payload:
    """A message as interactions carry it."""
    by_bot = {"bot_id": BOT, "app_id": APP} if message.author == BOT_USER else {}
    content = {name: value for name, value in message.payload.items() if name not in {"channel", "token"}}
    return {
        **forms.identified(content),
        **({"thread_ts": message.thread_ts} if message.thread_ts else {}),
        **by_bot,
        "type": "message",
        "user": message.author,
        "team": TEAM,
        "ts": message.ts,
    }


def envelope(kind: str, payload: Mapping[str, Any], envelope_id: str, *, answerable: bool) -> Payload:
    """The payload as Socket Mode wraps it; `answerable`: its acknowledgement may carry an answer."""
    return {
        "envelope_id": envelope_id,
        "type": kind,
        "accepts_response_payload": answerable,
        "payload": payload,
    }


def _interaction(kind: str, circumstances: Circumstances) -> Payload:
    user = circumstances.user
    return {
        "type": kind,
        "token": VERIFICATION_TOKEN,
        "team": {"id": TEAM, "domain": DOMAIN},
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id},
        "api_app_id": APP,
        "is_enterprise_install": False,
        "enterprise": None,
        "trigger_id": circumstances.trigger_id,
    }


def _place(where: Message | View, state: forms.State, circumstances: Circumstances) -> Payload:
    if isinstance(where, View):
        return {"container": {"type": "view", "view_id": where.id}, "view": where.as_slack(state)}
    container = {
        "type": "message",
        "message_ts": where.ts,
        "channel_id": where.channel,
        "is_ephemeral": where.ephemeral,
        **({"thread_ts": where.thread_ts} if where.thread_ts else {}),
    }
    return {
        "channel": _channel(circumstances),
        "container": container,
        # Slack does not send back an ephemeral message, only which one it was.
        **({} if where.ephemeral else {"message": as_slack(where)}),
        "state": {"values": state},
        "response_url": circumstances.response_url,
    }


def _in_attachment(place: Payload, number: int) -> Payload:
    """The place with what Slack says where the button is in an attachment, such as the card below a link."""
    if not number:
        return place
    attachment = {"type": "message_attachment", "attachment_id": number}
    return {**place, "container": {**place["container"], **attachment}}


def _of_control(control: forms.Control) -> Payload:
    carried = ("text", "value") if control.type in forms.BUTTONS else ("placeholder", "initial_option")
    return {
        "type": control.type,
        "block_id": control.block_id,
        "action_id": control.action_id,
        **{name: control.element[name] for name in carried if name in control.element},
    }


def _channel(circumstances: Circumstances) -> Payload:
    channel = circumstances.channel
    return {"id": channel.id, "name": channel.name_in_commands} if channel else {}


def _seconds(circumstances: Circumstances) -> str:
    return f"{circumstances.at.timestamp():.6f}"
