"""Assistants by the thousand, to see how everything fares with a large account."""

from typing import Any

# Five, seven and four of them: every mode meets every status and every timezone.
_MODES = ("pipeline", "multimodal", "dualplex", "pipeline", "pipeline")
_STATUSES = ("active", "active", "active", "inactive", "active", "active", "processing")
_TIMEZONES = ("Europe/Berlin", "Europe/Vienna", "America/New_York", "Europe/London")
_CAMPAIGNS = ("Solar", "Dentist", "Car dealer", "Survey", "Umfrage", "Recruiting", "Renewal", "Terminerinnerung")
_VOICES_OF_LANGUAGE = {1: 101, 2: 201, 3: 301, 4: 401}

_PARAGRAPH = (
    "Ask one question at a time, let {customer_name} finish, and never promise what is not in the offer. "
    "Sprich ruhig, stelle eine Frage nach der anderen und wiederhole jede Uhrzeit. "
)


def many_assistants(count: int, prompt_bytes: int = 3000) -> list[dict[str, Any]]:
    """So many wire records, the same each time, with unique names and prompts of at most that many bytes.

    5,000 of them with prompts of up to 3,000 bytes are about 15 MB of JSON.
    """
    return [_assistant(number, prompt_bytes) for number in range(1, count + 1)]


def _assistant(number: int, prompt_bytes: int) -> dict[str, Any]:
    language = 1 + number // len(_CAMPAIGNS) % len(_VOICES_OF_LANGUAGE)
    campaign = _CAMPAIGNS[number % len(_CAMPAIGNS)]
    has_webhook = number % 3 != 0
    changed = f"2026-{1 + number % 2:02}-{1 + number % 28:02}T{number % 24:02}:{number % 60:02}:00.000000Z"
    return {
        "id": 1000 + 3 * number,
        "user_id": 7,
        "name": f"{campaign} {number:05}",
        "type": "outbound",
        "mode": _MODES[number % len(_MODES)],
        "status": _STATUSES[number % len(_STATUSES)],
        "voice_id": _VOICES_OF_LANGUAGE[language],
        "language_id": language,
        "timezone": _TIMEZONES[number % len(_TIMEZONES)],
        "initial_message": f"Hello {{customer_name}}, this is campaign {number}.",
        "system_prompt": _prompt(f"# {campaign} {number}\n", prompt_bytes * (6 + number % 5) // 10),
        "variables": {"customer_name": ""},
        "webhook_url": f"https://hooks-{number % 11}.example.com/{number}" if has_webhook else None,
        "is_webhook_active": has_webhook and number % 5 != 0,
        "created_at": "2025-07-15T14:32:15.000000Z",
        "updated_at": changed,
    }


def _prompt(title: str, length: int) -> str:
    text = title + _PARAGRAPH
    return (text * (length // len(text) + 1))[:length]
