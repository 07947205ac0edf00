"""Opening a store: where it is, who may read it, and its schema."""

import asyncio
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, event, text
from sqlalchemy.engine import Engine

from shared.clock import SystemClock
from shared.errors import DriverMissing, StoreTooNew
from shared.store import Store, open_store, sqlite, tables
from tests.clocks import ManualClock

PROGRAM = """
import asyncio, sys
from shared.clock import SystemClock
from shared.store import open_store

async def main():
    async with open_store(sys.argv[1], SystemClock()) as store:
        await store.places.set_language(sys.argv[2], "de", by="U1")

asyncio.run(main())
"""


@pytest.fixture
def careless_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def folders_of(root: Path) -> set[Path]:
    return {file.parent for file in root.rglob("famulor.sqlite3*")}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_without_a_url_it_is_a_file_for_the_user_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: ManualClock, careless_umask: None
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    async with open_store(None, clock) as store:
        await store.places.set_language("T1/C1", "de", by="U1")
        (folder,) = folders_of(tmp_path)
        assert folder.name == "famulor-chatops"
        assert mode(folder) == 0o700
        assert {file.name: mode(file) for file in folder.iterdir()} == {
            "famulor.sqlite3": 0o600,
            "famulor.sqlite3-shm": 0o600,
            "famulor.sqlite3-wal": 0o600,
        }
    assert [file.name for file in folder.iterdir()] == ["famulor.sqlite3"]


async def test_a_file_that_everybody_may_read_is_warned_of(
    tmp_path: Path, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "restored.sqlite3"
    for permissions, warned in ((0o600, False), (0o640, False), (0o644, True), (0o602, True)):
        file.touch()
        file.chmod(permissions)
        caplog.clear()
        async with open_store(f"sqlite:///{file}", clock):
            pass
        assert ("chmod 600" in caplog.text) is warned
        assert mode(file) == permissions  # whoever has set it so may have a reason


async def test_what_was_stored_is_there_after_a_restart(database_url: str, clock: ManualClock) -> None:
    for _start in range(2):
        async with open_store(database_url, clock) as store:
            await store.ready()
            before = await store.places.get("T1/C1")
            await store.places.set_language("T1/C1", "de", by="U1")
    assert before is not None


async def test_several_programs_may_start_at_once_on_an_empty_database(database_url: str, clock: ManualClock) -> None:
    programs = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", PROGRAM, database_url, f"place {number}")
        for number in range(3)
    ]
    assert [await program.wait() for program in programs] == [0, 0, 0]
    async with open_store(database_url, clock) as store:
        assert all([await store.places.get(f"place {number}") for number in range(3)])


async def test_many_stores_may_be_opened_at_once_in_one_program(database_url: str, clock: ManualClock) -> None:
    async def opened() -> None:
        async with open_store(database_url, clock) as store:
            await store.ready()

    await asyncio.gather(*(opened() for _ in range(8)))


async def test_several_empty_databases_may_be_opened_at_once_in_one_program(tmp_path: Path, clock: ManualClock) -> None:
    async def opened(number: int) -> None:
        async with open_store(f"sqlite:///{tmp_path / f'{number}.sqlite3'}", clock) as store:
            await store.ready()

    await asyncio.gather(*(opened(number) for number in range(4)))


async def test_a_task_that_is_cancelled_in_any_statement_leaves_no_lock_behind(
    database_url: str, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE", 0.2)
    remaining = 0
    ended: list[BaseException | None] = []

    async def opened() -> None:
        async with open_store(database_url, clock) as store:
            await store.claims.first("envelope", timedelta(hours=1))

    def executing(*_anything: object) -> None:
        nonlocal remaining
        remaining -= 1
        task = asyncio.current_task()
        if remaining == 0 and task is not None:
            task.cancel()

    event.listen(Engine, "before_cursor_execute", executing)
    try:
        while None not in ended:
            remaining = len(ended) + 1
            # What was raised remembers the frames, and those a statement.
            ended += await asyncio.gather(asyncio.create_task(opened()), return_exceptions=True)
            remaining = 0
            await opened()
    finally:
        event.remove(Engine, "before_cursor_execute", executing)
    assert {type(one) for one in ended[:-1]} == {asyncio.CancelledError}


@pytest.mark.parametrize("steps", range(12))
def test_an_opening_that_is_cancelled_leaves_no_thread_that_has_nobody_to_tell(tmp_path: Path, steps: int) -> None:
    async def opened() -> None:
        async with open_store(f"sqlite:///{tmp_path / 'cancelled.sqlite3'}", SystemClock()):
            pass

    async def cancelled() -> None:
        opening = asyncio.create_task(opened())
        for _step in range(steps):
            await asyncio.sleep(0)
        opening.cancel()
        await asyncio.wait([opening])
        assert opening.cancelled()

    before = frozenset(threading.enumerate())
    asyncio.run(cancelled())
    # One that is left over fails when it tells its result to a loop that is closed, which fails the test.
    for thread in frozenset(threading.enumerate()) - before:
        thread.join()


async def test_the_migrations_make_the_tables_that_the_program_knows(store: Store) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), tables.METADATA))

    async with store.database.reading() as connection:
        assert await connection.run_sync(differences) == []


async def test_a_database_of_a_newer_version_is_left_alone(database_url: str, clock: ManualClock) -> None:
    async with open_store(database_url, clock) as store, store.database.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreTooNew, match="newer version") as refused:
        async with open_store(database_url, clock):
            raise AssertionError
    assert "schema 9999" in str(refused.value)


async def test_postgresql_without_its_driver_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, clock: ManualClock
) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    with pytest.raises(DriverMissing) as missing:
        async with open_store("postgresql://nobody@localhost/nothing", clock):
            raise AssertionError
    assert "famulor-chatops[postgres]" in missing.value.explain()


def test_naming_the_store_imports_no_database() -> None:
    heavy = "{'sqlalchemy', 'alembic', 'aiosqlite', 'asyncpg'}"
    code = f"import sys, shared.store; sys.exit(bool({heavy} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 # ours
