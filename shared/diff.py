"""Two states of an account's assistants → the changes between them, and back again; pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from pydantic import JsonValue

from shared.models import Assistant, Change, Kind, Severity

SEVERITIES: Mapping[Kind, Severity] = MappingProxyType(
    {
        Kind.CREATED: Severity.INFO,
        Kind.DELETED: Severity.WARNING,
        Kind.ACTIVATED: Severity.INFO,
        Kind.DEACTIVATED: Severity.WARNING,
        Kind.RENAMED: Severity.INFO,
        Kind.PROMPT: Severity.WARNING,
        Kind.GREETING: Severity.INFO,
        Kind.VARIABLES: Severity.INFO,
        Kind.VOICE: Severity.INFO,
        Kind.LANGUAGE: Severity.INFO,
        Kind.TIMEZONE: Severity.INFO,
        Kind.MODE: Severity.INFO,
        Kind.WEBHOOK_ON: Severity.INFO,
        Kind.WEBHOOK_OFF: Severity.WARNING,
        # Post-call data now goes elsewhere.
        Kind.WEBHOOK_HOST: Severity.CRITICAL,
        # On a host that many share, another path may be another owner.
        Kind.WEBHOOK_PATH: Severity.WARNING,
        Kind.OTHER: Severity.INFO,
        Kind.SAVED: Severity.INFO,
        # As grave as the worst finding that has opened: nothing is said of it until then.
        Kind.FINDING: Severity.CRITICAL,
        Kind.KEY_REJECTED: Severity.CRITICAL,
        Kind.UNREACHABLE: Severity.WARNING,
        Kind.RECOVERED: Severity.INFO,
        Kind.UNREADABLE: Severity.WARNING,
        Kind.READABLE: Severity.INFO,
    }
)
"""How much each kind matters, as long as nothing about the single change says otherwise; no change matters more."""

GROUPS: Mapping[str, frozenset[Kind]] = MappingProxyType(
    {
        "status": frozenset({Kind.CREATED, Kind.DELETED, Kind.ACTIVATED, Kind.DEACTIVATED}),
        "prompt": frozenset({Kind.PROMPT, Kind.GREETING, Kind.VARIABLES}),
        "webhook": frozenset({Kind.WEBHOOK_ON, Kind.WEBHOOK_OFF, Kind.WEBHOOK_HOST, Kind.WEBHOOK_PATH}),
        "config": frozenset({Kind.RENAMED, Kind.VOICE, Kind.LANGUAGE, Kind.TIMEZONE, Kind.MODE, Kind.OTHER}),
        "audit": frozenset({Kind.FINDING}),
        "account": frozenset({Kind.KEY_REJECTED, Kind.UNREACHABLE, Kind.RECOVERED, Kind.UNREADABLE, Kind.READABLE}),
    }
)
"""What a subscription's `on:` may name. Every kind is in one of them, but SAVED: nothing that anyone sees changed."""

ACTIVE = "active"

_KINDS: Mapping[str, Kind] = {
    "name": Kind.RENAMED,
    "system_prompt": Kind.PROMPT,
    "initial_message": Kind.GREETING,
    "variables": Kind.VARIABLES,
    "voice_id": Kind.VOICE,
    "language_id": Kind.LANGUAGE,
    "timezone": Kind.TIMEZONE,
    "mode": Kind.MODE,
}
"""The fields whose changes are of one kind each."""

_FIELDS: Mapping[Kind, str] = {
    **{kind: field for field, kind in _KINDS.items()},
    Kind.ACTIVATED: "status",
    Kind.DEACTIVATED: "status",
    Kind.WEBHOOK_ON: "is_webhook_active",
    Kind.WEBHOOK_OFF: "is_webhook_active",
    Kind.WEBHOOK_HOST: "webhook_url",
    Kind.WEBHOOK_PATH: "webhook_url",
}
_OTHER_FIELDS = ("type", "user_id", "created_at", "status")
"""The known fields that travel in OTHER: no unknown field is ever called so."""

_OF_NO_FIELD = GROUPS["account"] | GROUPS["audit"]

_ORDER = tuple(Kind)


def diff(old: Iterable[Assistant], new: Iterable[Assistant], *, sequence: int, seen_at: datetime) -> tuple[Change, ...]:
    """What happened between two complete states of one account, oldest first; each assistant and kind once.

    A status counts as ACTIVATED when it becomes "active" and as DEACTIVATED when it stops being so; between two
    other values it is OTHER. Another host or port in the webhook's URL, or a URL where none was, is WEBHOOK_HOST
    and critical, whether switched on or not: that is where data goes next. A URL that disappears is WEBHOOK_HOST
    too, but a warning, since nothing goes anywhere. Everything else in the URL is WEBHOOK_PATH. SAVED: `updated_at`
    moved, and nothing else.
    """
    before = {one.id: one for one in old}
    after = {one.id: one for one in new}
    found = (
        change
        for number in before.keys() | after.keys()
        for change in _of_one(before.get(number), after.get(number), sequence, seen_at)
    )
    return tuple(
        sorted(found, key=lambda one: (one.changed_at or one.seen_at, one.assistant or 0, _ORDER.index(one.kind)))
    )


def apply(old: Iterable[Assistant], changes: Iterable[Change]) -> tuple[Assistant, ...]:
    """The state that the changes lead to, by id: `apply(old, diff(old, new))` is `new`.

    Changes of the account itself, and findings, leave it as it is. Raises KeyError where a change is of an assistant
    that isn't there.
    """
    plain = {one.id: one.model_dump(mode="json") for one in old}
    for change in changes:
        if change.assistant is None or change.kind in _OF_NO_FIELD:
            continue
        match change.kind:
            case Kind.CREATED:
                plain[change.assistant] = {**_mapping(change.after), "account": change.account}
            case Kind.DELETED:
                del plain[change.assistant]
            case _:
                _alter(plain[change.assistant], change)
    return tuple(Assistant.model_validate(plain[number]) for number in sorted(plain))


def _alter(plain: dict[str, Any], change: Change) -> None:
    plain["updated_at"] = change.changed_at
    if change.kind in _FIELDS:
        plain[_FIELDS[change.kind]] = change.after
    elif change.kind is Kind.OTHER:
        before, after = _mapping(change.before), _mapping(change.after)
        extra = {name: value for name, value in plain["extra"].items() if name not in before}
        for name, value in after.items():
            (plain if name in _OTHER_FIELDS else extra)[name] = value
        plain["extra"] = extra


def _mapping(value: JsonValue) -> Mapping[str, JsonValue]:
    if not isinstance(value, Mapping):
        raise TypeError(f"A mapping of fields was expected, not {type(value).__name__}.")
    return value


def _of_one(old: Assistant | None, new: Assistant | None, sequence: int, seen_at: datetime) -> Iterator[Change]:
    """One assistant's changes; `changed_at` is Famulor's time of the new version, which a deleted one doesn't have."""
    if old == new:
        return
    latest = new or old
    assert latest is not None  # noqa: S101 # they differ
    for kind, before, after, severity in _differences(old, new):
        yield Change(
            account=latest.account,
            sequence=sequence,
            kind=kind,
            severity=severity,
            assistant=latest.id,
            name=latest.name,
            before=before,
            after=after,
            seen_at=seen_at,
            changed_at=None if new is None else new.updated_at,
        )


Difference = tuple[Kind, JsonValue, JsonValue, Severity]


def _differences(old: Assistant | None, new: Assistant | None) -> Iterator[Difference]:
    if old is None or new is None:
        kind = Kind.CREATED if old is None else Kind.DELETED
        yield kind, _all_fields(old), _all_fields(new), SEVERITIES[kind]
        return
    nothing = True
    for kind, before, after, severity in _of_fields(old, new):
        nothing = False
        yield kind, before, after, severity
    if nothing:
        before, after = (one.model_dump(mode="json", include={"updated_at"})["updated_at"] for one in (old, new))
        yield Kind.SAVED, before, after, SEVERITIES[Kind.SAVED]


def _of_fields(old: Assistant, new: Assistant) -> Iterator[Difference]:
    before, after = _all_fields(old), _all_fields(new)
    for field, kind in _KINDS.items():
        if before[field] != after[field]:
            yield kind, before[field], after[field], SEVERITIES[kind]
    if old.is_webhook_active != new.is_webhook_active:
        kind = Kind.WEBHOOK_ON if new.is_webhook_active else Kind.WEBHOOK_OFF
        yield kind, old.is_webhook_active, new.is_webhook_active, SEVERITIES[kind]
    if old.webhook_url != new.webhook_url:
        kind = Kind.WEBHOOK_PATH if _place(old.webhook_url) == _place(new.webhook_url) else Kind.WEBHOOK_HOST
        yield kind, old.webhook_url, new.webhook_url, SEVERITIES[kind] if new.webhook_url else Severity.WARNING
    was_active, is_active = _is_active(old), _is_active(new)
    if was_active != is_active:
        kind = Kind.ACTIVATED if is_active else Kind.DEACTIVATED
        yield kind, old.status, new.status, SEVERITIES[kind]
        before["status"] = after["status"]
    others = _others(before), _others(after)
    if others[0] != others[1]:
        yield Kind.OTHER, _without(*others), _without(others[1], others[0]), SEVERITIES[Kind.OTHER]


def _all_fields(assistant: Assistant | None) -> Any:
    return None if assistant is None else assistant.model_dump(mode="json", exclude={"account"})


def _others(fields: Mapping[str, Any]) -> dict[str, JsonValue]:
    return {**fields["extra"], **{field: fields[field] for field in _OTHER_FIELDS}}


def _without(these: Mapping[str, JsonValue], those: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """What of `these` isn't the same in `those`."""
    return {name: value for name, value in these.items() if name not in those or those[name] != value}


def _is_active(assistant: Assistant) -> bool:
    return assistant.status.casefold() == ACTIVE


def _place(url: str) -> tuple[str, int | None] | str:
    """The host and a port that isn't the scheme's own; the URL as it is where there is none to be found in it."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return url
    if not host:
        return url
    return host.rstrip("."), None if port == {"http": 80, "https": 443}.get(parts.scheme) else port
