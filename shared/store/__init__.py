"""What is remembered, on SQLite or PostgreSQL: settings of places, what is taken on once, history, alerts, ignores.

Only opening a store imports SQLAlchemy and Alembic, so who merely names these types pays nothing for them.

To remember something new: add its table to `tables.py` and the same to a new file in `migrations/versions/` (a test
holds the two against each other), write a module with a class beside `places.py`, and name it in `Store` and
`opening.py`.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.audit import Ignore
from shared.clock import Clock
from shared.store.records import (
    AccountState,
    Claim,
    Delivery,
    DeliveryState,
    Explained,
    Failing,
    LogEntry,
    Outcome,
    Place,
    Routed,
    StoredChange,
)

if TYPE_CHECKING:
    from shared.store.claims import Claims
    from shared.store.database import Database
    from shared.store.history import History
    from shared.store.ignores import Ignores
    from shared.store.journal import Journal
    from shared.store.matters import Matters
    from shared.store.mutes import Mutes
    from shared.store.outbox import Outbox
    from shared.store.places import Places
    from shared.store.routing import Routing
    from shared.store.subscriptions import Subscriptions

__all__ = [
    "AccountState",
    "Claim",
    "Delivery",
    "DeliveryState",
    "Explained",
    "Failing",
    "LogEntry",
    "Outcome",
    "Place",
    "Routed",
    "Store",
    "StoredChange",
    "ignores_at",
    "open_store",
]


@dataclass(frozen=True, slots=True)
class Store:
    """An open store, by its parts. Every method of each raises StoreError, and nothing else, when it can't answer."""

    places: "Places"
    claims: "Claims"
    history: "History"
    subscriptions: "Subscriptions"
    mutes: "Mutes"
    ignores: "Ignores"
    matters: "Matters"
    routing: "Routing"
    outbox: "Outbox"
    journal: "Journal"
    database: "Database"

    async def ready(self) -> None:
        """Nothing, when the database answers; StoreUnavailable or another StoreError, when it doesn't."""
        await self.database.ready()


@asynccontextmanager
async def open_store(url: str | None, clock: Clock) -> AsyncIterator[Store]:
    """The store at `url`, its schema brought up to date; its connections are closed at the end.

    `url` is `sqlite:///file`, `postgresql://…` or `postgres://…`; None is `famulor.sqlite3` in the user's own data
    directory. What was committed survives the death of the process at any point (SIGKILL) on both; on SQLite a power
    cut may undo the last moments as a whole, never by half, and the next poll then sees the same changes again.

    Raises StoreError.
    """
    from shared.store.opening import opened  # noqa: PLC0415 # SQLAlchemy, only for who opens a store

    async with opened(url, clock) as store:
        yield store


async def ignores_at(url: str | None, clock: Clock) -> list[Ignore]:
    """What is ignored according to the store at this URL, as `Store.ignores` has it; none where there is no store.

    For who only reads: no store is made, and none is brought up to date. Raises StoreError.
    """
    from shared.store.opening import ignores  # noqa: PLC0415 # SQLAlchemy, only for who opens a store

    return await ignores(url, clock)
