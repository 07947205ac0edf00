"""Copies of which only one calls, and what merely looks like one."""

from datetime import timedelta
from typing import Any

import pytest

from shared.audit.likeness import alike, original_name, runs
from shared.demo import demo_assistants
from shared.models import Assistant
from tests.shared.audit.worlds import NOW, PROMPT, assistant, broken, findings

EDITED = PROMPT.replace("Nenne keine Preise", "Nenne nur den Gesamtpreis")


def drifted(one: Assistant, *others: Assistant) -> bool:
    return "copy-drifted" in broken(one, *others)


@pytest.mark.parametrize(
    "name", ["Angebot (Kopie)", "Angebot - Kopie", "angebot", "Copy of Angebot", "Angebot (2)", "Angebot Copy 3"]
)
def test_an_inactive_copy_with_another_version_of_the_prompt_is_told_to_the_one_that_calls(name: str) -> None:
    calls = assistant(1, name="Angebot")
    copy = assistant(2, name=name, status="inactive", system_prompt=EDITED, updated_at=NOW - timedelta(days=2))
    (told,) = [finding for finding in findings(calls, copy) if finding.rule == "copy-drifted"]
    assert (told.subject, told.facts) == ("2", {"copy": "2", "newer": "2"})
    assert not drifted(copy, calls)


@pytest.mark.parametrize(
    "fields",
    [
        {"system_prompt": PROMPT},
        {"system_prompt": "  " + PROMPT.replace("\n", " \n\n")},
        {"status": "active"},
        {"status": "processing"},
        {"language_id": 2},
        {"name": "Angebot (alt)"},
        {"name": "Angebot Q1"},
        {"name": "Angebot für Kunde B"},
        {"name": "Angebotskopie"},
        {"name": "Kopie"},
        {
            "system_prompt": "Du bist Lea und fragst nach der Zufriedenheit mit dem letzten Besuch in der Werkstatt. "
            * 9
        },
        {"system_prompt": ""},
        {"system_prompt": "Kurz."},
    ],
)
def test_what_is_no_drifted_copy_is_not_told(fields: dict[str, Any]) -> None:
    copy = {"name": "Angebot (Kopie)", "status": "inactive", "system_prompt": EDITED} | fields
    assert not drifted(assistant(1, name="Angebot"), assistant(2, **copy))


def test_of_several_copies_the_newest_counts_and_unknown_days_are_not_guessed() -> None:
    calls = assistant(1, name="Angebot", updated_at=None)
    same = assistant(2, name="Angebot (2)", status="inactive", updated_at=NOW)
    older = assistant(3, name="Angebot (3)", status="inactive", system_prompt=EDITED, updated_at=NOW - timedelta(1))
    assert not drifted(calls, same, older)
    (told,) = [finding for finding in findings(calls, older) if finding.rule == "copy-drifted"]
    assert told.facts == {"copy": "3", "newer": "?"}


def test_no_two_prompts_of_the_demo_are_versions_of_one() -> None:
    prompts = [record["system_prompt"] for record in demo_assistants()]
    assert [
        (one, other) for one in prompts for other in prompts if (one is other) is not alike(runs(one), runs(other))
    ] == []


@pytest.mark.parametrize(
    ("name", "original"),
    [
        ("  Solar   Beratung ", "solar beratung"),
        ("Solar – Kopie 2", "solar"),
        ("Kopie von Solar", "solar"),
        ("Solar (Kopie)", "solar"),
        ("Copyshop", "copyshop"),
        ("Photocopy", "photocopy"),
        ("Solar (2026)", "solar (2026)"),
        ("Solar 2", "solar 2"),
        ("Kopie", ""),
        ("", ""),
    ],
)
def test_a_name_without_what_marks_a_copy(name: str, original: str) -> None:
    assert original_name(name) == original
