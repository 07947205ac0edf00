"""A program that is killed on the way: `tells_and_dies.py URL route|claim|posted|pause|acknowledge POINT`.

POINT is how a statement begins after which it dies, or `commit` (before it), or `committed`.
"""

import asyncio
import os
import signal
import sys
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from shared.store import Delivery, Store, open_store
from tests.clocks import ManualClock
from tests.shared.store.telling import LEASE, PLACE


async def act(store: Store, deed: str, claimed: list[Delivery]) -> None:
    match deed:
        case "route":
            await store.routing.route({})
        case "claim":
            await store.outbox.claim("dying", LEASE, 9)
        case "posted":
            await store.outbox.posted(claimed[0], "ts of the dead")
        case "pause":
            await store.subscriptions.pause(PLACE, "is_archived")
        case "acknowledge":
            await store.matters.acknowledge(1, "U1")
        case _:
            raise AssertionError(deed)


async def main(url: str, deed: str, point: str) -> None:
    """Dies while, or after, doing it once an hour after the test began."""
    clock = ManualClock()
    clock.advance(3600)
    async with open_store(url, clock) as store:
        claimed = await store.outbox.claim("dying", LEASE, 9) if deed == "posted" else []

        def executed(_connection: object, _cursor: object, statement: str, *_others: Any) -> None:
            if statement.startswith(point):
                os.kill(os.getpid(), signal.SIGKILL)

        def about_to_commit(_connection: object) -> None:
            if point == "commit":
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(Engine, "after_cursor_execute", executed)
        event.listen(Engine, "commit", about_to_commit)
        await act(store, deed, claimed)
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
