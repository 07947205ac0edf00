"""From what somebody does upstream to a stored change, and nothing else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from shared.demo import DemoApi, demo_assistants
from shared.models import Kind, Severity
from tests.shared.watch.conftest import Watched

Deed = Callable[[DemoApi], None]


def sets(number: int = 42, **fields: Any) -> Deed:
    return lambda api: api.change(number, **fields)


def creates(api: DemoApi) -> None:
    api.assistants.append(api.assistants[0] | {"id": 4242, "name": "Neu"})


def deletes(api: DemoApi) -> None:
    api.assistants.pop()


LAST = demo_assistants()[-1]["id"]
DEEDS: list[tuple[Deed, Deed, Kind, int, Severity]] = [
    (sets(), creates, Kind.CREATED, 4242, Severity.INFO),
    (sets(), deletes, Kind.DELETED, LAST, Severity.WARNING),
    (sets(status="active"), sets(status="inactive"), Kind.DEACTIVATED, 42, Severity.WARNING),
    (sets(status="inactive"), sets(status="active"), Kind.ACTIVATED, 42, Severity.INFO),
    (sets(name="A"), sets(name="B"), Kind.RENAMED, 42, Severity.INFO),
    (sets(system_prompt="Sei lieb."), sets(system_prompt="Sei\0 streng 🙂."), Kind.PROMPT, 42, Severity.WARNING),
    (sets(initial_message="Hallo"), sets(initial_message=None), Kind.GREETING, 42, Severity.INFO),
    (sets(variables=[]), sets(variables={"lead": 1.5}), Kind.VARIABLES, 42, Severity.INFO),
    (sets(voice_id=101), sets(voice_id=102), Kind.VOICE, 42, Severity.INFO),
    (sets(language_id=1), sets(language_id=2), Kind.LANGUAGE, 42, Severity.INFO),
    (sets(timezone="Europe/Berlin"), sets(timezone="Europe/Rome"), Kind.TIMEZONE, 42, Severity.INFO),
    (sets(mode="pipeline"), sets(mode="dualplex"), Kind.MODE, 42, Severity.INFO),
    (sets(is_webhook_active=False), sets(is_webhook_active=True), Kind.WEBHOOK_ON, 42, Severity.INFO),
    (sets(is_webhook_active=True), sets(is_webhook_active=False), Kind.WEBHOOK_OFF, 42, Severity.WARNING),
    (
        sets(webhook_url="https://a.example/x"),
        sets(webhook_url="https://b.example/x"),
        Kind.WEBHOOK_HOST,
        42,
        Severity.CRITICAL,
    ),
    (
        sets(webhook_url="https://a.example/x"),
        sets(webhook_url="https://a.example/y"),
        Kind.WEBHOOK_PATH,
        42,
        Severity.WARNING,
    ),
    (sets(), sets(folder_id=7), Kind.OTHER, 42, Severity.INFO),
]


@pytest.mark.parametrize(("before", "deed", "kind", "number", "severity"), DEEDS, ids=[str(deed[2]) for deed in DEEDS])
async def test_what_somebody_does_becomes_one_change(
    watched: Watched, before: Deed, deed: Deed, kind: Kind, number: int, severity: Severity
) -> None:
    before(watched.api)
    await watched.poll()
    deed(watched.api)
    edited = watched.clock.now()
    assert await watched.poll() == [(kind, number)]
    (change,) = await watched.changes()
    assert (change.severity, change.sequence, change.account) == (severity, 2, "default")
    assert change.before != change.after
    assert change.seen_at == watched.clock.now()
    if kind not in {Kind.CREATED, Kind.DELETED}:
        assert change.changed_at == edited
    assert await watched.poll() == []


async def test_the_first_snapshot_is_a_silent_baseline(watched: Watched) -> None:
    assert await watched.poll() == []
    state = await watched.store.history.state("default")
    assert {one.id for one in state.assistants} == {record["id"] for record in watched.api.assistants}


async def test_there_and_back_again_are_two_changes(watched: Watched) -> None:
    await watched.poll()
    watched.api.change(42, status="inactive")
    assert await watched.poll() == [(Kind.DEACTIVATED, 42)]
    watched.api.change(42, status="active")
    assert await watched.poll() == [(Kind.ACTIVATED, 42)]
    watched.api.change(42, status="inactive")
    assert await watched.poll() == [(Kind.DEACTIVATED, 42)]
    assert [one.sequence for one in await watched.changes()] == [2, 3, 4]


async def test_several_things_at_once_are_told_apart(watched: Watched) -> None:
    await watched.poll()
    watched.api.change(42, status="inactive", system_prompt="Neu.", webhook_url="https://evil.example/")
    assert set(await watched.poll()) == {(Kind.DEACTIVATED, 42), (Kind.PROMPT, 42), (Kind.WEBHOOK_HOST, 42)}


async def test_a_version_that_was_merely_saved_is_stored_without_a_word(watched: Watched) -> None:
    await watched.poll()
    watched.clock.advance(60)
    watched.api.change(42)
    saved = watched.clock.now()
    assert await watched.poll() == []
    version = await watched.store.history.version("default", 42, watched.clock.now())
    assert version is not None
    assert version.updated_at == saved


async def test_the_demos_whole_script_is_noticed_step_by_step(watched: Watched) -> None:
    await watched.poll()
    for _ in range(12):
        watched.clock.advance(60)
        happened = watched.api.step()
        assert len(await watched.poll()) == 1, happened
    state = await watched.store.history.state("default")
    assert {one.id: one.name for one in state.assistants} == {
        record["id"]: record["name"] for record in watched.api.assistants
    }


async def test_an_empty_account_has_a_baseline_too(watched: Watched) -> None:
    records = list(watched.api.assistants)
    watched.api.assistants.clear()
    assert await watched.poll() == []
    watched.api.assistants.extend(records[:1])
    assert await watched.poll() == [(Kind.CREATED, records[0]["id"])]


async def test_history_ends_where_it_is_set_to_end(watched: Watched) -> None:
    await watched.poll()
    watched.api.change(42, name="Anders")
    assert await watched.poll() == [(Kind.RENAMED, 42)]
    watched.clock.advance(timedelta(days=179).total_seconds())
    await watched.poll()
    assert len(await watched.changes()) == 1
    watched.clock.advance(timedelta(days=2).total_seconds())
    await watched.watch.tick()
    assert await watched.changes() == []
