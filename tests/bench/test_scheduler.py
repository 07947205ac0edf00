"""The simulation of the scheduler: it keeps what the watch promises, and shows where a plan is too small."""

import sys
from dataclasses import replace
from itertools import pairwise

import pytest

from bench import scheduler
from bench.scheduler import Outcome, Plan, report, simulate

SMALL = Plan(accounts=600, replicas=2, interval=60, polls_a_second=30, latency=0.2, warm_up=120, measured=300)


def test_with_room_to_spare_no_poll_is_later_than_the_next_look_or_two() -> None:
    outcome = simulate(SMALL)
    # Each account is polled every 54 to 60 seconds, and a little later by the wait for a look.
    assert 600 * 300 / 62 <= len(outcome.lags) <= 600 * 300 / 54
    assert outcome.percentile(99) <= 3 * SMALL.pace
    assert min(outcome.lags) >= 0


def test_a_plan_that_is_too_small_shows_in_the_lags_and_in_what_is_left() -> None:
    outcome = simulate(replace(SMALL, accounts=6_000))
    assert len(outcome.lags) <= 2 * 30 * 300 * 1.05
    assert outcome.percentile(50) > 30
    assert outcome.waiting > 1_000


def test_more_replicas_are_never_later() -> None:
    lags = [simulate(replace(SMALL, accounts=3_000, replicas=count)).percentile(90) for count in (1, 2, 4)]
    assert all(more >= fewer for more, fewer in pairwise(lags))
    assert lags[0] > 2 * lags[-1]


def test_what_a_dead_replica_had_claimed_is_taken_over_when_its_lease_ends() -> None:
    # In the middle of the fifth wave of polls.
    plan = Plan(accounts=3_000, replicas=3, polls_a_second=200, at_once=200, latency=0.5, warm_up=120, measured=330)
    alive, bereft = simulate(plan), simulate(replace(plan, killed=1))
    assert max(alive.lags) < 3
    late = [lag for lag in bereft.lags if lag > plan.lease / 2]
    assert 0 < len(late) <= plan.at_once
    assert plan.lease - 1 <= min(late) <= max(late) <= plan.lease + 3
    assert len(bereft.lags) > len(alive.lags) * 0.95


def test_failing_polls_are_made_less_often() -> None:
    assert len(simulate(replace(SMALL, failing=1.0)).lags) < len(simulate(SMALL).lags) / 2


def test_the_same_seed_plays_the_same_and_another_one_does_not() -> None:
    assert simulate(SMALL).lags == simulate(SMALL).lags
    assert simulate(SMALL).lags != simulate(replace(SMALL, seed=2)).lags


def test_when_everybody_is_dead_nothing_is_polled() -> None:
    outcome = simulate(replace(SMALL, killed=2))
    assert len(outcome.lags) < 600 * 300 / 54 * 0.6
    assert outcome.waiting > 0


def test_nothing_measured_is_reported_as_nothing() -> None:
    text = report(SMALL, Outcome())
    assert "| polls a second made" in text
    assert "0.00 s" in text


def test_it_is_started_from_the_command_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ["--accounts", "100", "--replicas", "3", "--measured", "60", "--warm-up", "60", "--killed", "1"]
    monkeypatch.setattr(sys, "argv", ["scheduler", *asked])
    scheduler.main()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("| 100 accounts, 3 replicas, every 60 s |")
    assert len({len(line) for line in lines}) == 1
    assert any(line.startswith("| claims a second") for line in lines)
