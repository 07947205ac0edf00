"""What happens to the assistants while a demo runs: a cycle of changes that ends where it began."""

import re
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, assert_never

Record = dict[str, Any]
Voices = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Edit:
    """Somebody sets a field of one assistant: the `turn`-th (from 0) of those that `suits` holds for."""

    field: str
    suits: Callable[[Record], bool]
    turn: int
    new: Callable[[Record, Voices], Any]
    says: str


@dataclass(frozen=True)
class Undo:
    """Somebody takes the last edit of that field back."""

    field: str
    says: str


@dataclass(frozen=True)
class Create:
    """Somebody creates an assistant."""


@dataclass(frozen=True)
class Delete:
    """Somebody deletes that assistant."""


Step = Edit | Undo | Create | Delete


def _is_active(record: Record) -> bool:
    return record.get("status") == "active"


def _sends(record: Record) -> bool:
    return isinstance(record.get("webhook_url"), str) and record.get("is_webhook_active") is True


def _other_host(record: Record, _voices: Voices) -> str:
    return re.sub("//[^/]*", "//automation.example.net", record["webhook_url"], count=1)


def _other_voice(record: Record, voices: Voices) -> Any:
    """The next voice of the same language and provider, the same one where there is no other."""
    now = next((voice for voice in voices if voice["id"] == record.get("voice_id")), {})
    alike = [
        voice["id"]
        for voice in voices
        if all(voice[field] == now.get(field) for field in ("language_id", "synthesizer_provider_id"))
    ]
    return alike[(alike.index(now["id"]) + 1) % len(alike)] if alike else record.get("voice_id")


CYCLE: tuple[Step, ...] = (
    Edit("status", _is_active, 0, lambda _record, _voices: "inactive", "{name} was switched off."),
    Edit(
        "system_prompt",
        _is_active,
        0,
        lambda record, _voices: (
            (record.get("system_prompt") or "") + "\n- After two unanswered questions, offer a call-back."
        ),
        "A line was added to the prompt of {name}.",
    ),
    Create(),
    Edit("webhook_url", _sends, 2, _other_host, "The webhook of {name} was moved to automation.example.net."),
    Edit(
        "name", _is_active, 2, lambda record, _voices: f"{record.get('name')} (new)", "{before} was renamed to {name}."
    ),
    Undo("status", "{name} was switched back on."),
    Edit("voice_id", _is_active, 4, _other_voice, "{name} speaks with another voice."),
    Undo("webhook_url", "The webhook of {name} was moved back."),
    Delete(),
    Undo("name", "{before} is called {name} again."),
    Undo("system_prompt", "The line was taken out of the prompt of {name} again."),
    Undo("voice_id", "{name} has its old voice back."),
)

_CREATED: Mapping[str, Any] = {
    "user_id": 7,
    "name": "Weekend Call-back",
    "type": "outbound",
    "mode": "pipeline",
    "status": "active",
    "voice_id": 203,
    "language_id": 2,
    "timezone": "America/New_York",
    "initial_message": "Hi {customer_name}, you called us at the weekend. How can we help?",
    "system_prompt": (
        "You return calls that came in at the weekend. Ask {customer_name} what the call was about, write it "
        "down in one sentence, and say that a colleague will call back on {{customer_phone}} today."
    ),
    "variables": {"customer_name": ""},
    "webhook_url": None,
    "is_webhook_active": False,
}


# An id that no record has, not even one without an id.
_NOBODY = object()


class Script:
    """Goes through the cycle again and again, whatever is listed."""

    def __init__(self) -> None:
        self._position = 0
        self._before: dict[str, tuple[Any, Any]] = {}
        self._created: int | None = None
        self._last_id = 0

    def step(self, records: list[Record], voices: Voices, now: str) -> str:
        """Do the next step that can be done; says what happened. `now` becomes the record's `updated_at`."""
        while True:
            step = CYCLE[self._position]
            self._position = (self._position + 1) % len(CYCLE)
            happened = self._do(step, records, voices, now)
            if happened:
                return happened

    def _do(self, step: Step, records: list[Record], voices: Voices, now: str) -> str:
        """Do that step; "" where nothing suits it (any more)."""
        match step:
            case Edit():
                return self._edit(step, records, voices, now)
            case Undo():
                return self._undo(step, records, now)
            case Create():
                return self._create(records, now)
            case Delete():
                return self._delete(records)
            case _:
                assert_never(step)

    def _edit(self, step: Edit, records: list[Record], voices: Voices, now: str) -> str:
        suitable = [record for record in records if step.suits(record)]
        if not suitable:
            return ""
        record = suitable[step.turn % len(suitable)]
        self._before[step.field] = record.get("id"), record.get(step.field)
        return _set(record, step.field, step.new(record, voices), now, step.says)

    def _undo(self, step: Undo, records: list[Record], now: str) -> str:
        assistant_id, value = self._before.pop(step.field, (_NOBODY, None))
        for record in records:
            if record.get("id") == assistant_id:
                return _set(record, step.field, value, now, step.says)
        return ""

    def _create(self, records: list[Record], now: str) -> str:
        # As in a real database, the id of a deleted assistant is not given to another one.
        ids = [record["id"] for record in records if isinstance(record.get("id"), int)]
        self._last_id = self._created = max([self._last_id, *ids]) + 1
        records.append({"id": self._created, **deepcopy(dict(_CREATED)), "created_at": now, "updated_at": now})
        return f"{_CREATED['name']} was created."

    def _delete(self, records: list[Record]) -> str:
        for position, record in enumerate(records):
            if record.get("id") == self._created:
                del records[position]
                return f"{record.get('name')} was deleted."
        return ""


def _set(record: Record, field: str, value: Any, now: str, says: str) -> str:
    before = record.get(field)
    record.update({field: value, "updated_at": now})
    return says.format(name=record.get("name"), before=before)
