"""Assistants for the audit's tests: one that is well, everything that may stand around it, and what rules say."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.audit import Finding, Ground, Reached, of_assistant
from shared.models import Assistant, Language, Names, Voice

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

LANGUAGES = {
    1: Language(id=1, name="German", iso_2="de"),
    2: Language(id=2, name="English", iso_2="en"),
    3: Language(id=3, name="English (UK)", iso_2="en-GB"),
    4: Language(id=4, name="French", iso_2="fr"),
    5: Language(id=5, name="Multilingual", iso_2="multi"),
}
VOICES = {
    101: Voice(id=101, name="Klara", language_id=1),
    202: Voice(id=202, name="Emma", language_id=2),
    203: Voice(id=203, name="Arthur", language_id=3),
    301: Voice(id=301, name="Camille", language_id=4),
    501: Voice(id=501, name="Sol", language_id=5),
    601: Voice(id=601, name="Nobody's"),
}
NAMES = Names(languages=LANGUAGES, voices=VOICES)

PROMPT = """Du bist Klara, die KI-Assistentin der Musterbau GmbH, und rufst Menschen an, die ein Angebot haben wollten.

Frage {customer_name}, ob das Angebot angekommen ist und ob es dazu Fragen gibt. Beantworte nur, was im Angebot steht.
Bei allem anderen bietest du einen Rückruf durch das Team an und fragst nach der besten Uhrzeit.

Stelle immer nur eine Frage. Nenne keine Preise und versprich keine Termine. Wer nicht mehr angerufen werden möchte,
wird sofort ausgetragen: Bestätige das, entschuldige dich und beende das Gespräch.
"""


def assistant(number: int = 7, **fields: Any) -> Assistant:
    """One whose configuration is faultless, but for these fields."""
    well: dict[str, Any] = {
        "account": "default",
        "id": number,
        "name": f"Angebote nachfassen {number}",
        "mode": "pipeline",
        "status": "active",
        "voice_id": 101,
        "language_id": 1,
        "timezone": "Europe/Berlin",
        "initial_message": "Guten Tag, hier ist Klara von der Musterbau GmbH. Spreche ich mit {customer_name}?",
        "system_prompt": PROMPT,
        "variables": {"customer_name": ""},
        "webhook_url": "https://crm.example.com/hooks/famulor",
        "is_webhook_active": True,
        "updated_at": NOW - timedelta(days=30),
    }
    return Assistant(**(well | fields))


def ground(*assistants: Assistant, names: Names = NAMES, reached: Mapping[str, Reached] | None = None) -> Ground:
    """An account that has these, whatever the tests ask about them."""
    return Ground("default", assistants, names, NOW, reached=reached or {})


def findings(one: Assistant, *others: Assistant, names: Names = NAMES) -> list[Finding]:
    """What is wrong with the one among the others."""
    return of_assistant(one, ground(one, *others, names=names))


def broken(one: Assistant, *others: Assistant, names: Names = NAMES) -> list[str]:
    """The ids of the rules that the one breaks among the others."""
    return [finding.rule for finding in findings(one, *others, names=names)]


def facts(one: Assistant, *others: Assistant) -> Mapping[str, str]:
    """The facts of the only thing that is wrong."""
    (finding,) = findings(one, *others)
    return finding.facts
