"""Quiet hours and daily digests by the clock on the wall, on all nights of the year."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.alerts import Daily, QuietHours, held_until
from shared.models import Severity

BERLIN = ZoneInfo("Europe/Berlin")
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
ZONES = st.sampled_from(["Europe/Berlin", "UTC", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu"])
YEAR = timedelta(days=365)
MOMENTS = st.timedeltas(-9 * YEAR, 9 * YEAR).map(lambda since: datetime(2026, 1, 1, tzinfo=UTC) + since)


def at(text: str) -> time:
    return time.fromisoformat(text)


def berlin(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold).astimezone(UTC)


def quiet(start: str, end: str, passes: Severity | None = Severity.CRITICAL) -> QuietHours:
    return QuietHours(start=at(start), end=at(end), zone="Europe/Berlin", passes=passes)


@pytest.mark.parametrize(
    ("hours", "now", "until"),
    [
        ("12:00-13:00", "2026-06-01T11:59", None),
        ("12:00-13:00", "2026-06-01T12:00", "2026-06-01T13:00"),
        ("12:00-13:00", "2026-06-01T13:00", None),
        ("20:00-08:00", "2026-06-01T19:59", None),
        ("20:00-08:00", "2026-06-01T20:00", "2026-06-02T08:00"),
        ("20:00-08:00", "2026-06-02T00:00", "2026-06-02T08:00"),
        ("20:00-08:00", "2026-06-02T07:59", "2026-06-02T08:00"),
        ("20:00-08:00", "2026-06-02T08:00", None),
        # All day ends at the same time each day, and begins again.
        ("09:00-09:00", "2026-06-01T08:59", "2026-06-01T09:00"),
        ("09:00-09:00", "2026-06-01T09:00", "2026-06-02T09:00"),
        ("00:00-00:00", "2026-06-01T00:00", "2026-06-02T00:00"),
        # The night of 11 hours, and the one of 13.
        ("20:00-08:00", "2026-03-28T23:00", "2026-03-29T08:00"),
        ("20:00-08:00", "2026-10-24T23:00", "2026-10-25T08:00"),
        # A time that there is not: the clock has moved on by then.
        ("22:00-02:30", "2026-03-29T01:59", "2026-03-29T03:30"),
        ("02:30-02:45", "2026-03-29T03:29", None),
        ("02:30-02:45", "2026-03-29T03:30", "2026-03-29T03:45"),
        # What the clock passed over in part.
        ("02:30-03:00", "2026-03-29T03:00", None),
        # Yesterday's end falls behind today's beginning.
        ("03:15-02:30", "2026-03-29T03:20", "2026-03-30T02:30"),
        # A time that comes twice counts the first time.
        ("22:00-02:30", "2026-10-25T01:00", "2026-10-25T02:30"),
        ("02:30-02:45", "2026-10-25T02:45", None),
    ],
)
def test_quiet_lasts_from_one_time_on_the_wall_to_the_other(hours: str, now: str, until: str | None) -> None:
    start, end = hours.split("-")
    assert quiet(start, end).until(berlin(now)) == (until and berlin(until))


def test_quiet_does_not_come_a_second_time_when_the_clock_is_put_back() -> None:
    second = berlin("2026-10-25T02:35", fold=1)
    assert quiet("02:30", "02:45").until(second) is None
    assert quiet("22:00", "02:30").until(berlin("2026-10-25T02:00", fold=1)) is None
    assert quiet("02:00", "05:00").until(berlin("2026-10-25T02:35", fold=1)) == berlin("2026-10-25T05:00")


@given(start=TIMES, end=TIMES, zone=ZONES, now=MOMENTS)
def test_quiet_is_when_the_wall_says_so_but_around_a_clock_change(
    start: time, end: time, zone: str, now: datetime
) -> None:
    until = QuietHours(start=start, end=end, zone=zone).until(now)
    assert until is None or now < until <= now + timedelta(hours=26)
    offsets = {(now + timedelta(hours=hours)).astimezone(ZoneInfo(zone)).utcoffset() for hours in range(-25, 26)}
    if len(offsets) > 1:
        return
    wall = now.astimezone(ZoneInfo(zone)).time()
    inside = start <= wall < end if start < end else wall >= start or wall < end
    assert (until is not None) is inside
    if until is not None:
        assert until.astimezone(ZoneInfo(zone)).time() == end


@given(daily=TIMES, zone=ZONES, now=MOMENTS)
def test_a_digest_comes_once_a_day_at_its_time(daily: time, zone: str, now: datetime) -> None:
    digest = Daily(at=daily, zone=zone)
    days = []
    for _ in range(5):
        now = digest.next(now)
        local = now.astimezone(ZoneInfo(zone))
        days.append(local.date())
        assert local.time() == daily or local.utcoffset() != (local - timedelta(hours=3)).utcoffset()
    assert len(set(days)) == 5
    assert days == sorted(days)


def test_a_digest_at_a_time_that_comes_twice_comes_once() -> None:
    digest = Daily(at=at("02:30"), zone="Europe/Berlin")
    first = digest.next(berlin("2026-10-25T00:00"))
    assert first == berlin("2026-10-25T02:30")
    assert digest.next(first) == berlin("2026-10-26T02:30")


def test_what_passes_is_told_in_quiet_hours_and_nothing_passes_where_nothing_is_excepted() -> None:
    night = berlin("2026-06-01T23:00")
    morning = berlin("2026-06-02T08:00")
    assert quiet("20:00", "08:00").holds_back(Severity.CRITICAL, night) is None
    assert quiet("20:00", "08:00").holds_back(Severity.WARNING, night) == morning
    assert quiet("20:00", "08:00", Severity.WARNING).holds_back(Severity.WARNING, night) is None
    assert quiet("20:00", "08:00", None).holds_back(Severity.CRITICAL, night) == morning
    assert quiet("20:00", "08:00", None).holds_back(Severity.CRITICAL, berlin("2026-06-02T12:00")) is None


@pytest.mark.parametrize(
    ("digest", "severity", "now", "until"),
    [
        (None, Severity.INFO, "2026-06-01T12:00", None),
        (None, Severity.INFO, "2026-06-01T23:00", "2026-06-02T08:00"),
        ("09:00", Severity.INFO, "2026-06-01T12:00", "2026-06-02T09:00"),
        ("09:00", Severity.WARNING, "2026-06-01T23:00", "2026-06-02T09:00"),
        ("09:00", Severity.CRITICAL, "2026-06-01T12:00", None),
        ("09:00", Severity.CRITICAL, "2026-06-01T23:00", None),
        # The digest's own hour is quiet.
        ("07:00", Severity.INFO, "2026-06-01T12:00", "2026-06-02T08:00"),
    ],
)
def test_a_daily_digest_takes_all_but_what_is_critical(
    digest: str | None, severity: Severity, now: str, until: str | None
) -> None:
    daily = digest and Daily(at=at(digest), zone="Europe/Berlin")
    assert held_until(quiet("20:00", "08:00"), daily or None, severity, berlin(now)) == (until and berlin(until))
    assert held_until(None, None, severity, berlin(now)) is None


@pytest.mark.parametrize(
    "zone", ["Europe/Nowhere", "", "../../etc/passwd", "Europe", "\0", "/etc/localtime", "x" * 999]
)
def test_a_zone_that_is_not_there_is_refused(zone: str) -> None:
    with pytest.raises(ValidationError):
        Daily(at=at("09:00"), zone=zone)


def test_a_time_of_day_with_a_zone_of_its_own_is_refused() -> None:
    with pytest.raises(ValidationError):
        QuietHours(start=time(20, tzinfo=UTC), end=at("08:00"), zone="UTC")


def test_settings_come_back_from_json_as_they_were() -> None:
    for hours in (quiet("20:00", "08:00", None), quiet("00:00", "00:00")):
        assert QuietHours.model_validate(hours.model_dump(mode="json")) == hours
