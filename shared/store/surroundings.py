"""Changes as decisions need them: with the assistant before and after, and with how often it was switched lately."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby

from sqlalchemy import BigInteger, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.alerts import Happening
from shared.alerts.matters import FLAPPING_WITHIN, STATUS, flaps
from shared.models import Assistant, Kind
from shared.store import rows, tables
from shared.store.database import Database
from shared.store.records import StoredChange


def by_poll(changes: Iterable[StoredChange]) -> list[list[StoredChange]]:
    """The changes of each poll of each account, oldest first; the polls in the order of their first changes."""
    polls: dict[tuple[str, int], list[StoredChange]] = defaultdict(list)
    for stored in sorted(changes, key=lambda stored: stored.id):
        polls[stored.change.account, stored.change.sequence].append(stored)
    return list(polls.values())


async def happenings(database: Database, connection: AsyncConnection, poll: Sequence[StoredChange]) -> list[Happening]:
    """The changes of one poll of one account with what is around them."""
    first = poll[0].change
    there = {Kind.DELETED: (1,), Kind.CREATED: (0,)}
    numbers = {stored.change.assistant for stored in poll if stored.change.assistant is not None}
    states = [
        await _assistants(database, connection, first.account, numbers, until)
        for until in (first.sequence, first.sequence - 1)
    ]
    flapping = await _flapping(database, connection, poll)
    return [
        Happening(
            stored.id,
            stored.change,
            around=tuple(
                state[stored.change.assistant]
                for state in (states[moment] for moment in there.get(stored.change.kind, (0, 1)))
                if stored.change.assistant in state
            ),
            flapping=stored.id in flapping,
        )
        for stored in poll
    ]


async def _assistants(
    database: Database, connection: AsyncConnection, account: str, numbers: Collection[int], sequence: int
) -> Mapping[int | None, Assistant]:
    """These assistants as the account's poll of that number left them, or found them last."""
    if not numbers:
        return {}
    table, texts = tables.versions, tables.texts
    latest = (
        select(table.c.assistant, func.max(table.c.sequence).label("sequence"))
        .where(
            table.c.account == account,
            table.c.sequence <= sequence,
            table.c.assistant.in_(database.each(numbers, BigInteger)),
        )
        .group_by(table.c.assistant)
        .subquery()
    )
    found = await connection.execute(
        select(table.c.assistant, table.c.body, texts.c.text.label("prompt"))
        .join(texts, table.c.text == texts.c.hash)
        .join(latest, and_(table.c.assistant == latest.c.assistant, table.c.sequence == latest.c.sequence))
        .where(table.c.account == account)
    )
    return {row.assistant: rows.assistant(account, row) for row in found}


async def _flapping(database: Database, connection: AsyncConnection, poll: Sequence[StoredChange]) -> set[int]:
    """The changes with which their assistants are flapping."""
    flips = {stored.change.assistant or 0: stored for stored in poll if stored.change.kind in STATUS}
    if not flips:
        return set()
    table, seen_at = tables.changes, [stored.change.seen_at for stored in flips.values()]
    found = await connection.execute(
        select(table.c.assistant, table.c.seen_at)
        .where(
            table.c.account == poll[0].change.account,
            table.c.assistant.in_(database.each(flips, BigInteger)),
            table.c.kind.in_([kind.value for kind in STATUS]),
            table.c.seen_at >= min(seen_at) - FLAPPING_WITHIN,
            table.c.sequence <= poll[0].change.sequence,
        )
        .order_by(table.c.assistant)
    )
    return {
        flips[number].id
        for number, times in groupby(found, key=lambda row: row.assistant)
        if flaps([row.seen_at for row in times], flips[number].change.seen_at)
    }
