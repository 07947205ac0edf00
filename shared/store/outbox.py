"""What is owed to places, and what has become of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Executable, Update, and_, bindparam, exists, func, or_, select, update

from shared.models import Names
from shared.store import tables
from shared.store.columns import PlainJson, UtcTime
from shared.store.database import Database
from shared.store.explaining import explained
from shared.store.group_commit import GroupCommit
from shared.store.loading import deliveries_of
from shared.store.records import Delivery, Explained

PACE = timedelta(seconds=1)
"""Between two messages to one place: https://docs.slack.dev/apis/web-api/rate-limits/#posting-messages"""
FREE: dict[str, Any] = {"lease_owner": None, "lease_until": None}


class Outbox:
    """Deliveries. Each is given to one at a time; what is posted and was not written down is posted again."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._posted = GroupCommit(self._write_posted)
        # Made once: they are executed for every post, and to make them takes as long as to execute them.
        self._write_deliveries, self._write_matters = _posts(database), _messages(database)

    async def claim(
        self, owner: str, lease: timedelta, limit: int, busy_places: Collection[str] = (), *, pace: timedelta = PACE
    ) -> list[Delivery]:
        """Up to `limit` deliveries that are due, the longest owed first; they are `owner`'s until the lease ends.

        Of each place (and of each person who is told something) only the next one, so that their order is kept: none
        while another one of it is held or waits for its next attempt, or within `pace` after the last was posted, by
        whichever replica. `busy_places` are passed over.
        """
        table, now = tables.deliveries, self._database.clock.now()
        async with self._database.reading() as connection:
            if await connection.scalar(select(table.c.id).where(_ready(now)).limit(1)) is None:
                return []
        turn = func.row_number().over(
            partition_by=(table.c.place, table.c.recipient), order_by=(table.c.owed_at, table.c.id)
        )
        turns = select(table.c.id, turn.label("turn")).where(tables.OWED, table.c.owed_at <= now).subquery()
        before = table.alias()
        just_posted = exists().where(
            before.c.place == table.c.place,
            before.c.recipient == table.c.recipient,
            before.c.posted_at > now - pace,
            # A clock that was set back silences no place until it is there again.
            before.c.posted_at <= now + pace,
        )
        free = (
            select(table.c.id)
            .where(
                _ready(now),
                table.c.id.in_(select(turns.c.id).where(turns.c.turn == 1)),
                table.c.place.not_in(self._database.each(busy_places)),
                ~just_posted,
            )
            .order_by(table.c.owed_at, table.c.id)
            .limit(limit)
            .with_for_update(of=table, skip_locked=True)
            .cte("free")  # within IN itself, PostgreSQL may run it more than once and pass the limit
        )
        claim = (
            update(table)
            .where(table.c.id.in_(select(free.c.id)))
            .values(lease_owner=owner, lease_until=now + lease, attempts=table.c.attempts + 1)
            .returning(table)
        )
        async with self._database.writing() as connection:
            claimed = (await connection.execute(claim)).all()
            return await deliveries_of(
                self._database, connection, sorted(claimed, key=lambda row: (row.owed_at, row.id))
            )

    async def begun(self, delivery: Delivery, message: str) -> bool:
        """Write down that the first of its messages is posted; False where the delivery was taken over meanwhile."""
        return await self._changed(_held(delivery), message=message)

    async def posted(self, delivery: Delivery, message: str) -> bool:
        """Write down that it is posted, as what the place calls it; also when the lease has ended meanwhile.

        An alert's matter is found under that message from now on. False where that was written down before: then
        another replica took it over, and it may have been posted twice. Where there was nothing to do, `message` is "".
        """
        return await self._posted((delivery, message))

    async def _write_posted(self, posted: Sequence[tuple[Delivery, str]]) -> list[bool]:
        messages = {delivery.id: message for delivery, message in reversed(posted)}
        async with self._database.writing() as connection:
            values = {"messages": messages, "now": self._database.clock.now()}
            written = set(await connection.scalars(self._write_deliveries, values))
            # Of one that comes twice, the first was written down.
            first = [_taken(delivery.id, written) for delivery, _message in posted]
            found = {
                delivery.matter.id: message
                for (delivery, message), is_first in zip(posted, first, strict=True)
                if is_first and message and delivery.matter is not None and delivery.matter.message != message
            }
            if found:
                await connection.execute(self._write_matters, {"messages": found})
        return first

    async def failed(self, delivery: Delivery, error: str, due_at: datetime) -> bool:
        """Give it back, to be tried again then; False, and nothing done, where it was taken over meanwhile."""
        return await self._changed(_held(delivery), error=error, due_at=due_at, **FREE)

    async def postponed(self, delivery: Delivery, owed_at: datetime) -> bool:
        """Owe it only from then on, so that others come before it; False where it was taken over meanwhile."""
        return await self._changed(_held(delivery), owed_at=owed_at, due_at=owed_at, **FREE)

    async def set_aside(self, delivery: Delivery, error: str) -> bool:
        """Give it up until `retry`, so that those behind it come; False where it was taken over meanwhile."""
        return await self._changed(_held(delivery), error=error, aside_at=self._database.clock.now(), **FREE)

    async def retry(self, number: int) -> bool:
        """Owe one that was set aside again, at once; False where there is no such one."""
        now = self._database.clock.now()
        this = and_(tables.deliveries.c.id == number, tables.ASIDE)
        return await self._changed(this, aside_at=None, owed_at=now, due_at=now, **FREE)

    async def _changed(self, this: ColumnElement[bool], **values: Any) -> bool:
        async with self._database.writing() as connection:
            changed = await connection.execute(update(tables.deliveries).where(this).values(values))
        return changed.rowcount == 1

    async def depth(self) -> int:
        """How many are owed and should have been told by now."""
        return (await self.backlog())[0]

    async def oldest_due(self) -> datetime | None:
        """When the longest owed of those was to be told."""
        return (await self.backlog())[1]

    async def backlog(self) -> tuple[int, datetime | None]:
        """Both of these."""
        table, now = tables.deliveries, self._database.clock.now()
        backlog = select(func.count(), func.min(table.c.owed_at)).where(tables.OWED, table.c.owed_at <= now)
        async with self._database.reading() as connection:
            count, oldest = (await connection.execute(backlog)).one()
        return count, oldest

    async def aside(self, place: str | None = None, *, limit: int = 50) -> list[Delivery]:
        """Those set aside, of a place or all, the latest first."""
        table = tables.deliveries
        wanted = select(table).where(tables.ASIDE).order_by(table.c.aside_at.desc(), table.c.id.desc()).limit(limit)
        if place is not None:
            wanted = wanted.where(table.c.place == place)
        async with self._database.reading() as connection:
            return await deliveries_of(self._database, connection, (await connection.execute(wanted)).all())

    async def explain(
        self,
        place: str,
        *,
        matter: int | None = None,
        change: int | None = None,
        names: Mapping[str, Names] | None = None,
    ) -> list[Explained]:
        """What came of this change, or of each of this matter's, for every subscription of the place, and why.

        Oldest change first, then by subscription. Nothing where the place has no such matter, or no such change is
        known any more. Of changes that nobody has decided on yet: Why.PENDING.
        """
        async with self._database.reading() as connection:
            return await explained(self._database, connection, place, matter, change, names or {})


def _ready(now: datetime) -> ColumnElement[bool]:
    """To be told by now, and held by nobody."""
    table = tables.deliveries
    free = or_(table.c.lease_until.is_(None), table.c.lease_until <= now)
    return and_(tables.OWED, table.c.owed_at <= now, table.c.due_at <= now, free)


def _held(delivery: Delivery) -> ColumnElement[bool]:
    """The delivery's row, as long as nobody has claimed it since and nothing else was decided about it."""
    table = tables.deliveries
    return and_(table.c.id == delivery.id, table.c.attempts == delivery.attempt, tables.OWED)


def _taken(number: int, numbers: set[int]) -> bool:
    """Whether it was among them, which it is no longer."""
    was_there = number in numbers
    numbers.discard(number)
    return was_there


def _posts(database: Database) -> Executable:
    """Deliveries are posted, whatever was decided meanwhile; the numbers of those that were not so before."""
    table, posted = tables.deliveries, database.pairs(bindparam("messages", type_=PlainJson))
    return (
        update(table)
        .where(table.c.id == posted.c.number, table.c.posted_at.is_(None))
        .values(posted_at=bindparam("now", type_=UtcTime), message=posted.c.text)
        .values(aside_at=None, withdrawn_at=None, **FREE)
        .returning(table.c.id)
    )


def _messages(database: Database) -> Update:
    """Matters are found under these messages."""
    table, found = tables.matters, database.pairs(bindparam("messages", type_=PlainJson))
    return update(table).where(table.c.id == found.c.number).values(message=found.c.text)
