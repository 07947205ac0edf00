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


async def test_who_takes_a_key_is_told_what_is_set_for_the_places_that_they_name(store: Store, other: Store) -> None:
    await other.places.set_language("T1/C1", "de", by="U1")
    names = ["T1/C1", "T1/nobody's", "' OR 1=1 --"]
    taken = await asyncio.gather(*(store.claims.take(f"envelope {n % 8}", HOUR, names[n % 3 :]) for n in range(24)))
    assert [one.first for one in taken] == [True] * 8 + [False] * 16
    assert [[*one.places] for one in taken] == [["T1/C1"], [], []] * 8
    assert taken[0].places["T1/C1"] == await store.places.get("T1/C1")


async def test_a_key_that_no_database_takes_is_no_harm_to_those_that_come_with_it(store: Store) -> None:
    broken, *others = await asyncio.gather(
        store.claims.take("\ud800", HOUR), *(store.claims.first(f"{n}", HOUR) for n in range(5)), return_exceptions=True
    )
    assert isinstance(broken, Exception)
    assert others == [True] * 5
