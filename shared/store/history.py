"""What the accounts were, are, and how they changed."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.errors import LeaseLost
from shared.models import Assistant, Kind, Severity
from shared.store import rows, tables
from shared.store.commits import MANY, Poll, write
from shared.store.database import Database
from shared.store.forgetting import what_was_told
from shared.store.group_commit import GroupCommit
from shared.store.records import AccountState, Claim, Outcome, StoredChange

FREE: dict[str, Any] = {"lease_owner": None, "lease_until": None}
CLOCKS_DIFFER = timedelta(minutes=1)
"""What lies further ahead than replicas' clocks differ was written down before the clock was set back."""


class History:
    """Accounts, the versions of their assistants, and the changes between them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._introduced: frozenset[str] = frozenset()
        self._known: dict[str, tuple[int, AccountState]] = {}
        self._commits = GroupCommit(partial(write, database))

    async def due(self, accounts: Collection[str], owner: str, lease: timedelta, limit: int) -> list[Claim]:
        """Up to `limit` of these accounts whose poll is due and that nobody else holds, the longest due first.

        They are `owner`'s until the lease ends. An account that the store has never heard of is due at once, and so
        is one whose last poll lies ahead: nobody waits until a clock that was set back is there again.
        """
        table, now = tables.accounts, self._database.clock.now()
        free = (
            select(table.c.name)
            .where(
                table.c.name.in_(self._database.each(accounts)),
                or_(table.c.due_at <= now, table.c.polled_at > now + CLOCKS_DIFFER),
                or_(
                    table.c.lease_until.is_(None),
                    table.c.lease_until <= now,
                    table.c.lease_until > now + lease + CLOCKS_DIFFER,
                ),
            )
            .order_by(table.c.due_at, table.c.name)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("free")  # within IN itself, PostgreSQL may run it more than once and pass the limit
        )
        claim = (
            update(table)
            .where(table.c.name.in_(select(free.c.name)))
            .values(lease_owner=owner, lease_until=now + lease, fence=table.c.fence + 1)
            .returning(table.c.name, table.c.fence, table.c.sequence, table.c.due_at)
        )
        async with self._database.writing() as connection:
            await self._introduce(connection, accounts, now)
            claimed = (await connection.execute(claim)).all()
        self._introduced |= frozenset(accounts)
        return [
            Claim(row.name, owner, row.fence, row.sequence, row.due_at, lease_until=now + lease)
            for row in sorted(claimed, key=lambda row: (row.due_at, row.name))
        ]

    async def _introduce(self, connection: AsyncConnection, names: Collection[str], now: datetime) -> None:
        unheard = sorted(frozenset(names) - self._introduced)
        if unheard:
            new = {"sequence": 0, "due_at": now, "fence": 0, "failures": 0, "doubt": "", "rejected": []}
            statement = self._database.insert(tables.accounts).on_conflict_do_nothing()
            await connection.execute(statement, [{"name": name, **new} for name in unheard])

    async def release(self, claim: Claim) -> None:
        """Give a claim back unused: the account is as due as it was. Nothing happens where it is no longer ours."""
        async with self._database.writing() as connection:
            await connection.execute(update(tables.accounts).where(_held(claim)).values(FREE))

    async def state(self, account: str) -> AccountState:
        """What is known of an account; of one that was never polled, nothing."""
        table = tables.accounts
        latest = _versions().where(tables.versions.c.account == account, tables.LATEST)
        async with self._database.reading() as connection:
            row = (await connection.execute(select(table).where(table.c.name == account))).one_or_none()
            found = (await connection.execute(latest.order_by(tables.versions.c.assistant))).all()
        return AccountState(account) if row is None else rows.account_state(row, found)

    async def known(self, claim: Claim) -> AccountState:
        """What is known of a claimed account: as we committed it, where nobody has claimed it since, else it is read.

        What is remembered of an account are the assistants of its last poll, the same objects.
        """
        fence, state = self._known.get(claim.account, (None, None))
        if state is None or fence != claim.fence:
            state = await self.state(claim.account)
            self._known[claim.account] = claim.fence, state
        return state

    async def commit(self, claim: Claim, outcome: Outcome) -> None:
        """Write what a poll came to, all or nothing, and give the lease back.

        The sequence moves by one where there are assistants or changes. A change that the store has already (the
        same account, assistant, kind and sequence) stays as it is. Polls that end at the same time are written in one
        transaction.

        Raises LeaseLost, with nothing written, where the claim was taken over or used before; ValueError where a
        change is not of this claim.
        """
        poll = Poll.of(claim, outcome, await self.known(claim))
        # Until it is certain: a commit that failed may have been made all the same.
        self._known.pop(claim.account, None)
        if len(poll.new) < MANY:
            is_written = await self._commits(poll)
        else:
            (is_written,) = await write(self._database, [poll])
        if not is_written:
            raise LeaseLost(account=claim.account)
        # Whoever claims it next has the next fence.
        self._known[claim.account] = claim.fence + 1, poll.after

    async def changes(  # noqa: PLR0913 # conditions, each by its name
        self,
        *,
        accounts: Collection[str] | None = None,
        assistant: int | None = None,
        kinds: Collection[Kind] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        after_id: int | None = None,
        before_id: int | None = None,
        limit: int,
    ) -> list[StoredChange]:
        """Changes, newest first; None leaves a condition out. `since` is included, `until` and both ids are not.

        Ask for the next page with the last id as `before_id`. With several writers a change may appear a moment after
        one with a larger id: `after_id` finds what is new for a reader, not all that is owed to one.
        """
        table = tables.changes
        wanted = rows.changes_with_prompts().order_by(table.c.id.desc()).limit(limit)
        if accounts is not None:
            wanted = wanted.where(table.c.account.in_(self._database.each(accounts)))
        if assistant is not None:
            wanted = wanted.where(table.c.assistant == assistant)
        if kinds is not None:
            wanted = wanted.where(table.c.kind.in_([kind.value for kind in kinds]))
        if since is not None:
            wanted = wanted.where(table.c.seen_at >= since)
        if until is not None:
            wanted = wanted.where(table.c.seen_at < until)
        if after_id is not None:
            wanted = wanted.where(table.c.id > after_id)
        if before_id is not None:
            wanted = wanted.where(table.c.id < before_id)
        async with self._database.reading() as connection:
            return [rows.stored_change(row) for row in await connection.execute(wanted)]

    async def tally(
        self, accounts: Collection[str], kinds: Collection[Kind], since: datetime
    ) -> list[tuple[datetime, Severity, int]]:
        """How many changes of which severity were seen at which moment since then, the first moments first."""
        table = tables.changes
        counted = (
            select(table.c.seen_at, table.c.severity, func.count())
            .where(
                table.c.account.in_(self._database.each(accounts)),
                table.c.kind.in_([kind.value for kind in kinds]),
                table.c.seen_at >= since,
            )
            .group_by(table.c.seen_at, table.c.severity)
            .order_by(table.c.seen_at, table.c.severity)
        )
        async with self._database.reading() as connection:
            return [(at, Severity(of), number) for at, of, number in await connection.execute(counted)]

    async def version(self, account: str, assistant: int, at: datetime) -> Assistant | None:
        """The assistant as it was known then; None where it wasn't there or nothing was known yet."""
        table = tables.versions
        in_force = (
            _versions()
            .where(
                table.c.account == account,
                table.c.assistant == assistant,
                table.c.seen_at <= at,
                or_(table.c.replaced_at.is_(None), table.c.replaced_at > at),
            )
            .order_by(table.c.sequence.desc())
            .limit(1)
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(in_force)).one_or_none()
        return row and rows.assistant(account, row)

    async def first_seen(self, account: str) -> datetime | None:
        """Since when the account's history is known: its first snapshot, or the limit of the last pruning."""
        table = tables.accounts
        async with self._database.reading() as connection:
            return await connection.scalar(select(table.c.history_since).where(table.c.name == account))

    async def last_poll(self, accounts: Collection[str]) -> datetime | None:
        """When the one of these accounts was polled that has waited longest; None where one never was."""
        table = tables.accounts
        polled = select(func.count(table.c.polled_at), func.min(table.c.polled_at)).where(
            table.c.name.in_(self._database.each(accounts))
        )
        async with self._database.reading() as connection:
            count, first = (await connection.execute(polled)).one()
        return first if count == len(frozenset(accounts)) else None

    async def statuses(self, account: str) -> Counter[str]:
        """How many of an account's assistants have which status, as of the last commit."""
        latest = select(tables.versions.c.body).where(tables.versions.c.account == account, tables.LATEST)
        async with self._database.reading() as connection:
            return Counter(body["status"] for body in await connection.scalars(latest))

    async def prune(self, before: datetime) -> None:
        """Forget changes seen before then and versions replaced before then, and prompts that nothing names any more.

        The version that was in force at that moment stays, so `version` is right for any time from then on. What
        places were told of it is forgotten too, but for matters that are open, deliveries that are owed, and their
        changes.
        """
        accounts, texts, versions, changes = tables.accounts, tables.texts, tables.versions, tables.changes
        named = or_(
            exists().where(versions.c.text == texts.c.hash),
            exists().where(changes.c.before_text == texts.c.hash),
            exists().where(changes.c.after_text == texts.c.hash),
        )
        # Who commits locks prompts too: those are passed over, because each could wait for the other.
        unnamed = select(texts.c.hash).where(texts.c.used_at < before, ~named).with_for_update(skip_locked=True)
        told = exists().where(tables.verdicts.c.change == changes.c.id)
        # Who commits locks several accounts, in this order: otherwise each could wait for the other here too.
        reaching = select(accounts.c.name).where(accounts.c.history_since < before).order_by(accounts.c.name)
        since = update(accounts).where(accounts.c.name.in_(reaching.with_for_update()))
        # One by one, so that no commit waits long. First of all, nothing is promised that is about to go.
        for step in (
            since.values(history_since=before),
            *what_was_told(before),
            delete(changes).where(changes.c.seen_at < before, ~told),
            delete(versions).where(versions.c.replaced_at <= before),
            delete(texts).where(texts.c.hash.in_(unnamed)),
        ):
            async with self._database.writing() as connection:
                await connection.execute(step)


def _held(claim: Claim) -> ColumnElement[bool]:
    """The account's row, as long as nobody has claimed it since and it was not given back."""
    table = tables.accounts
    return and_(table.c.name == claim.account, table.c.fence == claim.fence, table.c.lease_owner.is_not(None))


def _versions() -> Select[Any]:
    """Versions with their prompts."""
    table, texts = tables.versions, tables.texts
    return select(table.c.assistant, table.c.body, texts.c.text.label("prompt")).join(texts)
