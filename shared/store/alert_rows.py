"""Places, subscriptions, mutes, matters, deliveries and verdicts as rows and back; pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from shared.alerts import (
    Course,
    Daily,
    DeliveryKind,
    Key,
    Matter,
    Mute,
    QuietHours,
    Standing,
    Subscription,
    Verdict,
    Why,
)
from shared.models import Change
from shared.query import AssistantQuery
from shared.store.records import Place


def place(row: Any) -> Place:
    """What is set in a row of `places`."""
    return Place(
        row.place,
        language=row.language,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
        quiet=row.quiet and QuietHours.model_validate(row.quiet),
        digest=row.digest and Daily.model_validate(row.digest),
    )


def query_column(query: AssistantQuery) -> Any:
    """A query as it is stored: what it says of assistants, not in which order or on which page."""
    return query.model_dump(mode="json", exclude={"sort", "limit", "cursor"}, exclude_defaults=True)


def subscription(row: Any) -> Subscription:
    """The subscription in a row of `subscriptions`."""
    return Subscription(
        id=row.id,
        place=row.place,
        created_by=row.created_by,
        created_at=row.created_at,
        query=AssistantQuery.model_validate(row.query),
        groups=frozenset(row.groups),
        minimum=row.minimum,
        paused=row.paused,
        paused_at=row.paused_at,
    )


def mute_row(mute: Mute) -> dict[str, Any]:
    """A row of `mutes`."""
    return {
        "place": mute.place,
        "account": mute.account,
        "assistant": mute.assistant,
        "ends_at": mute.until,
        "muted_by": mute.by,
        "reason": mute.reason,
    }


def mute(row: Any) -> Mute:
    """The mute in a row of `mutes`."""
    return Mute(
        place=row.place,
        account=row.account,
        assistant=row.assistant,
        until=row.ends_at,
        by=row.muted_by,
        reason=row.reason,
    )


def course_row(course: Course) -> dict[str, Any]:
    """What a row of `matters` says of how the matter went."""
    return {
        "standing": course.standing.value,
        "closed_at": course.last_at if course.standing.closed else None,
        "trail": course.trail,
        "last_at": course.last_at,
        "sequence": course.sequence,
    }


def course(row: Any) -> Course:
    """How the matter in a row of `matters` went."""
    trail = {field: (first, latest) for field, (first, latest) in row.trail.items()}
    return Course(Standing(row.standing), trail, row.last_at, row.sequence)


def key(row: Any) -> Key:
    """The key of the matter in a row of `matters`."""
    return row.assistant or None, row.family


def matter(row: Any, changes: Sequence[Change], total: int) -> Matter:
    """The matter in a row of `matters`."""
    return Matter(
        id=row.id,
        place=row.place,
        account=row.account,
        assistant=row.assistant or None,
        family=row.family,
        opened_at=row.opened_at,
        changes=tuple(changes),
        total=total,
        standing=row.standing,
        closed_at=row.closed_at,
        message=row.message,
        acknowledged_by=row.acknowledged_by,
        acknowledged_at=row.acknowledged_at,
    )


def delivery_row(  # noqa: PLR0913 # columns, each by its name
    place: str,
    kind: DeliveryKind,
    owed_at: datetime,
    *,
    matter: int | None = None,
    recipient: str = "",
    note: str = "",
) -> dict[str, Any]:
    """A delivery that is owed to the place from then on, or to a person."""
    return {
        "place": place,
        "kind": kind.value,
        "owed_at": owed_at,
        "due_at": owed_at,
        "matter": matter,
        "recipient": recipient,
        "note": note,
        "attempts": 0,
        "error": "",
        "message": "",
    }


def verdict_row(verdict: Verdict) -> dict[str, Any]:
    """What a row of `verdicts` says of why."""
    return {
        "why": verdict.why.value,
        "until": verdict.until,
        "mute": verdict.mute and verdict.mute.model_dump(mode="json"),
    }


def verdict(row: Any) -> Verdict:
    """The verdict in a row of `verdicts`."""
    return Verdict(Why(row.why), row.until, row.mute and Mute.model_validate(row.mute))
