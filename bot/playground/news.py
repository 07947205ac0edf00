"""That something in the local Slack has changed; what has, whoever waits looks for themselves."""

import asyncio


class News:
    """Counts what has changed. Nothing is missed by whoever says how far they have looked."""

    def __init__(self) -> None:
        self.count = 0
        self._next = asyncio.Event()

    def tell(self) -> None:
        """Something has changed."""
        self.count += 1
        self._next.set()
        self._next = asyncio.Event()

    async def after(self, seen: int) -> int:
        """How many changes there were, as soon as there were more than so many."""
        while self.count <= seen:
            await self._next.wait()
        return self.count
