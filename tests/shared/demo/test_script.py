"""The script of changes."""

from copy import deepcopy
from typing import Any

import pytest

from shared.demo import DemoApi, many_assistants
from shared.demo.script import CYCLE
from tests.clocks import ManualClock


def without_dates(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in record.items() if name != "updated_at"} for record in records]


def test_every_step_changes_the_list_and_says_so() -> None:
    api = DemoApi(clock=ManualClock())
    for _ in CYCLE:
        before = deepcopy(api.assistants)
        assert api.step().endswith(".")
        assert without_dates(api.assistants) != without_dates(before)


def test_at_most_one_assistant_is_touched_by_a_step_and_its_date_moves() -> None:
    clock = ManualClock()
    api = DemoApi(clock=clock)
    for _ in CYCLE:
        clock.advance(1)
        before = {record["id"]: deepcopy(record) for record in api.assistants}
        api.step()
        after = {record["id"]: record for record in api.assistants}
        touched = [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]
        assert len(touched) == 1
        assert all(after[key]["updated_at"].startswith("2026-03-01T12:00:") for key in touched if key in after)


def test_what_is_said_is_what_happened() -> None:
    api = DemoApi()
    said = [api.step() for _ in CYCLE]
    assert said[:5] == [
        "Sales Follow-up was switched off.",
        "A line was added to the prompt of Solar-Erstberatung.",
        "Weekend Call-back was created.",
        "The webhook of Zahnarzt-Terminerinnerung was moved to automation.example.net.",
        "Autohaus: Nachfassen nach Probefahrt was renamed to Autohaus: Nachfassen nach Probefahrt (new).",
    ]


@pytest.mark.parametrize(
    ("records", "steps"),
    [
        (None, len(CYCLE)),
        (many_assistants(30), len(CYCLE)),
        # Some of it then happens to the assistant that comes and goes, and some to nobody.
        (many_assistants(1), 9),
        ([], 4),
        (
            [
                {"id": "x"},
                {"name": "odd", "webhook_url": 5, "is_webhook_active": True},
                {"id": 7, "status": "processing", "variables": []},
            ],
            4,
        ),
    ],
)
def test_after_a_cycle_the_list_is_as_it_was(records: list[dict[str, Any]] | None, steps: int) -> None:
    api = DemoApi(records)
    before = without_dates(deepcopy(api.assistants))
    for _ in range(3):
        for _ in range(steps):
            api.step()
        assert without_dates(api.assistants) == before


def test_two_cycles_say_the_same() -> None:
    api = DemoApi()
    assert [api.step() for _ in CYCLE] == [api.step() for _ in CYCLE]


def test_a_created_assistant_never_gets_an_id_that_was_in_use() -> None:
    api = DemoApi()
    created = [api.assistants[-1]["id"] for _ in range(2 * len(CYCLE)) if "created" in api.step()]
    assert created == [313, 314]


def test_a_moved_webhook_keeps_its_path() -> None:
    api = DemoApi()
    while "webhook" not in api.step():
        pass
    moved = next(record for record in api.assistants if record["id"] == 63)
    assert moved["webhook_url"] == "https://automation.example.net/api/famulor"


def test_another_voice_speaks_the_same_language() -> None:
    api = DemoApi()
    voices = {voice["id"]: voice for voice in api.voices}
    before = {record["id"]: record["voice_id"] for record in api.assistants}
    while "another voice" not in api.step():
        pass
    [(old, new)] = [
        (before[record["id"]], record["voice_id"])
        for record in api.assistants
        if record["voice_id"] != before.get(record["id"], record["voice_id"])
    ]
    assert voices[old]["language_id"] == voices[new]["language_id"]


def test_an_assistant_with_an_unknown_voice_keeps_it() -> None:
    api = DemoApi()
    api.voices.clear()
    before = [record["voice_id"] for record in api.assistants]
    while "another voice" not in api.step():
        pass
    assert [record["voice_id"] for record in api.assistants][:12] == before


def test_what_somebody_else_has_deleted_is_passed_over() -> None:
    api = DemoApi()
    while "created" not in api.step():
        pass
    api.assistants.clear()
    assert api.step() == "Weekend Call-back was created."
