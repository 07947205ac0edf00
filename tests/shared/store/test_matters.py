"""What places have been told of: found by number, acknowledged once, closed in time."""

import asyncio
from datetime import time, timedelta

from shared.alerts import QuietHours, Standing
from shared.models import Severity
from shared.store import Store
from tests.clocks import ManualClock
from tests.shared.store.telling import HOUR, OFF, ON, PLACE, assistant, posted, route, sees, subscribed, switched

WEEK = timedelta(days=7)


async def test_a_matter_has_its_first_and_its_latest_changes_and_counts_all(
    store: Store, other: Store, clock: ManualClock
) -> None:
    await subscribed(store)
    for number in range(31):
        await sees(store, clock, assistant(42, name=f"Name {number}"))
        await route(store)
    (matter,) = await other.matters.open_of(PLACE)
    assert [change.after for change in matter.changes] == ["Name 1", *(f"Name {number}" for number in range(11, 31))]
    assert matter.total == 30
    assert await store.matters.get(matter.id) == matter
    assert await store.matters.get(matter.id + 1) is None
    assert await store.matters.open_of("T1/C2") == []


async def test_who_acknowledged_first_stays_and_the_message_is_updated_once(
    store: Store, other: Store, clock: ManualClock
) -> None:
    await subscribed(store)
    await switched(store, clock, ON, OFF)
    await posted(store, clock)
    (matter,) = await store.matters.open_of(PLACE)
    found = await asyncio.gather(
        *(each.matters.acknowledge(matter.id, f"U{number}") for number, each in enumerate((store, other) * 3))
    )
    assert len({one and one.acknowledged_by for one in found}) == 1
    (update_owed,) = await posted(store, clock)
    assert update_owed.changes == ()
    assert update_owed.matter is not None
    assert (update_owed.matter.id, update_owed.matter.acknowledged_at) == (
        matter.id,
        found[0] and found[0].acknowledged_at,
    )
    assert await store.matters.acknowledge(matter.id + 1, "U1") is None


async def test_a_matter_that_nothing_is_heard_of_for_a_week_is_closed_in_silence(
    store: Store, clock: ManualClock
) -> None:
    await subscribed(store)
    await switched(store, clock, ON, OFF)
    await posted(store, clock)
    (matter,) = await store.matters.open_of(PLACE)
    clock.advance((WEEK - HOUR).total_seconds())
    assert await store.matters.close_lapsed() == []
    assert await store.matters.open_of(PLACE) == [matter]
    clock.advance(HOUR.total_seconds())
    assert await store.matters.close_lapsed() == []
    found = await store.matters.get(matter.id)
    assert found is not None
    assert (found.standing, found.closed_at) == (Standing.LAPSED, clock.now())
    assert await posted(store, clock) == []
    await switched(store, clock, ON)
    (told,) = await posted(store, clock)
    assert told.matter is not None
    assert told.matter.id > matter.id


async def test_flapping_that_ends_in_quiet_hours_is_seen_to_be_over_after_them(
    store: Store, clock: ManualClock
) -> None:
    await subscribed(store)
    await switched(store, clock, ON, OFF, ON, OFF)
    await posted(store, clock)
    await store.places.set_quiet(PLACE, QuietHours(start=time(12), end=time(14), zone="UTC"), by="U1")
    clock.advance(1800)
    assert len(await store.matters.close_lapsed()) == 1
    assert await posted(store, clock) == []
    clock.advance(2 * 3600)
    assert len(await posted(store, clock)) == 1


async def test_flapping_that_ends_where_nobody_is_told_anything_any_more_owes_nothing(
    store: Store, clock: ManualClock
) -> None:
    for place in (PLACE, "T1/C2", "T1/C3"):
        await subscribed(store, place)
    await switched(store, clock, ON, OFF, ON, OFF)
    await posted(store, clock)
    await store.subscriptions.remove_all(PLACE)
    await store.subscriptions.pause("T1/C2", "is_archived")
    clock.advance(1800)
    assert len(await store.matters.close_lapsed()) == 1
    assert [delivery.place for delivery in await posted(store, clock) if delivery.matter] == ["T1/C3"]
    assert await store.matters.open_of("T1/C2") == []


async def test_a_change_that_is_graver_than_those_before_it_is_known_by_that(store: Store, clock: ManualClock) -> None:
    await subscribed(store)
    urls = ["https://a/1", "https://a/2", "https://b/2", "https://c/2", "https://c/3"]
    for url in urls:
        await sees(store, clock, assistant(42, webhook_url=url))
        await route(store)
    told = await posted(store, clock)
    assert [delivery.changes[0].change.severity for delivery in told] == [
        Severity.WARNING,
        Severity.CRITICAL,
        Severity.CRITICAL,
        Severity.WARNING,
    ]
    assert [delivery.graver for delivery in told] == [False, True, False, False]
