"""Polls that end at the same time, and what is remembered of an account from one poll of it to the next."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.engine import Engine

from shared.errors import LeaseLost, StoreError
from shared.models import Assistant, Kind
from shared.store import Claim, Failing, Outcome, Store
from shared.store.commits import MANY
from tests.clocks import ManualClock
from tests.shared.store.polls import INTERVAL, LEASE, assistant, change, claimed, poll

NAMES = [f"account {number:02}" for number in range(20)]
UNWRITABLE = assistant(2**63)
"""Its number fits in no database."""


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of any database meanwhile, and each COMMIT."""
    seen: list[str] = []

    def executed(_connection: object, _cursor: object, statement: str, *_others: Any) -> None:
        seen.append(statement)

    def committed(_connection: object) -> None:
        seen.append("COMMIT")

    event.listen(Engine, "before_cursor_execute", executed)
    event.listen(Engine, "commit", committed)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", executed)
        event.remove(Engine, "commit", committed)


def of(claim: Claim, clock: ManualClock, *found: Assistant) -> Outcome:
    """All of these, and that the first was renamed."""
    now = clock.now()
    news = (change(claim, now, kind=Kind.RENAMED, assistant=found[0].id),)
    return Outcome(now, now + INTERVAL, assistants=found, changes=news)


async def found_at(store: Store, account: str) -> list[str]:
    return [one.name for one in (await store.history.state(account)).assistants]


async def test_polls_that_end_together_share_a_transaction_and_a_lost_lease_costs_nobody_else(
    store: Store, other: Store, clock: ManualClock
) -> None:
    claims = {claim.account: claim for claim in await store.history.due(NAMES, "one", LEASE, limit=99)}
    for claim in claims.values():
        await store.history.known(claim)
    clock.advance(LEASE.total_seconds())
    lost = {claim.account for claim in await other.history.due(NAMES[3:6], "two", LEASE, limit=9)}
    stale, twice = NAMES[9], NAMES[7]
    claims[stale] = replace(claims[stale], fence=0)
    polls = [*claims.values(), claims[twice]]
    with statements() as seen:
        done = await asyncio.gather(
            *(store.history.commit(one, of(one, clock, assistant(1), assistant(2))) for one in polls),
            return_exceptions=True,
        )
    refused = [claim.account for claim, error in zip(polls, done, strict=True) if isinstance(error, LeaseLost)]
    assert sorted(refused) == sorted([*lost, stale, twice])
    assert [error for error in done if not isinstance(error, LeaseLost | None)] == []
    assert seen.count("COMMIT") <= 4  # the first at once, the rest while it is written
    for name in NAMES:
        assert await found_at(other, name) == ([] if name in lost or name == stale else ["Assistant 1", "Assistant 2"])
    assert len(await store.history.changes(limit=99)) == len(NAMES) - 4


async def test_what_a_database_refuses_of_one_account_is_written_of_the_others(
    store: Store, clock: ManualClock
) -> None:
    claims = await store.history.due(NAMES, "one", LEASE, limit=99)
    done = await asyncio.gather(
        *(
            store.history.commit(
                claim, of(claim, clock, *([UNWRITABLE] if claim.account == NAMES[5] else []), assistant(1))
            )
            for claim in claims
        ),
        return_exceptions=True,
    )
    assert [claim.account for claim, error in zip(claims, done, strict=True) if error is not None] == [NAMES[5]]
    assert {len(await found_at(store, name)) for name in NAMES if name != NAMES[5]} == {1}
    state = await store.history.state(NAMES[5])
    assert (state.assistants, state.sequence) == ((), 0)


async def test_one_with_very_many_new_assistants_is_written_beside_the_others(store: Store, clock: ManualClock) -> None:
    claims = await store.history.due(NAMES[:3], "one", LEASE, limit=9)
    many = [assistant(number) for number in range(1, MANY + 1)]
    await asyncio.gather(
        *(
            store.history.commit(claim, of(claim, clock, *(many if claim is claims[0] else many[:2])))
            for claim in claims
        )
    )
    assert [len(await found_at(store, claim.account)) for claim in claims] == [MANY, 2, 2]
    with pytest.raises(LeaseLost):
        await store.history.commit(claims[0], of(claims[0], clock, *many))


FOUND = st.lists(
    st.builds(assistant, st.integers(1, 4), name=st.sampled_from("AB"), variables=st.sampled_from([{}, {"a": [1]}])),
    max_size=4,
    unique_by=lambda one: one.id,
).map(tuple)
FAILING = st.none() | st.builds(
    Failing,
    st.integers(1, 3),
    since=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.timezones()),  # noqa: DTZ001 # they get one
    kind=st.just("Unreachable"),
    text=st.sampled_from(["", "gone\0 ß"]),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    found=st.none() | FOUND,
    rejected=st.lists(st.integers(0, 4), unique=True).map(tuple),
    doubt=st.sampled_from(["", "many"]),
    failing=FAILING,
    news=st.booleans(),
)
async def test_what_is_remembered_is_what_is_stored(
    store: Store,
    other: Store,
    clock: ManualClock,
    *,
    found: tuple[Assistant, ...] | None,
    rejected: tuple[int, ...],
    doubt: str,
    failing: Failing | None,
    news: bool,
) -> None:
    clock.advance(60)
    claim, now = await claimed(store), clock.now()
    changes = (change(claim, now),) if news else ()
    outcome = Outcome(now, now + INTERVAL, found, rejected=rejected, doubt=doubt, failing=failing, changes=changes)
    await store.history.commit(claim, outcome)
    clock.advance(60)
    again = await claimed(store)
    with statements() as seen:
        remembered = await store.history.known(again)
    assert seen == []
    assert remembered == await other.history.state("default")
    await store.history.release(again)


async def test_nothing_is_remembered_past_another_ones_poll_a_failed_commit_or_a_lost_lease(
    store: Store, other: Store, clock: ManualClock
) -> None:
    async def is_right() -> None:
        """Whatever happened: the next to poll knows what is stored."""
        for one in (store, other):
            clock.advance(60)
            claim = await claimed(one)
            assert await one.history.known(claim) == await other.history.state("default")
            await one.history.release(claim)

    await poll(store, clock, assistant(1, name="A"))
    await poll(other, clock, assistant(1, name="B"))
    await is_right()
    await poll(store, clock, assistant(1, name="A"))
    assert [one.name for one in (await other.history.state("default")).assistants] == ["A"]

    await other.history.prune(clock.now() + INTERVAL)
    await is_right()
    await poll(store, clock, assistant(1, name="B", system_prompt="Prompt 1"))
    assert [one.name for one in (await other.history.state("default")).assistants] == ["B"]

    clock.advance(60)
    claim = await claimed(store)
    await store.history.known(claim)
    with pytest.raises((StoreError, OverflowError)):
        await store.history.commit(claim, of(claim, clock, UNWRITABLE))
    await store.history.release(claim)
    await is_right()

    clock.advance(60)
    slow = await claimed(store)
    await store.history.known(slow)
    clock.advance(LEASE.total_seconds())
    await poll(other, clock, assistant(1, name="C"))
    with pytest.raises(LeaseLost):
        await store.history.commit(slow, of(slow, clock, assistant(1, name="D")))
    await is_right()
    assert [one.name for one in (await store.history.state("default")).assistants] == ["C"]


async def test_an_account_in_which_nothing_differs_costs_one_row_and_no_read(store: Store, clock: ManualClock) -> None:
    found = [assistant(number) for number in range(1, 51)]
    for _ in range(2):
        await poll(store, clock, *found)
    clock.advance(60)
    claim, now = await claimed(store), clock.now()
    with statements() as seen:
        await store.history.known(claim)
        await store.history.commit(claim, Outcome(now, now + INTERVAL, assistants=tuple(found)))
    assert [one.split()[0] for one in seen if "BEGIN" not in one] == ["SELECT", "UPDATE", "COMMIT"]
    assert "versions" not in " ".join(seen)
