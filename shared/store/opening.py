"""A store is put together: engine, schema, parts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.audit import Ignore
from shared.clock import Clock
from shared.finishing import finished
from shared.store import Store, postgresql, sqlite, tables
from shared.store.claims import Claims
from shared.store.database import Database
from shared.store.faults import translated
from shared.store.history import History
from shared.store.ignores import Ignores
from shared.store.journal import Journal
from shared.store.matters import Matters
from shared.store.migrating import migrate
from shared.store.mutes import Mutes
from shared.store.outbox import Outbox
from shared.store.places import Places
from shared.store.routing import Routing
from shared.store.subscriptions import Subscriptions


@asynccontextmanager
async def opened(url: str | None, clock: Clock) -> AsyncIterator[Store]:
    """The store at this URL, for as long as the context lasts."""
    async with _migrated(url, clock) as engine:
        database = Database(engine, clock)
        yield Store(
            places=Places(database),
            claims=Claims(database),
            history=History(database),
            subscriptions=Subscriptions(database),
            mutes=Mutes(database),
            ignores=Ignores(database),
            matters=Matters(database),
            routing=Routing(database),
            outbox=Outbox(database),
            journal=Journal(database),
            database=database,
        )


async def ignores(url: str | None, clock: Clock) -> list[Ignore]:
    """What is ignored there; none where there is no store, or one from before anything could be ignored."""
    if url is None or url.startswith(sqlite.PREFIX):
        file = sqlite.file_of(url)
        if not file.exists():
            return []
        engine = sqlite.engine_to_read(file)
    else:
        engine = postgresql.engine_for(url)
    async with _disposed(engine):
        database = Database(engine, clock)
        async with database.reading() as connection:
            known = await connection.run_sync(lambda bare: inspect(bare).has_table(tables.ignores.name))
        return await Ignores(database).all() if known else []


@asynccontextmanager
async def _migrated(url: str | None, clock: Clock) -> AsyncIterator[AsyncEngine]:
    if url is None or url.startswith(sqlite.PREFIX):
        with translated():
            # SQLite's driver opens it in a thread, which has nobody to tell where its task was cancelled.
            engine = await finished(sqlite.engine_for(sqlite.file_of(url), clock))
        async with _disposed(engine):
            await finished(migrate(engine))
            yield engine
        return
    # A step may take its time on a large table, and those who start with us wait for it; nothing else does.
    async with _disposed(postgresql.engine_for(url, statement_timeout=None)) as engine:
        await migrate(engine)
    async with _disposed(postgresql.engine_for(url)) as engine:
        yield engine


@asynccontextmanager
async def _disposed(engine: AsyncEngine) -> AsyncIterator[AsyncEngine]:
    try:
        yield engine
    finally:
        await engine.dispose()
