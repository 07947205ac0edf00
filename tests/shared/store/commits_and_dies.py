"""A program that commits a poll and is killed on the way: `commits_and_dies.py URL STATEMENT|commit|committed`."""

import asyncio
import os
import signal
import sys
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from shared.models import Kind
from shared.store import Outcome, open_store
from tests.clocks import ManualClock
from tests.shared.store.polls import INTERVAL, assistant, change, claimed


async def main(url: str, point: str) -> None:
    """Dies after the first statement that begins so, before COMMIT, or after it."""
    clock = ManualClock()
    clock.advance(3600)
    async with open_store(url, clock) as store:
        claim, now = await claimed(store, owner="dying"), clock.now()

        def executed(_connection: object, _cursor: object, statement: str, *_others: Any) -> None:
            if statement.startswith(point):
                os.kill(os.getpid(), signal.SIGKILL)

        def about_to_commit(_connection: object) -> None:
            if point == "commit":
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(Engine, "after_cursor_execute", executed)
        event.listen(Engine, "commit", about_to_commit)
        new = [assistant(number, name="New", system_prompt=f"New {number}") for number in (1, 2)]
        changes = tuple(change(claim, now, assistant=number, kind=Kind.RENAMED) for number in (1, 2))
        await store.history.commit(claim, Outcome(now, now + INTERVAL, assistants=tuple(new), changes=changes))
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
