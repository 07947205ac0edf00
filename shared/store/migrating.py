"""The schema, brought up to date under a lock: any number of replicas may start at once."""

import asyncio
from pathlib import Path
from weakref import WeakKeyDictionary

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.errors import StoreTooNew
from shared.store.faults import translated

FOLDER = Path(__file__).with_name("migrations")
LOCK = 0x46616D756C6F72
"""“Famulor”: the number of PostgreSQL's advisory lock, which ends with the transaction."""


_TURNS: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()
"""Alembic keeps the migration that is under way in global variables: in a process it is one at a time."""


async def migrate(engine: AsyncEngine) -> None:
    """All steps that are missing, in one transaction. Raises StoreTooNew where the database is ahead of us."""
    turn = _TURNS.setdefault(asyncio.get_running_loop(), asyncio.Lock())
    with translated():
        async with turn, engine.execution_options(sqlite_begin="EXCLUSIVE").begin() as connection:
            if engine.dialect.name == "postgresql":
                await connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
            await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    script = ScriptDirectory.from_config(config)
    known = {step.revision for step in script.walk_revisions()}
    found = set(MigrationContext.configure(connection).get_current_heads())
    if found == set(script.get_heads()):
        return
    if found - known:
        raise StoreTooNew(found=", ".join(sorted(found - known)), known=str(script.get_current_head()))
    command.upgrade(config, "head")
