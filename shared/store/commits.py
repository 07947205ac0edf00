"""What polls came to, as rows, and how those of several accounts are written in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.models import Assistant
from shared.store import rows, tables
from shared.store.columns import UtcTime
from shared.store.database import Database
from shared.store.records import AccountState, Claim, Outcome

MANY = 1_000
"""New versions in one poll: no other poll's commit should wait until so many are written."""


@dataclass(frozen=True, slots=True)
class Poll:
    """What a claim's outcome changes, ready to be written; `after` is what is known of the account from then on."""

    claim: Claim
    outcome: Outcome
    after: AccountState
    new: Sequence[Assistant]
    ended: Sequence[int]

    @classmethod
    def of(cls, claim: Claim, outcome: Outcome, before: AccountState) -> "Poll":
        """What differs from the state `before`: an assistant that is equal to its latest version costs no row.

        Raises ValueError where a change is not of this claim.
        """
        sequence = claim.sequence + (outcome.assistants is not None or bool(outcome.changes))
        if any((change.account, change.sequence) != (claim.account, sequence) for change in outcome.changes):
            raise ValueError("a change of another account or sequence than the claim's")
        after = replace(
            before, sequence=sequence, doubt=outcome.doubt, failing=outcome.failing, polled_at=outcome.polled_at
        )
        if outcome.assistants is None:
            return cls(claim, outcome, after, (), ())
        known = {one.id: one for one in before.assistants}
        found = {one.id: one for one in outcome.assistants}
        present = {number: known[number] for number in known.keys() & frozenset(outcome.rejected)} | found
        after = replace(
            after,
            assistants=tuple(present[number] for number in sorted(present)),
            rejected=outcome.rejected,
            succeeded_at=outcome.polled_at,
        )
        new = [one for number, one in found.items() if known.get(number) != one]
        ended = (known.keys() - present.keys()) | (known.keys() & {one.id for one in new})
        return cls(claim, outcome, after, new, sorted(ended))


async def write(database: Database, polls: Sequence[Poll]) -> list[bool]:
    """Of each whether it was written, as a whole: not where its claim was taken over or used before."""
    accounts, versions = tables.accounts, tables.versions
    # What says which row is meant is not called like a column, or it would be written too.
    account = (
        update(accounts)
        .where(accounts.c.name == bindparam("of_account"))
        .values(
            lease_owner=None,
            lease_until=None,
            history_since=func.coalesce(accounts.c.history_since, bindparam("baseline_at", type_=UtcTime)),
        )
    )
    ended = (
        update(versions)
        .where(
            versions.c.account == bindparam("of_account"),
            versions.c.assistant == bindparam("of_assistant"),
            tables.LATEST,
        )
        .values(replaced_at=bindparam("ended_at"))
    )
    text = database.insert(tables.texts)
    # Touched, not only left alone: pruning at the same time sees it and spares the row.
    text = text.on_conflict_do_update(index_elements=["hash"], set_={"used_at": text.excluded.used_at})
    change = database.insert(tables.changes).on_conflict_do_nothing(
        index_elements=["account", "assistant", "kind", "sequence"]
    )
    async with database.writing() as connection:
        held = await _held(database, connection, [poll.claim for poll in polls])
        written = [held.pop(poll.claim.account, None) == poll.claim.fence for poll in polls]
        mine = [poll for poll, is_written in zip(polls, written, strict=True) if is_written]
        changes = [one for poll in mine for one in poll.outcome.changes]
        new = [rows.version_row(poll.after, one) for poll in mine for one in poll.new]
        for statement, parameters in (
            (account, [rows.account_row(poll.after, poll.outcome.due_at) for poll in mine]),
            (ended, [row for poll in mine for row in rows.ended_rows(poll.after, poll.ended)]),
            (text, rows.text_rows((one for poll in mine for one in poll.new), changes, database.clock.now())),
            (insert(versions), new),
            (change, [rows.change_row(one) for one in changes]),
        ):
            if parameters:
                await connection.execute(statement, parameters)
    return written


async def _held(database: Database, connection: AsyncConnection, claims: Iterable[Claim]) -> dict[str, int]:
    """The latest fences of those accounts that somebody holds, by name.

    Their rows are locked: whoever else commits or claims one of them waits for the whole. In one order everywhere, so
    that no two writers deadlock.
    """
    table = tables.accounts
    held = (
        select(table.c.name, table.c.fence)
        .where(table.c.name.in_(database.each({claim.account for claim in claims})), table.c.lease_owner.is_not(None))
        .order_by(table.c.name)
        .with_for_update(of=table)
    )
    return {row.name: row.fence for row in await connection.execute(held)}
