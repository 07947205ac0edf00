"""A watched account: a demo API, a core, a store on either database, and a watch whose chance is none."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest

from shared.core import Core
from shared.demo import DEMO_KEY, DemoApi
from shared.models import Change, Kind
from shared.runtime import open_core
from shared.settings import Settings, from_arguments
from shared.store import Store, open_store
from shared.watch import Rhythm, Watch
from tests.clocks import ManualClock


@dataclass(frozen=True)
class Watched:
    """One account, polled when a test says so."""

    api: DemoApi
    clock: ManualClock
    store: Store
    watch: Watch

    async def poll(self) -> list[tuple[Kind, int | None]]:
        """A poll after any wait; what it told."""
        before = await self.changes()
        self.clock.advance(3600)
        assert await self.watch.tick() == 1
        return [(one.kind, one.assistant) for one in (await self.changes())[len(before) :]]

    async def changes(self) -> list[Change]:
        """Everything that was ever told, oldest first."""
        return [stored.change for stored in reversed(await self.store.history.changes(limit=10_000))]


def settings_of(api: DemoApi) -> Settings:
    return from_arguments(
        Settings,
        famulor_api_key=DEMO_KEY,
        famulor_base_url=api.base_url,
        famulor_read_timeout=0.5,
        famulor_total_timeout=3,
    )


@pytest.fixture
async def store(database_url: str, clock: ManualClock) -> AsyncIterator[Store]:
    async with open_store(database_url, clock) as store:
        yield store


@pytest.fixture
def watch_of(clock: ManualClock) -> Callable[[Core, Store], Watch]:
    return lambda core, store: Watch(core.sources, store.history, Rhythm(interval=60), clock=clock, chance=lambda: 0.0)


@pytest.fixture
def watched(
    demo_api: DemoApi, core: Core, store: Store, clock: ManualClock, watch_of: Callable[[Core, Store], Watch]
) -> Watched:
    return Watched(demo_api, clock, store, watch_of(core, store))


@pytest.fixture
async def replica(
    demo_api: DemoApi, database_url: str, clock: ManualClock, watch_of: Callable[[Core, Store], Watch], store: Store
) -> AsyncIterator[Watch]:
    """Another process's watch: the same account and database, nothing else in common."""
    async with open_store(database_url, clock) as other, open_core(settings_of(demo_api), clock) as core:
        yield watch_of(core, other)
