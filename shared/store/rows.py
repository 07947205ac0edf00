"""Assistants and changes as rows and back; pure. A prompt stands in a row as its hash, its text apart."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from pydantic import JsonValue
from sqlalchemy import Select, select

from shared.models import Assistant, Change, Kind
from shared.store.columns import as_json, digest
from shared.store.records import AccountState, Failing, StoredChange
from shared.store.tables import changes, texts

PROMPT = "system_prompt"
BESIDE = {"account", "id", PROMPT}
"""An assistant's fields that have columns of their own."""
_FIELDS = frozenset(Assistant.model_fields)


def version_row(state: AccountState, assistant: Assistant) -> dict[str, Any]:
    """A row of `versions`, as of the poll that led to this state; two assistants that are equal have the same digest.

    Fields that are as they are by default are left out: so one that a later version of this program adds makes no
    assistant differ.
    """
    body = assistant.model_dump(mode="json", exclude=BESIDE, exclude_defaults=True)
    prompt = assistant.system_prompt
    return {
        "account": state.account,
        "assistant": assistant.id,
        "sequence": state.sequence,
        "seen_at": state.polled_at,
        "digest": digest(as_json(body, in_order=True), prompt),
        "body": body,
        "text": digest(prompt),
    }


def ended_rows(state: AccountState, assistants: Iterable[int]) -> list[dict[str, Any]]:
    """Whose rows of `versions` end with the poll that led to this state, and when."""
    return [{"of_account": state.account, "of_assistant": one, "ended_at": state.polled_at} for one in assistants]


def assistant(account: str, row: Any) -> Assistant:
    """The assistant in a row of `versions` with its text. Fields that this version doesn't know are left out."""
    known = {name: value for name, value in row.body.items() if name in _FIELDS}
    return Assistant(account=account, id=row.assistant, system_prompt=row.prompt, **known)


def account_row(state: AccountState, due_at: datetime) -> dict[str, Any]:
    """What a poll changes in the row of `accounts`, and in whose; `baseline_at` counts where it is the first one."""
    failing = state.failing
    return {
        "of_account": state.account,
        "sequence": state.sequence,
        "due_at": due_at,
        "polled_at": state.polled_at,
        "succeeded_at": state.succeeded_at,
        "baseline_at": state.succeeded_at,
        "rejected": state.rejected,
        "doubt": state.doubt,
        "failures": failing.count if failing else 0,
        "failing_since": failing and failing.since,
        "failure_kind": failing and failing.kind,
        "failure_text": failing and failing.text,
    }


def account_state(row: Any, versions: Iterable[Any]) -> AccountState:
    """What is known of an account: its row, and those of its latest versions with their texts, by id."""
    failing = Failing(row.failures, since=row.failing_since, kind=row.failure_kind, text=row.failure_text)
    return AccountState(
        row.name,
        sequence=row.sequence,
        assistants=tuple(assistant(row.name, version) for version in versions),
        rejected=tuple(row.rejected),
        doubt=row.doubt,
        failing=failing if row.failures else None,
        polled_at=row.polled_at,
        succeeded_at=row.succeeded_at,
    )


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


def text_rows(assistants: Iterable[Assistant], changes: Iterable[Change], used_at: datetime) -> list[dict[str, Any]]:
    """A row of `texts` for each distinct prompt, in the same order everywhere, so that no two writers deadlock."""
    prompts = {one.system_prompt for one in assistants} | set(_prompts(changes))
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
