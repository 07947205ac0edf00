"""No answer but a believed one makes anything look deleted."""

import json
from typing import Any

import pytest

from shared.demo import demo_assistants, faults
from shared.models import Kind
from tests.shared.watch.conftest import Watched

ALL = [record["id"] for record in demo_assistants()]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What an answer means is decided before any database is asked; that both keep it is shown elsewhere."""
    return sqlite_url


def listing(*records: Any) -> faults.Body:
    return faults.Body(json.dumps(records).encode())


def without(*numbers: int) -> faults.Body:
    return listing(*(record for record in demo_assistants() if record["id"] not in numbers))


def spoiled(number: int, **fields: Any) -> faults.Body:
    return listing(*(record | (fields if record["id"] == number else {}) for record in demo_assistants()))


FAULTY: dict[str, faults.Fault] = {
    "empty": listing(),
    "empty in an envelope": faults.Body(b'{"data": []}'),
    "nothing at all": faults.Body(b""),
    "null": faults.Body(b"null"),
    "truncated": faults.Truncated(),
    "truncated in chunks": faults.TruncatedChunked(),
    "reset midway": faults.ResetMidway(),
    "reset": faults.Reset(),
    "half gone": without(*ALL[:7]),
    "all but one gone": without(*ALL[1:]),
    "somebody else's list": listing(*(record | {"id": record["id"] + 9000} for record in demo_assistants())),
    "some records broken": faults.BadRecords(),
    "one record unreadable": spoiled(42, status=None),
    "one record without an id": spoiled(42, id=None),
    "every record unreadable": listing(*(record | {"name": 7} for record in demo_assistants())),
    "no record an object": listing(*ALL),
    "server fault": faults.ServerError(501),
    "rate limit": faults.TooManyRequests(),
    "login page": faults.LoginPage(),
    "rejected key": faults.Unauthorized(),
    "hangs": faults.Hang(),
}


@pytest.mark.parametrize("fault", FAULTY.values(), ids=FAULTY)
async def test_nothing_is_taken_for_deleted_or_created_while_answers_are_bad(
    watched: Watched, fault: faults.Fault
) -> None:
    await watched.poll()
    for _ in range(2):
        watched.api.next_answers(fault)
        await watched.poll()
        await watched.poll()
    assert {Kind.DELETED, Kind.CREATED}.isdisjoint(change.kind for change in await watched.changes())
    state = await watched.store.history.state("default")
    assert sorted(one.id for one in state.assistants) == sorted(ALL)


async def test_an_empty_list_is_believed_when_the_next_poll_says_the_same(watched: Watched) -> None:
    await watched.poll()
    watched.api.assistants.clear()
    assert await watched.poll() == []
    assert sorted(await watched.poll()) == sorted((Kind.DELETED, number) for number in ALL)
    assert await watched.poll() == []


async def test_a_list_that_lacks_most_is_believed_when_the_next_poll_lacks_the_same(watched: Watched) -> None:
    await watched.poll()
    watched.api.next_answers(without(*ALL[:7]), without(*ALL[1:8]), without(*ALL[1:8]))
    assert await watched.poll() == []
    assert await watched.poll() == []
    assert sorted(await watched.poll()) == sorted((Kind.DELETED, number) for number in ALL[1:8])


async def test_what_a_failed_poll_lies_between_is_not_confirmed(watched: Watched) -> None:
    await watched.poll()
    watched.api.next_answers(listing(), faults.ServerError(501), listing())
    for _ in range(3):
        assert await watched.poll() == []
    assert await watched.poll() == []


async def test_half_of_the_list_may_go_at_once(watched: Watched) -> None:
    await watched.poll()
    watched.api.always(without(*ALL[:6]))
    assert sorted(await watched.poll()) == sorted((Kind.DELETED, number) for number in ALL[:6])


async def test_an_unreadable_record_is_told_once_and_once_that_it_can_be_read_again(watched: Watched) -> None:
    await watched.poll()
    watched.api.change(42, status=None)
    assert await watched.poll() == [(Kind.UNREADABLE, 42)]
    (change,) = await watched.changes()
    assert change.name == "Sales Follow-up"
    assert isinstance(change.after, dict)
    assert change.after["field"] == "status"
    watched.api.change(57, name="Anders")
    assert await watched.poll() == [(Kind.RENAMED, 57)]
    watched.api.change(42, status="inactive")
    assert set(await watched.poll()) == {(Kind.READABLE, 42), (Kind.DEACTIVATED, 42)}
    assert await watched.poll() == []


async def test_an_unreadable_record_that_disappears_was_deleted(watched: Watched) -> None:
    await watched.poll()
    watched.api.change(42, status=None)
    await watched.poll()
    watched.api.always(without(42))
    assert await watched.poll() == [(Kind.DELETED, 42)]


async def test_a_record_that_could_never_be_read_is_not_created_when_it_can(watched: Watched) -> None:
    watched.api.change(42, status=None)
    assert await watched.poll() == []
    watched.api.change(42, status="active")
    assert await watched.poll() == [(Kind.READABLE, 42)]
    version = await watched.store.history.version("default", 42, watched.clock.now())
    assert version is not None


async def test_a_record_that_could_never_be_read_and_goes_is_no_longer_unreadable(watched: Watched) -> None:
    await watched.poll()
    watched.api.assistants.append({"id": 4242})
    assert await watched.poll() == [(Kind.UNREADABLE, 4242)]
    watched.api.assistants.pop()
    assert await watched.poll() == [(Kind.READABLE, 4242)]


async def test_records_whose_ids_were_unreadable_from_the_start_are_not_created_when_they_can_be_read(
    watched: Watched,
) -> None:
    watched.api.next_answers(spoiled(42, id="forty-two"))
    assert await watched.poll() == []
    watched.api.assistants.append(demo_assistants()[0] | {"id": 4242, "created_at": watched.clock.now().isoformat()})
    watched.clock.advance(60)
    assert await watched.poll() == [(Kind.READABLE, None), (Kind.CREATED, 4242)]


async def test_what_is_deleted_while_an_id_is_unreadable_is_told_in_one_catch_up(watched: Watched) -> None:
    await watched.poll()
    watched.api.change(42, id=None)
    assert await watched.poll() == [(Kind.UNREADABLE, None)]
    watched.api.assistants.pop()
    watched.api.change(57, name="Anders")
    assert await watched.poll() == [(Kind.RENAMED, 57)]
    watched.api.change(None, id=42)  # type: ignore[arg-type] # the record's id is null
    assert await watched.poll() == [(Kind.READABLE, None), (Kind.DELETED, ALL[-1])]


async def test_an_id_that_comes_twice_costs_nobody(watched: Watched) -> None:
    await watched.poll()
    watched.api.assistants.append(watched.api.assistants[0] | {"name": "Zwilling"})
    assert await watched.poll() == []
