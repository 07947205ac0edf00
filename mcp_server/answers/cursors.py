"""Cursors as agents get them: the time of the first question, and the core's cursor.

So `7d` means the same on every page.
"""

from datetime import UTC, datetime

from shared.errors import CursorInvalid


def continued(cursor: str, now: datetime) -> tuple[datetime, str]:
    """When the question was first asked, to the second, and the core's cursor. Raises CursorInvalid."""
    if not cursor:
        return now.replace(microsecond=0), ""
    asked_at, _dot, rest = cursor.strip().partition(".")
    try:
        return datetime.fromtimestamp(int(asked_at), UTC), rest or "."
    except (ValueError, OverflowError, OSError):
        raise CursorInvalid from None


def continuing(asked_at: datetime, cursor: str) -> str:
    """The cursor for an agent."""
    return f"{asked_at.timestamp():.0f}.{cursor}"
