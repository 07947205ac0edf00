"""Durations, times of day and moments as people write them, in either language; pure."""

import functools
import re
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import ClassVar
from zoneinfo import available_timezones

from bot.grammar.lexer import Word
from shared.errors import FilterInvalid

Until = datetime | time
"""A moment; without a zone, or without a day, the asker's own clock tells which."""

_UNIT = r"(?P<unit>m|min|minuten?|minutes?|h|std|stunden?|hours?|d|t|tage?n?|days?|w|wo|wochen?|weeks?)"
_DURATION = re.compile(rf"(?P<number>\d{{1,4}}) ?{_UNIT}\.?", re.IGNORECASE)
_UNITS = {"m": "minutes", "h": "hours", "s": "hours", "d": "days", "t": "days", "w": "weeks"}
_TIME = r"(?P<hour{0}>\d{{1,2}})(?:[:.](?P<minute{0}>\d\d))?(?: ?(?P<half{0}>[ap])\.?m\.?)?(?: ?(?:uhr|h))?"
_TIME_OF_DAY = re.compile(_TIME.format(""), re.IGNORECASE)
_SPAN = re.compile(
    rf"(?:von |from )?{_TIME.format(1)}(?: ?[-–—] ?| ?bis | ?to | ?until | ){_TIME.format(2)}", re.IGNORECASE
)
_NOON = 12
_MIDNIGHT = 24


class TimeInvalid(FilterInvalid):
    """What should be a time is none."""

    span: ClassVar[str] = "time span"
    of_day: ClassVar[str] = "time of day"
    zone: ClassVar[str] = "timezone"


def duration(text: str) -> timedelta | None:
    """`30m`, `2h`, `1 Tag`, `2 weeks`; None where it is none."""
    found = _DURATION.fullmatch(text)
    return timedelta(**{_UNITS[found["unit"][0].lower()]: int(found["number"])}) if found else None


def time_of_day(text: str) -> time | None:
    """`09:00`, `9`, `9 Uhr`, `9.30`, `9pm`; None where it is none."""
    found = _TIME_OF_DAY.fullmatch(text)
    return _time(found["hour"], found["minute"], found["half"]) if found else None


def span(text: str) -> tuple[time, time] | None:
    """`20:00-08:00`, `20-8 Uhr`, `20 bis 8 Uhr`, `8pm-8am`; None where it is none."""
    found = _SPAN.fullmatch(text)
    if not found:
        return None
    start = _time(found["hour1"], found["minute1"], found["half1"])
    end = _time(found["hour2"], found["minute2"], found["half2"])
    return (start, end) if start is not None and end is not None else None


def until(text: str) -> Until | None:
    """`18:00`, `18 Uhr`, `2026-03-05`, `2026-03-05T18:00:00Z`; None where it is no time."""
    try:
        read = datetime.fromisoformat(text) if "-" in text else None
        # At the edge of the calendar a moment has no UTC.
        return time_of_day(text) if read is None else read.astimezone(UTC) if read.tzinfo else read
    except (ValueError, OverflowError):
        return None


def written_until(moment: Until) -> str:
    """The text that `until` reads back as the same."""
    if isinstance(moment, time):
        return written_time(moment)
    return moment.isoformat().replace("+00:00", "Z")


def written_time(moment: time) -> str:
    """`09:00`."""
    return f"{moment:%H:%M}"


def zone(text: str) -> str:
    """The IANA name of a timezone, however its letters are written; "" where there is none such."""
    return _zones().get(text.casefold(), "")


def joined(words: Sequence[Word]) -> str:
    """Words as one text, for what is written with or without blanks."""
    return " ".join(word.shown for word in words)


def _time(hour: str, minute: str | None, half: str | None) -> time | None:
    hours = int(hour)
    if half:
        if not 1 <= hours <= _NOON:
            return None
        hours = hours % _NOON + (_NOON if half.lower() == "p" else 0)
    # 24:00 is how a day ends.
    hours = 0 if hours == _MIDNIGHT and not int(minute or 0) else hours
    try:
        return time(hours, int(minute or 0))
    except ValueError:
        return None


@functools.cache
def _zones() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}
