"""What has changed is decided on: who is to be told of it, and what is to be closed."""

from collections.abc import Mapping

from shared.models import Names
from shared.runtime import Runtime
from shared.settings import Settings

NAMES_FRESH = 60.0
"""Seconds for which the core is not asked again for names; it asks Famulor far less often."""
CLOSE_EVERY = 30.0
"""Seconds between two looks for matters that have been quiet for long enough."""


class Routing:
    """Any number of them may share one store: one at a time routes."""

    def __init__(self, runtime: Runtime[Settings]) -> None:
        self._runtime = runtime
        self._names: Mapping[str, Names] = {}
        self._names_at = self._close_at = runtime.clock.monotonic()

    async def tick(self) -> int:
        """Decide on all changes that wait for it; how many there were. Raises StoreError."""
        store, clock = self._runtime.store, self._runtime.clock
        if clock.monotonic() >= self._close_at:
            await store.matters.close_lapsed()
            self._close_at = clock.monotonic() + CLOSE_EVERY
        names = await self._names_for_ids()
        total = 0
        while routed := (await store.routing.route(names)).changes:
            total += routed
        return total

    async def _names_for_ids(self) -> Mapping[str, Names]:
        """Subscriptions ask for languages by name; of voices, the watch has to know what they speak."""
        now = self._runtime.clock.monotonic()
        if now >= self._names_at:
            core = self._runtime.core
            self._names = await core.names(core.sources)
            self._names_at = now + NAMES_FRESH
        return self._names
