"""What `famulor-mcp --demo` serves: invented assistants and their last week. Nothing of the user's is used."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from shared.clock import SystemClock

if TYPE_CHECKING:
    # At run time they would bring what nobody needs before the first call.
    from shared.core import Core
    from shared.settings import Settings
    from shared.store import Store

BEGAN = timedelta(days=7)
"""How long ago the demo's history begins."""
STEPS = 12
"""The whole script: it ends where it began, and so with the assistants that the other tools show."""


class PastClock(SystemClock):
    """A time that has been: it goes on when it is told to."""

    def __init__(self, began: datetime) -> None:
        self._began = began
        self._passed = 0.0

    def now(self) -> datetime:
        return self._began + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        return self._passed

    def advance(self, seconds: float) -> None:
        """Let so much of it pass."""
        self._passed += seconds


class Demo:
    """A core and a store, each to be opened when it is needed."""

    @asynccontextmanager
    async def core(self) -> AsyncIterator["Core"]:
        """A core on a demo API of its own."""
        from shared.demo import DemoApi  # noqa: PLC0415
        from shared.runtime import open_core  # noqa: PLC0415

        async with DemoApi() as api, open_core(_settings(api.base_url)) as core:
            yield core

    @asynccontextmanager
    async def store(self) -> AsyncIterator["Store"]:
        """A store in a temporary folder, in which the assistants' last week was watched."""
        from shared.store import open_store  # noqa: PLC0415

        with TemporaryDirectory(prefix="famulor-demo-") as folder:
            url = f"sqlite:///{Path(folder, 'famulor.sqlite3')}"
            past = PastClock(SystemClock().now() - BEGAN)
            async with open_store(url, past) as store:
                await _live(store, past)
            async with open_store(url, SystemClock()) as store:
                yield store


async def _live(store: "Store", clock: PastClock) -> None:
    """Poll a demo API while its script is played, from then until now."""
    from shared.demo import DemoApi  # noqa: PLC0415
    from shared.runtime import open_core  # noqa: PLC0415
    from shared.watch import Auditing, Rhythm, Watch  # noqa: PLC0415

    async with DemoApi(clock=clock) as api, open_core(_settings(api.base_url), clock) as core:
        auditing = Auditing(core.policy, store.ignores.all)
        watch = Watch(core.sources, store.history, Rhythm(), clock=clock, auditing=auditing)
        await watch.tick()
        for _step in range(STEPS):
            clock.advance((BEGAN / STEPS).total_seconds() - 40)
            api.step()
            clock.advance(40)
            await watch.tick()


def _settings(base_url: str) -> "Settings":
    from shared.demo import DEMO_KEY  # noqa: PLC0415
    from shared.settings import Settings, from_arguments  # noqa: PLC0415

    return from_arguments(Settings, famulor_api_key=DEMO_KEY, famulor_base_url=base_url)
