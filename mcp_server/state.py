"""What all calls of the process share."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import TYPE_CHECKING

from shared.clock import Clock

if TYPE_CHECKING:
    # At run time it would bring the HTTP client, which nobody needs before the first call.
    from shared.core import Core

OpenCore = Callable[[], AbstractAsyncContextManager["Core"]]


class State:
    """The one core, opened when it is first asked for: a client that only lists the tools waits for nothing."""

    def __init__(self, open_core: OpenCore, clock: Clock) -> None:
        self.clock = clock
        self._open_core = open_core
        self._opening = asyncio.Lock()
        self._stack = AsyncExitStack()
        self._core: Core | None = None

    async def core(self) -> "Core":
        """The core; the same one for every call."""
        async with self._opening:
            if self._core is None:
                self._core = await self._stack.enter_async_context(self._open_core())
            return self._core

    async def close(self) -> None:
        """Close the core, if it was ever opened."""
        await self._stack.aclose()
