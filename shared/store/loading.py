"""Deliveries with all that is to be said in them: a few queries, however many they are."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.alerts import DeliveryKind, Matter, Mute
from shared.models import Assistant, Kind
from shared.store import alert_rows, rows, tables
from shared.store.database import Database
from shared.store.matters import changes_by_number, matters_by_number
from shared.store.records import Delivery, StoredChange

SHOWN = 100
"""Of the changes of a summary or a digest, so many of the latest are given with their values."""

Subject = tuple[str, str, int | None]
"""A place, an account and an assistant."""


async def deliveries_of(database: Database, connection: AsyncConnection, found: Sequence[Row[Any]]) -> list[Delivery]:
    """The deliveries in these rows of `deliveries`, in their order."""
    if not found:
        return []
    numbers = [row.id for row in found]
    changes = await _changes(database, connection, numbers)
    kinds = await _kinds(database, connection, numbers)
    subscriptions = await _subscriptions(database, connection, found)
    matters = await matters_by_number(database, connection, [row.matter for row in found if row.matter])
    languages = await _languages(database, connection, {row.place for row in found})
    assistants = await _assistants(database, connection, matters.values())
    mutes = await _mutes(database, connection, matters.values())
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
            matter=(matter := matters.get(row.matter)),
            changes=tuple(changes.get(row.id, ())),
            kinds=kinds.get(row.id, {}),
            language=languages.get(row.place),
            assistant=None if matter is None else assistants.get((matter.account, matter.assistant)),
            mute=None if matter is None else mutes.get((matter.place, matter.account, matter.assistant)),
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
    shown = select(ranked.c.delivery, ranked.c.change).where(ranked.c.from_last <= SHOWN).order_by(ranked.c.change)
    told = (await connection.execute(shown)).all()
    known = await changes_by_number(database, connection, {row.change for row in told})
    found: dict[int, list[StoredChange]] = defaultdict(list)
    for row in told:
        found[row.delivery].append(known[row.change])
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


async def _languages(
    database: Database, connection: AsyncConnection, places: Collection[str]
) -> Mapping[str, str | None]:
    table = tables.places
    chosen = select(table.c.place, table.c.language).where(table.c.place.in_(database.each(places)))
    return {row.place: row.language for row in await connection.execute(chosen)}


async def _assistants(
    database: Database, connection: AsyncConnection, matters: Collection[Matter]
) -> Mapping[tuple[str, int | None], Assistant]:
    """The matters' assistants as they are now, by account and number; those of other accounts may be among them."""
    table, texts = tables.versions, tables.texts
    numbers = {matter.assistant for matter in matters if matter.assistant is not None}
    if not numbers:
        return {}
    latest = (
        select(table.c.account, table.c.assistant, table.c.body, texts.c.text.label("prompt"))
        .join(texts, table.c.text == texts.c.hash)
        .where(
            tables.LATEST,
            table.c.account.in_(database.each({matter.account for matter in matters})),
            table.c.assistant.in_(database.each(numbers, BigInteger)),
        )
    )
    return {(row.account, row.assistant): rows.assistant(row.account, row) for row in await connection.execute(latest)}


async def _mutes(
    database: Database, connection: AsyncConnection, matters: Collection[Matter]
) -> Mapping[Subject, Mute]:
    """The mutes that hold at the matters' places, by whom they hold for."""
    table, now = tables.mutes, database.clock.now()
    places = database.each({matter.place for matter in matters})
    held = await connection.execute(select(table).where(table.c.place.in_(places), table.c.ends_at > now))
    return {(row.place, row.account, row.assistant): alert_rows.mute(row) for row in held}
