"""Replicas of the watch and the delivery as processes of their own, to be killed."""

import asyncio
import multiprocessing
from collections.abc import Mapping
from datetime import timedelta
from multiprocessing.context import ForkServerProcess
from typing import Any

from bot.alerts.running import alerting
from shared.logs import configure_logging
from shared.runtime import open_runtime
from shared.settings import SlackSettings, from_arguments
from shared.watch import Rhythm, Watch

LEASE = 2.0
"""Seconds until another replica takes over what a dead one had claimed."""
INTERVAL = 0.5

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload([__name__])


def started(settings: Mapping[str, Any]) -> ForkServerProcess:
    """A replica that is there in some milliseconds: what it imports is imported already."""
    process = _CONTEXT.Process(target=_replicate, args=(dict(settings),), daemon=True)
    process.start()
    return process


def _replicate(given: dict[str, Any]) -> None:
    configure_logging("CRITICAL", "console")
    asyncio.run(_run(from_arguments(SlackSettings, **given)))


async def _run(settings: SlackSettings) -> None:
    lease = timedelta(seconds=LEASE)
    async with (
        open_runtime(settings) as runtime,
        alerting(runtime, lease=lease) as alerts,
        asyncio.TaskGroup() as group,
    ):
        rhythm = Rhythm(interval=INTERVAL, lease=LEASE)
        watch = Watch(runtime.core.sources, runtime.store.history, rhythm, clock=runtime.clock)
        group.create_task(watch.run())
        group.create_task(alerts.run())
