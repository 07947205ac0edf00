"""Assistants of which places don't want to hear for a while."""

from sqlalchemy import and_, delete, select

from shared.alerts import Mute
from shared.store import alert_rows, tables
from shared.store.database import Database


class Mutes:
    """One mute for each place and assistant; the last one set holds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def mute(self, mute: Mute) -> None:
        """Set it, in place of another one of this place and assistant."""
        row = alert_rows.mute_row(mute)
        statement = self._database.insert(tables.mutes).values(row)
        async with self._database.writing() as connection:
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["place", "account", "assistant"], set_=row)
            )

    async def unmute(self, place: str, account: str, assistant: int) -> bool:
        """End it; False where none held."""
        table = tables.mutes
        this = and_(table.c.place == place, table.c.account == account, table.c.assistant == assistant)
        async with self._database.writing() as connection:
            ended = await connection.execute(delete(table).where(this).returning(table.c.ends_at))
            ends_at = ended.scalar_one_or_none()
        return ends_at is not None and ends_at > self._database.clock.now()

    async def of(self, place: str) -> list[Mute]:
        """Those that hold now, the first to end first."""
        table, now = tables.mutes, self._database.clock.now()
        held = select(table).where(table.c.place == place, table.c.ends_at > now).order_by(table.c.ends_at)
        async with self._database.reading() as connection:
            return [alert_rows.mute(row) for row in await connection.execute(held)]
