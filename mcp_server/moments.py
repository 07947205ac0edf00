"""Points in time as agents write them: `2026-03-01`, `2026-03-01T08:00:00Z`, `7d`; pure."""

import re
from datetime import UTC, datetime, timedelta

from shared.errors import FilterInvalid

_AGO = re.compile(r"(\d{1,6}) ?([dhm])")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


def moment(text: str, now: datetime) -> datetime | None:
    """The moment that `text` means at `now`, in UTC; None where it is empty. Without a zone it is UTC.

    Raises FilterInvalid.
    """
    asked = text.strip()
    if not asked:
        return None
    try:
        if ago := _AGO.fullmatch(asked.casefold()):
            return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        written = datetime.fromisoformat(asked)
        return (written if written.tzinfo else written.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise FilterInvalid(
            value=asked, filter="date or time", valid="2026-03-01, 2026-03-01T08:00:00Z, 7d, 12h, 30m"
        ) from None
