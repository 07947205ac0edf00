"""What came of one thing that a person did."""

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.playground.workspace import Message

# Slack's text, from its web client.
NOT_A_COMMAND = (
    '{command} is not a valid command. In Slack, all messages that start with the "/" character are'
    " interpreted as commands. If you are trying to send a message and not run a command, try preceding"
    ' the "/" with an empty space.'
)


class Interaction:
    """A command typed or a button pressed, and all that the bot did about it.

    `acknowledged`: within Slack's time; else `failed_because` has Slack's code,
    such as "operation_timeout", and `error` the sentence that Slack shows.
    `messages`: every message that came of it, in order; more may come later.
    """

    def __init__(self, what: str, *, user: str, channel: str) -> None:
        self.what = what
        self.user = user
        self.channel = channel
        self.acknowledged = False
        self.acknowledgement: Mapping[str, Any] | None = None
        self.failed_because = ""
        self.messages: list[Message] = []
        self.envelope: Mapping[str, Any] = {}
        self._unread: asyncio.Queue[Message] = asyncio.Queue()

    @property
    def error(self) -> str:
        """What Slack itself would show the person; "" where all went well."""
        subject = self.what.split(maxsplit=1)[0]
        if not self.failed_because:
            return ""
        if self.failed_because == "unknown_command":
            return NOT_A_COMMAND.format(command=subject)
        return f'{subject} failed with the error "{self.failed_because}"'

    def add(self, message: Message) -> None:
        """One more message that came of it."""
        self.messages.append(message)
        self._unread.put_nowait(message)

    async def reply(self, within: float = 40.0) -> Message:
        """The next message that was not asked for yet, waited for if need be.

        Raises:
            TimeoutError: none came within so many seconds.
        """
        try:
            async with asyncio.timeout(within):
                return await self._unread.get()
        except TimeoutError:
            shown = f" Slack shows: {self.error}" if self.error else ""
            raise TimeoutError(f"No reply to {self.what!r} within {within:g} s.{shown}") from None

    def __repr__(self) -> str:
        return f"<Interaction {self.what!r}: {self.error or 'acknowledged'}, {len(self.messages)} messages>"
