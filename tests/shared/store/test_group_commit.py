"""What many have posted at the same time is written down together, and nobody suffers from another's failure."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import Engine

from shared.alerts import Mute
from shared.errors import StoreError, StoreUnavailable
from shared.query import AssistantQuery, Choice
from shared.store import Delivery, Routed, Store, open_store, routing
from shared.store.group_commit import GroupCommit
from tests.clocks import ManualClock
from tests.shared.store import telling
from tests.shared.store.telling import LEASE, OFF, ON, assistant, route, sees, subscribed, switched

PLACES = [f"T1/C{number:02}" for number in range(20)]


async def claimed(store: Store, clock: ManualClock) -> list[Delivery]:
    """A delivery to each of the places, all of them about one change."""
    for place in PLACES:
        await subscribed(store, place)
    await switched(store, clock, ON, OFF)
    return await store.outbox.claim("one", LEASE, len(PLACES))


async def posted(store: Store, deliveries: Sequence[Delivery]) -> list[bool | BaseException]:
    return await asyncio.gather(
        *(store.outbox.posted(one, f"ts {one.id}") for one in deliveries), return_exceptions=True
    )


@contextmanager
def counted_commits() -> Iterator[list[None]]:
    commits: list[None] = []

    def committed(_connection: object) -> None:
        commits.append(None)

    event.listen(Engine, "commit", committed)
    try:
        yield commits
    finally:
        event.remove(Engine, "commit", committed)


async def test_many_posts_take_two_commits_and_one_that_comes_alone_takes_one(store: Store, clock: ManualClock) -> None:
    deliveries = await claimed(store, clock)
    assert [one.place for one in deliveries] == PLACES
    with counted_commits() as commits:
        assert await store.outbox.posted(deliveries[0], "ts alone")
        assert len(commits) == 1
        # The first of them does not wait for the others, which come meanwhile.
        assert await posted(store, [*deliveries[1:], deliveries[1]]) == [*[True] * 19, False]
        assert len(commits) == 3
    assert await posted(store, deliveries) == [False] * 20
    for delivery in deliveries:
        assert delivery.matter is not None
        matter = await store.matters.get(delivery.matter.id)
        assert matter is not None
        assert matter.message == ("ts alone" if delivery is deliveries[0] else f"ts {delivery.id}")
    clock.advance(LEASE.total_seconds())
    assert await store.outbox.claim("two", LEASE, 99) == []


async def test_what_can_not_be_written_down_undoes_nothing_that_is_written_with_it(
    postgresql_url: str, clock: ManualClock
) -> None:
    async with open_store(postgresql_url, clock) as store:
        deliveries = await claimed(store, clock)
        # PostgreSQL takes no NUL, which no Slack sends.
        messages = ["\0" if one.id % 7 == 1 else f"ts {one.id}" for one in deliveries]
        bad = [message == "\0" for message in messages]
        assert sum(bad) == 3
        written = await asyncio.gather(*map(store.outbox.posted, deliveries, messages), return_exceptions=True)
        assert [isinstance(one, StoreError) for one in written] == bad
        assert [one is True for one in written] == [not one for one in bad]
        assert await posted(store, deliveries) == bad


async def test_who_is_told_to_stop_while_he_writes_for_all_takes_nobody_with_him(
    store: Store, other: Store, clock: ManualClock
) -> None:
    deliveries = await claimed(store, clock)
    async with other.database.writing() as connection:
        # Another replica's transaction, which ours have to wait for.
        await connection.execute(text("UPDATE deliveries SET note = note"))
        first, *rest = (asyncio.create_task(store.outbox.posted(one, "ts")) for one in deliveries)
        while not store.outbox._posted._turn.locked():  # noqa: ASYNC110, SLF001 # nobody tells
            await asyncio.sleep(0)
        for _turn in range(5):
            await asyncio.sleep(0)
        first.cancel()
        await asyncio.wait([first])
        assert first.cancelled()
    assert await asyncio.gather(*rest) == [True] * 19


async def test_a_database_that_is_away_is_asked_once_for_all_who_wait() -> None:
    asked: list[Sequence[int]] = []

    async def write(items: Sequence[int]) -> Sequence[int]:
        asked.append(items)
        await asyncio.sleep(0)
        if len(asked) <= 2:
            raise StoreUnavailable(evidence="test")
        return [item * 2 for item in items]

    together = GroupCommit(write)
    found = await asyncio.gather(*map(together, range(5)), return_exceptions=True)
    assert [type(one) for one in found] == [StoreUnavailable] * 5
    assert await asyncio.gather(*map(together, range(5))) == [0, 2, 4, 6, 8]
    assert asked == [[0], [1, 2, 3, 4], [0], [1, 2, 3, 4]]


async def test_what_is_claimed_knows_what_is_set_for_its_place_and_its_assistant(
    store: Store, clock: ManualClock
) -> None:
    await store.places.set_language(PLACES[1], "de", by="U1")
    deliveries = await claimed(store, clock)
    assert {one.place for one in deliveries if one.language == "de"} == {PLACES[1]}
    assert [one.assistant and one.assistant.status for one in deliveries] == [OFF] * 20
    assert {one.mute for one in deliveries} == {None}
    muted = Mute(place=PLACES[2], account="default", assistant=42, until=clock.now() + 2 * LEASE, by="U1")
    await store.mutes.mute(muted)
    clock.advance(LEASE.total_seconds())
    assert {one.place: one.mute for one in await store.outbox.claim("two", LEASE, 99)} == {
        place: muted if place == PLACES[2] else None for place in PLACES
    }
    for _poll in range(2):  # an account that is suddenly empty is believed the second time
        await sees(store, clock)
    clock.advance(2 * LEASE.total_seconds())
    gone = await store.outbox.claim("three", LEASE, 99)
    assert [(one.assistant, one.mute) for one in gone] == [(None, None)] * 20


async def test_however_many_places_are_decided_on_together_each_is_told_in_order(
    store: Store, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routing, "WRITTEN_AT_ONCE", 5)
    parts = [range(1, 7), range(101, 107), range(201, 203)]
    for place in PLACES[:4]:
        for part in parts:
            await subscribed(store, place, query=AssistantQuery(ids=Choice.parse(",".join(map(str, part)))))
    numbers = [number for part in parts for number in part]
    await sees(store, clock, *(assistant(number) for number in numbers))
    await sees(store, clock, *(assistant(number, status=OFF) for number in numbers))
    assert await route(store) == Routed(len(numbers), 4 * 4)
    told: dict[str, list[list[int | None]]] = defaultdict(list)
    for delivery in await telling.posted(store, clock):
        told[delivery.place].append([stored.change.assistant for stored in delivery.changes])
    # Two summaries, alike until somebody asks what they tell, and two alerts.
    assert told == {place: [list(parts[0]), list(parts[1]), [201], [202]] for place in PLACES[:4]}
