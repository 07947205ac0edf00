"""What places were told is forgotten with the history, but for what is still needed."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shared.alerts import Mute
from shared.models import Kind
from shared.store import Store, tables
from tests.clocks import ManualClock
from tests.shared.store.telling import HOUR, OFF, ON, PLACE, assistant, posted, route, sees, subscribed, switched

DAY = timedelta(days=1)
TOLD = ("subscriptions", "mutes", "matters", "deliveries", "verdicts", "journal", "changes")


async def counts(store: Store) -> dict[str, int]:
    async with store.database.reading() as connection:
        return {
            name: await connection.scalar(select(func.count()).select_from(tables.METADATA.tables[name])) or 0
            for name in TOLD
        }


async def test_what_is_over_is_forgotten_with_its_changes(store: Store, clock: ManualClock) -> None:
    made = await subscribed(store)
    await store.mutes.mute(Mute(place=PLACE, account="default", assistant=7, until=clock.now() + HOUR, by="U1"))
    await store.journal.write(PLACE, "U1", "subscribe")
    await switched(store, clock, ON, OFF, ON)
    await posted(store, clock)
    await store.subscriptions.remove(made.id, PLACE)
    limit = clock.now() + HOUR
    before = await counts(store)
    assert all(before.values())
    await store.history.prune(clock.now() - DAY)
    assert await counts(store) == before
    clock.advance(2 * 3600)
    await store.history.prune(limit)
    assert set((await counts(store)).values()) == {0}
    # Numbers are not given again: people know them.
    assert (await subscribed(store)).id > made.id


async def test_a_matter_that_is_open_keeps_all_of_its_changes(store: Store, clock: ManualClock) -> None:
    await subscribed(store)
    for name in "ABC":
        await sees(store, clock, assistant(42, name=name, system_prompt=name), assistant(7, name=name))
        await route(store)
    await posted(store, clock)
    matters = await store.matters.open_of(PLACE)
    assert len(matters) == 3
    clock.advance(DAY.total_seconds() * 3)
    await store.history.prune(clock.now())
    assert await store.matters.open_of(PLACE) == matters
    await sees(store, clock, assistant(42, name="A", system_prompt="C"), assistant(7, name="C"))
    await route(store)
    (ended,) = await posted(store, clock)
    assert ended.matter is not None
    assert [change.after for change in ended.matter.changes] == ["B", "C", "A"]
    await store.history.prune(clock.now() + DAY)
    assert {matter.family for matter in await store.matters.open_of(PLACE)} == {"prompt", "renamed"}
    assert len(await store.history.changes(limit=99)) == 4


@pytest.mark.parametrize("aside", [True, False])
async def test_what_is_owed_is_kept_and_what_was_set_aside_long_ago_is_not(
    store: Store, clock: ManualClock, *, aside: bool
) -> None:
    await subscribed(store)
    await sees(store, clock, assistant(42), assistant(7), assistant(8))
    await sees(store, clock, assistant(42), assistant(7))
    await sees(store, clock, assistant(42), assistant(7), assistant(8))
    await route(store)
    if aside:
        for _ in range(2):
            (delivery,) = await store.outbox.claim("one", HOUR, 9)
            await store.outbox.set_aside(delivery, "gone")
    clock.advance(DAY.total_seconds() * 400)
    await store.history.prune(clock.now())
    told = await posted(store, clock)
    assert [list(delivery.kinds) for delivery in told] == ([] if aside else [[Kind.DELETED], [Kind.CREATED]])
    assert len(await store.outbox.aside()) == 0


async def test_an_update_that_is_owed_keeps_its_matter(store: Store, clock: ManualClock) -> None:
    await subscribed(store)
    await switched(store, clock, ON, OFF, ON, OFF)
    await posted(store, clock)
    clock.advance(3600)
    await store.matters.close_lapsed()
    await store.history.prune(clock.now() + DAY)
    (update,) = await posted(store, clock)
    assert update.matter is not None
    assert len(update.matter.changes) == 3


async def test_a_matter_that_was_acknowledged_lately_keeps_its_changes(store: Store, clock: ManualClock) -> None:
    await subscribed(store)
    await switched(store, clock, ON, OFF, ON)
    (told, _ended) = await posted(store, clock)
    assert told.matter is not None
    clock.advance(DAY.total_seconds())
    await store.matters.acknowledge(told.matter.id, "U1")
    await posted(store, clock)
    await store.history.prune(clock.now() - HOUR)
    found = await store.matters.get(told.matter.id)
    assert found is not None
    assert len(found.changes) == 2
    await store.history.prune(clock.now() + HOUR)
    assert await store.matters.get(told.matter.id) is None
