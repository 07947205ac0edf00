"""Processes that are killed (SIGKILL) while they route or deliver: nothing is lost, and nothing told twice by them."""

import asyncio
import signal
import sys

import pytest

from shared.alerts import DeliveryKind
from shared.models import Kind
from shared.store import Store
from tests.clocks import ManualClock
from tests.shared.store.telling import LEASE, OFF, ON, PLACE, assistant, posted, route, sees, subscribed, switched

START = 3600


async def dies(url: str, deed: str, point: str) -> None:
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.shared.store.tells_and_dies", url, deed, point
    )
    assert await program.wait() == -signal.SIGKILL


def catch_up(clock: ManualClock) -> None:
    """To a time when whatever the dead one held is free."""
    clock.advance(START + LEASE.total_seconds() - clock.monotonic())


@pytest.mark.parametrize(
    "point",
    ["INSERT INTO matters", "INSERT INTO deliveries", "INSERT INTO verdicts", "UPDATE changes", "commit", "committed"],
)
async def test_what_is_routed_is_routed_as_a_whole_or_not_at_all(
    store: Store, database_url: str, clock: ManualClock, point: str
) -> None:
    await subscribed(store)
    await subscribed(store, "T1/C2")
    await sees(store, clock, assistant(42, system_prompt="A"))
    await sees(store, clock, assistant(42, system_prompt="B", status=OFF))
    await dies(database_url, "route", point)
    catch_up(clock)
    again = await route(store)
    assert (again.changes, again.deliveries) == ((0, 0) if point == "committed" else (2, 4))
    told = [(delivery.place, list(delivery.kinds)) for delivery in await posted(store, clock)]
    assert sorted(told) == [
        (PLACE, [Kind.DEACTIVATED]),
        (PLACE, [Kind.PROMPT]),
        ("T1/C2", [Kind.DEACTIVATED]),
        ("T1/C2", [Kind.PROMPT]),
    ]


@pytest.mark.parametrize("point", ["WITH free", "commit", "committed"])
async def test_what_a_dead_one_had_claimed_is_told_by_another_one_later(
    store: Store, database_url: str, clock: ManualClock, point: str
) -> None:
    await subscribed(store)
    await switched(store, clock, ON, OFF)
    await dies(database_url, "claim", point)
    clock.advance(START - clock.monotonic())
    if point == "committed":
        assert await store.outbox.claim("alive", LEASE, 9) == []
    catch_up(clock)
    (told,) = await posted(store, clock)
    assert told.attempt == (2 if point == "committed" else 1)
    assert await posted(store, clock) == []


@pytest.mark.parametrize("point", ["UPDATE deliveries", "UPDATE matters", "commit", "committed"])
async def test_what_was_posted_is_posted_again_only_where_that_was_not_written_down(
    store: Store, database_url: str, clock: ManualClock, point: str
) -> None:
    await subscribed(store)
    await switched(store, clock, ON, OFF)
    await dies(database_url, "posted", point)
    catch_up(clock)
    told = await posted(store, clock)
    assert len(told) == (0 if point == "committed" else 1)
    (matter,) = await store.matters.open_of(PLACE)
    assert matter.message == (f"ts {told[0].id}" if told else "ts of the dead")


@pytest.mark.parametrize(
    "point", ["UPDATE subscriptions", "UPDATE deliveries", "INSERT INTO deliveries", "commit", "committed"]
)
async def test_a_creator_hears_of_a_pause_once_whenever_the_one_who_paused_died(
    store: Store, database_url: str, clock: ManualClock, point: str
) -> None:
    await subscribed(store)
    await switched(store, clock, ON, OFF)
    await dies(database_url, "pause", point)
    catch_up(clock)
    again = await store.subscriptions.pause(PLACE, "is_archived")
    assert len(again) == (0 if point == "committed" else 1)
    assert [delivery.kind for delivery in await posted(store, clock)] == [DeliveryKind.NOTICE]
    assert len(await store.outbox.aside(PLACE)) == 1


@pytest.mark.parametrize("point", ["UPDATE matters", "INSERT INTO deliveries", "committed"])
async def test_an_acknowledgement_is_there_with_its_update_or_not_at_all(
    store: Store, database_url: str, clock: ManualClock, point: str
) -> None:
    await subscribed(store)
    await switched(store, clock, ON, OFF)
    await posted(store, clock)
    await dies(database_url, "acknowledge", point)
    catch_up(clock)
    (matter,) = await store.matters.open_of(PLACE)
    updates = await posted(store, clock)
    assert bool(matter.acknowledged_by) is bool(updates) is (point == "committed")
