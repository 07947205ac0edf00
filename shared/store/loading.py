"""Deliveries with all that is to be said in them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.alerts import DeliveryKind
from shared.models import Kind
from shared.store import rows, tables
from shared.store.database import Database
from shared.store.matters import matters_by_number
from shared.store.records import Delivery, StoredChange

SHOWN = 100
"""Of the changes of a summary or a digest, so many of the latest are given with their values."""


async def deliveries_of(database: Database, connection: AsyncConnection, found: Sequence[Row[Any]]) -> list[Delivery]:
    """The deliveries in these rows of `deliveries`, in their order."""
    if not found:
        return []
    numbers = [row.id for row in found]
    changes = await _changes(database, connection, numbers)
    kinds = await _kinds(database, connection, numbers)
    subscriptions = await _subscriptions(database, connection, found)
    matters = await matters_by_number(database, connection, [row.matter for row in found if row.matter])
    return [
        Delivery(
            id=row.id,
            place=row.place,
            kind=DeliveryKind(row.kind),
            owed_at=row.owed_at,
            attempt=row.attempts,
            recipient=row.recipient,
            note=row.note,
            error=row.error,
            message=row.message,
            subscriptions=tuple(subscriptions.get(row.id, ())),
            matter=matters.get(row.matter),
            changes=tuple(changes.get(row.id, ())),
            kinds=kinds.get(row.id, {}),
        )
        for row in found
    ]


async def _changes(
    database: Database, connection: AsyncConnection, numbers: Iterable[int]
) -> Mapping[int, Sequence[StoredChange]]:
    verdicts = tables.verdicts
    pairs = (
        select(verdicts.c.delivery, verdicts.c.change)
        .where(verdicts.c.delivery.in_(database.each(numbers, BigInteger)))
        .distinct()
        .subquery()
    )
    from_last = func.row_number().over(partition_by=pairs.c.delivery, order_by=pairs.c.change.desc())
    ranked = select(pairs.c.delivery, pairs.c.change, from_last.label("from_last")).subquery()
    shown = (
        rows.changes_with_prompts()
        .add_columns(ranked.c.delivery)
        .join(ranked, ranked.c.change == tables.changes.c.id)
        .where(ranked.c.from_last <= SHOWN)
        .order_by(tables.changes.c.id)
    )
    found: dict[int, list[StoredChange]] = defaultdict(list)
    for row in await connection.execute(shown):
        found[row.delivery].append(rows.stored_change(row))
    return found


async def _kinds(
    database: Database, connection: AsyncConnection, numbers: Iterable[int]
) -> Mapping[int, Mapping[Kind, int]]:
    verdicts, changes = tables.verdicts, tables.changes
    counted = (
        select(verdicts.c.delivery, changes.c.kind, func.count(verdicts.c.change.distinct()).label("number"))
        .join(changes, changes.c.id == verdicts.c.change)
        .where(verdicts.c.delivery.in_(database.each(numbers, BigInteger)))
        .group_by(verdicts.c.delivery, changes.c.kind)
    )
    found: dict[int, dict[Kind, int]] = defaultdict(dict)
    for row in await connection.execute(counted):
        found[row.delivery][Kind(row.kind)] = row.number
    return found


async def _subscriptions(
    database: Database, connection: AsyncConnection, found: Sequence[Row[Any]]
) -> Mapping[int, Sequence[int]]:
    """The subscriptions that a delivery tells something; of a notice, those of the person's that are paused."""
    table, verdicts, owed = tables.subscriptions, tables.verdicts, tables.deliveries
    told = select(verdicts.c.delivery, verdicts.c.subscription).distinct()
    paused = (
        select(owed.c.id.label("delivery"), table.c.id.label("subscription"))
        .join(table, (table.c.place == owed.c.place) & (table.c.created_by == owed.c.recipient))
        .where(owed.c.kind == DeliveryKind.NOTICE.value, table.c.paused_at.is_not(None), table.c.removed_at.is_(None))
    )
    numbers = [row.id for row in found]
    named: dict[int, list[int]] = defaultdict(list)
    for wanted, column in ((told, verdicts.c.delivery), (paused, owed.c.id)):
        these = wanted.where(column.in_(database.each(numbers, BigInteger))).order_by("subscription")
        for row in await connection.execute(these):
            named[row.delivery].append(row.subscription)
    return named
