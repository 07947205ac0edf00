"""A message is posted, brought up to date or refused: Slack's answers in our words. Nothing is tried again here."""

import math
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_client import reason_of, refusal_of
from bot.views.blocks import Message
from shared.clock import Clock


class NotPosted(Exception):
    """Slack did not take it, or did not say that it did. `evidence` is its code, or what became of the connection."""

    def __init__(self, evidence: str) -> None:
        super().__init__(evidence)
        self.evidence = evidence


class TooFast(NotPosted):
    """Slack asks to be left alone for `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__("ratelimited")
        self.seconds = seconds


class NoUpdatesNow(TooFast):
    """Slack takes no more updates for `seconds`, in whichever channel."""


class PlaceClosed(NotPosted):
    """Nothing can be posted there until somebody does something about it."""


class MessageGone(NotPosted):
    """The message that is to be changed, or answered, is no longer there or can't be changed."""


class BlocksRefused(NotPosted):
    """Slack can't show the blocks; the text alone may do."""


_ASKED_WAIT = 30.0
"""Seconds, where Slack asks to wait and doesn't say how long."""
_TOO_MANY = "HTTP 429"
_CODES: Mapping[str, type[NotPosted]] = {
    "is_archived": PlaceClosed,
    "channel_not_found": PlaceClosed,
    "not_in_channel": PlaceClosed,
    "restricted_action": PlaceClosed,
    "restricted_action_read_only_channel": PlaceClosed,
    "restricted_action_thread_only_channel": PlaceClosed,
    # The same of a person.
    "user_not_found": PlaceClosed,
    "user_disabled": PlaceClosed,
    "messages_tab_disabled": PlaceClosed,
    "message_not_found": MessageGone,
    "thread_not_found": MessageGone,
    "cant_update_message": MessageGone,
    "edit_window_closed": MessageGone,
    "cannot_reply_to_message": MessageGone,
    "invalid_blocks": BlocksRefused,
    "invalid_blocks_format": BlocksRefused,
    "msg_blocks_too_long": BlocksRefused,
}
"""https://docs.slack.dev/reference/methods/chat.postMessage and chat.update; every other code may pass."""


class Posting:
    """Posts with a client that tries nothing again: the outbox alone does."""

    def __init__(self, client: AsyncWebClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._no_updates_until = -math.inf

    async def post(self, channel: str, message: Message, *, thread: str = "", broadcast: bool = False) -> str:
        """The new message's `ts`. `channel` is the id of one, or of a person. `broadcast`: the channel sees it too.

        Raises NotPosted; then it may stand there all the same, where Slack's answer was lost.
        """

        async def posted(shown: Message) -> Any:
            return await self._client.chat_postMessage(
                channel=channel,
                thread_ts=thread or None,
                reply_broadcast=(broadcast and bool(thread)) or None,
                unfurl_links=False,
                unfurl_media=False,
                **shown,
            )

        return str((await _shown(posted, message))["ts"])

    async def update(self, channel: str, ts: str, message: Message) -> None:
        """Puts it in the place of what is there. Raises NotPosted; doing it again does no harm."""
        wait = self._no_updates_until - self._clock.monotonic()
        if wait > 0:
            raise NoUpdatesNow(wait)

        async def updated(shown: Message) -> Any:
            return await self._client.chat_update(channel=channel, ts=ts, **shown)

        try:
            await _shown(updated, message)
        except TooFast as error:
            # Slack counts updates over all channels: https://docs.slack.dev/apis/web-api/rate-limits
            self._no_updates_until = self._clock.monotonic() + error.seconds
            raise NoUpdatesNow(error.seconds) from error


async def _shown(call: Callable[[Message], Awaitable[Any]], message: Message) -> Any:
    try:
        return await _answered(call(message))
    except BlocksRefused:
        # Rather plain than not at all. An update leaves the blocks that stand there unless it is given others.
        return await _answered(call({"text": message["text"], "blocks": []}))


async def _answered(call: Awaitable[Any]) -> Any:
    """Slack's answer. The one place where its refusals and the network's failures become ours."""
    try:
        return await call
    except SlackApiError as error:
        raise _meaning(error) from error
    except (aiohttp.ClientError, OSError) as error:  # a TimeoutError is one of these
        raise NotPosted(type(error).__name__) from error


def _meaning(error: SlackApiError) -> NotPosted:
    code, reason = refusal_of(error), reason_of(error)
    if code == "ratelimited" or reason == _TOO_MANY:
        return TooFast(_wait(error.response.headers.get("Retry-After")))
    return _CODES.get(code, NotPosted)(reason)


def _wait(header: str | None) -> float:
    try:
        return max(float(header or _ASKED_WAIT), 0.0)
    except ValueError:
        return _ASKED_WAIT
