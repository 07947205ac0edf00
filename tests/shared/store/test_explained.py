"""Why a place was told of something, or was not."""

from datetime import time

from shared.alerts import DeliveryKind, QuietHours, Why
from shared.models import Kind, Language, Names, Severity
from shared.query import AssistantQuery, Choice
from shared.store import DeliveryState, Explained, Store
from tests.clocks import ManualClock
from tests.shared.store.telling import LEASE, OFF, ON, PLACE, assistant, posted, route, sees, subscribed, switched


async def latest(store: Store) -> int:
    return (await store.history.changes(limit=1))[0].id


def whys(explained: list[Explained]) -> list[tuple[int, Why]]:
    return [(one.subscription.id, one.verdict.why) for one in explained]


async def test_a_matter_says_by_which_subscription_each_change_was_posted_when_and_as_what(
    store: Store, other: Store, clock: ManualClock
) -> None:
    first, second = await subscribed(store), await subscribed(store)
    minor = await subscribed(store, minimum=Severity.CRITICAL)
    await subscribed(store, "T1/C2")
    await switched(store, clock, ON, OFF)
    posted_at = clock.now()
    (delivery, _elsewhere) = await posted(store, clock)
    await switched(store, clock, ON)
    assert delivery.matter is not None
    explained = await other.outbox.explain(PLACE, matter=delivery.matter.id)
    assert (
        whys(explained)
        == [
            (first.id, Why.TOLD),
            (second.id, Why.TWICE),
            (minor.id, Why.TOO_MINOR),
        ]
        * 2
    )
    told, twice, untold, owed, *_others = explained
    for one in (told, twice):
        assert (one.kind, one.state, one.posted_at, one.message, one.matter) == (
            DeliveryKind.ALERT,
            DeliveryState.POSTED,
            posted_at,
            f"ts {delivery.id}",
            delivery.matter.id,
        )
    assert (untold.kind, untold.state, untold.matter) == (None, None, None)
    assert (owed.change.change.kind, owed.state, owed.posted_at) == (Kind.ACTIVATED, DeliveryState.OWED, None)
    # Its number says nothing to another place.
    assert await store.outbox.explain("T1/C2", matter=delivery.matter.id) == []


async def test_a_change_without_an_alert_says_why_there_is_none(store: Store, clock: ManualClock) -> None:
    await sees(store, clock, assistant(42), assistant(7))
    number_of = {
        Why.OTHER_GROUP: (await subscribed(store, groups={"prompt"})).id,
        Why.TOO_MINOR: (await subscribed(store, minimum=Severity.CRITICAL)).id,
        Why.OTHER_ASSISTANT: (await subscribed(store, query=AssistantQuery(ids=Choice(include=("7",))))).id,
        Why.PENDING: (await subscribed(store)).id,
    }
    await sees(store, clock, assistant(42, status=OFF), assistant(7))
    clock.advance(1)
    number_of[Why.EARLIER] = (await subscribed(store)).id
    change = await latest(store)
    assert {why: number for number, why in whys(await store.outbox.explain(PLACE, change=change))} == number_of
    await route(store)
    number_of[Why.TOLD] = number_of.pop(Why.PENDING)
    assert {why: number for number, why in whys(await store.outbox.explain(PLACE, change=change))} == number_of
    assert await store.outbox.explain("T1/C3", change=change) == []
    assert await store.outbox.explain(PLACE, change=change + 1) == []
    assert await store.outbox.explain(PLACE, matter=2**62) == []


async def test_what_is_held_says_until_when_and_where_it_went(store: Store, clock: ManualClock) -> None:
    await subscribed(store)
    hours = QuietHours(start=time(12), end=time(14), zone="UTC")
    await store.places.set_quiet(PLACE, hours, by="U1")
    await switched(store, clock, ON, OFF)
    until = hours.until(clock.now())
    clock.advance(2 * 3600)
    await posted(store, clock)
    (held,) = await store.outbox.explain(PLACE, change=await latest(store))
    assert (held.verdict.why, held.verdict.until, held.kind, held.state) == (
        Why.HELD,
        until,
        DeliveryKind.DIGEST,
        DeliveryState.POSTED,
    )
    assert until is not None


async def test_what_was_set_aside_or_withdrawn_says_so(store: Store, clock: ManualClock) -> None:
    made = await subscribed(store)
    await switched(store, clock, ON, OFF)
    (delivery,) = await store.outbox.claim("one", LEASE, 9)
    await store.outbox.set_aside(delivery, "invalid_blocks")
    (aside,) = await store.outbox.explain(PLACE, change=await latest(store))
    assert (aside.state, aside.error) == (DeliveryState.ASIDE, "invalid_blocks")
    await switched(store, clock, ON)
    await store.subscriptions.remove(made.id, PLACE)
    clock.advance(1)
    newer = await subscribed(store)
    # A subscription that is gone is named as long as it decided something.
    gone, never = await store.outbox.explain(PLACE, change=await latest(store))
    assert (gone.subscription, gone.verdict.why, gone.state) == (made, Why.TOLD, DeliveryState.WITHDRAWN)
    assert (never.subscription, never.verdict.why) == (newer, Why.EARLIER)


async def test_a_subscription_that_is_gone_is_named_where_it_decided_something_and_nowhere_else(
    store: Store, clock: ManualClock
) -> None:
    gone, stays = await subscribed(store), await subscribed(store)
    await switched(store, clock, ON, OFF)
    (told,) = await posted(store, clock)
    await store.subscriptions.remove(gone.id, PLACE)
    await switched(store, clock, ON)
    assert told.matter is not None
    assert whys(await store.outbox.explain(PLACE, matter=told.matter.id)) == [
        (gone.id, Why.TOLD),
        (stays.id, Why.TWICE),
        (stays.id, Why.TOLD),
    ]


async def test_what_was_paused_says_so(store: Store, clock: ManualClock) -> None:
    await subscribed(store)
    await switched(store, clock, ON)
    await store.subscriptions.pause(PLACE, "is_archived")
    await switched(store, clock, OFF)
    (paused,) = await store.outbox.explain(PLACE, change=await latest(store))
    assert (paused.verdict.why, paused.kind, paused.subscription.paused) == (Why.PAUSED, None, "is_archived")


async def test_a_language_that_is_asked_for_by_name_is_explained_with_the_names(
    store: Store, clock: ManualClock
) -> None:
    await subscribed(store, query=AssistantQuery(language=Choice(include=("fr",))))
    names = {"default": Names(languages={3: Language(id=3, name="German", iso_2="de")})}
    await sees(store, clock, assistant(42, language_id=3))
    await sees(store, clock, assistant(42, language_id=3, status=OFF))
    await route(store, names)
    for known in (names, None):
        (explained,) = await store.outbox.explain(PLACE, change=await latest(store), names=known)
        assert explained.verdict.why is Why.OTHER_ASSISTANT
