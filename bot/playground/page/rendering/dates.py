"""Moments as Slack writes them for whoever reads: in their language, their zone, and by their today."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, format_timedelta

from bot.playground.page.rendering.words import say
from bot.playground.people import User

_TOKEN = re.compile(r"\{([a-z_]+)\}")
_NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}
# Slack leaves the year away where it is not needed; it does not say where that is.
_YEAR_IS_CLEAR = timedelta(days=180)

Format = Callable[[datetime, Locale], str]


def moment(timestamp: str | int, user: User) -> datetime:
    """Seconds since 1970 as a moment in the user's zone.

    Raises:
        ValueError: that is no number, or no year of the calendar.
    """
    try:
        return datetime.fromtimestamp(int(timestamp), UTC).astimezone(ZoneInfo(user.tz))
    except (OverflowError, OSError) as error:
        raise ValueError(f"{timestamp} is no moment") from error


def written(at: datetime, form: str, now: datetime, user: User) -> str:
    """The form with its `{tokens}` filled; one that is not known stays as it is.

    https://docs.slack.dev/messaging/formatting-message-text#date-formatting
    """
    locale = locale_of(user)
    return _TOKEN.sub(lambda found: _token(found[1], at, now.astimezone(at.tzinfo), locale) or found[0], form)


def locale_of(user: User) -> Locale:
    """The user's locale as Babel has it; American English where it has not."""
    try:
        return Locale.parse(user.locale, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en", "US")


def _token(name: str, at: datetime, now: datetime, locale: Locale) -> str:
    if name == "ago":
        return format_timedelta(at - now, add_direction=True, locale=locale)
    if name in {"date_pretty", "date_short_pretty", "date_long_pretty", "day_divider_pretty"}:
        near = _NEAR.get((at.date() - now.date()).days)
        if near:
            return say(near, locale.language)
        name = "date_long" if name == "day_divider_pretty" else name.removesuffix("_pretty")
    if name == "date" and abs(at - now) < _YEAR_IS_CLEAR:
        return format_skeleton("MMMMd", at, tzinfo=at.tzinfo, locale=locale)
    return _FORMATS[name](at, locale) if name in _FORMATS else ""


_FORMATS: Mapping[str, Format] = {
    "date": lambda at, locale: format_date(at, "long", locale),
    "date_long": lambda at, locale: format_date(at, "full", locale),
    "date_long_full": lambda at, locale: format_date(at, "long", locale),
    "date_num": lambda at, _: f"{at:%Y-%m-%d}",
    "date_short": lambda at, locale: format_date(at, "medium", locale),
    "date_slash": lambda at, _: f"{at:%m/%d/%Y}",
    "time": lambda at, locale: format_time(at, "short", tzinfo=at.tzinfo, locale=locale),
    "time_secs": lambda at, locale: format_time(at, "medium", tzinfo=at.tzinfo, locale=locale),
}
