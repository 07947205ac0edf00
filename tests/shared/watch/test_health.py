"""What people are told when an account's polls fail, and when they don't any more."""

import pytest

from shared.demo import faults
from shared.models import Kind, Severity
from tests.shared.watch.conftest import Watched

REJECTED = (faults.Unauthorized(), faults.Forbidden(), faults.LoginPage(), faults.LoginRedirect())
DOWN = (faults.ServerError(501), faults.NotFound(), faults.Reset(), faults.Body(b"{}"), faults.TooManyRequests())


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What an answer means is decided before any database is asked; that both keep it is shown elsewhere."""
    return sqlite_url


@pytest.mark.parametrize("fault", REJECTED, ids=str)
async def test_a_rejected_key_is_told_at_once_and_once(watched: Watched, fault: faults.Fault) -> None:
    await watched.poll()
    watched.api.always(fault)
    assert await watched.poll() == [(Kind.KEY_REJECTED, None)]
    for _ in range(4):
        assert await watched.poll() == []
    watched.api.clear_faults()
    assert await watched.poll() == [(Kind.RECOVERED, None)]
    rejected, recovered = await watched.changes()
    assert (rejected.severity, recovered.severity) == (Severity.CRITICAL, Severity.INFO)
    assert rejected.after == recovered.before
    watched.api.always(fault)
    assert await watched.poll() == [(Kind.KEY_REJECTED, None)]


@pytest.mark.parametrize("fault", DOWN, ids=str)
async def test_an_account_that_fails_three_times_is_told_as_unreachable_once(
    watched: Watched, fault: faults.Fault
) -> None:
    await watched.poll()
    watched.api.always(fault)
    assert [await watched.poll() for _ in range(5)] == [[], [], [(Kind.UNREACHABLE, None)], [], []]
    (change,) = await watched.changes()
    assert change.severity == Severity.WARNING
    assert isinstance(change.after, dict)
    assert set(change.after) == {"error", "text", "since"}


async def test_two_failed_polls_are_a_hiccup(watched: Watched) -> None:
    await watched.poll()
    for _ in range(3):
        watched.api.next_answers(faults.ServerError(501), faults.ServerError(501))
        assert [await watched.poll() for _ in range(3)] == [[], [], []]


async def test_what_happened_meanwhile_is_told_in_one_catch_up(watched: Watched) -> None:
    await watched.poll()
    watched.api.always(faults.ServerError(501))
    for _ in range(3):
        await watched.poll()
    watched.api.change(42, status="inactive")
    watched.api.assistants.pop()
    watched.api.change(42, status="inactive", name="Anders")
    watched.api.clear_faults()
    caught_up = await watched.poll()
    assert caught_up[0] == (Kind.RECOVERED, None)
    assert {kind for kind, _ in caught_up[1:]} == {Kind.DELETED, Kind.DEACTIVATED, Kind.RENAMED}
    assert await watched.poll() == []


async def test_a_key_that_is_rejected_after_an_outage_is_told_too_but_no_outage_after_that(watched: Watched) -> None:
    await watched.poll()
    watched.api.always(faults.ServerError(501))
    for _ in range(3):
        await watched.poll()
    watched.api.always(faults.Unauthorized())
    assert await watched.poll() == [(Kind.KEY_REJECTED, None)]
    watched.api.always(faults.ServerError(501))
    assert [await watched.poll() for _ in range(4)] == [[], [], [], []]
    watched.api.clear_faults()
    assert await watched.poll() == [(Kind.RECOVERED, None)]


async def test_an_account_that_never_worked_is_told_as_well(watched: Watched) -> None:
    watched.api.always(faults.Unauthorized())
    assert await watched.poll() == [(Kind.KEY_REJECTED, None)]
    watched.api.clear_faults()
    assert await watched.poll() == [(Kind.RECOVERED, None)]


async def test_no_key_is_in_what_is_written_down(watched: Watched) -> None:
    watched.api.always(faults.EchoedKey(501))
    for _ in range(3):
        await watched.poll()
    (change,) = await watched.changes()
    assert "demo-key" not in change.model_dump_json()
    assert "[key]" in change.model_dump_json()
