"""Group commits: what comes while a transaction is under way is written by the next one, all of it together."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from shared.errors import StoreError

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(slots=True, eq=False)
class _Waiting(Generic[Item, Result]):
    item: Item
    result: Result | None = None
    error: Exception | None = None


class GroupCommit(Generic[Item, Result]):
    """Writes items with `write`, which does so in one transaction and gives a result for each, in their order.

    An item waits for the transaction under way and its own, and for nothing else: one that comes alone is written at
    once, and under load one commit serves many.
    """

    def __init__(self, write: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]]) -> None:
        self._write = write
        self._turn = asyncio.Lock()
        self._waiting: dict[_Waiting[Item, Result], None] = {}

    async def __call__(self, item: Item) -> Result:
        """Its result, once it is committed. Raises what `write` raises of it, or of all that are written together.

        Where whoever waits is cancelled, it may be written all the same.
        """
        mine = _Waiting[Item, Result](item)
        self._waiting[mine] = None
        async with self._turn:
            if mine in self._waiting:
                await self._write_down(list(self._waiting))
        if mine.error is not None:
            raise mine.error
        return mine.result  # type: ignore[return-value] # it was written down, here or by whoever came before

    async def _write_down(self, group: Sequence[_Waiting[Item, Result]]) -> None:
        """All of them, or, where one may be at fault, each alone. Where this is cancelled, they go on waiting."""
        try:
            results = await self._write([one.item for one in group])
        except Exception as error:  # noqa: BLE001 # raised where it is waited for
            if len(group) > 1 and not (isinstance(error, StoreError) and error.retryable):
                for one in group:
                    await self._write_down([one])
                return
            for one in group:
                one.error = error
        else:
            for one, result in zip(group, results, strict=True):
                one.result = result
        for one in group:
            del self._waiting[one]
