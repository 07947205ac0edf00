"""What places want to hear of."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.alerts import DeliveryKind, Subscription
from shared.models import Severity
from shared.query import AssistantQuery
from shared.store import alert_rows, tables
from shared.store.database import Database

THERE = tables.subscriptions.c.removed_at.is_(None)


class Subscriptions:
    """Standing orders of places. One that is removed is known to `outbox.explain` as long as it told anything."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, place: str, created_by: str, query: AssistantQuery, groups: Collection[str], minimum: Severity
    ) -> Subscription:
        """A new one, for what is seen from now on. Raises pydantic's ValidationError for a group that isn't there."""
        new = Subscription(
            id=0,
            place=place,
            created_by=created_by,
            created_at=self._database.clock.now(),
            query=query,
            groups=frozenset(groups),
            minimum=minimum,
        )
        statement = insert(tables.subscriptions).values(
            place=place,
            created_by=created_by,
            created_at=new.created_at,
            query=alert_rows.query_column(query),
            groups=sorted(new.groups),
            minimum=minimum.value,
            paused="",
        )
        async with self._database.writing() as connection:
            row = (await connection.execute(statement.returning(tables.subscriptions))).one()
        return alert_rows.subscription(row)

    async def of(self, place: str | None = None) -> list[Subscription]:
        """Those of a place, or all, the oldest first."""
        table = tables.subscriptions
        wanted = select(table).where(THERE).order_by(table.c.id)
        if place is not None:
            wanted = wanted.where(table.c.place == place)
        async with self._database.reading() as connection:
            return [alert_rows.subscription(row) for row in await connection.execute(wanted)]

    async def get(self, number: int) -> Subscription | None:
        """The one with this number, unless it was removed."""
        table = tables.subscriptions
        async with self._database.reading() as connection:
            row = (await connection.execute(select(table).where(THERE, table.c.id == number))).one_or_none()
        return None if row is None else alert_rows.subscription(row)

    async def remove(self, number: int, place: str) -> bool:
        """Remove one of this place, and withdraw what is owed for it alone; False where the place has no such one."""
        return await self._remove(place, tables.subscriptions.c.id == number) > 0

    async def remove_all(self, place: str) -> int:
        """Remove every one of this place; how many there were."""
        return await self._remove(place)

    async def _remove(self, place: str, *these: ColumnElement[bool]) -> int:
        table, now = tables.subscriptions, self._database.clock.now()
        async with self._database.writing() as connection:
            removed = await connection.execute(
                update(table).where(THERE, table.c.place == place, *these).values(removed_at=now)
            )
            await self._withdraw(connection, place)
        return removed.rowcount

    async def _withdraw(self, connection: AsyncConnection, place: str) -> None:
        """What tells something, and tells nothing any more that a subscription that is there asks for."""
        table, verdicts = tables.deliveries, tables.verdicts
        of_delivery = verdicts.c.delivery == table.c.id
        asked = exists().where(of_delivery, verdicts.c.subscription == tables.subscriptions.c.id, THERE)
        unasked = (table.c.place == place, tables.OWED, exists().where(of_delivery), ~asked)
        now = self._database.clock.now()
        await connection.execute(update(table).where(*unasked).values(withdrawn_at=now))

    async def pause(self, place: str, reason: str) -> list[Subscription]:
        """Pause what isn't paused yet: nothing can be posted there, for this reason. Those that it was done to.

        In the same transaction what is owed to the place is set aside, and each of their creators is owed a notice,
        so that they hear of it once whatever dies meanwhile.
        """
        table, owed, now = tables.subscriptions, tables.deliveries, self._database.clock.now()
        awake = (THERE, table.c.place == place, table.c.paused_at.is_(None))
        to_place = (tables.OWED, owed.c.place == place, owed.c.recipient == "")
        async with self._database.writing() as connection:
            paused = await self._changed(connection, *awake, paused=reason, paused_at=now)
            await connection.execute(update(owed).where(*to_place).values(aside_at=now, error=reason))
            notices = [
                alert_rows.delivery_row(place, DeliveryKind.NOTICE, now, recipient=person, note=reason)
                for person in sorted({subscription.created_by for subscription in paused})
            ]
            if notices:
                await connection.execute(insert(owed), notices)
        return paused

    async def resume(self, place: str) -> list[Subscription]:
        """Tell the place again, of what is seen from now on; those that were paused. What was set aside stays so."""
        table = tables.subscriptions
        asleep = (THERE, table.c.place == place, table.c.paused_at.is_not(None))
        async with self._database.writing() as connection:
            return await self._changed(connection, *asleep, paused="", paused_at=None)

    async def _changed(
        self, connection: AsyncConnection, *these: ColumnElement[bool], **values: Any
    ) -> list[Subscription]:
        table = tables.subscriptions
        changed = await connection.execute(update(table).where(*these).values(values).returning(table))
        return sorted(map(alert_rows.subscription, changed), key=lambda subscription: subscription.id)
