"""Answers to mentions and direct messages: posted where they were written."""

import logging

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.asking import Asker
from bot.replies import files
from bot.slack_client import reason_of, refusal_of
from bot.views import shells
from bot.views.answers import Answer, Attachment
from bot.views.blocks import Message

_log = logging.getLogger(__name__)


class Conversation:
    """A channel, in which only the asker sees the answer, or the asker's direct messages; `thread` "" is none."""

    def __init__(self, client: AsyncWebClient, asker: Asker, channel: str, thread: str = "") -> None:
        self._client = client
        self._asker = asker
        self._channel = channel
        self._thread = thread

    async def show(self, answer: Answer) -> None:
        """Posts it. A refusal of its blocks is answered with its text alone."""
        try:
            if isinstance(answer, Attachment):
                channel = await files.send(self._client, self._asker.user, answer)
                if channel == self._channel:
                    return  # it is there, with its words
            await self._post(shells.as_message(answer, self._asker.say))
        except SlackApiError as error:
            _log.warning("Slack does not take an answer (%s)", reason_of(error))
        except (aiohttp.ClientError, OSError) as error:
            _log.warning("An answer could not be sent (%s)", type(error).__name__)

    async def _post(self, message: Message) -> None:
        try:
            await self._call(message)
        except SlackApiError as error:
            if refusal_of(error) not in {"invalid_blocks", "msg_blocks_too_long", "invalid_blocks_format"}:
                raise
            _log.warning("Slack refuses the blocks of an answer; sending its text alone")
            await self._call({"text": message["text"]})

    async def _call(self, message: Message) -> None:
        thread = self._thread or None
        # A person's id stands for the direct messages with them.
        if self._channel.startswith(("D", "U", "W")):
            await self._client.chat_postMessage(
                channel=self._channel, thread_ts=thread, unfurl_links=False, unfurl_media=False, **message
            )
        else:
            await self._client.chat_postEphemeral(
                channel=self._channel, user=self._asker.user, thread_ts=thread, **message
            )
