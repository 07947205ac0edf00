"""Answers to a command or a button: ephemeral messages to its `response_url`."""

import asyncio
import logging

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook import WebhookResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.asking import Asker
from bot.logger import slack_logger
from bot.replies import files
from bot.views import shells
from bot.views.answers import Answer, Attachment
from bot.views.blocks import Message

_log = logging.getLogger(__name__)

_OK, _BAD_REQUEST, _SERVER_ERROR = 200, 400, 500
_PATIENCE = 10
"""Seconds for one attempt."""
AGAIN = 3
"""Times that an answer is sent again, over all that goes wrong: the SDK counts for its handlers together."""
_WAIT = 0.5
"""Seconds before it is sent again after an error of Slack's own, and twice as long each time; as the SDK waits."""


class ResponseUrl:
    """A `response_url`. `replacing`: the answer takes the place of the message whose button was pressed.

    The one owner of retries on this hop: rate limits are waited out, and after a broken connection or an error of
    Slack's own it is tried again, in longer and longer waits.
    """

    def __init__(self, url: str, client: AsyncWebClient, asker: Asker, *, replacing: bool = False) -> None:
        self._client = client
        self._asker = asker
        self._replacing = replacing
        self._webhook = AsyncWebhookClient(
            url,
            timeout=_PATIENCE,
            # The client's connections, where it keeps some.
            session=client.session,
            logger=slack_logger(),
            retry_handlers=[AsyncConnectionErrorRetryHandler(AGAIN), AsyncRateLimitErrorRetryHandler(AGAIN)],
        )

    async def show(self, answer: Answer) -> None:
        """Shows it to whoever asked, and to nobody else."""
        if isinstance(answer, Attachment):
            try:
                await files.send(self._client, self._asker.user, answer)
            except (SlackApiError, aiohttp.ClientError, OSError) as error:
                _log.warning("A file could not be sent (%s)", type(error).__name__)
                await self._send(shells.file_failed(self._asker.say))
                return
        await self._send(shells.as_message(answer, self._asker.say))

    async def _send(self, message: Message) -> None:
        try:
            answer = await self._sent(message)
            if answer.status_code == _BAD_REQUEST:
                _log.warning("Slack refuses the blocks of an answer (%.200s); sending its text alone", answer.body)
                answer = await self._sent({"text": message["text"]})
        except (aiohttp.ClientError, OSError, ValueError) as error:
            # Not the error itself: it may repeat the address, and whoever has that can answer in our name.
            _log.warning("An answer could not be sent (%s)", type(error).__name__)
        else:
            if answer.status_code != _OK:
                _log.warning("Slack takes no answer any more (%s, %.200s)", answer.status_code, answer.body)

    async def _sent(self, message: Message) -> WebhookResponse:
        """Slack's answer. The SDK asks its handlers about rate limits and connections alone."""
        addressed = self._addressed(message)
        answer = await self._webhook.send_dict(addressed)
        for attempt in range(AGAIN):
            if answer.status_code < _SERVER_ERROR:
                break
            await asyncio.sleep(_WAIT * 2**attempt)
            answer = await self._webhook.send_dict(addressed)
        return answer

    def _addressed(self, message: Message) -> Message:
        # Without a word Slack takes an answer to a button for a replacement.
        return {
            "response_type": "ephemeral",
            "replace_original": self._replacing,
            "unfurl_links": False,
            "unfurl_media": False,
            **message,
        }
