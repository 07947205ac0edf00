"""The watch among others: people who ask, other watches, stores that fail, and the end of the program."""

import asyncio
import json
import logging
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from itertools import pairwise

import pytest

from shared.core import Core
from shared.demo import DemoApi, faults
from shared.errors import RateLimited
from shared.models import Kind
from shared.query import AssistantQuery
from shared.runtime import open_core
from shared.settings import Settings, from_arguments
from shared.store import Store, open_store
from shared.watch import Rhythm, Watch, watching
from tests.clocks import ManualClock
from tests.shared.watch.conftest import Watched


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110 # what it waits for happens in a server, which tells nobody
            await asyncio.sleep(0)


async def test_an_account_is_polled_when_it_is_due_and_not_before(watched: Watched) -> None:
    assert [await watched.watch.tick(), await watched.watch.tick()] == [1, 0]
    watched.clock.advance(59)
    assert await watched.watch.tick() == 0
    watched.clock.advance(1)
    assert await watched.watch.tick() == 1
    assert watched.api.count() == 2


async def test_people_who_ask_see_what_the_last_poll_saw_without_a_request(watched: Watched, core: Core) -> None:
    await core.find(AssistantQuery())
    watched.api.change(42, name="Anders")
    await watched.watch.tick()
    asked = watched.api.count()
    page = await core.find(AssistantQuery())
    assert "Anders" in {one.name for one in page.assistants}
    assert watched.api.count() == asked == 2


async def test_listeners_hear_of_what_a_poll_found(watched: Watched, core: Core) -> None:
    heard: list[tuple[str, frozenset[int]]] = []
    core.subscribe(lambda account, ids: heard.append((account, ids)))
    await watched.poll()
    watched.api.change(42, status="inactive")
    await watched.poll()
    assert heard == [("default", frozenset({42}))]


async def test_a_poll_waits_until_people_have_half_of_the_rate_limit(watched: Watched, core: Core) -> None:
    (source,) = core.sources
    for _ in range(11):
        await source.client.owner()
    assert await watched.watch.tick() == 0
    watched.clock.advance(11)
    assert await watched.watch.tick() == 1


async def test_people_who_never_stop_asking_hide_nothing_for_longer_than_a_minute(watched: Watched, core: Core) -> None:
    (source,) = core.sources
    polled = []
    for second in range(150):
        while source.client.spare() >= 10:
            await source.client.owner()
        if await watched.watch.tick():
            polled.append(second)
        watched.clock.advance(1)
    first, second = polled
    assert first == 60
    assert second - first in range(60, 63)


async def test_even_an_interval_of_a_second_leaves_half_of_the_rate_limit(
    core: Core, store: Store, demo_api: DemoApi, clock: ManualClock
) -> None:
    watch = Watch(core.sources, store.history, Rhythm(interval=1), clock=clock)
    (source,) = core.sources
    for _ in range(100):
        await watch.tick()
        assert source.client.spare() >= 9
        clock.advance(0.5)
    assert demo_api.count() > 30
    assert {request.status for request in demo_api.requests} == {200}


async def test_a_server_that_asks_for_time_is_left_alone(watched: Watched, core: Core) -> None:
    await watched.poll()
    watched.api.next_answers(faults.TooManyRequests(retry_after=500))
    await watched.poll()
    asked = watched.api.count()
    (source,) = core.sources
    with pytest.raises(RateLimited) as caught:
        await source.poll()
    assert caught.value.retry_after == pytest.approx(500)
    watched.clock.advance(499)
    assert await watched.watch.tick() == 0
    assert watched.api.count() == asked
    watched.clock.advance(1)
    assert await watched.watch.tick() == 1


async def test_two_watches_on_one_database_poll_and_tell_everything_once(watched: Watched, replica: Watch) -> None:
    await watched.poll()
    for round_ in range(10):
        watched.clock.advance(60)
        watched.api.change(42, name=f"Name {round_}")
        polls = await asyncio.gather(*(watch.tick() for watch in (watched.watch, replica) * 3))
        assert sum(polls) == 1
    assert watched.api.count() == 11
    assert [one.name for one in await watched.changes()] == [f"Name {round_}" for round_ in range(10)]


async def test_watches_that_take_turns_see_what_the_other_one_has_seen(watched: Watched, replica: Watch) -> None:
    await watched.poll()
    # Whoever went by what it saw itself last would not see that the name is the old one again.
    told = []
    for watch, name in ((replica, "Anders"), (watched.watch, "Sales Follow-up"), (watched.watch, "Anders")) * 3:
        watched.clock.advance(60)
        watched.api.change(42, name=name)
        assert await watch.tick() == 1
        told.append(name)
    assert [one.name for one in await watched.changes()] == [
        name for before, name in pairwise(["Sales Follow-up", *told]) if name != before
    ]


async def test_what_one_finds_after_another_took_over_is_thrown_away(
    watched: Watched, replica: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    await watched.poll()
    watched.clock.advance(60)
    watched.api.change(42, name="Anders")
    watched.api.next_answers(faults.Hang())
    caplog.set_level(logging.INFO, "shared.watch")
    slow = asyncio.create_task(watched.watch.tick())
    await until(lambda: watched.api.count() == 2)
    watched.clock.advance(120)
    assert await replica.tick() == 1
    await slow
    assert "thrown away" in caplog.text
    assert [one.kind for one in await watched.changes()] == [Kind.RENAMED]


def execute(sqlite_url: str, statement: str) -> None:
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        connection.execute(statement)
        connection.commit()


async def test_a_poll_that_could_neither_be_kept_nor_given_back_is_made_again_when_its_lease_has_ended(
    sqlite_url: str, core: Core, demo_api: DemoApi, clock: ManualClock
) -> None:
    async with open_store(sqlite_url, clock) as store:
        watched = Watched(demo_api, clock, store, Watch(core.sources, store.history, Rhythm(), clock=clock))
        await watched.poll()
        demo_api.change(42, name="Anders")
        demo_api.next_answers(faults.Hang())
        clock.advance(60)
        slow = asyncio.create_task(watched.watch.tick())
        await until(lambda: demo_api.count() == 2)
        execute(sqlite_url, "ALTER TABLE accounts RENAME TO hidden")
        await slow
        execute(sqlite_url, "ALTER TABLE hidden RENAME TO accounts")
        clock.advance(60)
        assert await watched.watch.tick() == 0
        clock.advance(60)
        assert await watched.watch.tick() == 1
        assert [one.name for one in await watched.changes()] == ["Anders"]


async def test_a_store_that_fails_ends_nothing_and_the_change_is_told_when_it_works_again(
    sqlite_url: str, core: Core, demo_api: DemoApi, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_store(sqlite_url, clock) as store:
        watched = Watched(demo_api, clock, store, Watch(core.sources, store.history, Rhythm(), clock=clock))
        await watched.poll()
        demo_api.change(42, name="Anders")
        for table in ("changes", "accounts"):
            clock.advance(60)
            execute(sqlite_url, f"ALTER TABLE {table} RENAME TO hidden")
            await watched.watch.tick()
            assert "The database refused a statement" in caplog.text
            caplog.clear()
            assert await watched.watch.tick() == 0
            execute(sqlite_url, f"ALTER TABLE hidden RENAME TO {table}")
        # The poll was given back: nobody waits for the lease to end.
        clock.advance(5)
        assert await watched.watch.tick() == 1
        assert [one.name for one in await watched.changes()] == ["Anders"]


async def test_one_accounts_spoilt_data_does_not_end_the_watch_over_others(
    sqlite_url: str, demo_api: DemoApi, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_store(sqlite_url, clock) as store, open_core(several(demo_api, 2), clock) as core:
        watch = Watch(core.sources, store.history, Rhythm(), clock=clock)
        assert await watch.tick() == 2
        execute(sqlite_url, """UPDATE versions SET body = '{"nonsense": 1}' WHERE account = 'account-0'""")
        demo_api.change(42, name="Anders")
        clock.advance(60)
        # Whoever has written them himself remembers them.
        async with open_store(sqlite_url, clock) as another:
            assert await Watch(core.sources, another.history, Rhythm(), clock=clock).tick() == 2
        assert [one.change.account for one in await store.history.changes(limit=9)] == ["account-1"]
        assert "“account-0” could not be polled" in caplog.text


def several(api: DemoApi, count: int) -> Settings:
    accounts = {f"account-{number}": {"api_key": f"key-{number}", "base_url": api.base_url} for number in range(count)}
    api.keys |= {str(account["api_key"]) for account in accounts.values()}
    return from_arguments(Settings, famulor_accounts=json.dumps(accounts))


async def test_accounts_by_the_dozen_are_all_polled_some_at_a_time(
    database_url: str, demo_api: DemoApi, clock: ManualClock
) -> None:
    demo_api.assistants[:] = [record for record in demo_api.assistants if record["id"] == 42]
    async with open_store(database_url, clock) as store, open_core(several(demo_api, 40), clock) as core:
        watch = Watch(core.sources, store.history, Rhythm(), clock=clock)
        assert [await watch.tick() for _ in range(3)] == [32, 8, 0]
        demo_api.change(42, name="Anders")
        clock.advance(60)
        async with watching(watch):
            await until(lambda: demo_api.count() >= 80)
        told = await store.history.changes(limit=100)
        assert len({one.change.account for one in told}) == len(told)


async def test_a_running_watch_tells_what_happens_until_it_is_ended(watched: Watched) -> None:
    async with watching(watched.watch):
        await until(lambda: watched.api.count() == 1)
        await until(lambda: watched.api.requests[-1].status == 200)
        watched.api.change(42, name="Anders")
        await until(lambda: watched.api.count() >= 3)
    assert [one.kind for one in await watched.changes()] == [Kind.RENAMED]
    asked = watched.api.count()
    watched.clock.advance(3600)
    await asyncio.sleep(0)
    assert watched.api.count() == asked


async def test_a_slow_account_keeps_no_other_waiting(store: Store, demo_api: DemoApi, clock: ManualClock) -> None:
    async with open_core(several(demo_api, 2), clock) as core:
        demo_api.next_answers(faults.Hang())
        async with watching(Watch(core.sources, store.history, Rhythm(lease=1e6), clock=clock)):
            await until(lambda: demo_api.count() >= 5)


@pytest.mark.parametrize("steps", [0, 2, 5, 13, 34, 89, 233])
async def test_wherever_a_watch_is_ended_another_goes_on_at_once_and_nothing_is_lost(
    watched: Watched, replica: Watch, steps: int
) -> None:
    await watched.poll()
    watched.api.change(42, name="Anders")
    watched.clock.advance(60)
    ticking = asyncio.create_task(watched.watch.tick())
    await until(lambda: watched.api.count() == 2)
    for _ in range(steps):
        await asyncio.sleep(0)
    ticking.cancel()
    await asyncio.wait([ticking])
    await replica.tick()
    assert [one.name for one in await watched.changes()] == ["Anders"]


def test_naming_the_watch_loads_no_database_library() -> None:
    program = "import sys, shared.watch; print([name for name in ('sqlalchemy', 'alembic') if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)  # noqa: S603 # ours
    assert ran.stdout == "[]\n"


async def test_a_watch_that_breaks_in_a_way_nobody_foresaw_says_so_at_the_end(
    store: Store, core: Core, clock: ManualClock
) -> None:
    watch = Watch(core.sources, store.history, Rhythm(history_days=10**10), clock=clock)

    async def until_it_breaks() -> None:
        async with watching(watch):
            for _ in range(10):
                await asyncio.sleep(0)

    with pytest.raises(ExceptionGroup) as caught:
        await until_it_breaks()
    assert caught.group_contains(OverflowError)
