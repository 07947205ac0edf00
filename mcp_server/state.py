"""What all calls of the process share, and what a call has of its own."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

import anyio

from shared.clock import Clock

if TYPE_CHECKING:
    # At run time it would bring the HTTP client, which nobody needs before the first call.
    from shared.core import Core

OpenCore = Callable[[], AbstractAsyncContextManager["Core"]]


class LateCore:
    """A core that is opened when it is first asked for: a client that only lists the tools waits for nothing."""

    def __init__(self, open_core: OpenCore) -> None:
        self._open_core = open_core
        self._opening = asyncio.Lock()
        self._stack = AsyncExitStack()
        self._core: Core | None = None

    async def get(self) -> "Core":
        """The core; the same one whenever it is asked for."""
        async with self._opening:
            if self._core is None:
                self._core = await self._stack.enter_async_context(self._open_core())
            return self._core

    async def close(self) -> None:
        """Close the core, if it was ever opened."""
        await self._stack.aclose()


# The SDK runs every handler in the context of the request that it answers, also in sessions.
_own: ContextVar[LateCore | None] = ContextVar("own core", default=None)


class State:
    """The one core for all calls, but for those that have a core of their own."""

    def __init__(self, open_core: OpenCore, clock: Clock) -> None:
        self.clock = clock
        self._shared = LateCore(open_core)

    async def core(self) -> "Core":
        """The core for this call. Ask for it in each call: the next one may be of another caller."""
        return await (_own.get() or self._shared).get()

    async def close(self) -> None:
        """Close the shared core, if it was ever opened."""
        await self._shared.close()


@asynccontextmanager
async def own_core(open_core: OpenCore) -> AsyncIterator[None]:
    """Within, `State.core()` is a core that nobody else gets; at the end it is closed."""
    core = LateCore(open_core)
    before = _own.set(core)
    try:
        yield
    finally:
        _own.reset(before)
        # Who hangs up cancels the call, and would cancel the closing of its connections too.
        with anyio.CancelScope(shield=True):
            await core.close()
