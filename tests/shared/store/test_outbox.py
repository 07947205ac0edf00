"""Deliveries: given to one at a time, in their order, and never lost."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import text

from shared.alerts import DeliveryKind
from shared.store import Delivery, Store, open_store
from tests.clocks import ManualClock
from tests.shared.store.telling import LEASE, OFF, ON, PLACE, assistant, posted, route, sees, subscribed, switched

SECOND = timedelta(seconds=1)


async def owed(store: Store, clock: ManualClock, *places: str, times: int = 1) -> None:
    """So many alerts to each of these places, about assistants 1, 2 and so on."""
    for place in places or (PLACE,):
        await subscribed(store, place)
    await sees(store, clock, *(assistant(number) for number in range(1, times + 1)))
    for count in range(1, times + 1):
        await sees(store, clock, *(assistant(one, status=OFF if one <= count else ON) for one in range(1, times + 1)))
        await route(store)


def about(deliveries: list[Delivery]) -> list[int | None]:
    return [stored.change.assistant for delivery in deliveries for stored in delivery.changes]


async def test_a_delivery_is_given_to_one_of_all_who_ask_at_once(
    store: Store, other: Store, clock: ManualClock
) -> None:
    places = [f"T1/C{number}" for number in range(20)]
    await owed(store, clock, *places)
    claims = await asyncio.gather(
        *(each.outbox.claim(owner, LEASE, 3) for each, owner in ((store, "one"), (other, "two")) * 8)
    )
    given = [delivery for some in claims for delivery in some]
    assert all(len(some) <= 3 for some in claims)
    assert len({delivery.id for delivery in given}) == len(given)
    given += await store.outbox.claim("one", LEASE, 99)
    assert sorted(delivery.place for delivery in given) == sorted(places)
    assert await other.outbox.claim("two", LEASE, 99) == []


async def test_a_place_is_told_one_thing_after_the_other_and_one_a_second(
    store: Store, other: Store, clock: ManualClock
) -> None:
    await owed(store, clock, times=4)
    for number in range(1, 5):
        (delivery,) = await store.outbox.claim("one", LEASE, 9)
        assert about([delivery]) == [number]
        # Nobody else comes in between, whoever asks.
        assert await other.outbox.claim("two", LEASE, 9) == []
        assert await store.outbox.posted(delivery, f"ts {number}")
        assert await other.outbox.claim("two", LEASE, 9) == []
        clock.advance(1)


async def test_a_place_that_is_busy_is_passed_over(store: Store, clock: ManualClock) -> None:
    await owed(store, clock, PLACE, "T1/C2", "T1/C3")
    assert [one.place for one in await store.outbox.claim("one", LEASE, 9, {PLACE, "T1/C3"})] == ["T1/C2"]
    assert [one.place for one in await store.outbox.claim("one", LEASE, 9)] == [PLACE, "T1/C3"]


async def test_the_longest_owed_come_first(store: Store, clock: ManualClock) -> None:
    await owed(store, clock, "T1/C9")
    await owed(store, clock, "T1/C1")
    assert [one.place for one in await store.outbox.claim("one", LEASE, 1)] == ["T1/C9"]


async def test_one_that_somebody_is_about_to_take_is_passed_over_without_waiting(
    postgresql_url: str, clock: ManualClock
) -> None:
    async with open_store(postgresql_url, clock) as store, open_store(postgresql_url, clock) as other:
        await owed(store, clock, PLACE, "T1/C2")
        async with store.database.writing() as connection:
            await connection.execute(text("SELECT 1 FROM deliveries WHERE place = :place FOR UPDATE"), {"place": PLACE})
            assert [one.place for one in await other.outbox.claim("two", LEASE, 9)] == ["T1/C2"]


async def test_what_failed_is_tried_again_when_it_is_due_and_those_behind_it_wait(
    store: Store, other: Store, clock: ManualClock
) -> None:
    await owed(store, clock, PLACE, "T1/C2", times=2)
    (first, elsewhere) = await store.outbox.claim("one", LEASE, 9)
    assert await store.outbox.failed(first, "ratelimited \0 “ß”", clock.now() + 30 * SECOND)
    assert await store.outbox.posted(elsewhere, "ts")
    clock.advance(29)
    assert about(await other.outbox.claim("two", LEASE, 9)) == [2]
    clock.advance(1)
    (again,) = await other.outbox.claim("two", LEASE, 9)
    assert (again.id, again.attempt, again.error, again.place) == (first.id, 2, "ratelimited \0 “ß”", PLACE)


async def test_what_is_taken_over_can_be_given_back_by_its_new_owner_alone(
    store: Store, other: Store, clock: ManualClock
) -> None:
    await owed(store, clock)
    (slow,) = await store.outbox.claim("slow", LEASE, 9)
    clock.advance(LEASE.total_seconds() - 1)
    assert await other.outbox.claim("quick", LEASE, 9) == []
    clock.advance(1)
    (quick,) = await other.outbox.claim("quick", LEASE, 9)
    assert not await store.outbox.failed(slow, "timed out", clock.now())
    assert not await store.outbox.set_aside(slow, "gone")
    assert await store.outbox.claim("slow", LEASE, 9) == []
    assert await other.outbox.failed(quick, "timed out", clock.now())


async def test_what_was_posted_twice_after_a_lease_ended_is_known(
    store: Store, other: Store, clock: ManualClock
) -> None:
    await owed(store, clock)
    (slow,) = await store.outbox.claim("slow", LEASE, 9)
    clock.advance(LEASE.total_seconds())
    (quick,) = await other.outbox.claim("quick", LEASE, 9)
    assert await store.outbox.posted(slow, "ts slow")
    assert not await other.outbox.posted(quick, "ts quick")
    assert not await other.outbox.failed(quick, "timed out", clock.now())
    (matter,) = await store.matters.open_of(PLACE)
    assert matter.message == "ts slow"


async def test_what_is_posted_although_it_was_set_aside_meanwhile_is_posted(
    store: Store, other: Store, clock: ManualClock
) -> None:
    await owed(store, clock)
    (slow,) = await store.outbox.claim("slow", LEASE, 9)
    clock.advance(LEASE.total_seconds())
    (quick,) = await other.outbox.claim("quick", LEASE, 9)
    assert await other.outbox.set_aside(quick, "timed out for a day")
    assert await store.outbox.posted(slow, "ts")
    assert await store.outbox.aside() == []


async def test_a_message_that_had_to_be_posted_anew_is_where_the_matter_is_found(
    store: Store, clock: ManualClock
) -> None:
    await subscribed(store)
    await switched(store, clock, ON, OFF)
    await posted(store, clock)
    await switched(store, clock, ON)
    (delivery,) = await store.outbox.claim("one", LEASE, 9)
    assert delivery.matter is not None
    assert await store.outbox.posted(delivery, "another ts")
    found = await store.matters.get(delivery.matter.id)
    assert found is not None
    assert found.message == "another ts"


async def test_where_there_was_nothing_to_do_the_matter_keeps_its_message(store: Store, clock: ManualClock) -> None:
    await subscribed(store)
    await switched(store, clock, ON, OFF)
    await posted(store, clock)
    (matter,) = await store.matters.open_of(PLACE)
    await store.matters.acknowledge(matter.id, "U1")
    (update,) = await store.outbox.claim("one", LEASE, 9)
    assert await store.outbox.posted(update, "")
    assert [one.message for one in await store.matters.open_of(PLACE)] == [matter.message]


async def test_what_is_set_aside_lets_those_behind_it_come_and_is_owed_again_on_request(
    store: Store, other: Store, clock: ManualClock
) -> None:
    await owed(store, clock, PLACE, "T1/C2", times=2)
    for delivery in await store.outbox.claim("one", LEASE, 9):
        assert await store.outbox.set_aside(delivery, f"msg_too_long at {delivery.place}")
    assert about(await posted(store, clock)) == [2, 2]
    assert [(one.place, one.error) for one in await other.outbox.aside()] == [
        ("T1/C2", "msg_too_long at T1/C2"),
        (PLACE, f"msg_too_long at {PLACE}"),
    ]
    assert len(await other.outbox.aside(limit=1)) == 1
    (aside,) = await other.outbox.aside(PLACE)
    clock.advance(86400)
    retried = await asyncio.gather(*(each.outbox.retry(aside.id) for each in (store, other) * 3))
    assert Counter(retried) == {False: 5, True: 1}
    (again,) = await store.outbox.claim("one", LEASE, 9)
    assert (about([again]), again.owed_at) == ([1], clock.now())
    assert not await store.outbox.retry(2**62)
    assert [one.place for one in await other.outbox.aside()] == ["T1/C2"]


async def test_health_says_how_much_is_owed_and_since_when(store: Store, clock: ManualClock) -> None:
    assert (await store.outbox.depth(), await store.outbox.oldest_due()) == (0, None)
    await owed(store, clock, times=3)
    began = clock.now() - 2 * 60 * SECOND
    clock.advance(600)
    assert (await store.outbox.depth(), await store.outbox.oldest_due()) == (3, began)
    # One that is held, or waits for its next attempt, is owed still.
    (delivery,) = await store.outbox.claim("one", LEASE, 9)
    await store.outbox.failed(delivery, "ratelimited", clock.now() + 60 * SECOND)
    assert (await store.outbox.depth(), await store.outbox.oldest_due()) == (3, began)
    clock.advance(60)
    await posted(store, clock)
    assert (await store.outbox.depth(), await store.outbox.oldest_due()) == (0, None)


async def test_word_to_people_does_not_wait_behind_what_a_place_can_not_be_told(
    store: Store, clock: ManualClock
) -> None:
    await owed(store, clock)
    await subscribed(store, created_by="U2")
    await store.subscriptions.pause(PLACE, "is_archived")
    (aside,) = await store.outbox.aside()
    await store.outbox.retry(aside.id)
    claimed = await store.outbox.claim("one", LEASE, 9)
    assert sorted((one.kind.value, one.recipient) for one in claimed) == [
        (DeliveryKind.ALERT.value, ""),
        (DeliveryKind.NOTICE.value, "U1"),
        (DeliveryKind.NOTICE.value, "U2"),
    ]


@pytest.mark.parametrize("limit", [0, 1])
async def test_no_more_are_given_than_were_asked_for(store: Store, clock: ManualClock, limit: int) -> None:
    await owed(store, clock, PLACE, "T1/C2")
    assert len(await store.outbox.claim("one", LEASE, limit)) == limit


async def test_who_takes_over_a_message_of_several_parts_knows_which_one_is_posted(
    store: Store, other: Store, clock: ManualClock
) -> None:
    await owed(store, clock)
    (slow,) = await store.outbox.claim("slow", LEASE, 9)
    assert slow.message == ""
    assert await store.outbox.begun(slow, "ts head")
    clock.advance(LEASE.total_seconds())
    (quick,) = await other.outbox.claim("quick", LEASE, 9)
    assert quick.message == "ts head"
    assert not await store.outbox.begun(slow, "ts another head")
    assert await other.outbox.posted(quick, quick.message)
