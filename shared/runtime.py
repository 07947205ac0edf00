"""The one place where the core is put together: settings → a running core."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from shared.clock import Clock, SystemClock
from shared.core import Core, Source
from shared.famulor import Deadlines, FamulorClient
from shared.settings import Settings


@asynccontextmanager
async def open_core(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Core]:
    """A core for these settings; its connections are closed at the end."""
    clock = clock or SystemClock()
    deadlines = Deadlines(
        connect=settings.famulor_connect_timeout,
        read=settings.famulor_read_timeout,
        total=settings.famulor_total_timeout,
    )
    async with AsyncExitStack() as stack:
        sources = []
        for account in settings.accounts:
            source = Source(FamulorClient(account, clock, deadlines), fresh_for=settings.cache_seconds, clock=clock)
            stack.push_async_callback(source.close)
            sources.append(source)
        yield Core(sources)
