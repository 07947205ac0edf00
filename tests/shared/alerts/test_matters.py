"""How a matter goes: what belongs to it, when it is over, and when it flaps."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.alerts import Course, Standing, family
from shared.alerts.matters import FLAPPING_WITHIN, FORGOTTEN_AFTER, flaps
from shared.models import Change, Kind
from tests.shared.alerts.changes import MINUTE, NOON, change, flips


def course(changes: Sequence[Change]) -> Course:
    first, *others = changes
    found = Course.of(first)
    for later in others:
        assert found.takes(later)
        found = found.after(later)
    return found


def test_every_kind_has_a_family_and_what_undoes_each_other_shares_one() -> None:
    assert family(Kind.ACTIVATED) == family(Kind.DEACTIVATED)
    assert family(Kind.KEY_REJECTED) == family(Kind.UNREACHABLE) == family(Kind.RECOVERED)
    assert family(Kind.UNREADABLE) == family(Kind.READABLE)
    assert family(Kind.CREATED) == family(Kind.DELETED)
    assert len({family(Kind.PROMPT), family(Kind.GREETING), family(Kind.VOICE), family(Kind.WEBHOOK_OFF)}) == 4
    assert all(family(kind) for kind in Kind)


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        (
            change(Kind.DEACTIVATED, before="active", after="paused"),
            change(Kind.ACTIVATED, 2, before="x", after="Active"),
        ),
        (change(Kind.DELETED, before={"name": "A"}), change(Kind.CREATED, 2, after={"name": "B"})),
        (change(Kind.UNREACHABLE, after={"error": "TimedOut"}), change(Kind.RECOVERED, 2, before={"error": "other"})),
        (change(Kind.KEY_REJECTED, after={"error": "KeyRejected"}), change(Kind.RECOVERED, 2, before=None)),
        (change(Kind.UNREADABLE, after={"position": 1}), change(Kind.READABLE, 2)),
        (change(Kind.WEBHOOK_OFF, before=True, after=False), change(Kind.WEBHOOK_ON, 2, before=False, after=True)),
        (change(Kind.PROMPT, before="A", after="B"), change(Kind.PROMPT, 2, before="B", after="A")),
        (change(Kind.VOICE, before=1, after=None), change(Kind.VOICE, 2, before=None, after=1)),
        # Another kind for each way, and the same URL.
        (
            change(Kind.WEBHOOK_PATH, before="https://a/1", after="https://a/2"),
            change(Kind.WEBHOOK_PATH, 2, before="https://a/2", after="https://a/1"),
        ),
        (
            change(Kind.OTHER, before={"a": [1]}, after={"a": [2], "b": None}),
            change(Kind.OTHER, 2, before={"a": [2], "b": None}, after={"a": [1]}),
        ),
    ],
)
def test_a_matter_ends_when_things_are_as_they_were(begins: Change, ends: Change) -> None:
    assert course([begins]).standing is Standing.OPEN
    assert course([begins, ends]).standing is Standing.ENDED
    assert course([begins, ends]).at(NOON + timedelta(days=99)) is Standing.ENDED


def test_a_matter_with_several_steps_ends_with_the_last_of_them() -> None:
    steps = [
        change(Kind.PROMPT, 1, before="A", after="B"),
        change(Kind.PROMPT, 2, before="B", after="C"),
        change(Kind.PROMPT, 3, before="C", after="A"),
    ]
    assert [course(steps[:count]).standing for count in (1, 2, 3)] == [Standing.OPEN, Standing.OPEN, Standing.ENDED]


def test_a_webhook_is_as_it_was_when_both_its_switch_and_its_url_are() -> None:
    off = change(Kind.WEBHOOK_OFF, 1, before=True, after=False)
    away = change(Kind.WEBHOOK_HOST, 2, before="https://a/1", after="https://b/1")
    on = change(Kind.WEBHOOK_ON, 3, before=False, after=True)
    path = change(Kind.WEBHOOK_PATH, 4, before="https://b/1", after="https://b/2")
    back = change(Kind.WEBHOOK_HOST, 5, before="https://b/2", after="https://a/1")
    assert course([off, away, on]).standing is Standing.OPEN
    assert course([off, away, on, path]).standing is Standing.OPEN
    assert course([off, away, on, path, back]).standing is Standing.ENDED


@given(st.lists(st.sampled_from("ABC"), min_size=2, max_size=9))
def test_a_matter_is_over_exactly_when_the_value_is_the_first_one_again(values: list[str]) -> None:
    values = [value for value, next_one in zip(values, [*values[1:], ""], strict=True) if value != next_one]
    steps = [
        change(Kind.GREETING, number, before=before, after=after)
        for number, (before, after) in enumerate(pairwise(values), 1)
    ]
    found: Course | None = None
    begun_with = ""
    for step in steps:
        if found is None or not found.takes(step):
            found, begun_with = Course.of(step), str(step.before)
        else:
            found = found.after(step)
        assert (found.standing is Standing.ENDED) is (step.after == begun_with)


@pytest.mark.parametrize(
    "kind", [Kind.ACTIVATED, Kind.CREATED, Kind.RECOVERED, Kind.READABLE, Kind.WEBHOOK_ON], ids=str
)
def test_good_news_is_told_once_and_bad_news_after_it_is_a_matter_of_its_own(kind: Kind) -> None:
    told = course([change(kind, before=False, after=True)])
    assert told.standing is Standing.TOLD
    assert not told.takes(change(Kind.DEACTIVATED, 2))


def test_what_one_poll_found_is_one_matter() -> None:
    on = change(Kind.WEBHOOK_ON, before=False, after=True)
    away = change(Kind.WEBHOOK_HOST, before="https://a", after="https://b")
    assert course([on, away]).standing is Standing.OPEN


def test_a_matter_that_nothing_is_heard_of_lapses() -> None:
    open_one = course([change(Kind.PROMPT, 0, before="A", after="B")])
    assert open_one.at(NOON + FORGOTTEN_AFTER - MINUTE) is Standing.OPEN
    assert open_one.at(NOON + FORGOTTEN_AFTER) is Standing.LAPSED


def test_three_flips_in_half_an_hour_flap_and_two_or_three_in_more_do_not() -> None:
    times = [NOON, NOON + 10 * MINUTE, NOON + 30 * MINUTE]
    assert flaps(times, times[-1])
    assert not flaps(times[1:], times[-1])
    assert not flaps(times, times[-1] + MINUTE)
    assert not flaps([*times[:2], NOON + 31 * MINUTE], NOON + 31 * MINUTE)
    # What is seen later doesn't count yet.
    assert not flaps(times, times[1])


def test_a_flapping_matter_stays_one_until_it_is_quiet_for_half_an_hour() -> None:
    off, on, again, *others = flips(*(Kind.DEACTIVATED, Kind.ACTIVATED) * 3)
    found = course([off, on])
    assert found.standing is Standing.ENDED
    assert not found.takes(again)
    assert found.takes(again, flapping=True)
    found = found.after(again, flapping=True)
    for later in others:
        assert found.takes(later)
        found = found.after(later)
        assert found.standing is Standing.FLAPPING
        assert not found.standing.closed
    last = others[-1].seen_at
    assert found.at(last + FLAPPING_WITHIN - MINUTE) is Standing.FLAPPING
    assert found.at(last + FLAPPING_WITHIN) is Standing.SETTLED


def test_a_matter_that_was_over_long_ago_is_not_taken_up_by_flapping() -> None:
    off, on = flips(Kind.DEACTIVATED, Kind.ACTIVATED)
    late = change(Kind.DEACTIVATED, 2 + 31)
    assert not course([off, on]).takes(late, flapping=True)


def test_a_matter_may_begin_flapping() -> None:
    first = Course.of(change(Kind.ACTIVATED), flapping=True)
    assert first.standing is Standing.FLAPPING
