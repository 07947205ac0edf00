"""Changes that nobody has decided on yet → what is owed to which place, in one transaction."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import BigInteger, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.alerts import (
    Asker,
    Audience,
    Decisions,
    Happening,
    Key,
    Story,
    Subscription,
    decide,
)
from shared.alerts.matters import FLAPPING_WITHIN
from shared.diff import GROUPS
from shared.models import Names, Severity
from shared.query import AssistantQuery
from shared.store import alert_rows, rows, tables
from shared.store.database import Database
from shared.store.matters import ROUTING, close_lapsed
from shared.store.records import Routed, StoredChange
from shared.store.ruling import write
from shared.store.subscriptions import THERE
from shared.store.surroundings import by_poll, happenings

WRITTEN_AT_ONCE = 1000
"""Verdicts, of as many places as it takes: what is written together costs little more than one of them."""


class Routing:
    """Decides with `shared.alerts.decide`; who routes does it alone, over all replicas."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def route(self, names: Mapping[str, Names], *, limit: int = 500) -> Routed:
        """Decide on the oldest changes that wait for it: `limit` of them, and whatever the same polls found.

        Verdicts, matters and deliveries are written in the transaction that marks the changes as routed. Nothing is
        done where another replica is at it. Ask again at once while any were routed. `names` by account; where an
        account's languages are missing, languages that a subscription names are taken for met.
        """
        async with self._database.reading() as connection:
            if await connection.scalar(select(tables.changes.c.id).where(tables.UNROUTED).limit(1)) is None:
                return Routed(0, 0)
        now = self._database.clock.now()
        async with self._database.writing() as connection:
            if not await self._database.alone(connection, ROUTING):
                return Routed(0, 0)
            waiting = await self._waiting(connection, limit)
            await close_lapsed(connection, now)
            audiences = await self._audiences(connection, names, now)
            owed = 0
            for poll in by_poll(waiting) if audiences else ():
                owed += await self._decide(connection, poll, audiences, now)
            routed = tables.changes.c.id.in_(self._database.each([stored.id for stored in waiting], BigInteger))
            await connection.execute(update(tables.changes).where(routed).values(routed_at=now))
        return Routed(len(waiting), owed)

    async def _waiting(self, connection: AsyncConnection, limit: int) -> list[StoredChange]:
        table = tables.changes
        oldest = select(table.c.id).where(tables.UNROUTED).order_by(table.c.id).limit(limit)
        polls = select(table.c.account, table.c.sequence).where(table.c.id.in_(oldest)).distinct().subquery()
        waiting = (
            rows.changes_with_prompts()
            .join(polls, and_(table.c.account == polls.c.account, table.c.sequence == polls.c.sequence))
            .where(tables.UNROUTED)
            # Those that are being forgotten are passed over: each could wait for the other.
            .with_for_update(of=table, skip_locked=True)
        )
        return [rows.stored_change(row) for row in await connection.execute(waiting)]

    async def _audiences(
        self, connection: AsyncConnection, names: Mapping[str, Names], now: datetime
    ) -> list[Audience]:
        """Every place that wants to hear of anything."""
        places, mutes = tables.places, tables.mutes
        askers: dict[str, list[Asker]] = defaultdict(list)
        for row in await connection.execute(select(tables.subscriptions).where(THERE).order_by("id")):
            askers[row.place].append(Asker(alert_rows.subscription(row), names))
        told = self._database.each(askers)
        settings = {
            row.place: alert_rows.place(row)
            for row in await connection.execute(select(places).where(places.c.place.in_(told)))
        }
        muted = defaultdict(list)
        for row in await connection.execute(select(mutes).where(mutes.c.place.in_(told), mutes.c.ends_at > now)):
            muted[row.place].append(alert_rows.mute(row))
        return [
            Audience(
                place,
                some,
                muted[place],
                quiet=settings[place].quiet if place in settings else None,
                digest=settings[place].digest if place in settings else None,
            )
            for place, some in sorted(askers.items())
        ]

    async def _decide(
        self,
        connection: AsyncConnection,
        poll: Sequence[StoredChange],
        audiences: Iterable[Audience],
        now: datetime,
    ) -> int:
        found = await happenings(self._database, connection, poll)
        decided = await self._decided(connection, poll)
        stories = await self._stories(connection, found)
        owed, rulings, waiting = 0, 0, dict[str, Decisions]()
        for audience in audiences:
            await asyncio.sleep(0)  # a thousand changes take seconds, and others have to answer meanwhile
            new = [one for one in found if (audience.place, one.id) not in decided]
            decisions = decide(new, audience, stories[audience.place], now)
            if decisions.rulings:
                waiting[audience.place] = decisions
                rulings += len(decisions.rulings)
            if rulings >= WRITTEN_AT_ONCE:
                owed += await write(self._database, connection, poll[0].change.account, waiting)
                rulings, waiting = 0, {}
        return owed + await write(self._database, connection, poll[0].change.account, waiting)

    async def _decided(self, connection: AsyncConnection, poll: Sequence[StoredChange]) -> set[tuple[str, int]]:
        """The places that have verdicts on these changes already."""
        table, verdicts = tables.subscriptions, tables.verdicts
        these = self._database.each([stored.id for stored in poll], BigInteger)
        found = select(table.c.place, verdicts.c.change).join(table).where(verdicts.c.change.in_(these))
        return {(row.place, row.change) for row in await connection.execute(found)}

    async def _stories(
        self, connection: AsyncConnection, found: Sequence[Happening]
    ) -> Mapping[str, Mapping[Key, Story]]:
        """The latest matter of each place and key that these changes may go on with."""
        table, verdicts = tables.matters, tables.verdicts
        numbers = {one.change.assistant or 0 for one in found}
        lately = min(one.change.seen_at for one in found) - FLAPPING_WITHIN
        matters = await connection.execute(
            select(table)
            .where(
                table.c.account == found[0].change.account,
                table.c.assistant.in_(self._database.each(numbers, BigInteger)),
                or_(tables.OPEN, table.c.last_at >= lately),
            )
            .order_by(table.c.id)
        )
        latest = {(row.place, alert_rows.key(row)): row for row in matters}
        these = self._database.each([row.id for row in latest.values()], BigInteger)
        told = defaultdict(set)
        for row in await connection.execute(
            select(verdicts.c.matter, verdicts.c.subscription).where(verdicts.c.matter.in_(these)).distinct()
        ):
            told[row.matter].add(row.subscription)
        stories: dict[str, dict[Key, Story]] = defaultdict(dict)
        for (place, subject), row in latest.items():
            stories[place][subject] = Story(row.id, alert_rows.course(row), frozenset(told[row.id]))
        return stories

    async def preview(  # noqa: PLR0913 # conditions, each by its name
        self,
        query: AssistantQuery,
        groups: Collection[str],
        minimum: Severity,
        since: datetime,
        names: Mapping[str, Names],
        *,
        limit: int = 500,
    ) -> list[StoredChange]:
        """What a subscription would have told since then, newest first; looks at the latest `limit` of its kinds."""
        asked = Subscription(
            id=0, place="", created_by="", created_at=since, query=query, groups=frozenset(groups), minimum=minimum
        )
        asker = Asker(asked, names)
        table = tables.changes
        kinds = [kind for group in asked.groups or GROUPS for kind in GROUPS[group]]
        wanted = (
            rows.changes_with_prompts()
            .where(
                table.c.seen_at >= since,
                table.c.kind.in_([kind.value for kind in kinds]),
                table.c.severity.in_([severity.value for severity in Severity if severity.rank >= minimum.rank]),
            )
            .order_by(table.c.id.desc())
            .limit(limit)
        )
        async with self._database.reading() as connection:
            found = [rows.stored_change(row) for row in await connection.execute(wanted)]
            around = [one for poll in by_poll(found) for one in await happenings(self._database, connection, poll)]
        told = {one.id for one in around if asker.unasked(one.change, one.around) is None}
        return [stored for stored in found if stored.id in told]
