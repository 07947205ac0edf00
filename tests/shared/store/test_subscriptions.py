"""What places want to hear of, kept for every replica."""

import asyncio
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.alerts import DeliveryKind
from shared.models import Severity
from shared.query import AssistantQuery, Choice
from shared.store import Store
from tests.clocks import ManualClock
from tests.shared.store.telling import LEASE, OFF, ON, PLACE, posted, sees, subscribed, switched
from tests.shared.store.telling import assistant as one

VALUES = st.lists(st.text(min_size=1), max_size=3).map(tuple)
CHOICES = st.builds(Choice, include=VALUES, exclude=VALUES)
QUERIES = st.builds(
    AssistantQuery,
    account=CHOICES,
    status=CHOICES,
    language=CHOICES,
    search=st.lists(CHOICES, max_size=2).map(tuple),
    updated_since=st.none() | st.datetimes(min_value=datetime(1980, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)


async def test_a_subscription_is_as_it_was_made_for_every_replica(
    store: Store, other: Store, clock: ManualClock
) -> None:
    made = await store.subscriptions.add(
        PLACE, "U1", AssistantQuery(status=Choice(include=("active",))), {"status", "account"}, Severity.WARNING
    )
    assert made.created_at == clock.now()
    assert (made.place, made.created_by, made.minimum, made.paused) == (PLACE, "U1", Severity.WARNING, "")
    assert made.groups == {"status", "account"}
    assert made.query.status.include == ("active",)
    assert await other.subscriptions.get(made.id) == made
    assert await other.subscriptions.of(PLACE) == await other.subscriptions.of() == [made]
    assert await other.subscriptions.of("T1/C2") == []
    assert await other.subscriptions.get(made.id + 1) is None


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=QUERIES, groups=st.sets(st.sampled_from(["status", "prompt", "webhook", "config", "account"])))
async def test_whatever_a_query_asks_for_comes_back(store: Store, query: AssistantQuery, groups: set[str]) -> None:
    made = await subscribed(store, query=query, groups=groups)
    assert made.query == query
    assert set(made.groups) == groups
    assert await store.subscriptions.get(made.id) == made


async def test_a_query_is_kept_without_its_order_and_page(store: Store) -> None:
    made = await subscribed(store, query=AssistantQuery(limit=3, cursor="x"))
    assert made.query == AssistantQuery()


async def test_a_group_that_there_is_not_is_refused_and_nothing_stored(store: Store) -> None:
    with pytest.raises(ValidationError):
        await subscribed(store, groups={"weather"})
    assert await store.subscriptions.of() == []


async def test_a_subscription_is_removed_at_its_own_place_alone_and_its_number_not_given_again(store: Store) -> None:
    first, second = await subscribed(store), await subscribed(store)
    assert not await store.subscriptions.remove(second.id, "T1/C2")
    assert not await store.subscriptions.remove(2**62, PLACE)
    removed = await asyncio.gather(*(store.subscriptions.remove(second.id, PLACE) for _ in range(5)))
    assert sorted(removed) == [False] * 4 + [True]
    assert await store.subscriptions.get(second.id) is None
    assert await store.subscriptions.of(PLACE) == [first]
    assert (await subscribed(store)).id > second.id


async def test_all_of_a_place_are_removed_at_once(store: Store) -> None:
    for _ in range(60):
        await subscribed(store)
    elsewhere = await subscribed(store, "T1/C2")
    assert await store.subscriptions.remove_all(PLACE) == 60
    assert await store.subscriptions.remove_all(PLACE) == 0
    assert await store.subscriptions.of() == [elsewhere]


async def test_what_is_owed_for_a_removed_subscription_alone_is_withdrawn(store: Store, clock: ManualClock) -> None:
    first, second = await subscribed(store), await subscribed(store)
    await subscribed(store, "T1/C2")
    await switched(store, clock, ON, OFF)
    await store.subscriptions.remove(first.id, PLACE)
    assert await store.outbox.depth() == 2
    await store.subscriptions.remove(second.id, PLACE)
    assert [delivery.place for delivery in await posted(store, clock)] == ["T1/C2"]


async def test_a_place_where_nothing_can_be_posted_is_paused_and_each_creator_is_told_once(
    store: Store, other: Store, clock: ManualClock
) -> None:
    mine = [await subscribed(store) for _ in range(2)]
    theirs = await subscribed(store, created_by="U2")
    elsewhere = await subscribed(store, "T1/C2")
    await switched(store, clock, ON, OFF)
    paused = await asyncio.gather(*(each.subscriptions.pause(PLACE, "is_archived") for each in (store, other) * 3))
    assert sorted(map(len, paused)) == [0, 0, 0, 0, 0, 3]
    found = await other.subscriptions.of(PLACE)
    assert [(one.id, one.paused, one.paused_at) for one in found] == [
        (number, "is_archived", clock.now()) for number in (mine[0].id, mine[1].id, theirs.id)
    ]
    assert await store.subscriptions.get(elsewhere.id) == elsewhere
    told = [delivery for delivery in await posted(store, clock) if delivery.kind is DeliveryKind.NOTICE]
    assert [(notice.recipient, notice.place, notice.note, notice.subscriptions) for notice in told] == [
        ("U1", PLACE, "is_archived", (mine[0].id, mine[1].id)),
        ("U2", PLACE, "is_archived", (theirs.id,)),
    ]


async def test_what_was_owed_to_a_paused_place_is_set_aside_where_people_can_see_it(
    store: Store, clock: ManualClock
) -> None:
    await subscribed(store)
    await switched(store, clock, ON, OFF)
    (held,) = await store.outbox.claim("one", LEASE, 1)
    await store.subscriptions.pause(PLACE, "channel_not_found")
    (aside,) = await store.outbox.aside(PLACE)
    assert (aside.id, aside.error) == (held.id, "channel_not_found")
    assert not await store.outbox.set_aside(held, "channel_not_found")
    assert not await store.outbox.failed(held, "later", clock.now())
    assert [delivery.kind for delivery in await posted(store, clock)] == [DeliveryKind.NOTICE]


async def test_a_paused_place_hears_of_what_is_seen_after_it_was_resumed(store: Store, clock: ManualClock) -> None:
    made = await subscribed(store)
    await sees(store, clock, one(42))
    await store.subscriptions.pause(PLACE, "not_in_channel")
    await switched(store, clock, OFF)
    assert [resumed.id for resumed in await store.subscriptions.resume(PLACE)] == [made.id]
    assert await store.subscriptions.resume(PLACE) == []
    assert await store.subscriptions.get(made.id) == made
    await switched(store, clock, ON)
    told = [delivery for delivery in await posted(store, clock) if delivery.kind is not DeliveryKind.NOTICE]
    assert [[stored.change.kind.value for stored in delivery.changes] for delivery in told] == [["activated"]]


async def test_a_second_pause_is_told_again(store: Store, clock: ManualClock) -> None:
    await subscribed(store)
    for _ in range(2):
        await store.subscriptions.pause(PLACE, "is_archived")
        await store.subscriptions.resume(PLACE)
    assert len(await posted(store, clock)) == 2
