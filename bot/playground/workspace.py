"""What the local Slack remembers: people, channels, messages. Knows nothing of HTTP."""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.playground import plain
from bot.playground.refusal import SlackRefusesError
from shared.clock import Clock

TEAM = "T0LOCAL001"
APP = "A0LOCAL001"
BOT = "B0LOCAL001"
BOT_USER = "U0LOCALBOT"
PERSON = "U0LOCALADA"
GENERAL = "C0GENERAL1"
RANDOM = "C0RANDOM01"

# Longer texts are refused: https://docs.slack.dev/changelog/2018-truncating-really-long-messages
LONGEST_TEXT = 40_000


@dataclass(frozen=True)
class User:
    """A person or a bot."""

    id: str
    name: str
    is_bot: bool = False


@dataclass
class Channel:
    """A place for messages; whether the bot is in it changes over time."""

    id: str
    name: str
    members: set[str] = field(default_factory=set)
    is_private: bool = False
    is_direct: bool = False
    is_archived: bool = False

    @property
    def name_in_commands(self) -> str:
        """The name in a slash command's payload, which hides what is not public."""
        if self.is_direct:
            return "directmessage"
        return "privategroup" if self.is_private else self.name


@dataclass(frozen=True)
class Message:
    """One message as it stands in a channel.

    `user`: who alone sees it when it is `ephemeral`, else "". `payload`: the raw
    JSON as the bot posted it. `replaced`: it stands in the place of an earlier
    text with the same `ts`; `deleted`: it was taken away again.
    """

    channel: str
    ts: str
    payload: Mapping[str, Any]
    user: str = ""
    replaced: bool = False
    deleted: bool = False

    @property
    def ephemeral(self) -> bool:
        return bool(self.user)

    @property
    def text(self) -> str:
        return str(self.payload.get("text") or "")

    @property
    def blocks(self) -> list[dict[str, Any]]:
        return list(self.payload.get("blocks") or [])

    def as_text(self) -> str:
        """The message as a terminal can show it."""
        return "(deleted)" if self.deleted else plain.as_text(self.payload)


class Workspace:
    """One workspace with a person, a bot, a channel with the bot and one without."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = itertools.count(1)
        self.users = {user.id: user for user in (User(PERSON, "ada"), User(BOT_USER, "famulor", is_bot=True))}
        self.channels: dict[str, Channel] = {}
        self.add_channel(GENERAL, "general", members=(PERSON, BOT_USER))
        self.add_channel(RANDOM, "random", members=(PERSON,))
        self._messages: dict[tuple[str, str], Message] = {}

    def add_channel(
        self, channel_id: str, name: str, *, members: Iterable[str] = (), is_private: bool = False
    ) -> Channel:
        channel = Channel(channel_id, name, members=set(members), is_private=is_private)
        self.channels[channel_id] = channel
        return channel

    def channel(self, named: str) -> Channel:
        """The channel with this id or #name, or the direct messages with the user of this id.

        Raises:
            SlackRefusesError: `channel_not_found`, also for a private channel without the bot.
        """
        if named in self.users:
            return self.direct_channel(named)
        for channel in self.channels.values():
            hidden = channel.is_private and BOT_USER not in channel.members
            if named in {channel.id, channel.name, f"#{channel.name}"} and not hidden:
                return channel
        raise SlackRefusesError("channel_not_found")

    def direct_channel(self, user: str) -> Channel:
        """The direct messages between the bot and this user, opened where they were not."""
        channel_id = f"D{user[1:]}"
        if channel_id not in self.channels:
            self.channels[channel_id] = Channel(channel_id, user, {user, BOT_USER}, is_direct=True)
        return self.channels[channel_id]

    def messages(self, channel: str, *, seen_by: str = "") -> list[Message]:
        """What stands in a channel, oldest first; ephemeral messages only for who may see them."""
        return [
            message
            for message in self._messages.values()
            if message.channel == channel and not message.deleted and message.user in {"", seen_by}
        ]

    def message(self, channel: str, ts: str) -> Message:
        """One message that everybody sees.

        Raises:
            SlackRefusesError: `message_not_found`.
        """
        found = self._messages.get((channel, ts))
        if found is None or found.deleted or found.ephemeral:
            raise SlackRefusesError("message_not_found")
        return found

    def post(self, channel: str, payload: Mapping[str, Any], *, user: str = "") -> Message:
        """A new message; only for `user` where one is named."""
        ts = f"{int(self._clock.now().timestamp())}.{next(self._numbers):06d}"
        return self._keep(Message(channel, ts, payload, user))

    def replace(self, message: Message, payload: Mapping[str, Any]) -> Message:
        return self._keep(replace(message, payload=payload, replaced=True))

    def delete(self, message: Message) -> Message:
        return self._keep(replace(message, deleted=True))

    def _keep(self, message: Message) -> Message:
        self._messages[message.channel, message.ts] = message
        return message
