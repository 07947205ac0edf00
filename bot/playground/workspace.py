"""What the local Slack remembers: people, channels, messages, files. Knows nothing of HTTP."""

import asyncio
import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.playground import plain
from bot.playground.files import File, Files
from bot.playground.news import News
from bot.playground.people import BEN, BOT_USER, EVERYBODY, OUTSIDER, PERSON, TEAM, User
from bot.playground.refusal import SlackRefusesError
from shared.clock import Clock

__all__ = [
    "APP",
    "BOT",
    "BOT_USER",
    "GENERAL",
    "PARTNERS",
    "PERSON",
    "RANDOM",
    "TEAM",
    "Channel",
    "Message",
    "Workspace",
]

APP = "A0LOCAL001"
BOT = "B0LOCAL001"
GENERAL = "C0GENERAL1"
"""With ada, ben and the bot."""
RANDOM = "C0RANDOM01"
"""With ada and ben; the bot is not in it."""
PARTNERS = "C0PARTNERS"
"""Shared with another team: ada, the outsider and the bot."""
OPERATORS = "S0OPERATOR"
"""A user group that ada is in."""

# Longer texts are refused: https://docs.slack.dev/changelog/2018-truncating-really-long-messages
LONGEST_TEXT = 40_000


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

    @property
    def kind(self) -> str:
        """As the scopes and events call it."""
        if self.is_direct:
            return "im"
        return "groups" if self.is_private else "channels"


@dataclass(frozen=True)
class Message:
    """One message as it stands in a channel.

    `user`: who alone sees it when it is `ephemeral`, else "". `author`: who wrote it. `payload`: the raw
    JSON as it was posted. `thread_ts`: the message that it is a reply to, or "". `replaced`: it stands in
    the place of an earlier text with the same `ts`; `deleted`: it was taken away again.
    """

    channel: str
    ts: str
    payload: Mapping[str, Any]
    user: str = ""
    replaced: bool = False
    deleted: bool = False
    author: str = BOT_USER
    thread_ts: str = ""

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
    """One workspace: people, a bot, and channels with it and without it.

    `files`: what was uploaded, by id; `news`: that something has changed, here or in anybody's views.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.news = News()
        self._numbers = itertools.count(1)
        self.users = {user.id: user for user in EVERYBODY}
        self.usergroups: dict[str, set[str]] = {OPERATORS: {PERSON}}
        self.channels: dict[str, Channel] = {}
        self.uploads = Files()
        self.add_channel(GENERAL, "general", members=(PERSON, BEN, BOT_USER))
        self.add_channel(RANDOM, "random", members=(PERSON, BEN))
        self.add_channel(PARTNERS, "partners", members=(PERSON, OUTSIDER, BOT_USER))
        self._messages: dict[tuple[str, str], Message] = {}
        self._feeds: defaultdict[str, asyncio.Queue[Message]] = defaultdict(asyncio.Queue)

    @property
    def files(self) -> dict[str, File]:
        return self.uploads.all

    def add_user(self, user: User, *, channels: Iterable[str] = ()) -> User:
        """One more person, in these channels."""
        self.users[user.id] = user
        for channel in channels:
            self.channels[channel].members.add(user.id)
        return user

    def set_locale(self, user: str, locale: str) -> None:
        """The language that this person has chosen in Slack, such as "de-DE"."""
        self.users[user] = replace(self.users[user], locale=locale)
        self.news.tell()

    def add_channel(
        self, channel_id: str, name: str, *, members: Iterable[str] = (), is_private: bool = False
    ) -> Channel:
        channel = Channel(channel_id, name, members=set(members), is_private=is_private)
        self.channels[channel_id] = channel
        self.news.tell()
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

    def is_shared(self, channel: Channel) -> bool:
        """Whether people of other teams are in it, by Slack Connect."""
        return any(self.users[member].is_outsider for member in channel.members if member in self.users)

    def knows(self, user: User) -> bool:
        """Whether somebody of another team is in a channel with the bot; else they are a stranger."""
        return any({user.id, BOT_USER} <= channel.members for channel in self.channels.values())

    def messages(self, channel: str, *, seen_by: str = "") -> list[Message]:
        """What stands in a channel, oldest first, without the replies in threads.

        Ephemeral messages only for who may see them.
        """
        return [message for message in self._visible(channel, seen_by) if not message.thread_ts]

    def replies(self, channel: str, thread_ts: str, *, seen_by: str = "") -> list[Message]:
        """The replies to one message, oldest first."""
        return [message for message in self._visible(channel, seen_by) if message.thread_ts == thread_ts]

    def seen(self, channel: str, ts: str, *, by: str) -> Message:
        """One message that this person sees, in a thread or not.

        Raises:
            LookupError: there is none.
        """
        found = next((message for message in self._visible(channel, by) if message.ts == ts), None)
        if found is None:
            raise LookupError(f"{by} sees no message {ts} in {channel}")
        return found

    def message(self, channel: str, ts: str) -> Message:
        """One message that everybody sees.

        Raises:
            SlackRefusesError: `message_not_found`.
        """
        found = self._messages.get((channel, ts))
        if found is None or found.deleted or found.ephemeral:
            raise SlackRefusesError("message_not_found")
        return found

    def post(
        self,
        channel: str,
        payload: Mapping[str, Any],
        *,
        user: str = "",
        author: str = BOT_USER,
        thread_ts: str = "",
    ) -> Message:
        """A new message; only for `user` where one is named."""
        return self._keep(Message(channel, self.stamp(), payload, user, author=author, thread_ts=thread_ts))

    def stamp(self) -> str:
        """The `ts` of what comes next: seconds, and a number that nothing else has."""
        return f"{int(self._clock.now().timestamp())}.{next(self._numbers):06d}"

    def replace(self, message: Message, payload: Mapping[str, Any]) -> Message:
        return self._keep(replace(message, payload=payload, replaced=True))

    def delete(self, message: Message) -> Message:
        return self._keep(replace(message, deleted=True))

    def feed(self, channel: str) -> asyncio.Queue[Message]:
        """What the bot posts, changes and deletes in this channel, one after the other."""
        return self._feeds[channel]

    def _visible(self, channel: str, seen_by: str) -> list[Message]:
        return [
            message
            for message in self._messages.values()
            if message.channel == channel and not message.deleted and message.user in {"", seen_by}
        ]

    def _keep(self, message: Message) -> Message:
        self._messages[message.channel, message.ts] = message
        if message.author == BOT_USER:
            self._feeds[message.channel].put_nowait(message)
        self.news.tell()
        return message
