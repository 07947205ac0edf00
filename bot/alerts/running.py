"""Alerts run: what was found is routed, what is owed is delivered, until told to stop."""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import TypeVar

import aiohttp

from bot.admission import missing_scopes, refused_bot_token, who_we_are
from bot.alerts.delivery import AT_ONCE, LEASE, Deliveries
from bot.alerts.posting import Posting
from bot.alerts.routing import Routing
from bot.alerts.telling import Telling
from bot.logger import slack_logger
from bot.people import People
from bot.slack_client import SlackClient
from shared.clock import Clock
from shared.errors import SettingsError, StoreError
from shared.finishing import finished
from shared.runtime import Runtime
from shared.settings import PostingSettings

_log = logging.getLogger(__name__)

T = TypeVar("T")

PACE = 0.5
"""Seconds between two looks at what has changed and what is owed. What is told late is told later by as much."""
STORE_PAUSE = 5.0
"""Seconds without any after the store has failed."""
CALL_PATIENCE = 10
"""Seconds for one call of Slack's."""
GRACE = 8.0
"""Seconds at the end for what is being posted: what is cut off may be posted twice."""


class Alerts:
    """Routes and delivers for as long as somebody ticks it, or runs it; any number of them may share one store."""

    def __init__(self, routing: Routing, deliveries: Deliveries, clock: Clock) -> None:
        self._routing = routing
        self._deliveries = deliveries
        self._clock = clock

    async def tick(self) -> int:
        """Route what was found, deliver what is due, and come back when that is done; how many were delivered.

        Raises StoreError.
        """
        await self._routing.tick()
        claimed = await self._deliveries.claim(AT_ONCE)
        await asyncio.gather(*map(self._deliveries.deliver, claimed))
        return len(claimed)

    async def run(self) -> None:
        """The same until cancelled, nobody waiting for another; at the end what is being posted is finished."""
        under_way: set[asyncio.Task[None]] = set()
        try:
            while True:
                try:
                    full = await finished(self._take_on(under_way))
                except StoreError as error:
                    _log.warning("%s", error.explain())
                    await self._clock.sleep(STORE_PAUSE)
                    continue
                if full:
                    # There may be more: as soon as there is room for it.
                    await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                else:
                    await self._clock.sleep(PACE)
        finally:
            if under_way:
                await asyncio.wait(under_way, timeout=GRACE)
            for telling in under_way:
                telling.cancel()

    async def _take_on(self, under_way: set[asyncio.Task[None]]) -> bool:
        """Route, and begin to deliver what is due; whether there is no room for more. Raises StoreError."""
        await self._routing.tick()
        room = AT_ONCE - len(under_way)
        claimed = await self._deliveries.claim(room) if room else []
        for delivery in claimed:
            telling = asyncio.create_task(self._deliveries.deliver(delivery))
            under_way.add(telling)
            telling.add_done_callback(under_way.discard)
        return len(claimed) == room


@asynccontextmanager
async def alerting(
    runtime: Runtime[PostingSettings], *, lease: timedelta = LEASE, chance: Callable[[], float] = random.random
) -> AsyncIterator[Alerts]:
    """Alerts for one workspace; its connections are closed at the end.

    Raises SettingsError where Slack does not take the token, and SlackUnreachable.
    """
    settings = runtime.settings
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_PATIENCE)) as session:
        client = SlackClient(
            settings.slack_bot_token.get_secret_value(),
            base_url=settings.slack_api_url,
            session=session,
            logger=slack_logger(),
            # The outbox tries again; nobody else does.
            retry_handlers=[],
        )
        who = await who_we_are(client)
        problems = [*refused_bot_token(who, client), *missing_scopes(who)]
        if problems:
            raise SettingsError(problems)
        people = People(client, runtime.clock, team=str(who["team_id"]), organisation=who.get("enterprise_id") or "")
        telling = Telling(runtime, Posting(client, runtime.clock), people)
        deliveries = Deliveries(
            telling, runtime.store, runtime.clock, lease=lease, chance=chance, telemetry=runtime.telemetry
        )
        yield Alerts(Routing(runtime), deliveries, runtime.clock)


@asynccontextmanager
async def delivering(alerts: Alerts) -> AsyncIterator[None]:
    """They run meanwhile; at the end what is being posted is finished."""
    running = asyncio.create_task(alerts.run())
    try:
        yield
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
