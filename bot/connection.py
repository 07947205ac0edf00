"""The app in Slack: checked, connected by Socket Mode, and left without owing an answer."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from bot.admission import SlackUnreachable, admitted
from bot.answering import Answering
from bot.app import build
from bot.logger import slack_logger
from shared.core import Core
from shared.settings import SlackSettings

_log = logging.getLogger(__name__)

CALL_PATIENCE = 10
CONNECT_PATIENCE = 30
"""Seconds for one call of Slack's Web API, and for the first socket."""
GRACE = 5
"""Seconds at the end for answers that are owed."""
TICKET_LIFE = 30
"""Seconds after which an address for a socket that did not open is thrown away."""


@asynccontextmanager
async def connected(settings: SlackSettings, core: Core, *, grace: float = GRACE) -> AsyncIterator[None]:
    """The app answers while the block runs.

    Raises SettingsError where Slack does not take a token, and SlackUnreachable.
    """
    client = AsyncWebClient(
        base_url=settings.slack_api_url,
        timeout=CALL_PATIENCE,
        logger=slack_logger(),
        retry_handlers=[AsyncConnectionErrorRetryHandler(), AsyncRateLimitErrorRetryHandler()],
    )
    workspace = await admitted(client, settings)
    answering = Answering(core)
    handler = AsyncSocketModeHandler(
        build(answering, client, workspace), settings.slack_app_token.get_secret_value(), logger=slack_logger()
    )
    renewing = asyncio.create_task(renew_tickets(handler.client, TICKET_LIFE))
    try:
        await _connect(handler)
        _log.info("Connected to the Slack workspace %s", workspace.team)
        yield
    finally:
        renewing.cancel()
        # First nothing new, then what is owed.
        await handler.close_async()  # type: ignore[no-untyped-call] # Bolt's
        await answering.finish(grace)


async def _connect(handler: AsyncSocketModeHandler) -> None:
    try:
        async with asyncio.timeout(CONNECT_PATIENCE):
            await handler.connect_async()  # type: ignore[no-untyped-call] # Bolt's
    except TimeoutError as error:
        raise SlackUnreachable(host="Socket Mode", evidence=f"{CONNECT_PATIENCE} s to connect") from error


async def renew_tickets(client: SocketModeClient, every: float) -> None:
    """Throws the address of a socket away that did not open.

    Its ticket lets one socket in, once and soon; the SDK knocks with the same one until it is let in.
    """
    while True:
        await asyncio.sleep(every)
        if not await client.is_connected():
            client.wss_uri = None
