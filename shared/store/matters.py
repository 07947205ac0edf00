"""What places have been told of, and how it stands."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import BigInteger, and_, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.alerts import DeliveryKind, Matter, Standing, held_until
from shared.alerts.matters import FLAPPING_WITHIN, FORGOTTEN_AFTER
from shared.models import Change, Severity
from shared.store import alert_rows, rows, tables
from shared.store.database import Database
from shared.store.records import StoredChange

SHOWN = 20
"""Of a matter's changes, so many of the latest are given, and the first."""
ROUTING = 0x726F757465
"""“route”: the work at which one replica alone moves matters."""


class Matters:
    """Matters of places, opened and moved by `routing` alone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, number: int) -> Matter | None:
        """The one with this number."""
        async with self._database.reading() as connection:
            return (await matters_by_number(self._database, connection, [number])).get(number)

    async def open_of(self, place: str) -> list[Matter]:
        """Those of a place that are open or flapping, the oldest first."""
        table = tables.matters
        async with self._database.reading() as connection:
            numbers = await connection.scalars(select(table.c.id).where(table.c.place == place, tables.OPEN))
            found = await matters_by_number(self._database, connection, numbers.all())
        return [found[number] for number in sorted(found)]

    async def acknowledge(self, number: int, by: str) -> Matter | None:
        """Write down who has seen to it and when; who was first stays. None where there is no such matter.

        An update of its message is owed in the same transaction.
        """
        table, now = tables.matters, self._database.clock.now()
        first = (
            update(table)
            .where(table.c.id == number, table.c.acknowledged_at.is_(None))
            .values(acknowledged_by=by, acknowledged_at=now)
            .returning(table.c.place)
        )
        async with self._database.writing() as connection:
            place = await connection.scalar(first)
            if place is not None:
                update_owed = alert_rows.delivery_row(place, DeliveryKind.ALERT, now, matter=number)
                await connection.execute(insert(tables.deliveries).values(update_owed))
            return (await matters_by_number(self._database, connection, [number])).get(number)

    async def close_lapsed(self) -> list[int]:
        """Close those of which nothing was heard for long enough; the numbers of those that changed visibly.

        Updates of their messages are owed in the same transaction. Nothing happens while a replica routes.
        """
        now = self._database.clock.now()
        async with self._database.reading() as connection:
            if not await _closing(connection, now):
                return []
        async with self._database.writing() as connection:
            if not await self._database.alone(connection, ROUTING):
                return []
            return await close_lapsed(connection, now)


async def close_lapsed(connection: AsyncConnection, now: datetime) -> list[int]:
    """What `Matters.close_lapsed` does, within the transaction of one who routes alone."""
    table, visible = tables.matters, []
    for number, place, standing in await _closing(connection, now):
        await connection.execute(
            update(table).where(table.c.id == number).values(standing=standing.value, closed_at=now)
        )
        if standing is Standing.SETTLED and await _told(connection, place):
            settings = await connection.execute(select(tables.places).where(tables.places.c.place == place))
            row = settings.one_or_none()
            quiet = None if row is None else alert_rows.place(row).quiet
            owed_at = held_until(quiet, None, Severity.INFO, now) or now
            owed = alert_rows.delivery_row(place, DeliveryKind.ALERT, owed_at, matter=number)
            await connection.execute(insert(tables.deliveries).values(owed))
            visible.append(number)
    return visible


async def _closing(connection: AsyncConnection, now: datetime) -> list[tuple[int, str, Standing]]:
    """Matters that are open and no longer stand so."""
    table = tables.matters
    # What is over by silence alone, and no more: the others are many.
    settled = and_(table.c.standing == Standing.FLAPPING.value, table.c.last_at <= now - FLAPPING_WITHIN)
    lapsed = table.c.last_at <= now - FORGOTTEN_AFTER
    silent = select(table).where(tables.OPEN, or_(settled, lapsed)).order_by(table.c.id)
    standings = ((row, alert_rows.course(row).at(now)) for row in await connection.execute(silent))
    return [(row.id, row.place, standing) for row, standing in standings if standing.closed]


async def _told(connection: AsyncConnection, place: str) -> bool:
    """Whether anything is told to the place at the moment."""
    table = tables.subscriptions
    awake = select(table.c.id).where(table.c.place == place, table.c.removed_at.is_(None), table.c.paused_at.is_(None))
    return await connection.scalar(awake.limit(1)) is not None


async def matters_by_number(
    database: Database, connection: AsyncConnection, numbers: Collection[int]
) -> Mapping[int, Matter]:
    """These matters, with the first and the latest of their changes."""
    if not numbers:
        return {}
    table, verdicts = tables.matters, tables.verdicts
    these = database.each(set(numbers), BigInteger)
    pairs = select(verdicts.c.matter, verdicts.c.change).where(verdicts.c.matter.in_(these)).distinct().subquery()
    matter, change = pairs.c.matter, pairs.c.change
    ranked = select(
        matter,
        change,
        func.row_number().over(partition_by=matter, order_by=change).label("place"),
        func.row_number().over(partition_by=matter, order_by=change.desc()).label("from_last"),
        func.count().over(partition_by=matter).label("total"),
    ).subquery()
    shown = (
        select(ranked.c.matter, ranked.c.change, ranked.c.total)
        .where(or_(ranked.c.place == 1, ranked.c.from_last <= SHOWN))
        .order_by(ranked.c.change)
    )
    told = (await connection.execute(shown)).all()
    known = await changes_by_number(database, connection, {row.change for row in told})
    changes: dict[int, list[Change]] = defaultdict(list)
    for row in told:
        changes[row.matter].append(known[row.change].change)
    totals = {row.matter: row.total for row in told}
    found = await connection.execute(select(table).where(table.c.id.in_(these)))
    return {row.id: alert_rows.matter(row, changes[row.id], totals.get(row.id, 0)) for row in found}


async def changes_by_number(
    database: Database, connection: AsyncConnection, numbers: Collection[int]
) -> Mapping[int, StoredChange]:
    """These changes: one that is told to many places is read once."""
    if not numbers:
        return {}
    these = rows.changes_with_prompts().where(tables.changes.c.id.in_(database.each(numbers, BigInteger)))
    return {row.id: rows.stored_change(row) for row in await connection.execute(these)}
