"""Points in time, read and written."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import FilterInvalid
from shared.query.moments import moment, span, written, written_span

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7d", NOW - timedelta(days=7)),
        ("12 H", NOW - timedelta(hours=12)),
        ("30m", NOW - timedelta(minutes=30)),
        ("2026-02-01", datetime(2026, 2, 1, tzinfo=UTC)),
        ("2026-02-01T08:00", datetime(2026, 2, 1, 8, tzinfo=UTC)),
        ("2026-02-01T08:00:00Z", datetime(2026, 2, 1, 8, tzinfo=UTC)),
        ("2026-02-01T08:00:00+02:00", datetime(2026, 2, 1, 6, tzinfo=UTC)),
    ],
)
def test_a_moment_is_a_date_a_time_or_told_from_now(text: str, expected: datetime) -> None:
    assert moment(text, NOW) == expected


@pytest.mark.parametrize(
    ("text", "since", "before"),
    [
        ("", None, None),
        (" , ", None, None),
        ("7d", 7, None),
        ("!30d", None, 30),
        ("7d,!1d", 7, 1),
        ("1d,7d,!2d,!3d", 7, 3),
    ],
)
def test_moments_are_chosen_like_other_values(text: str, since: int | None, before: int | None) -> None:
    days = [days and NOW - timedelta(days=days) for days in (since, before)]
    assert span(text, NOW) == tuple(days)


@pytest.mark.parametrize("text", ["yesterday", "7", "7y", "-7d", "999999d", "2026-13-01", "0001-01-01T00:00+23:00"])
def test_any_other_moment_is_refused_with_examples(text: str) -> None:
    with pytest.raises(FilterInvalid, match="is no date or time") as caught:
        moment(text, NOW)
    assert "7d, 12h, 30m" in caught.value.explain()


def test_a_time_ago_is_whole_seconds() -> None:
    assert moment("1d", NOW + timedelta(microseconds=7)) == NOW - timedelta(days=1)


def test_a_moment_is_written_in_utc() -> None:
    assert written(datetime.fromisoformat("2026-03-01T09:00:00+01:00")) == "2026-03-01T08:00:00Z"


moments = st.none() | st.datetimes(timezones=st.just(UTC))


@given(moments, moments)
def test_what_is_written_is_read_back_as_the_same_moments_at_any_time(
    since: datetime | None, before: datetime | None
) -> None:
    assert span(written_span(since, before), NOW) == (since, before)


@given(st.integers(0, 10_000), st.sampled_from("dhm"), st.booleans())
def test_a_time_ago_stays_the_same_once_it_is_written(number: int, unit: str, negated: bool) -> None:  # noqa: FBT001 # hypothesis
    asked = span(f"{'!' * negated}{number}{unit}", NOW)
    assert span(written_span(*asked), NOW + timedelta(days=3)) == asked
