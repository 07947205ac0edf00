"""SQLite: its file, private to the user, and how its connections behave."""

import logging
import os
import sqlite3
import stat
from pathlib import Path
from typing import Any

import aiosqlite
from platformdirs import user_data_path
from sqlalchemy import URL, Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shared.clock import Clock
from shared.store.faults import unwritable

PREFIX = "sqlite:///"
PATIENCE = 10
"""Seconds to wait for another process's transaction; ours take milliseconds, pruning takes longer."""
_EVERYBODY = stat.S_IROTH | stat.S_IWOTH

_log = logging.getLogger(__name__)


def file_of(url: str | None) -> Path:
    """The database's file; without a URL, in the user's own data directory."""
    if url is None:
        return user_data_path("famulor-chatops", appauthor=False) / "famulor.sqlite3"
    return Path(url.removeprefix(PREFIX))


class _Connection(sqlite3.Connection):
    """A connection that ends its transaction when it is closed, as it is when a task is cancelled.

    SQLite itself would wait for the last statement to be forgotten, which the cancellation's traceback remembers:
    until then nobody else could write.
    """

    def close(self) -> None:
        if self.in_transaction:
            self.rollback()
        super().close()


async def engine_for(file: Path, clock: Clock) -> AsyncEngine:
    """An engine on this file, which is made where it doesn't exist, readable and writable for the user alone."""
    _make(file)
    await _write_ahead(file, clock)
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(file)),
        hide_parameters=True,
        connect_args={"timeout": PATIENCE, "factory": _Connection},
    )
    event.listen(engine.sync_engine, "connect", _configure)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def engine_to_read(file: Path) -> AsyncEngine:
    """An engine on a file that exists, and stays as it is."""
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=file.absolute().as_uri(), query={"mode": "ro", "uri": "true"}),
        hide_parameters=True,
        connect_args={"timeout": PATIENCE, "factory": _Connection},
    )
    event.listen(engine.sync_engine, "connect", _configure)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _make(file: Path) -> None:
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # SQLite gives its -wal and -shm files the same permissions.
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
        permissions = file.stat().st_mode
    except OSError as error:
        raise unwritable(error) from error
    if permissions & _EVERYBODY:
        _log.warning("Everybody on this machine may read or change the database's file. Take that away: chmod 600.")


def _configure(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver begins no transactions: `_begin` does
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    # With a write-ahead log a commit outlives the process; only a power cut may undo the last ones, each as a whole.
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A writer asks for its turn at once and waits for it; one that has read before would be refused instead.
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('sqlite_begin', 'DEFERRED')}")


async def _write_ahead(file: Path, clock: Clock) -> None:
    """Readers and the writer side by side. Here alone SQLite doesn't wait by itself, where two start at once."""
    until = clock.monotonic() + PATIENCE
    async with aiosqlite.connect(file, timeout=PATIENCE) as connection:
        while True:
            try:
                await connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or clock.monotonic() >= until:
                    raise
                await clock.sleep(0.01)
            else:
                return
