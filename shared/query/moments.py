"""Points in time as people and agents write them: `2026-03-01`, `2026-03-01T08:00:00Z`, `7d`; pure."""

import re
from datetime import UTC, datetime, timedelta

from shared.errors import FilterInvalid
from shared.query.choice import Choice

_AGO = re.compile(r"(\d{1,6}) ?([dhm])")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


def span(text: str, now: datetime) -> tuple[datetime | None, datetime | None]:
    """`7d` → since then, `!30d` → not since then, `7d,!1d` → since the one, but not since the other.

    Several of a kind are any of these and none of those, as with other filters: the earliest. Raises FilterInvalid.
    """
    choice = Choice.parse(text)
    since = [moment(value, now) for value in choice.include]
    before = [moment(value, now) for value in choice.exclude]
    return min(since, default=None), min(before, default=None)


def written_span(since: datetime | None, before: datetime | None) -> str:
    """The text that `span` reads back as the same two, whenever it is read."""
    return ",".join([written(one) for one in (since,) if one] + [f"!{written(one)}" for one in (before,) if one])


def written(moment: datetime) -> str:
    """`2026-03-01T08:00:00Z`, with what there is of a second: what `moment` reads back as the same."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def moment(text: str, now: datetime) -> datetime:
    """The moment that `text` means at `now`, in UTC. Without a zone it is UTC; `7d` is to the second.

    Raises FilterInvalid.
    """
    asked = text.strip()
    try:
        if ago := _AGO.fullmatch(asked.casefold()):
            return (now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})).replace(microsecond=0)
        read = datetime.fromisoformat(asked)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise FilterInvalid(
            value=asked, filter=FilterInvalid.time, valid="2026-03-01, 2026-03-01T08:00:00Z, 7d, 12h, 30m, !30d"
        ) from None
