"""What people have set for the places they talk in."""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.alerts import Daily, QuietHours, held_until
from shared.models import Severity
from shared.store import alert_rows, tables
from shared.store.database import Database
from shared.store.records import Place


class Places:
    """Settings of places. A place is an opaque string, such as `team/channel`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, place: str) -> Place | None:
        """What is set for this place, None where nobody has set anything."""
        async with self._database.reading() as connection:
            found = await connection.execute(select(tables.places).where(tables.places.c.place == place))
            row = found.one_or_none()
        return None if row is None else alert_rows.place(row)

    async def set_language(self, place: str, language: str | None, by: str) -> None:
        """The language to answer in at this place; None leaves it to each person's own."""
        async with self._database.writing() as connection:
            await self._set(connection, place, by, language=language)

    async def set_quiet(self, place: str, quiet: QuietHours | None, by: str) -> None:
        """When this place is told nothing; None ends that. What is held back is told when the new hours say so."""
        async with self._database.writing() as connection:
            await self._set(connection, place, by, quiet=quiet and quiet.model_dump(mode="json"))
            await self._move(connection, place)

    async def set_digest(self, place: str, digest: Daily | None, by: str) -> None:
        """When this place is told everything of the day at once; None ends that, and what is held back is told."""
        async with self._database.writing() as connection:
            await self._set(connection, place, by, digest=digest and digest.model_dump(mode="json"))
            await self._move(connection, place)

    async def _set(self, connection: AsyncConnection, place: str, by: str, **values: Any) -> None:
        new = {**values, "changed_by": by, "changed_at": self._database.clock.now()}
        statement = self._database.insert(tables.places).values(place=place, **new)
        await connection.execute(statement.on_conflict_do_update(index_elements=["place"], set_=new))

    async def _move(self, connection: AsyncConnection, place: str) -> None:
        """What waits for a time that holds no longer is owed when it holds now."""
        row = (await connection.execute(select(tables.places).where(tables.places.c.place == place))).one()
        settings, table, now = alert_rows.place(row), tables.deliveries, self._database.clock.now()
        moment = held_until(settings.quiet, settings.digest, Severity.INFO, now) or now
        waiting = (tables.OWED, table.c.place == place, table.c.owed_at > now)
        await connection.execute(update(table).where(*waiting).values(owed_at=moment, due_at=moment))
