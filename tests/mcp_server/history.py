"""An account that was watched before an agent asks: the past is made by polls, over real sockets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from shared.demo import DemoApi
from shared.runtime import open_core
from shared.settings import Settings
from shared.store import open_store
from shared.watch import Rhythm, Watch
from tests.clocks import ManualClock

TOOL = "list_outbound_assistant_changes"


@dataclass(frozen=True)
class Past:
    """Polls when a test says so."""

    api: DemoApi
    clock: ManualClock
    watch: Watch

    async def poll(self, hours: float = 1) -> None:
        """Time passes, and every account is polled."""
        self.clock.advance(hours * 3600)
        assert await self.watch.tick()

    async def change(self, number: int, **fields: Any) -> None:
        """Somebody sets fields of an assistant, and a poll sees it."""
        self.api.change(number, **fields)
        await self.poll()


@asynccontextmanager
async def watched(api: DemoApi, settings: Settings, url: str, clock: ManualClock) -> AsyncIterator[Past]:
    """The past of these settings' accounts in the database at `url`, which begins now."""
    async with open_store(url, clock) as store, open_core(settings, clock) as core:
        past = Past(api, clock, Watch(core.sources, store.history, Rhythm(), clock=clock, chance=lambda: 0.0))
        await past.poll(0)
        yield past
