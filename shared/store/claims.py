"""Things to be done once, whoever of the replicas comes first."""

import math
from datetime import timedelta

from sqlalchemy import delete

from shared.store import tables
from shared.store.database import Database

PRUNED_EVERY = timedelta(hours=1)


class Claims:
    """Keys, each given out once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pruned_at = -math.inf

    async def first(self, key: str, keep: timedelta) -> bool:
        """True for the first who asks with this key, over all replicas; False for who asks again within `keep`."""
        await self._prune_now_and_then()
        claims, now = tables.claims, self._database.clock.now()
        statement = self._database.insert(claims).values(key=key, expires_at=now + keep)
        # One that has expired is as good as pruned.
        statement = statement.on_conflict_do_update(
            index_elements=["key"], set_={"expires_at": now + keep}, where=claims.c.expires_at <= now
        )
        async with self._database.writing() as connection:
            taken = await connection.execute(statement.returning(claims.c.key))
            return taken.one_or_none() is not None

    async def _prune_now_and_then(self) -> None:
        clock = self._database.clock
        if clock.monotonic() < self._pruned_at + PRUNED_EVERY.total_seconds():
            return
        async with self._database.writing() as connection:
            await connection.execute(delete(tables.claims).where(tables.claims.c.expires_at <= clock.now()))
        self._pruned_at = clock.monotonic()
