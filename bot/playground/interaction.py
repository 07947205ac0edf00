"""What came of one thing that a person did."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from bot.playground.views import View
from bot.playground.workspace import Message

# Slack's text, from its web client.
NOT_A_COMMAND = (
    '{command} is not a valid command. In Slack, all messages that start with the "/" character are'
    " interpreted as commands. If you are trying to send a message and not run a command, try preceding"
    ' the "/" with an empty space.'
)
# What a person waits for, in seconds.
PATIENCE = 40.0

_T = TypeVar("_T")


class Interaction:
    """Something typed, pressed, chosen or sent off, and all that the bot did about it.

    `acknowledged`: within Slack's time; else `failed_because` has Slack's code,
    such as "operation_timeout", and `error` the sentence that Slack shows.
    `messages`, `views`: all that came of it, in order; more may come later.
    `thread_ts`: the thread in which it was said, or that it may begin.
    `form_errors`: what the bot found wrong with a modal that was sent off, by block.
    `options`: what the bot suggested for a menu. `on`: the message or view on which it happened.
    """

    def __init__(self, what: str, *, user: str, channel: str = "", thread_ts: str = "", at_home: bool = False) -> None:
        self.what = what
        self.user = user
        self.channel = channel
        self.thread_ts = thread_ts
        self.at_home = at_home
        self.acknowledged = False
        self.acknowledgement: Mapping[str, Any] | None = None
        self.failed_because = ""
        self.messages: list[Message] = []
        self.views: list[View] = []
        self.form_errors: dict[str, str] = {}
        self.options: list[dict[str, Any]] = []
        self.on: Message | View | None = None
        self.envelope: Mapping[str, Any] = {}
        self._unread: list[Message | View] = []
        self._news = asyncio.Event()

    @property
    def error(self) -> str:
        """What Slack itself would show the person; "" where all went well."""
        subject = self.what.split(maxsplit=1)[0] if self.what.strip() else "It"
        if not self.failed_because:
            return ""
        if self.failed_because == "unknown_command":
            return NOT_A_COMMAND.format(command=subject)
        return f'{subject} failed with the error "{self.failed_because}"'

    def add(self, message: Message) -> None:
        """One more message that came of it."""
        self.messages.append(message)
        self._arrived(message)

    def add_view(self, view: View) -> None:
        """One more view that was opened, pushed, updated or published because of it."""
        self.views.append(view)
        self._arrived(view)

    async def reply(self, within: float = PATIENCE) -> Message:
        """The next message that was not asked for yet, waited for if need be.

        Raises:
            TimeoutError: none came within so many seconds.
        """
        return await self._next("reply", lambda item: item if isinstance(item, Message) else None, within)

    async def view(self, within: float = PATIENCE) -> View:
        """The next view that was not asked for yet, waited for if need be.

        Raises:
            TimeoutError: none came within so many seconds.
        """
        return await self._next("view", lambda item: item if isinstance(item, View) else None, within)

    async def answer(self, within: float = PATIENCE) -> Message | View:
        """The next message or view, whichever came first.

        Raises:
            TimeoutError: none came within so many seconds.
        """
        return await self._next("reply", lambda item: item, within)

    async def _next(self, wanted: str, fits: Callable[[Message | View], _T | None], within: float) -> _T:
        try:
            async with asyncio.timeout(within):
                while True:
                    for item in self._unread:
                        if (found := fits(item)) is not None:
                            self._unread.remove(item)
                            return found
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            shown = f" Slack shows: {self.error}" if self.error else ""
            raise TimeoutError(f"No {wanted} to {self.what!r} within {within:g} s.{shown}") from None

    def _arrived(self, item: Message | View) -> None:
        self._unread.append(item)
        self._news.set()

    def __repr__(self) -> str:
        return f"<Interaction {self.what!r}: {self.error or 'acknowledged'}, {len(self.messages)} messages>"
