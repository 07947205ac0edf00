"""Accounts that are due, who polls them, and what is written of it."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from shared.errors import LeaseLost
from shared.models import Kind, Severity
from shared.store import AccountState, Failing, Outcome, Store, open_store
from tests.clocks import ManualClock
from tests.shared.store.polls import INTERVAL, LEASE, assistant, change, claimed, poll


async def test_an_account_never_heard_of_is_due_at_once_and_given_to_one(
    store: Store, other: Store, clock: ManualClock
) -> None:
    names = [f"account {number}" for number in range(40)]
    claims = await asyncio.gather(
        *(one.history.due(names, owner, LEASE, limit=4) for one, owner in ((store, "one"), (other, "two")) * 10)
    )
    given = [claim for some in claims for claim in some]
    assert all(len(some) <= 4 for some in claims)
    assert len(given) == len({claim.account for claim in given})
    # A replica may pass over what another one was just about to take, but nothing is left for long.
    given += await store.history.due(names, "one", LEASE, limit=100)
    assert sorted(claim.account for claim in given) == sorted(names)
    assert {claim.lease_until for claim in given} == {clock.now() + LEASE}
    assert await store.history.due(names, "one", LEASE, limit=100) == []


async def test_an_account_that_somebody_is_about_to_take_is_passed_over_without_waiting(
    postgresql_url: str, clock: ManualClock
) -> None:
    async with open_store(postgresql_url, clock) as store, open_store(postgresql_url, clock) as other:
        for claim in await store.history.due("abc", "one", LEASE, limit=3):
            await store.history.release(claim)
        async with store.database.writing() as connection:
            await connection.execute(text("SELECT 1 FROM accounts WHERE name = 'b' FOR UPDATE"))
            claims = await other.history.due("abc", "two", LEASE, limit=3)
        assert [claim.account for claim in claims] == ["a", "c"]


async def test_only_accounts_that_are_asked_for_are_given_the_longest_due_first(
    store: Store, clock: ManualClock
) -> None:
    for name in ("c", "a", "b"):
        claim = await claimed(store, name)
        await store.history.commit(claim, Outcome(clock.now(), due_at=clock.now() + INTERVAL))
        clock.advance(1)
    clock.advance(60)
    assert await store.history.due([], "one", LEASE, limit=9) == []
    assert [claim.account for claim in await store.history.due("ab", "one", LEASE, limit=9)] == ["a", "b"]
    assert [claim.account for claim in await store.history.due("abcd", "one", LEASE, limit=9)] == ["c", "d"]


async def test_more_accounts_than_a_statement_has_parameters_may_be_asked_for(store: Store) -> None:
    names = [f"account {number}" for number in range(40_000)]
    assert len(await store.history.due(names, "one", LEASE, limit=3)) == 3


async def test_what_a_dead_replica_held_is_taken_over_when_its_lease_ends_and_it_writes_nothing_any_more(
    store: Store, other: Store, clock: ManualClock
) -> None:
    dead = await claimed(store, owner="dead")
    clock.advance(LEASE.total_seconds() - 1)
    assert await other.history.due(["default"], "alive", LEASE, limit=1) == []
    clock.advance(1)
    alive = await claimed(other, owner="alive")
    with pytest.raises(LeaseLost, match="“default”"):
        await store.history.commit(dead, Outcome(clock.now(), clock.now(), assistants=(assistant(1),)))
    await store.history.release(dead)
    assert await other.history.due(["default"], "third", LEASE, limit=1) == []
    await other.history.commit(alive, Outcome(clock.now(), clock.now() + INTERVAL, assistants=(assistant(2),)))
    with pytest.raises(LeaseLost):
        await other.history.commit(alive, Outcome(clock.now(), clock.now(), assistants=()))
    assert [one.id for one in (await store.history.state("default")).assistants] == [2]


async def test_a_claim_that_is_held_too_long_but_that_nobody_took_over_still_holds(
    store: Store, clock: ManualClock
) -> None:
    claim = await claimed(store)
    clock.advance(LEASE.total_seconds() * 2)
    await store.history.commit(claim, Outcome(clock.now(), clock.now() + INTERVAL, assistants=(assistant(1),)))
    assert (await store.history.state("default")).sequence == 1


async def test_a_claim_given_back_is_free_for_all(store: Store, other: Store) -> None:
    first = await claimed(store)
    await store.history.release(first)
    second = await claimed(other, owner="two")
    assert (second.sequence, second.due_at) == (first.sequence, first.due_at)
    with pytest.raises(LeaseLost):
        await store.history.commit(first, Outcome(first.due_at, first.due_at))


async def test_of_one_claim_used_twice_at_once_one_is_written(store: Store, other: Store, clock: ManualClock) -> None:
    claim, now = await claimed(store), clock.now()
    done = await asyncio.gather(
        *(one.history.commit(claim, Outcome(now, now, changes=(change(claim, now),))) for one in (store, other) * 3),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in done) == ["LeaseLost"] * 5 + ["NoneType"]
    assert len(await store.history.changes(limit=9)) == 1


async def test_an_account_is_due_again_when_its_poll_said_so(store: Store, clock: ManualClock) -> None:
    await store.history.commit(await claimed(store), Outcome(clock.now(), due_at=clock.now() + INTERVAL))
    clock.advance(INTERVAL.total_seconds() - 0.001)
    assert await store.history.due(["default"], "one", LEASE, limit=1) == []
    clock.advance(0.001)
    assert (await claimed(store)).due_at == clock.now()


async def test_nothing_is_known_of_an_account_before_its_first_poll(store: Store) -> None:
    assert await store.history.state("default") == AccountState("default")
    await claimed(store)
    assert await store.history.state("default") == AccountState("default")
    assert await store.history.first_seen("default") is None


async def test_the_state_is_what_the_last_poll_found(store: Store, other: Store, clock: ManualClock) -> None:
    await poll(store, clock, assistant(2), assistant(1))
    found = assistant(1, name="Neu", variables={"b": [1, None, {"ß": 0.1}], "a": True}, extra={"new": {"x": []}})
    await poll(store, clock, found, rejected=(7, 9))
    state = await other.history.state("default")
    assert state == AccountState(
        "default",
        sequence=2,
        assistants=(found,),
        rejected=(7, 9),
        polled_at=clock.now(),
        succeeded_at=clock.now(),
    )
    assert list(state.assistants[0].variables) == ["b", "a"]


async def test_a_failed_poll_is_counted_and_leaves_the_assistants_as_they_were(
    store: Store, clock: ManualClock
) -> None:
    await poll(store, clock, assistant(1), rejected=(3,))
    succeeded_at = clock.now()
    clock.advance(60)
    failing = Failing(2, since=succeeded_at, kind="Unreachable", text="gone\0: <host> “ß”")
    await store.history.commit(
        await claimed(store), Outcome(clock.now(), clock.now() + INTERVAL, doubt="empty", failing=failing)
    )
    assert await store.history.state("default") == AccountState(
        "default",
        sequence=1,
        assistants=(assistant(1),),
        rejected=(3,),
        doubt="empty",
        failing=failing,
        polled_at=clock.now(),
        succeeded_at=succeeded_at,
    )
    await poll(store, clock, assistant(1))
    state = await store.history.state("default")
    assert (state.failing, state.doubt, state.rejected, state.sequence) == (None, "", (), 2)


async def test_what_happens_to_an_account_that_was_never_read_moves_its_sequence_but_is_no_baseline(
    store: Store, clock: ManualClock
) -> None:
    claim, now = await claimed(store), clock.now()
    rejected = change(claim, now, kind=Kind.KEY_REJECTED, severity=Severity.CRITICAL, assistant=None, name="")
    await store.history.commit(claim, Outcome(now, now, changes=(rejected,)))
    state = await store.history.state("default")
    assert (state.sequence, state.succeeded_at) == (1, None)
    assert [stored.change for stored in await store.history.changes(limit=9)] == [rejected]


async def test_a_record_that_cannot_be_read_counts_as_present_as_it_was(store: Store, clock: ManualClock) -> None:
    await poll(store, clock, assistant(1), assistant(2), assistant(3))
    await poll(store, clock, assistant(1), rejected=(2,))
    assert [one.id for one in (await store.history.state("default")).assistants] == [1, 2]


async def test_an_empty_snapshot_that_is_believed_ends_all(store: Store, clock: ManualClock) -> None:
    await poll(store, clock, *(assistant(number) for number in range(1, 3001)))
    assert len((await store.history.state("default")).assistants) == 3000
    await poll(store, clock)
    assert (await store.history.state("default")).assistants == ()


async def test_changes_of_another_account_or_sequence_are_refused_and_nothing_is_written(
    store: Store, clock: ManualClock
) -> None:
    claim, now = await claimed(store), clock.now()
    right = change(claim, now)
    for wrong in (right.model_copy(update={"account": "another"}), right.model_copy(update={"sequence": 2})):
        with pytest.raises(ValueError, match="another account or sequence"):
            await store.history.commit(claim, Outcome(now, now, changes=(right, wrong)))
    await store.history.commit(claim, Outcome(now, now + timedelta(days=1), changes=(right, right)))
    assert [stored.change for stored in await store.history.changes(limit=9)] == [right]
