"""Who did what: the audit log."""

from sqlalchemy import insert, select

from shared.store import tables
from shared.store.database import Database
from shared.store.records import LogEntry


class Journal:
    """What people did that others may ask about. `place` and `by` are opaque; `action` is a word, `detail` any text."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def write(self, place: str, by: str, action: str, detail: str = "") -> None:
        """Write down that it was done now."""
        row = {
            "place": place,
            "done_by": by,
            "done_at": self._database.clock.now(),
            "action": action,
            "detail": detail,
        }
        async with self._database.writing() as connection:
            await connection.execute(insert(tables.journal).values(row))

    async def read(self, place: str | None = None, *, before_id: int | None = None, limit: int) -> list[LogEntry]:
        """Entries of a place, or all, the newest first; ask for the next page with the last id as `before_id`."""
        table = tables.journal
        wanted = select(table).order_by(table.c.id.desc()).limit(limit)
        if place is not None:
            wanted = wanted.where(table.c.place == place)
        if before_id is not None:
            wanted = wanted.where(table.c.id < before_id)
        async with self._database.reading() as connection:
            return [
                LogEntry(row.id, row.done_at, row.place, by=row.done_by, action=row.action, detail=row.detail)
                for row in await connection.execute(wanted)
            ]
