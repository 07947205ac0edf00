"""Polls that fail, and end to do so → what an account's people are told; pure."""

from datetime import datetime

from pydantic import JsonValue

from shared.errors import KeyRejected, PermissionMissing, UpstreamError
from shared.models import Kind
from shared.store import Failing

UNREACHABLE_AFTER = 3
"""Failed polls in a row: one or two may be a hiccup."""

_REJECTIONS = frozenset({KeyRejected.__name__, PermissionMissing.__name__})


def failed_again(before: Failing | None, error: UpstreamError, at: datetime) -> Failing:
    """The row of failures with this one; a rejected key stays its reason until a poll succeeds."""
    kind, text = type(error).__name__, str(error)
    if before is None:
        return Failing(count=1, since=at, kind=kind, text=text)
    if before.kind in _REJECTIONS:
        kind, text = before.kind, before.text
    return Failing(count=before.count + 1, since=before.since, kind=kind, text=text)


def told(failing: Failing | None) -> Kind | None:
    """What people have been told of this row of failures; None where it is too short to be worth it."""
    if failing is None:
        return None
    if failing.kind in _REJECTIONS:
        return Kind.KEY_REJECTED
    return Kind.UNREACHABLE if failing.count >= UNREACHABLE_AFTER else None


def in_words(failing: Failing) -> JsonValue:
    """The reason as it travels in a change: `error` names its class, `since` is ISO 8601."""
    return {"error": failing.kind, "text": failing.text, "since": failing.since.isoformat()}
