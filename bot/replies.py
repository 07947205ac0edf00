"""Answers to a command: ephemeral messages to its `response_url`."""

import logging

import aiohttp
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.logger import slack_logger
from bot.views import Message

_log = logging.getLogger(__name__)

_OK, _BAD_REQUEST = 200, 400
_PATIENCE = 10
"""Seconds for one attempt."""


async def reply(response_url: str, message: Message) -> None:
    """Shows the message to whoever asked, and to nobody else. What goes wrong is logged: there is nobody to tell.

    The one owner of retries on this hop: a rate limit is waited out once, a broken connection is tried once again.
    """
    client = AsyncWebhookClient(
        response_url,
        timeout=_PATIENCE,
        logger=slack_logger(),
        retry_handlers=[AsyncConnectionErrorRetryHandler(), AsyncRateLimitErrorRetryHandler()],
    )
    try:
        answer = await client.send_dict(_ephemeral(message))
        if answer.status_code == _BAD_REQUEST:
            _log.warning("Slack refuses the blocks of an answer (%.200s); sending its text alone", answer.body)
            answer = await client.send_dict(_ephemeral({"text": message["text"]}))
    except (aiohttp.ClientError, OSError, ValueError) as error:
        # Not the error itself: it may repeat the address, and whoever has that can answer in our name.
        _log.warning("An answer could not be sent (%s)", type(error).__name__)
    else:
        if answer.status_code != _OK:
            _log.warning("Slack takes no answer to a command any more (%s, %.200s)", answer.status_code, answer.body)


def _ephemeral(message: Message) -> Message:
    return {"response_type": "ephemeral", "unfurl_links": False, "unfurl_media": False, **message}
