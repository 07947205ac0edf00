"""When something was said, as the one who looks reads it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time

from bot.playground.page.state import Tab
from bot.playground.page.words import WORDS


def moment(ts: str, tab: Tab) -> datetime:
    """The second of a message's `ts`, in the zone of whoever looks."""
    return datetime.fromtimestamp(int(ts.partition(".")[0]), UTC).astimezone(ZoneInfo(tab.user.tz))


def clock_time(at: datetime, tab: Tab) -> str:
    """`2:05 PM` or `14:05`."""
    return format_time(at, "short", locale=tab.language)


def in_full(at: datetime, tab: Tab) -> str:
    """`Sunday, March 1, 2026 at 2:05:00 PM` or its like."""
    return format_datetime(at, "full", locale=tab.language)


def day(on: date, today: date, tab: Tab) -> str:
    """`Today`, `Yesterday`, or the weekday and the date."""
    near = {0: "today", 1: "yesterday"}.get((today - on).days)
    return WORDS[near](tab.language) if near else format_date(on, "full", locale=tab.language)
