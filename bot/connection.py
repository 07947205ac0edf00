"""The app in Slack: checked, connected by Socket Mode or listening for HTTP, and left without owing an answer."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from bot.access import Prompts, Rules
from bot.admission import SlackUnreachable, admitted
from bot.answering import Answering
from bot.app import build
from bot.desk import Desk
from bot.http import EVENTS, Probe, SignedEvents, application, listening
from bot.logger import slack_logger
from bot.people import People
from bot.slack_client import SlackClient
from shared.errors import StoreError
from shared.runtime import Runtime
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
async def connected(runtime: Runtime[SlackSettings], *, grace: float = GRACE) -> AsyncIterator[str]:
    """The app answers while the block runs; its HTTP address, "" where it listens at none.

    By Socket Mode where there is an app-level token, else over HTTP. In Socket Mode it listens too, for those who
    watch over it, where SLACK_HTTP_PORT is set.

    Raises SettingsError where Slack does not take a token, SlackUnreachable, and CannotListen.
    """
    settings = runtime.settings
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(_connections())
        client = web_client(settings, session)
        workspace = await admitted(client, settings)
        desk = Desk(
            runtime=runtime,
            client=client,
            people=People(
                client, runtime.clock, team=workspace.team_id or "", organisation=workspace.enterprise_id or ""
            ),
            rules=rules(settings),
            team=workspace.team_id or "",
            started=runtime.clock.now(),
        )
        answering = Answering(desk, telemetry=runtime.telemetry)
        # Bolt warns of a token beside the authorization that it is given.
        app = build(answering, web_client(settings, with_token=False), workspace)
        # First nothing new, then what is owed.
        stack.push_async_callback(answering.finish, grace)
        probes: dict[str, Probe] = {"store": lambda: _store(runtime)}
        events, address = None, ""
        if settings.socket_mode:
            handler = await stack.enter_async_context(_by_socket(app, settings, workspace))
            probes["socket"] = lambda: _socket(handler.client)
        else:
            secret = settings.slack_signing_secret.get_secret_value() if settings.slack_signing_secret else ""
            events = SignedEvents(app, secret, runtime.clock)
        if settings.listens:
            serving = application(probes, events)
            address = await stack.enter_async_context(
                listening(serving, settings.slack_http_host, settings.slack_http_port)
            )
            _log.info("Listening at %s", address + (EVENTS if events else ""))
        yield address


def web_client(
    settings: SlackSettings, session: aiohttp.ClientSession | None = None, *, with_token: bool = True
) -> AsyncWebClient:
    """Slack's Web API; the one owner of retries on this hop: a broken connection and a rate limit, once each.

    Without a session each call makes a connection of its own.
    """
    return SlackClient(
        settings.slack_bot_token.get_secret_value() if with_token else None,
        base_url=settings.slack_api_url,
        timeout=CALL_PATIENCE,
        session=session,
        logger=slack_logger(),
        retry_handlers=[AsyncConnectionErrorRetryHandler(), AsyncRateLimitErrorRetryHandler()],
    )


def _connections() -> aiohttp.ClientSession:
    """Connections that are kept for the next call; Slack's cookies are of no use to an app."""
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=CALL_PATIENCE), cookie_jar=aiohttp.DummyCookieJar()
    )


def rules(settings: SlackSettings) -> Rules:
    """Who may do what, as it is set."""
    return Rules(
        users=frozenset(settings.slack_allowed_users),
        groups=frozenset(settings.slack_allowed_usergroups),
        channels=frozenset(settings.slack_allowed_channels),
        admins=frozenset(settings.slack_admins),
        prompts=Prompts(settings.slack_prompts),
    )


async def _store(runtime: Runtime[SlackSettings]) -> str:
    try:
        await runtime.store.ready()
    except StoreError as error:
        return error.explain()
    return ""


async def _socket(client: SocketModeClient) -> str:
    return "" if await client.is_connected() else "not connected"


@asynccontextmanager
async def _by_socket(
    app: AsyncApp, settings: SlackSettings, workspace: AuthorizeResult
) -> AsyncIterator[AsyncSocketModeHandler]:
    token = settings.slack_app_token.get_secret_value() if settings.slack_app_token else ""
    handler = AsyncSocketModeHandler(app, token, logger=slack_logger())
    renewing = asyncio.create_task(renew_tickets(handler.client, TICKET_LIFE))
    try:
        await _connect(handler)
        _log.info("Connected to the Slack workspace %s", workspace.team)
        yield handler
    finally:
        renewing.cancel()
        await handler.close_async()  # type: ignore[no-untyped-call] # Bolt's


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
