"""Where an answer comes from: account by account, and what could not be read there."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

from mcp_server import render
from mcp_server.answers.budget import first_of
from mcp_server.answers.results import Line
from shared.models import Frozen

if TYPE_CHECKING:
    from shared.core import Origin, Page

MOST_REJECTED = 20
"""Records that could not be read of which an answer tells; it counts the others."""


class RejectedRecord(Frozen):
    """A record of Famulor's list that could not be read. `position` counts from 1."""

    position: int
    id: int = 0
    field: Line = ""
    reason: Line
    account: Line = ""


class AccountPart(Frozen):
    """How good one account's part of the answer is; `error` where it has none."""

    account: Line
    fetched_at: Line = ""
    stale: bool = False
    stale_reason: Line = ""
    error: Line = ""

    @classmethod
    def of(cls, origin: "Origin") -> Self:
        """What is to be said of this account."""
        return cls(
            account=origin.account,
            fetched_at=render.time(origin.fetched_at),
            stale=origin.stale,
            stale_reason=reason(origin) if origin.stale else "",
            error="" if origin.stale else reason(origin),
        )


def reason(origin: "Origin") -> str:
    """Why there is nothing newer; "" where nothing failed."""
    return origin.failure.explain() if origin.failure else ""


def rejected(page: "Page", room: int, *, several: bool) -> tuple[RejectedRecord, ...]:
    """The first of what could not be read, in at most `room` bytes."""
    records = [
        RejectedRecord(
            position=record.position,
            id=record.id or 0,
            field=record.field,
            reason=record.reason,
            account=origin.account if several else "",
        )
        for origin in page.origins
        for record in origin.rejected
    ]
    return first_of(records[:MOST_REJECTED], room)


def accounts(origins: Sequence["Origin"], room: int) -> tuple[AccountPart, ...]:
    """Each account, in at most `room` bytes: where they are too many, those that failed, before the others."""
    parts = [AccountPart.of(origin) for origin in sorted(origins, key=lambda origin: origin.failure is None)]
    kept = {part.account: part for part in first_of(parts, room)}
    return tuple(kept[origin.account] for origin in origins if origin.account in kept)
