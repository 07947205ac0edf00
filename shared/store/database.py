"""An open database: its transactions, and the little in which SQLite and PostgreSQL differ."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, nullcontext
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, Subquery, Table, Text, cast, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.clock import Clock
from shared.store.columns import as_json
from shared.store.faults import translated
from shared.store.tables import places


class Database:
    """Transactions on one engine. What is raised inside of one undoes it; what the database raises is a StoreError."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self.clock = clock
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._reading = engine if self._is_sqlite else engine.execution_options(isolation_level="REPEATABLE READ")
        self._writing = engine.execution_options(sqlite_begin="IMMEDIATE")
        # SQLite has one writer. Within the process they queue up here, where nobody starves.
        self._turn = asyncio.Lock() if self._is_sqlite else nullcontext()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that sees one moment, however many statements it takes."""
        with translated():
            async with self._reading.connect() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that is committed at the end."""
        with translated():
            async with self._turn, self._writing.begin() as connection:
                yield connection

    async def alone(self, connection: AsyncConnection, work: int) -> bool:
        """Whether nobody else is at the work of this number, over all replicas, until this writing transaction ends."""
        if self._is_sqlite:  # whoever writes is alone
            return True
        return bool(await connection.scalar(select(func.pg_try_advisory_xact_lock(work))))

    async def ready(self) -> None:
        """Nothing, when the database answers."""
        async with self.reading() as connection:
            await connection.execute(select(places.c.place).limit(1))

    def insert(self, table: Table) -> postgresql.Insert | sqlite.Insert:
        """An insert that may say what to do on a conflict."""
        return sqlite.insert(table) if self._is_sqlite else postgresql.insert(table)

    def each(self, values: Iterable[str | int], kind: type[Text | BigInteger] = Text) -> Select[tuple[Any]]:
        """These values as rows, to be searched with IN: one parameter, where the number of parameters is limited."""
        listed = literal(as_json(list(values)), Text)
        if self._is_sqlite:
            return select(cast(func.json_each(listed).table_valued("value").c.value, kind))
        return select(cast(func.jsonb_array_elements_text(cast(listed, postgresql.JSONB)).column_valued(), kind))

    def pairs(self, listed: ColumnElement[Any]) -> Subquery:
        """The object in a parameter of `PlainJson` as rows of `number`, which are its names, and `text`."""
        pairs = func.json_each(listed) if self._is_sqlite else func.jsonb_each_text(cast(listed, postgresql.JSONB))
        row = pairs.table_valued("key", "value")
        return select(cast(row.c.key, BigInteger).label("number"), cast(row.c.value, Text).label("text")).subquery()
