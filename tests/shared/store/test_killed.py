"""A process that is killed (SIGKILL) inside a commit."""

import asyncio
import signal
import sys

import pytest

from shared.store import Store
from tests.clocks import ManualClock
from tests.shared.store.polls import assistant, claimed, poll

POINTS = ["UPDATE accounts", "UPDATE versions", "INSERT INTO versions", "INSERT INTO changes", "commit", "committed"]


@pytest.mark.parametrize("point", POINTS)
async def test_a_commit_is_there_as_a_whole_or_not_at_all(
    store: Store, database_url: str, clock: ManualClock, point: str
) -> None:
    await poll(store, clock, assistant(1), assistant(2), assistant(3))
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.shared.store.commits_and_dies", database_url, point
    )
    assert await program.wait() == -signal.SIGKILL
    clock.advance(3600 + 90)
    state, changes = await store.history.state("default"), await store.history.changes(limit=9)
    if point == "committed":
        assert [one.name for one in state.assistants] == ["New", "New"]
        assert (state.sequence, len(changes)) == (2, 2)
    else:
        assert state.assistants == (assistant(1), assistant(2), assistant(3))
        assert (state.sequence, changes) == (1, [])
    # Its work is taken over.
    assert (await claimed(store)).sequence == state.sequence
