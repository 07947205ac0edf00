"""Rules of the audit that say nothing of one assistant any more, who decided so, and why."""

from typing import Any

from sqlalchemy import and_, delete, select

from shared.audit import Ignore
from shared.store import tables
from shared.store.database import Database


class Ignores:
    """One decision for each assistant and rule; the last one holds, until it is taken back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, ignore: Ignore) -> None:
        """Keep it, in place of another one of this assistant and rule."""
        row = {
            "account": ignore.account,
            "assistant": ignore.assistant,
            "rule": ignore.rule,
            "reason": ignore.reason,
            "ignored_by": ignore.by,
            "ignored_at": ignore.at,
        }
        statement = self._database.insert(tables.ignores).values(row)
        async with self._database.writing() as connection:
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["account", "assistant", "rule"], set_=row)
            )

    async def remove(self, account: str, assistant: int, rule: str) -> Ignore | None:
        """Take it back; what it was, None where there was none."""
        table = tables.ignores
        this = and_(table.c.account == account, table.c.assistant == assistant, table.c.rule == rule)
        async with self._database.writing() as connection:
            row = (await connection.execute(delete(table).where(this).returning(table))).one_or_none()
        return None if row is None else _ignore(row)

    async def all(self) -> list[Ignore]:
        """Every one of every account, by account, assistant and rule."""
        table = tables.ignores
        held = select(table).order_by(table.c.account, table.c.assistant, table.c.rule)
        async with self._database.reading() as connection:
            return [_ignore(row) for row in await connection.execute(held)]


def _ignore(row: Any) -> Ignore:
    return Ignore(
        account=row.account,
        assistant=row.assistant,
        rule=row.rule,
        reason=row.reason,
        by=row.ignored_by,
        at=row.ignored_at,
    )
