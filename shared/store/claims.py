"""Things to be done once, whoever of the replicas comes first."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.store import alert_rows, tables
from shared.store.database import Database
from shared.store.group_commit import GroupCommit
from shared.store.records import Place

PRUNED_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Taken:
    """Whether the claim was the first, and what is set for the places that were asked about, by their names."""

    first: bool
    places: Mapping[str, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Wish:
    key: str
    keep: timedelta
    places: Sequence[str]


class Claims:
    """Keys, each given out once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pruned_at = -math.inf
        self._together = GroupCommit(self._take)
        # Put together once: for something this small, that takes as long as the database does.
        claims, places = tables.claims.c, tables.places.c
        given = database.insert(tables.claims).values(key=bindparam("key"), expires_at=bindparam("expires_at"))
        # One that has expired is as good as pruned.
        expired = claims.expires_at <= bindparam("now", type_=claims.expires_at.type)
        self._give = given.on_conflict_do_update(
            index_elements=["key"], set_={"expires_at": given.excluded.expires_at}, where=expired
        ).returning(claims.key)
        self._look = select(tables.places).where(places.place.in_(bindparam("places", expanding=True)))

    async def first(self, key: str, keep: timedelta) -> bool:
        """True for the first who asks with this key, over all replicas; False for who asks again within `keep`."""
        return (await self.take(key, keep)).first

    async def take(self, key: str, keep: timedelta, places: Sequence[str] = ()) -> Taken:
        """The same, and what is set for these places now: for whoever needs both, in one transaction.

        Those who ask while others' claims are being committed share the next transaction.
        """
        return await self._together(_Wish(key, keep, places))

    async def _take(self, wishes: Sequence[_Wish]) -> list[Taken]:
        now = self._database.clock.monotonic()
        prunes = now >= self._pruned_at + PRUNED_EVERY.total_seconds()
        async with self._database.writing() as connection:
            if prunes:
                await self._prune(connection)
            given = await self._given(connection, wishes)
            places = await self._places(connection, {place for wish in wishes for place in wish.places})
        self._pruned_at = now if prunes else self._pruned_at
        taken = []
        for wish in wishes:
            own = {name: places[name] for name in wish.places if name in places}
            taken.append(Taken(wish.key in given, own))
            given.discard(wish.key)  # whoever asks with it in the same transaction comes second
        return taken

    async def _given(self, connection: AsyncConnection, wishes: Sequence[_Wish]) -> set[str]:
        now = self._database.clock.now()
        expiry = {wish.key: now + wish.keep for wish in reversed(wishes)}
        # In one order, so that no two replicas wait for each other.
        rows = [{"key": key, "expires_at": expiry[key], "now": now} for key in sorted(expiry)]
        return set((await connection.execute(self._give, rows)).scalars())

    async def _places(self, connection: AsyncConnection, names: set[str]) -> dict[str, Place]:
        if not names:
            return {}
        found = await connection.execute(self._look, {"places": sorted(names)})
        return {row.place: alert_rows.place(row) for row in found}

    async def _prune(self, connection: AsyncConnection) -> None:
        table = tables.claims
        await connection.execute(delete(table).where(table.c.expires_at <= self._database.clock.now()))
