"""When accounts are polled: in time, not in step, and ever more rarely while that is in vain."""

from datetime import UTC, datetime
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from shared.watch import next_due

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
INTERVALS = st.floats(1, 86_400)
CHANCE = st.floats(0, 1, exclude_max=True)


def wait(interval: float, failures: int = 0, chance: float = 0.0, asked: float | None = None) -> float:
    return (next_due(NOW, interval, failures, lambda: chance, asked) - NOW).total_seconds()


@given(INTERVALS, CHANCE, st.integers(0, 10_000), st.none() | st.floats(0, 1e12))
def test_a_wait_is_bounded_on_both_sides(interval: float, chance: float, failures: int, asked: float | None) -> None:
    seconds = wait(interval, failures, chance, asked)
    assert 0.9 * interval - 1e-3 <= seconds <= max(interval, min(10 * interval, 900), min(asked or 0, 3600)) + 1e-3


@given(INTERVALS, CHANCE)
def test_without_failures_no_wait_is_longer_than_the_interval(interval: float, chance: float) -> None:
    assert wait(interval, 0, chance) <= interval + 1e-3
    assert wait(interval, 1, chance) <= interval + 1e-3


@given(INTERVALS, st.integers(0, 50))
def test_more_failures_never_shorten_a_wait(interval: float, failures: int) -> None:
    assert wait(interval, failures) <= wait(interval, failures + 1)


def test_waits_double_up_to_ten_intervals_or_a_quarter_of_an_hour() -> None:
    assert [wait(60, failures) for failures in range(7)] == [60, 60, 120, 240, 480, 600, 600]
    assert [wait(200, failures) for failures in range(1, 5)] == [200, 400, 800, 900]
    assert wait(3600, 9) == 3600


def test_a_server_that_asks_for_time_is_given_it_up_to_an_hour() -> None:
    assert wait(60, 1, asked=500) == 500
    assert wait(60, 1, asked=5) == 60
    assert wait(60, 1, asked=1e9) == 3600


def test_accounts_that_start_together_do_not_stay_together() -> None:
    chance = Random(3)  # noqa: S311 # the same each time
    starts = {next_due(NOW, 60, 0, chance.random) for _ in range(100)}
    assert len(starts) == 100
