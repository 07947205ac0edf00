"""Tells subscribers of both protocol eras as soon as a fetch sees a difference.

The newer era listens on one stream (`subscriptions/listen`), the older one subscribes to one URI after the other and
is told on its connection. As long as anybody waits, Famulor is asked again and again: they would hear nothing where
nobody else asks.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any

from mcp import MCPError
from mcp.server.context import ServerRequestContext
from mcp.server.subscriptions import InMemorySubscriptionBus, ListenHandler, ResourceUpdated
from mcp.types import (
    INVALID_PARAMS,
    EmptyResult,
    SubscribeRequestParams,
    SubscriptionFilter,
    SubscriptionsListenRequestParams,
    SubscriptionsListenResult,
    UnsubscribeRequestParams,
)

from mcp_server.failures import in_protocol_terms
from mcp_server.resources import Target
from mcp_server.state import State
from shared.clock import Clock
from shared.errors import UpstreamError

if TYPE_CHECKING:
    from shared.core import Core

SHORTEST_PAUSE = 10.0
"""Seconds between two looks, also where nothing is cached: the rate limit is for those who ask."""
MOST_URIS = 1000
"""Resources that one client may wait for."""

_SUBSCRIBER = "famulor subscriber"

_log = logging.getLogger(__name__)


class Subscriber:
    """One client, what it wants to hear of, and how it is told: `tell` takes the URI that it subscribed to."""

    def __init__(self, tell: Callable[[str], Awaitable[None]]) -> None:
        self.wanted: dict[str, Target] = {}
        self._tell = tell
        self._owed: dict[str, None] = {}
        self._telling: asyncio.Task[None] | None = None

    def hear(self, account: str, ids: frozenset[int]) -> None:
        """Some assistants have changed. What it was not told yet, it is told once."""
        self._owed |= {uri: None for uri, target in self.wanted.items() if target.concerns(account, ids)}
        if self._owed and self._telling is None:
            self._telling = asyncio.create_task(self._tell_all())

    def leave(self) -> None:
        """It hears nothing more."""
        self.wanted.clear()
        self._owed.clear()

    async def _tell_all(self) -> None:
        try:
            while self._owed:
                uri = next(iter(self._owed))
                del self._owed[uri]
                await self._tell(uri)
        finally:
            self._telling = None


class Watch:
    """Everybody who waits for news of one core, and the looks at it."""

    def __init__(self, core: "Core", clock: Clock, pause: float) -> None:
        self.subscribers: set[Subscriber] = set()
        self._core, self._clock, self._pause = core, clock, pause
        self._unsubscribe = core.subscribe(self._changed)
        self._looking = asyncio.create_task(self._look())

    def close(self) -> None:
        """No more looks."""
        self._unsubscribe()
        self._looking.cancel()

    def _changed(self, account: str, ids: frozenset[int]) -> None:
        for subscriber in self.subscribers:
            subscriber.hear(account, ids)

    async def _look(self) -> None:
        while True:
            try:
                await self._core.everyone()
            except UpstreamError as error:
                _log.debug("No look at the assistants: %s", error)
            await self._clock.sleep(self._pause)


class Updates:
    """Who waits for news of which core. `fresh_for`: seconds for which a core doesn't ask again."""

    def __init__(self, clock: Clock, fresh_for: float) -> None:
        self._clock = clock
        self._pause = max(fresh_for, SHORTEST_PAUSE)
        self._watches: dict[Core, Watch] = {}

    async def listen(
        self, ctx: ServerRequestContext[State], params: SubscriptionsListenRequestParams
    ) -> SubscriptionsListenResult:
        """`subscriptions/listen`. Of what was asked for, it honours what can happen: that our resources change."""
        wanted = list(params.notifications.resource_subscriptions or ())
        ours = [uri for uri in wanted if Target.of(uri)]
        bus = InMemorySubscriptionBus()

        async def tell(uri: str) -> None:
            await bus.publish(ResourceUpdated(uri=uri))

        subscriber = Subscriber(tell)
        try:
            await self._wait(ctx, subscriber, ours)
            only = params.model_copy(update={"notifications": SubscriptionFilter(resource_subscriptions=ours)})
            return await ListenHandler(bus)(ctx, only)
        finally:
            self._leave(subscriber)

    async def subscribe(self, ctx: ServerRequestContext[State], params: SubscribeRequestParams) -> EmptyResult:
        """`resources/subscribe`. A URI that is not ours is taken, as the newer era does, and never heard of."""
        subscriber = self._of_connection(ctx)
        await self._wait(ctx, subscriber, [params.uri])
        return EmptyResult()

    async def unsubscribe(self, ctx: ServerRequestContext[State], params: UnsubscribeRequestParams) -> EmptyResult:
        """`resources/unsubscribe`."""
        subscriber = self._of_connection(ctx)
        subscriber.wanted.pop(params.uri, None)
        if not subscriber.wanted:
            self._leave(subscriber)
        return EmptyResult()

    def _of_connection(self, ctx: ServerRequestContext[Any]) -> Subscriber:
        # The SDK's handlers may keep state with the connection and clean up at its end, but it shows it nowhere else.
        connection = ctx.session._connection  # noqa: SLF001
        if _SUBSCRIBER not in connection.state:
            connection.state[_SUBSCRIBER] = subscriber = Subscriber(connection.send_resource_updated)
            connection.exit_stack.callback(self._leave, subscriber)
        known: Subscriber = connection.state[_SUBSCRIBER]
        return known

    async def _wait(self, ctx: ServerRequestContext[State], subscriber: Subscriber, uris: Iterable[str]) -> None:
        wanted = {uri: target for uri in uris if (target := Target.of(uri))}
        if not wanted:
            return
        if len(subscriber.wanted | wanted) > MOST_URIS:
            raise MCPError(INVALID_PARAMS, f"A client may wait for {MOST_URIS} resources. The list tells of them all.")
        with in_protocol_terms(ctx.method):
            core = await ctx.lifespan_context.core()
        if core not in self._watches:
            self._watches[core] = Watch(core, self._clock, self._pause)
        subscriber.wanted |= wanted
        self._watches[core].subscribers.add(subscriber)

    def _leave(self, subscriber: Subscriber) -> None:
        subscriber.leave()
        for core, watch in list(self._watches.items()):
            watch.subscribers.discard(subscriber)
            if not watch.subscribers:
                watch.close()
                del self._watches[core]
