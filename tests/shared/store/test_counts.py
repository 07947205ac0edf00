"""What is counted over an account's assistants and polls."""

from shared.store import Store
from tests.clocks import ManualClock
from tests.shared.store.polls import assistant, poll


async def test_statuses_are_those_of_the_assistants_that_are_there_now(store: Store, clock: ManualClock) -> None:
    assert await store.history.statuses("default") == {}
    await poll(store, clock, assistant(1, status="active"), assistant(2, status="active"), assistant(3, status="odd"))
    await poll(store, clock, assistant(1, status="inactive"), assistant(2, status="active"))
    assert await store.history.statuses("default") == {"active": 1, "inactive": 1}


async def test_the_last_poll_is_that_of_the_account_that_has_waited_longest(store: Store, clock: ManualClock) -> None:
    assert await store.history.last_poll(["default"]) is None
    await poll(store, clock, assistant(1))
    first = clock.now()
    assert await store.history.last_poll(["default", "default"]) == first
    assert await store.history.last_poll(["default", "never"]) is None
