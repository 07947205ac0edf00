"""Times of day at a place: quiet hours and the hour of a digest, in the place's own timezone; pure."""

from datetime import UTC, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator

from shared.models import Frozen, Severity


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # OSError: the name of a folder of zones
        raise ValueError("there is no such timezone") from error
    return name


def _on_the_wall(at: time) -> time:
    if at.tzinfo is not None:
        raise ValueError("a time of day has no timezone of its own")
    return at


Zone = Annotated[str, AfterValidator(_known_zone)]
WallTime = Annotated[time, AfterValidator(_on_the_wall)]


class Daily(Frozen):
    """Once a day at this time of the wall clock."""

    at: WallTime
    zone: Zone

    def next(self, now: datetime) -> datetime:
        """The first such moment after `now`, in UTC.

        A time that a clock change skips comes when the clock has moved on; one that comes twice counts the first time.
        """
        moments = (_moment(now, days, self.at, self.zone) for days in range(3))
        return next(moment for moment in moments if moment > now)


class QuietHours(Frozen):
    """From `start` until `end` each day, across midnight where `end` is earlier; the same time twice is all day.

    `passes`: changes of this severity or more are told all the same; None lets nothing pass.
    """

    start: WallTime
    end: WallTime
    zone: Zone
    passes: Severity | None = Severity.CRITICAL

    def until(self, now: datetime) -> datetime | None:
        """When the quiet that holds at `now` ends, in UTC; None where none holds. All day ends anew each day."""
        spans = (
            (
                _moment(now, days, self.start, self.zone),
                _moment(now, days + (self.end <= self.start), self.end, self.zone),
            )
            for days in (-1, 0)
        )
        # Where the clock is put forward, the end of yesterday's may fall behind the beginning of today's.
        return max((ends for begins, ends in spans if begins <= now < ends), default=None)

    def holds_back(self, severity: Severity, now: datetime) -> datetime | None:
        """Until when a change of this severity waits; None where it does not."""
        if self.passes is not None and severity.rank >= self.passes.rank:
            return None
        return self.until(now)


def held_until(quiet: QuietHours | None, digest: Daily | None, severity: Severity, now: datetime) -> datetime | None:
    """Until when a place with these settings waits with a change of this severity; None where it is told at once.

    With a daily digest everything below critical waits for it, and where it falls into quiet hours, for their end.
    """
    at_once = digest is None or severity is Severity.CRITICAL
    moment = now if digest is None or at_once else digest.next(now)
    quiet_until = quiet and quiet.holds_back(severity, moment)
    return quiet_until or (None if at_once else moment)


def _moment(now: datetime, days: int, at: time, zone: str) -> datetime:
    """That time of the wall clock, so many days after the day that it is there at `now`, in UTC."""
    day = (now.astimezone(ZoneInfo(zone)) + timedelta(days=days)).date()
    # The first of two where the clock is put back; of none, as if it had not been put forward yet.
    return datetime.combine(day, at.replace(fold=0), tzinfo=ZoneInfo(zone)).astimezone(UTC)
