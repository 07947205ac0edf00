"""What all calls of the process share, and what a call has of its own."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Generic, TypeVar

import anyio

from shared.clock import Clock
from shared.errors import StoreError

if TYPE_CHECKING:
    # At run time they would bring the HTTP client and the database, which nobody needs before the first call.
    from shared.core import Core
    from shared.store import Store

T = TypeVar("T")

OpenCore = Callable[[], AbstractAsyncContextManager["Core"]]
OpenStore = Callable[[], AbstractAsyncContextManager["Store"]]


class Late(Generic[T]):
    """Something that is opened when it is first asked for: a client that only lists the tools waits for nothing."""

    def __init__(self, open_it: Callable[[], AbstractAsyncContextManager[T]]) -> None:
        self._open = open_it
        self._opening = asyncio.Lock()
        self._stack = AsyncExitStack()
        self._opened: T | None = None

    async def get(self) -> T:
        """The same one whenever it is asked for; where it could not be opened, or was dropped, it is opened anew."""
        async with self._opening:
            if self._opened is None:
                self._opened = await self._stack.enter_async_context(self._open())
            return self._opened

    async def drop(self, opened: T) -> None:
        """Close this one, if nobody has yet: the next who asks gets another."""
        async with self._opening:
            if self._opened is opened:
                self._opened = None
                await self._stack.aclose()

    async def close(self) -> None:
        """Close it, if it was ever opened."""
        await self._stack.aclose()


# The SDK runs every handler in the context of the request that it answers, also in sessions.
_own: ContextVar[Late["Core"] | None] = ContextVar("own core", default=None)


class State:
    """The one core for all calls, but for those that have a core of their own; and the one store, if there is any."""

    def __init__(self, open_core: OpenCore, clock: Clock, open_store: OpenStore | None = None) -> None:
        self.clock = clock
        self._shared = Late(open_core)
        self._store = Late(open_store) if open_store else None

    async def core(self) -> "Core":
        """The core for this call. Ask for it in each call: the next one may be of another caller."""
        return await (_own.get() or self._shared).get()

    @property
    def has_store(self) -> bool:
        """Whether `store` may be asked for."""
        return self._store is not None

    @asynccontextmanager
    async def store(self) -> AsyncIterator["Store"]:
        """What is known of the past, and what people have decided. After a failure, the next call opens it anew.

        Raises StoreError.
        """
        if self._store is None:
            raise RuntimeError("This server was built without a store.")
        store = await self._store.get()
        try:
            yield store
        except StoreError:
            await self._store.drop(store)
            raise

    async def close(self) -> None:
        """Close what was opened."""
        await self._shared.close()
        if self._store is not None:
            await self._store.close()


@asynccontextmanager
async def own_core(open_core: OpenCore) -> AsyncIterator[None]:
    """Within, `State.core()` is a core that nobody else gets; at the end it is closed."""
    core = Late(open_core)
    before = _own.set(core)
    try:
        yield
    finally:
        _own.reset(before)
        # Who hangs up cancels the call, and would cancel the closing of its connections too.
        with anyio.CancelScope(shield=True):
            await core.close()
