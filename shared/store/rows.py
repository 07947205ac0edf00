"""Assistants and changes as rows and back; pure. A prompt stands in a row as its hash, its text apart."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import JsonValue
from sqlalchemy import Select, func, select

from shared.models import Assistant, Change, Kind
from shared.store.columns import as_json, digest
from shared.store.records import Outcome, StoredChange
from shared.store.tables import accounts, changes, texts

PROMPT = "system_prompt"
BESIDE = {"account", "id", PROMPT}
"""An assistant's fields that have columns of their own."""


@dataclass(frozen=True, slots=True)
class Version:
    """An assistant as it is stored; two that are equal have the same digest."""

    assistant: int
    body: Mapping[str, JsonValue]
    prompt: str
    digest: bytes


def version(assistant: Assistant) -> Version:
    """What is stored of an assistant.

    Fields that are as they are by default are left out: so one that a later version of this program adds makes no
    assistant differ.
    """
    body = assistant.model_dump(mode="json", exclude=BESIDE, exclude_defaults=True)
    prompt = assistant.system_prompt
    return Version(assistant.id, body, prompt, digest(as_json(body, in_order=True), prompt))


def version_row(version: Version) -> dict[str, Any]:
    """What a row of `versions` says of the assistant."""
    return {
        "assistant": version.assistant,
        "body": version.body,
        "text": digest(version.prompt),
        "digest": version.digest,
    }


def assistant(account: str, row: Any) -> Assistant:
    """The assistant in a row of `versions` with its text. Fields that this version doesn't know are left out."""
    known = {name: value for name, value in row.body.items() if name in Assistant.model_fields}
    return Assistant(account=account, id=row.assistant, system_prompt=row.prompt, **known)


def account_row(outcome: Outcome) -> dict[str, Any]:
    """What a poll changes in the row of `accounts`."""
    failing, now = outcome.failing, outcome.polled_at
    row = {
        "due_at": outcome.due_at,
        "polled_at": now,
        "doubt": outcome.doubt,
        "failures": failing.count if failing else 0,
        "failing_since": failing and failing.since,
        "failure_kind": failing and failing.kind,
        "failure_text": failing and failing.text,
    }
    if outcome.assistants is None:
        return row
    since = func.coalesce(accounts.c.history_since, now)
    return {**row, "rejected": outcome.rejected, "succeeded_at": now, "history_since": since}


def change_row(change: Change) -> dict[str, Any]:
    """A row of `changes`."""
    before, before_prompt = _parted(change.kind, change.before)
    after, after_prompt = _parted(change.kind, change.after)
    return {
        "account": change.account,
        "sequence": change.sequence,
        "kind": change.kind.value,
        "severity": change.severity.value,
        "assistant": change.assistant or 0,
        "name": change.name,
        "before": before,
        "before_text": None if before_prompt is None else digest(before_prompt),
        "after": after,
        "after_text": None if after_prompt is None else digest(after_prompt),
        "seen_at": change.seen_at,
        "changed_at": change.changed_at,
    }


def changes_with_prompts() -> Select[Any]:
    """The rows that `stored_change` reads."""
    before, after = texts.alias(), texts.alias()
    return (
        select(changes, before.c.text.label("prompt_before"), after.c.text.label("prompt_after"))
        .outerjoin(before, changes.c.before_text == before.c.hash)
        .outerjoin(after, changes.c.after_text == after.c.hash)
    )


def stored_change(row: Any) -> StoredChange:
    """The change in a row of `changes` with its two texts."""
    return StoredChange(
        id=row.id,
        change=Change(
            account=row.account,
            sequence=row.sequence,
            kind=row.kind,
            severity=row.severity,
            assistant=row.assistant or None,
            name=row.name,
            before=_joined(row.before, row.prompt_before),
            after=_joined(row.after, row.prompt_after),
            seen_at=row.seen_at,
            changed_at=row.changed_at,
        ),
    )


def text_rows(versions: Iterable[Version], changes: Iterable[Change], used_at: datetime) -> list[dict[str, Any]]:
    """A row of `texts` for each distinct prompt, in the same order everywhere, so that no two writers deadlock."""
    prompts = {version.prompt for version in versions} | set(_prompts(changes))
    return sorted(
        ({"hash": digest(prompt), "text": prompt, "used_at": used_at} for prompt in prompts),
        key=lambda row: row["hash"],
    )


def _prompts(changes: Iterable[Change]) -> Iterator[str]:
    for change in changes:
        for value in (change.before, change.after):
            prompt = _parted(change.kind, value)[1]
            if prompt is not None:
                yield prompt


def _parted(kind: Kind, value: JsonValue) -> tuple[JsonValue, str | None]:
    """A value without the prompt in it, and the prompt."""
    if kind is Kind.PROMPT and isinstance(value, str):
        return None, value
    if isinstance(value, dict) and isinstance(prompt := value.get(PROMPT), str):
        return {name: other for name, other in value.items() if name != PROMPT}, prompt
    return value, None


def _joined(value: JsonValue, prompt: str | None) -> JsonValue:
    if prompt is None:
        return value
    return {**value, PROMPT: prompt} if isinstance(value, dict) else prompt
