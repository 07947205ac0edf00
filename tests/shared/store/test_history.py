"""Changes and former versions: found again as they were, and forgotten in time."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select, update
from sqlalchemy.engine import Engine

from shared.models import Assistant, Kind, Severity
from shared.store import Outcome, Store, open_store, tables
from tests.clocks import ManualClock
from tests.shared.store.polls import INTERVAL, assistant, claimed, poll

DAY = timedelta(days=1)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
ASSISTANTS = st.builds(
    Assistant,
    account=st.just("default"),
    id=st.integers(1, 2**63 - 1),
    user_id=st.none() | st.integers(1, 2**63 - 1),
    name=st.text(),
    mode=st.text(),
    status=st.text(),
    system_prompt=st.text(),
    initial_message=st.text(),
    variables=st.dictionaries(st.text(), JSON, max_size=3),
    is_webhook_active=st.booleans(),
    updated_at=st.none() | st.datetimes(timezones=st.timezones()),
    extra=st.dictionaries(st.text(), JSON, max_size=3),
)


async def rows(store: Store, table: str) -> int:
    async with store.database.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(tables.METADATA.tables[table])) or 0


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=st.lists(ASSISTANTS, max_size=3, unique_by=lambda one: one.id), before=JSON, after=JSON)
async def test_whatever_upstream_says_comes_back_as_it_was(
    store: Store, clock: ManualClock, found: list[Assistant], before: object, after: object
) -> None:
    fields: dict[str, Any] = {
        "kind": Kind.OTHER,
        "name": found[0].name if found else "\0",
        "before": before,
        "after": after,
    }
    await poll(store, clock, *found, **fields)
    assert (await store.history.state("default")).assistants == tuple(sorted(found, key=lambda one: one.id))
    (stored,) = await store.history.changes(limit=1)
    assert {name: getattr(stored.change, name) for name in fields} == fields


async def test_an_assistant_that_stays_as_it_is_costs_no_row(store: Store, clock: ManualClock) -> None:
    for _ in range(5):
        await poll(store, clock, assistant(1), assistant(2))
    await poll(store, clock, assistant(1), assistant(2, name="Neu"))
    assert await rows(store, "versions") == 3


async def test_each_prompt_is_stored_once_however_many_say_it(store: Store, clock: ManualClock) -> None:
    same = "You phone people. " * 500
    old, new = assistant(1).model_dump(mode="json"), assistant(1, system_prompt=same).model_dump(mode="json")
    await poll(store, clock, assistant(1, system_prompt=same), assistant(2, system_prompt=same))
    await poll(
        store, clock, assistant(1, system_prompt=same, name="Neu"), kind=Kind.PROMPT, before="Prompt 1", after=same
    )
    await poll(store, clock, assistant(1), kind=Kind.CREATED, after=new)
    await poll(store, clock, kind=Kind.DELETED, before=old, after={"system_prompt": 7, "other": same[:9]})
    assert await rows(store, "texts") == 2
    found = [(stored.change.before, stored.change.after) for stored in await store.history.changes(limit=9)]
    assert found == [(old, {"system_prompt": 7, "other": same[:9]}), (None, new), ("Prompt 1", same)]


async def test_a_former_version_is_the_one_of_that_moment(store: Store, clock: ManualClock) -> None:
    async def seen(*found: Assistant) -> datetime:
        await poll(store, clock, *found)
        return clock.now()

    first = await seen(assistant(1))
    await seen(assistant(1))
    renamed = await seen(assistant(1, name="B"))
    back = await seen(assistant(1))
    gone = await seen()
    again = await seen(assistant(1, name="C"))

    async def name(at: datetime) -> str | None:
        found = await store.history.version("default", 1, at)
        return None if found is None else found.name

    moment = timedelta(microseconds=1)
    assert await name(first - moment) is None
    assert await name(first) == await name(renamed - moment) == "Assistant 1"
    assert await name(renamed) == await name(back - moment) == "B"
    assert await name(back) == await name(gone - moment) == "Assistant 1"
    assert await name(gone) is await name(again - moment) is None
    assert await name(again) == await name(again + 400 * DAY) == "C"
    assert await store.history.version("default", 2, again) is None
    assert await store.history.version("another", 1, again) is None
    assert await store.history.first_seen("default") == first


@pytest.fixture
async def eventful(store: Store, clock: ManualClock) -> list[datetime]:
    """Ten changes, a minute apart, of assistants 1 and 2 in turn; the odd ones are renames."""
    times = []
    for number in range(1, 11):
        kind = Kind.RENAMED if number % 2 else Kind.PROMPT
        await poll(store, clock, kind=kind, assistant=2 - number % 2, name=f"{number}")
        times.append(clock.now())
    clock.advance(60)
    claim = (await store.history.due(["agency"], "one", INTERVAL, limit=1))[0]
    await store.history.release(claim)
    return times


async def test_changes_are_found_newest_first_under_every_condition(store: Store, eventful: list[datetime]) -> None:
    async def names(**conditions: object) -> str:
        found = await store.history.changes(**{"limit": 99, **conditions})  # type: ignore[arg-type] # by their names
        return " ".join(stored.change.name for stored in found)

    assert await names() == "10 9 8 7 6 5 4 3 2 1"
    assert await names(limit=2) == "10 9"
    assert await names(limit=0) == await names(accounts=[]) == await names(kinds=[]) == ""
    assert await names(accounts=["agency"]) == ""
    assert await names(accounts=["default", "agency"], assistant=1) == "9 7 5 3 1"
    assert await names(kinds=[Kind.PROMPT, Kind.DELETED]) == "10 8 6 4 2"
    assert await names(since=eventful[7], until=eventful[9]) == "9 8"
    newest, *_others, third, second, first = await store.history.changes(limit=99)
    assert await names(before_id=third.id) == "2 1"
    assert await names(after_id=first.id, before_id=third.id) == "2"
    assert await names(after_id=newest.id) == ""
    assert first.id < second.id < third.id < newest.id
    assert (newest.change.severity, newest.change.sequence, newest.change.seen_at) == (
        Severity.WARNING,
        10,
        eventful[-1],
    )


async def test_what_is_pruned_is_gone_and_what_was_in_force_then_is_not(store: Store, clock: ManualClock) -> None:
    await poll(store, clock, assistant(1, system_prompt="oldest"), assistant(2), assistant(3))
    await poll(
        store, clock, assistant(1, system_prompt="old"), assistant(2), kind=Kind.PROMPT, before="oldest", after="old"
    )
    clock.advance(60)
    limit = clock.now()
    await poll(
        store, clock, assistant(1, system_prompt="new"), assistant(2), kind=Kind.PROMPT, before="old", after="new"
    )
    await store.history.prune(limit)
    for one in ("old", "new"):
        at = limit if one == "old" else clock.now()
        found = await store.history.version("default", 1, at)
        assert found is not None
        assert found.system_prompt == one
    assert await store.history.version("default", 2, limit) == assistant(2)
    assert await store.history.version("default", 3, limit) is None
    assert await store.history.version("default", 1, limit - 2 * INTERVAL) is None
    assert [stored.change.before for stored in await store.history.changes(limit=9)] == ["old"]
    assert await store.history.first_seen("default") == limit
    assert [await rows(store, table) for table in ("versions", "texts", "changes")] == [3, 3, 1]
    await store.history.prune(limit - DAY)
    assert await store.history.first_seen("default") == limit


async def test_all_that_is_pruned_leaves_the_latest_state_and_numbers_go_on(store: Store, clock: ManualClock) -> None:
    await poll(store, clock, assistant(1), kind=Kind.CREATED)
    (before,) = await store.history.changes(limit=9)
    await store.history.prune(clock.now() + DAY)
    assert await store.history.changes(limit=9) == []
    assert (await store.history.state("default")).assistants == (assistant(1),)
    await poll(store, clock, assistant(1), kind=Kind.PROMPT)
    (after,) = await store.history.changes(limit=9)
    assert after.id > before.id


async def test_a_prompt_that_is_written_again_while_it_is_pruned_stays(
    store: Store, other: Store, clock: ManualClock
) -> None:
    for number in range(15):
        clock.advance(60)
        claim, now, found = await claimed(store), clock.now(), assistant(1, system_prompt="AB"[number % 2])
        await asyncio.gather(
            store.history.commit(claim, Outcome(now, now + INTERVAL, assistants=(found,))),
            other.history.prune(now - INTERVAL / 2),
        )
        assert (await store.history.state("default")).assistants == (found,)


async def test_a_prompt_that_a_commit_is_about_to_name_is_not_pruned(postgresql_url: str, clock: ManualClock) -> None:
    async with open_store(postgresql_url, clock) as store:
        await poll(store, clock, assistant(1, system_prompt="A"))
        limit = clock.now() + INTERVAL * 1.5
        await store.history.prune(limit)  # so that the next one has nothing to change in the account's row
        await poll(store, clock, assistant(1, system_prompt="B"))

        async def prune() -> None:
            async with open_store(postgresql_url, ManualClock()) as other:
                await other.history.prune(limit)

        def executed(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
            if statement.startswith("INSERT INTO texts"):
                with ThreadPoolExecutor() as threads:
                    threads.submit(asyncio.run, prune()).result()

        event.listen(Engine, "after_cursor_execute", executed)
        try:
            await poll(store, clock, assistant(1, system_prompt="A"))
        finally:
            event.remove(Engine, "after_cursor_execute", executed)
        assert (await store.history.state("default")).assistants == (assistant(1, system_prompt="A"),)
        assert [await rows(store, table) for table in ("versions", "texts")] == [2, 2]


async def test_versions_of_a_program_with_more_fields_can_be_read_by_one_with_fewer(
    store: Store, clock: ManualClock
) -> None:
    await poll(store, clock, assistant(1, timezone="Europe/Berlin"))
    body = tables.versions.c.body
    async with store.database.writing() as connection:
        stored = (await connection.execute(select(body))).scalar_one()
        # What is as it is by default is left out, so a program with more fields sees no difference either.
        assert stored.keys() == {"name", "mode", "status", "timezone"}
        await connection.execute(update(tables.versions).values({body: {**stored, "mood": "cheerful"}}))
    assert (await store.history.state("default")).assistants == (assistant(1, timezone="Europe/Berlin"),)
