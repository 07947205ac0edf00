"""Keys that are given out once."""

import asyncio
from datetime import timedelta

from sqlalchemy import func, select

from shared.store import Store, tables
from tests.clocks import ManualClock

HOUR = timedelta(hours=1)


async def test_of_all_who_come_at_once_with_a_key_one_is_first(store: Store, other: Store) -> None:
    for key in ("envelope 1", "envelope 2", "x" * 2000, "' OR 1=1 --", "ß„“"):
        answers = await asyncio.gather(*(one.claims.first(key, HOUR) for one in (store, other) * 10))
        assert sorted(answers) == [False] * 19 + [True]
        assert not await store.claims.first(key, HOUR)


async def test_a_key_is_free_again_when_its_time_is_over(store: Store, other: Store, clock: ManualClock) -> None:
    assert await store.claims.first("envelope", timedelta(minutes=10))
    clock.advance(599)
    assert not await other.claims.first("envelope", timedelta(minutes=10))
    clock.advance(1)
    assert await other.claims.first("envelope", timedelta(minutes=10))
    assert not await store.claims.first("envelope", timedelta(minutes=10))


async def test_old_keys_are_forgotten_now_and_then(store: Store, clock: ManualClock) -> None:
    for number in range(20):
        assert await store.claims.first(f"envelope {number}", timedelta(minutes=10))
    clock.advance(HOUR.total_seconds())
    assert await store.claims.first("another", HOUR)
    async with store.database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(tables.claims)) == 1
