"""Why a place was told of a change, or was not."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Row, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.alerts import Asker, DeliveryKind, Happening, Subscription, Verdict, Why
from shared.models import Names
from shared.store import alert_rows, rows, tables
from shared.store.database import Database
from shared.store.records import DeliveryState, Explained, StoredChange
from shared.store.subscriptions import THERE
from shared.store.surroundings import by_poll, happenings


async def explained(  # noqa: PLR0913, PLR0917 # what `Outbox.explain` is asked, within its transaction
    database: Database,
    connection: AsyncConnection,
    place: str,
    matter: int | None,
    change: int | None,
    names: Mapping[str, Names],
) -> list[Explained]:
    """What `Outbox.explain` says."""
    changes, verdicts = tables.changes, tables.verdicts
    wanted = rows.changes_with_prompts().order_by(changes.c.id)
    if matter is not None:
        of_place = verdicts.c.matter.in_(
            select(tables.matters.c.id).where(tables.matters.c.id == matter, tables.matters.c.place == place)
        )
        wanted = wanted.where(changes.c.id.in_(select(verdicts.c.change).where(of_place)))
    if change is not None:
        wanted = wanted.where(changes.c.id == change)
    found = (await connection.execute(wanted)).all()
    stored = {row.id: rows.stored_change(row) for row in found}
    decided = {row.id for row in found if row.routed_at is not None}
    ruled = await _ruled(database, connection, place, stored)
    subscriptions = await _subscriptions(database, connection, place, ruled)
    told: list[Explained] = []
    for poll in by_poll(stored.values()):
        for one in await happenings(database, connection, poll):
            for subscription, there in subscriptions:
                row = ruled[one.id].get(subscription.id)
                if row is not None:
                    told.append(_told(stored[one.id], subscription, row))
                elif there:
                    verdict = Verdict(_untold(subscription, one, names, decided=one.id in decided))
                    told.append(Explained(stored[one.id], subscription, verdict))
    return told


async def _ruled(
    database: Database, connection: AsyncConnection, place: str, stored: Mapping[int, StoredChange]
) -> Mapping[int, Mapping[int, Row[Any]]]:
    """The rows of verdicts with their deliveries, by change and subscription."""
    verdicts, deliveries, subscriptions = tables.verdicts, tables.deliveries, tables.subscriptions
    wanted = (
        select(
            verdicts,
            *(deliveries.c[name] for name in ("kind", "message", "error", "posted_at", "aside_at", "withdrawn_at")),
        )
        .join(subscriptions, verdicts.c.subscription == subscriptions.c.id)
        .outerjoin(deliveries, verdicts.c.delivery == deliveries.c.id)
        .where(subscriptions.c.place == place, verdicts.c.change.in_(database.each(stored, BigInteger)))
    )
    found: dict[int, dict[int, Row[Any]]] = defaultdict(dict)
    for row in await connection.execute(wanted):
        found[row.change][row.subscription] = row
    return found


async def _subscriptions(
    database: Database, connection: AsyncConnection, place: str, ruled: Mapping[int, Mapping[int, Row[Any]]]
) -> Sequence[tuple[Subscription, bool]]:
    """The place's subscriptions, and whether each is there still: one that was removed has told something."""
    table = tables.subscriptions
    named = database.each({number for rows_of in ruled.values() for number in rows_of}, BigInteger)
    wanted = select(table).where(table.c.place == place, or_(THERE, table.c.id.in_(named))).order_by(table.c.id)
    return [(alert_rows.subscription(row), row.removed_at is None) for row in await connection.execute(wanted)]


def _told(change: StoredChange, subscription: Subscription, row: Row[Any]) -> Explained:
    verdict = alert_rows.verdict(row)
    if row.kind is None:
        return Explained(change, subscription, verdict, matter=row.matter)
    return Explained(
        change,
        subscription,
        verdict,
        kind=DeliveryKind(row.kind),
        state=_state(row),
        posted_at=row.posted_at,
        message=row.message,
        error=row.error,
        matter=row.matter,
    )


def _state(row: Row[Any]) -> DeliveryState:
    if row.posted_at is not None:
        return DeliveryState.POSTED
    if row.aside_at is not None:
        return DeliveryState.ASIDE
    return DeliveryState.OWED if row.withdrawn_at is None else DeliveryState.WITHDRAWN


def _untold(subscription: Subscription, one: Happening, names: Mapping[str, Names], *, decided: bool) -> Why:
    why = Asker(subscription, names).unasked(one.change, one.around)
    # What it would ask for now, it did not ask for then: names of languages that are known now were not.
    return why or (Why.OTHER_ASSISTANT if decided else Why.PENDING)
