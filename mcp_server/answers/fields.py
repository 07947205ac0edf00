"""What can be said of an assistant, by the names that agents know: cleaned of what hides, masked where secret; pure."""

from collections.abc import Callable, Mapping
from functools import lru_cache

from pydantic import JsonValue

from mcp_server import render
from shared.errors import FilterInvalid
from shared.masking import masked_url, masked_values
from shared.models import Assistant, Names, WebhookState

LONGEST_WORD = 100
"""Characters of what is a word or two: a status, a language."""

Value = Callable[[Assistant, Names], JsonValue]


# Thousands of assistants share a handful of them.
@lru_cache(maxsize=1_024)
def word(text: str) -> str:
    """A word or two, cut where it is more."""
    return render.line(text, LONGEST_WORD)


def cleaned_url(url: str) -> str:
    """A URL without what hides in it, and without its secrets; as long as it is."""
    return masked_url(render.line(url, len(url)))


def cleaned_values(written: Mapping[str, JsonValue]) -> JsonValue:
    """Variables or further fields without what hides in them, and without their secrets."""
    # Cleaned first: an invisible character would hide a secret's name from who masks it.
    cleaned = render.values(dict(written))
    return masked_values(cleaned) if isinstance(cleaned, dict) else cleaned


FIELDS: Mapping[str, Value] = {
    "id": lambda assistant, _names: assistant.id,
    "account": lambda assistant, _names: assistant.account,
    "name": lambda assistant, _names: render.line(assistant.name),
    "type": lambda assistant, _names: word(assistant.type),
    "status": lambda assistant, _names: word(assistant.status),
    "mode": lambda assistant, _names: word(assistant.mode),
    "voice": lambda assistant, names: word(names.voice_name(assistant)),
    "voice_id": lambda assistant, _names: assistant.voice_id,
    "language": lambda assistant, names: word(names.language(assistant)),
    "language_id": lambda assistant, _names: assistant.language_id,
    "timezone": lambda assistant, _names: word(assistant.timezone),
    "webhook": lambda assistant, _names: assistant.webhook.value,
    "webhook_url": lambda assistant, _names: render.line(cleaned_url(assistant.webhook_url)),
    "is_webhook_active": lambda assistant, _names: assistant.is_webhook_active,
    "user_id": lambda assistant, _names: assistant.user_id,
    "created": lambda assistant, _names: render.time(assistant.created_at),
    "updated": lambda assistant, _names: render.time(assistant.updated_at),
    "initial_message": lambda assistant, _names: render.text(assistant.initial_message),
    "variables": lambda assistant, _names: cleaned_values(assistant.variables),
    "extra": lambda assistant, _names: cleaned_values(assistant.extra),
    "system_prompt": lambda assistant, _names: render.text(assistant.system_prompt),
}
"""Every field, the prompt last. What Famulor left out is "", None or {}."""

CONCISE = ("id", "name", "status", "mode", "language", "timezone", "webhook", "updated")

BRIEF: Mapping[str, Value] = {**FIELDS, "updated": lambda assistant, _names: render.day(assistant.updated_at)}
"""The same for concise rows: of a time, the day."""


def chosen(text: str) -> tuple[str, ...]:
    """`name,status` → the fields of that name, the id first; () where none is named. Raises FilterInvalid."""
    named = [part.strip().strip('"').casefold() for part in text.split(",")]
    picked = tuple(dict.fromkeys(filter(None, named)))
    for name in picked:
        if name not in FIELDS:
            raise FilterInvalid(value=name, filter="field", valid=", ".join(FIELDS))
    return ("id", *(name for name in picked if name != "id")) if picked else ()


def everything(assistant: Assistant, names: Names, *, several: bool) -> dict[str, JsonValue]:
    """All fields that say something; `several`: whether there is more than one account to tell apart."""
    fields = {name: value(assistant, names) for name, value in FIELDS.items() if several or name != "account"}
    if assistant.webhook is not WebhookState.MISSING or not assistant.is_webhook_active:
        del fields["is_webhook_active"]  # `webhook` has said it
    return {name: value for name, value in fields.items() if value not in ("", None, {})}
