"""What has begun is brought to its end, also by a program that is told to stop."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_log = logging.getLogger(__name__)


async def finished(work: Coroutine[Any, Any, T]) -> T:
    """Its result. Whoever is cancelled meanwhile waits for its end all the same; what it then raises is logged."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.warning("What was under way at the end failed.", exc_info=error)
        raise
