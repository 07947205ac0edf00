"""What was decided about the changes of one poll is written, for many places in a few statements."""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.alerts import Decisions, DeliveryKind, Key, Message, Story
from shared.store import alert_rows, tables
from shared.store.database import Database

Place = str
IDENTITY = ("place", "kind", "owed_at", "matter")
"""The columns of a new delivery that tell it from others, as far as anything does."""


async def write(
    database: Database, connection: AsyncConnection, account: str, decided: Mapping[Place, Decisions]
) -> int:
    """Write the matters that begin or go on, what is owed, and the verdicts; how many messages there are.

    The changes are of this account, and each place has at least one ruling.
    """
    matters = await _matters(connection, account, decided)
    deliveries = await _deliveries(database, connection, decided, matters)
    verdicts = [
        {
            "subscription": ruling.subscription,
            "change": ruling.change,
            "delivery": ruling.message and deliveries[place, ruling.message],
            "matter": ruling.matter and matters[place, ruling.matter],
            **alert_rows.verdict_row(ruling.verdict),
        }
        for place, decisions in decided.items()
        for ruling in decisions.rulings
    ]
    if verdicts:
        await connection.execute(insert(tables.verdicts), verdicts)
    return len(deliveries)


async def _matters(
    connection: AsyncConnection, account: str, decided: Mapping[Place, Decisions]
) -> Mapping[tuple[Place, Key], int]:
    """The numbers of the matters."""
    table = tables.matters
    stories = {
        (place, subject): story for place, decisions in decided.items() for subject, story in decisions.stories.items()
    }
    known = {key: story.id for key, story in stories.items() if story.id is not None}
    gone_on = [{"number": story.id, **alert_rows.course_row(story.course)} for story in stories.values() if story.id]
    if gone_on:
        # In one order everywhere, so that no two writers deadlock.
        gone_on.sort(key=lambda row: row["number"])
        await connection.execute(update(table).where(table.c.id == bindparam("number")), gone_on)
    begun = [
        _new_matter(place, account, subject, story) for (place, subject), story in stories.items() if story.id is None
    ]
    if not begun:
        return known
    inserted = await connection.execute(
        insert(table).returning(table.c.id, table.c.place, table.c.assistant, table.c.family), begun
    )
    return known | {(row.place, alert_rows.key(row)): row.id for row in inserted}


def _new_matter(place: Place, account: str, subject: Key, story: Story) -> dict[str, Any]:
    assistant, family = subject
    return {
        **alert_rows.course_row(story.course),
        "place": place,
        "account": account,
        "assistant": assistant or 0,
        "family": family,
        "opened_at": story.course.last_at,
        "message": "",
        "acknowledged_by": "",
    }


async def _deliveries(
    database: Database,
    connection: AsyncConnection,
    decided: Mapping[Place, Decisions],
    matters: Mapping[tuple[Place, Key], int],
) -> Mapping[tuple[Place, Message], int]:
    """The numbers of the deliveries that are owed from now on, and of the digests that are waiting already."""
    messages = list(_messages(decided))
    waiting = await _waiting_digests(database, connection, messages)
    known = {
        (place, message): waiting[place, message.due_at]
        for place, message in messages
        if message.kind is DeliveryKind.DIGEST and (place, message.due_at) in waiting
    }
    new = [one for one in messages if one not in known]
    owed = [_new_delivery(place, message, matters) for place, message in new]
    numbers = await _owed(connection, owed)
    return known | {one: numbers[_identity(row)].popleft() for one, row in zip(new, owed, strict=True)}


def _new_delivery(place: Place, message: Message, matters: Mapping[tuple[Place, Key], int]) -> dict[str, Any]:
    matter = matters[place, message.subject] if isinstance(message.subject, tuple) else None
    return alert_rows.delivery_row(place, message.kind, message.due_at, matter=matter)


async def _owed(connection: AsyncConnection, new: list[dict[str, Any]]) -> Mapping[tuple[Any, ...], deque[int]]:
    """The numbers of the new rows by what is in them: several summaries of a place are alike until verdicts name them.

    Rows come back in any order, but are numbered in the order in which they are given.
    """
    if not new:
        return {}
    table = tables.deliveries
    inserted = await connection.execute(insert(table).returning(table.c.id, *(table.c[name] for name in IDENTITY)), new)
    numbers: dict[tuple[Any, ...], deque[int]] = defaultdict(deque)
    for row in sorted(inserted.mappings(), key=lambda row: row["id"]):
        numbers[_identity(row)].append(row["id"])
    return numbers


def _identity(row: Mapping[Any, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in IDENTITY)


def _messages(decided: Mapping[Place, Decisions]) -> Iterator[tuple[Place, Message]]:
    for place, decisions in decided.items():
        for message in decisions.messages:
            yield place, message


async def _waiting_digests(
    database: Database, connection: AsyncConnection, messages: list[tuple[Place, Message]]
) -> Mapping[tuple[Place, datetime], int]:
    """The digests of these places that nobody has claimed yet, by when they are owed."""
    table = tables.deliveries
    places = {place for place, message in messages if message.kind is DeliveryKind.DIGEST}
    if not places:
        return {}
    # Whoever claims one at this very moment, because his clock is ahead, waits; then it is complete.
    waiting = (
        select(table.c.id, table.c.place, table.c.owed_at)
        .where(
            table.c.place.in_(database.each(places)),
            table.c.kind == DeliveryKind.DIGEST.value,
            table.c.attempts == 0,
            tables.OWED,
        )
        .order_by(table.c.id)
        .with_for_update()
    )
    return {(row.place, row.owed_at): row.id for row in await connection.execute(waiting)}
