"""Slack's Web API, as far as the bot uses it: arguments in, an answer or a refusal out."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.playground.manifest import Permissions
from bot.playground.passes import checked_message
from bot.playground.refusal import SlackRefusesError
from bot.playground.views import Views
from bot.playground.workspace import APP, BOT, BOT_USER, TEAM, Channel, Message, Workspace
from shared.clock import Clock

# About one message a second and channel, short bursts tolerated: https://docs.slack.dev/apis/web-api/rate-limits
BURST = 10
# Arguments that a form body carries as JSON inside a string.
NESTED = ("blocks", "attachments", "metadata", "view")

Arguments = Mapping[str, Any]
Answer = dict[str, Any]


@dataclass(frozen=True)
class App:
    """The app as Slack knows it: its two tokens, and what they may do."""

    bot_token: str
    app_token: str
    permissions: Permissions


@dataclass(frozen=True)
class Method:
    """One Web API method: what does the work, the scope it needs, and whose token may call it."""

    run: Callable[[Arguments], Answer]
    scope: str = ""
    tokens: tuple[str, ...] = ("xoxb",)


class WebApi:
    """Answers each call as Slack would, or raises `SlackRefusesError`.

    `socket_url` gives a new address for Socket Mode.
    """

    def __init__(
        self,
        workspace: Workspace,
        views: Views,
        *,
        app: App,
        socket_url: Callable[[], str],
        clock: Clock,
    ) -> None:
        self._workspace = workspace
        self._app = app
        self._socket_url = socket_url
        self._pace = Pace(clock)
        self._methods = {
            "apps.connections.open": Method(self._open_connection, tokens=("xapp",)),
            "auth.test": Method(self._test_auth),
            "chat.delete": Method(self._delete, "chat:write"),
            "chat.postEphemeral": Method(self._post_ephemeral, "chat:write"),
            "chat.postMessage": Method(self._post, "chat:write"),
            "chat.update": Method(self._update, "chat:write"),
            "conversations.info": Method(self._channel_info, "channels:read"),
            "conversations.open": Method(self._open_direct, "im:write"),
            "team.info": Method(self._team_info, "team:read"),
            "users.info": Method(self._user_info, "users:read"),
            "views.open": Method(views.open),
            "views.publish": Method(views.publish),
            "views.push": Method(views.push),
            "views.update": Method(views.update),
        }

    @property
    def scopes(self) -> str:
        """What every answer says in `X-OAuth-Scopes`."""
        return ",".join(sorted(self._app.permissions.scopes))

    def call(self, name: str, token: str, arguments: Arguments) -> Answer:
        """One call, after the checks that Slack makes of every call."""
        method = self._methods.get(name)
        if method is None:
            raise SlackRefusesError("unknown_method", req_method=name)
        self._authorise(method, token)
        return {"ok": True, **method.run(_unnested(arguments))}

    def _authorise(self, method: Method, token: str) -> None:
        if not token:
            raise SlackRefusesError("not_authed")
        if token not in {self._app.bot_token, self._app.app_token}:
            raise SlackRefusesError("invalid_auth")
        if not token.startswith(method.tokens):
            raise SlackRefusesError("not_allowed_token_type")
        if method.scope and method.scope not in self._app.permissions.scopes:
            raise SlackRefusesError("missing_scope", needed=method.scope, provided=self.scopes)

    def _test_auth(self, _: Arguments) -> Answer:
        return {
            "url": "https://local.slack.com/",
            "team": "Local Slack",
            "user": self._workspace.users[BOT_USER].name,
            "team_id": TEAM,
            "user_id": BOT_USER,
            "bot_id": BOT,
            "is_enterprise_install": False,
        }

    def _open_connection(self, _: Arguments) -> Answer:
        return {"url": self._socket_url()}

    def _post(self, arguments: Arguments) -> Answer:
        channel = self._writable_channel(arguments)
        message = checked_message(arguments)
        self._pace.check(channel.id)
        return _posted(self._workspace.post(channel.id, message))

    def _post_ephemeral(self, arguments: Arguments) -> Answer:
        channel = self._writable_channel(arguments)
        user = str(arguments.get("user", ""))
        if user not in channel.members:
            raise SlackRefusesError("user_not_in_channel")
        message = self._workspace.post(channel.id, checked_message(arguments), user=user)
        return {"message_ts": message.ts}

    def _update(self, arguments: Arguments) -> Answer:
        message = self._named_message(arguments)
        return _posted(self._workspace.replace(message, checked_message(arguments)))

    def _delete(self, arguments: Arguments) -> Answer:
        message = self._workspace.delete(self._named_message(arguments))
        return {"channel": message.channel, "ts": message.ts}

    def _named_message(self, arguments: Arguments) -> Message:
        channel = self._workspace.channel(str(arguments.get("channel", "")))
        return self._workspace.message(channel.id, str(arguments.get("ts", "")))

    def _writable_channel(self, arguments: Arguments) -> Channel:
        channel = self._workspace.channel(str(arguments.get("channel", "")))
        if channel.is_archived:
            raise SlackRefusesError("is_archived")
        if BOT_USER not in channel.members and "chat:write.public" not in self._app.permissions.scopes:
            raise SlackRefusesError("not_in_channel")
        return channel

    def _channel_info(self, arguments: Arguments) -> Answer:
        channel = self._workspace.channel(str(arguments.get("channel", "")))
        return {
            "channel": {
                "id": channel.id,
                "name": channel.name,
                "is_channel": not channel.is_direct,
                "is_im": channel.is_direct,
                "is_private": channel.is_private,
                "is_archived": channel.is_archived,
                "is_member": BOT_USER in channel.members,
            }
        }

    def _open_direct(self, arguments: Arguments) -> Answer:
        user = str(arguments.get("users", ""))
        if user not in self._workspace.users:
            raise SlackRefusesError("user_not_found")
        return {"channel": {"id": self._workspace.direct_channel(user).id}}

    def _user_info(self, arguments: Arguments) -> Answer:
        user = self._workspace.users.get(str(arguments.get("user", "")))
        if user is None:
            raise SlackRefusesError("user_not_found")
        profile = {"display_name": user.name, "real_name": user.name.title()}
        return {
            "user": {
                "id": user.id,
                "team_id": TEAM,
                "name": user.name,
                "is_bot": user.is_bot,
                "tz": "Europe/Berlin",
                "locale": "en-US",
                "profile": profile,
            }
        }

    def _team_info(self, _: Arguments) -> Answer:
        return {"team": {"id": TEAM, "name": "Local Slack", "domain": "local"}}


class Pace:
    """A bucket of `BURST` messages for each channel, refilled by one a second."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def check(self, channel: str) -> None:
        """Takes one message out.

        Raises:
            SlackRefusesError: `ratelimited`, with the seconds until there is one again.
        """
        now = self._clock.monotonic()
        left, at = self._buckets.get(channel, (float(BURST), now))
        left = min(float(BURST), left + now - at)
        if left < 1:
            raise SlackRefusesError("ratelimited", retry_after=max(1, math.ceil(1 - left)))
        self._buckets[channel] = (left - 1, now)


def _posted(message: Message) -> Answer:
    return {
        "channel": message.channel,
        "ts": message.ts,
        "text": message.text,
        "message": {
            "type": "message",
            "user": BOT_USER,
            "bot_id": BOT,
            "app_id": APP,
            "team": TEAM,
            "ts": message.ts,
            "text": message.text,
            "blocks": message.blocks,
        },
    }


def _unnested(arguments: Arguments) -> Arguments:
    nested = {name: arguments[name] for name in NESTED if isinstance(arguments.get(name), str)}
    try:
        return {**arguments, **{name: json.loads(value) for name, value in nested.items()}}
    except (ValueError, RecursionError) as error:
        raise SlackRefusesError("invalid_blocks_format" if "blocks" in nested else "invalid_arguments") from error
