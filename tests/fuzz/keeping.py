"""What is dear: a world kept open from one example to the next, and fewer examples."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Generic, TypeVar

from hypothesis import settings

World = TypeVar("World")
Found = TypeVar("Found")


def fewer(share: float) -> settings:
    """That share of the examples that there are of others, in the suite as in a search."""
    return settings(max_examples=max(1, int(settings().max_examples * share)))


class Kept(Generic[World]):
    """Opened by the first question; one task holds it, since what it is made of must be left where it was entered."""

    def __init__(self, opened: Callable[[], AbstractAsyncContextManager[World]]) -> None:
        self._opened = opened
        self._runner: asyncio.Runner | None = None
        self._world: World | None = None
        self._over = asyncio.Event()
        self._holding: asyncio.Task[None] | None = None

    def asked(self, question: Callable[[World], Awaitable[Found]]) -> Found:
        """What comes of it; raises what it raises."""
        if self._runner is None:
            self._runner = asyncio.Runner()
        return self._runner.run(self._asked(question))

    def close(self) -> None:
        """Leaves it; the next question opens another one."""
        if self._runner is not None:
            self._runner.run(self._closed())
            self._runner.close()
            self._runner = None

    async def _asked(self, question: Callable[[World], Awaitable[Found]]) -> Found:
        if self._holding is None:
            self._over, ready = asyncio.Event(), asyncio.Event()
            self._holding = asyncio.create_task(self._hold(ready))
            waiting = asyncio.create_task(ready.wait())
            await asyncio.wait((self._holding, waiting), return_when=asyncio.FIRST_COMPLETED)
            if self._holding.done():
                waiting.cancel()
                await self._holding
        assert self._world is not None
        return await question(self._world)

    async def _hold(self, ready: asyncio.Event) -> None:
        async with self._opened() as self._world:
            ready.set()
            await self._over.wait()

    async def _closed(self) -> None:
        self._over.set()
        if self._holding is not None:
            await self._holding
        self._holding = self._world = None
