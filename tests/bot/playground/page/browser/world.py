"""The demo as a newcomer finds it, in this process: Famulor's end, the local Slack with all panels, bot and alerts."""

import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.alerts.running import alerting, delivering
from bot.connection import connected
from bot.manifest import manifest
from bot.playground import Beside, LocalSlack
from shared.clock import Clock, SystemClock
from shared.demo import DEMO_KEY, DemoApi
from shared.runtime import open_runtime, watch
from shared.settings import SlackSettings, from_arguments
from shared.watch import watching

MORNING = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
NOBODY = "http://127.0.0.1:9/mcp"
"""Where no MCP server listens."""


class RunningClock(SystemClock):
    """Runs as any clock does, but begins on the same morning each time, and can be put forward."""

    def __init__(self, start: datetime = MORNING) -> None:
        self._start = start
        self._began = time.monotonic()
        self._ahead = timedelta()

    def now(self) -> datetime:
        return self._start + self._ahead + timedelta(seconds=time.monotonic() - self._began)

    def advance(self, minutes: float) -> None:
        """Puts the hands forward; nobody's sleep ends earlier."""
        self._ahead += timedelta(minutes=minutes)


@dataclass(frozen=True, slots=True)
class World:
    """What a browser is brought to. Nobody has subscribed to anything yet."""

    slack: LocalSlack
    api: DemoApi
    clock: Clock

    def reset(self) -> None:
        """Famulor's end is as it was in the beginning; what stands in Slack stays there."""
        self.api.reset()

    def address(self, path: str = "") -> str:
        """Of a place on the page."""
        return f"{self.slack.url}{path}"


@asynccontextmanager
async def world(clock: Clock | None = None) -> AsyncIterator[World]:
    """All of it, running; what is there when it begins is nobody's news. At the end nothing is left behind."""
    clock = clock or RunningClock()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        api = await stack.enter_async_context(DemoApi(clock=clock, limited=False))
        # Slack's three seconds are real ones: a machine that is busy with other tests may take longer.
        slack = await stack.enter_async_context(
            LocalSlack(
                manifest=manifest(), clock=clock, acknowledge_within=60, beside=Beside(famulor=api, agents_url=NOBODY)
            )
        )
        settings = from_arguments(
            SlackSettings,
            famulor_api_key=DEMO_KEY,
            famulor_base_url=api.base_url,
            cache_seconds=0,
            famulor_total_timeout=5,
            watch_interval=1,
            database_url=f"sqlite:///{folder / 'world.sqlite3'}",
            slack_bot_token=slack.bot_token,
            slack_app_token=slack.app_token,
            slack_api_url=slack.api_url,
        )
        runtime = await stack.enter_async_context(open_runtime(settings, clock))
        await stack.enter_async_context(connected(runtime))
        watched = watch(runtime)
        await watched.tick()
        await stack.enter_async_context(watching(watched))
        await stack.enter_async_context(delivering(await stack.enter_async_context(alerting(runtime))))
        await slack.connected()
        yield World(slack, api, clock)
