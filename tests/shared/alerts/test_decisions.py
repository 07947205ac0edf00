"""What comes of one poll's changes at one place."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.alerts import (
    Asker,
    Audience,
    Course,
    Daily,
    Decisions,
    DeliveryKind,
    Happening,
    Key,
    Mute,
    QuietHours,
    Standing,
    Story,
    Verdict,
    Why,
    decide,
)
from shared.models import Kind, Severity
from shared.query import AssistantQuery, Choice
from tests.shared.alerts.changes import MINUTE, NOON, assistant, audience, change, flips, happening, subscription

STATUS: Key = (42, "status")
OFF, ON = flips(Kind.DEACTIVATED, Kind.ACTIVATED)
ALL_DAY = QuietHours(start=time(0), end=time(0), zone="UTC")
TOMORROW = NOON + timedelta(hours=12)
NOW = NOON + 5 * MINUTE


def decided(
    happenings: Sequence[Happening],
    place: Audience | None = None,
    stories: Mapping[Key, Story] | None = None,
    now: datetime = NOW,
) -> Decisions:
    return decide(happenings, place or audience(), stories or {}, now)


def mute(until: datetime = TOMORROW, **fields: Any) -> Mute:
    given = {"place": "T1/C1", "account": "default", "assistant": 42, "by": "U1"}
    return Mute(until=until, **{**given, **fields})


def whys(decisions: Decisions) -> list[tuple[int, int, Why]]:
    return [(ruling.subscription, ruling.change, ruling.verdict.why) for ruling in decisions.rulings]


def sent(decisions: Decisions) -> list[tuple[DeliveryKind, object]]:
    return [(message.kind, message.subject) for message in decisions.messages]


def many(count: int) -> list[Happening]:
    return [happening(number, change(Kind.DEACTIVATED, assistant=number)) for number in range(1, count + 1)]


def only(*numbers: int) -> AssistantQuery:
    return AssistantQuery(ids=Choice(include=tuple(map(str, numbers))))


def test_a_change_that_is_asked_for_is_told_at_once_and_begins_a_matter() -> None:
    decisions = decided([happening(7, OFF)])
    assert whys(decisions) == [(1, 7, Why.TOLD)]
    (message,) = decisions.messages
    assert (message.kind, message.subject, message.due_at) == (DeliveryKind.ALERT, STATUS, NOW)
    assert decisions.stories == {STATUS: Story(None, Course.of(OFF))}
    assert (decisions.rulings[0].message, decisions.rulings[0].matter) == (message, STATUS)


def test_a_change_that_nobody_asks_for_leaves_no_trace() -> None:
    decisions = decided([happening(7, OFF)], audience(subscription(query=only(1))))
    assert decisions == Decisions()


def test_what_follows_is_told_in_the_same_matter_also_to_who_wants_to_hear_of_worse_alone() -> None:
    place = audience(subscription(1, minimum=Severity.WARNING), subscription(2, query=only(1)))
    open_one = Story(17, Course.of(OFF), told=frozenset({1}))
    decisions = decided([happening(8, ON)], place, {STATUS: open_one})
    assert whys(decisions) == [(1, 8, Why.TOLD)]
    assert decisions.stories[STATUS].id == 17
    assert decisions.stories[STATUS].course.standing is Standing.ENDED
    # Without the matter it is too minor, and so it is where that is over.
    assert decided([happening(8, ON)], place) == Decisions()
    over = Story(17, Course.of(OFF).after(ON), told=frozenset({1}))
    assert decided([happening(9, ON.model_copy(update={"sequence": 3}))], place, {STATUS: over}) == Decisions()


def test_after_a_matter_is_over_a_new_one_begins() -> None:
    over = Story(17, Course.of(OFF).after(ON), told=frozenset({1}))
    decisions = decided([happening(9, OFF.model_copy(update={"sequence": 3}))], stories={STATUS: over})
    assert decisions.stories[STATUS].id is None


def test_flapping_takes_up_the_matter_that_was_just_over() -> None:
    off, on, again = flips(Kind.DEACTIVATED, Kind.ACTIVATED, Kind.DEACTIVATED)
    over = Story(17, Course.of(off).after(on), told=frozenset({1}))
    decisions = decided([happening(9, again, flapping=True)], stories={STATUS: over})
    assert decisions.stories[STATUS].id == 17
    assert decisions.stories[STATUS].course.standing is Standing.FLAPPING


def test_two_subscriptions_of_a_place_that_ask_for_one_change_cause_one_message() -> None:
    decisions = decided([happening(7, OFF)], audience(subscription(2), subscription(5), subscription(9)))
    assert whys(decisions) == [(2, 7, Why.TOLD), (5, 7, Why.TWICE), (9, 7, Why.TWICE)]
    assert len(decisions.messages) == 1
    assert len({ruling.message for ruling in decisions.rulings}) == 1


def test_changes_of_two_matters_are_two_messages_and_of_one_matter_one() -> None:
    prompt = change(Kind.PROMPT, before="A", after="B")
    away = change(Kind.WEBHOOK_HOST, before="https://a", after="https://b")
    on = change(Kind.WEBHOOK_ON, before=False, after=True)
    decisions = decided([happening(number, one) for number, one in enumerate((prompt, on, away), 1)])
    assert sent(decisions) == [(DeliveryKind.ALERT, (42, "prompt")), (DeliveryKind.ALERT, (42, "webhook"))]
    assert decisions.stories[42, "webhook"].course.standing is Standing.OPEN


def test_up_to_five_changes_are_told_one_by_one_and_more_in_a_summary() -> None:
    assert [kind for kind, _subject in sent(decided(many(5)))] == [DeliveryKind.ALERT] * 5
    decisions = decided(many(6))
    assert sent(decisions) == [(DeliveryKind.SUMMARY, 1)]
    assert decisions.stories == {}
    assert {ruling.message for ruling in decisions.rulings} == set(decisions.messages)


def test_the_many_changes_of_one_subscription_are_a_summary_whoever_else_asks_for_some_of_them() -> None:
    place = audience(subscription(1, query=only(1, 2, 3)), subscription(2))
    decisions = decided(many(8), place)
    assert sent(decisions) == [(DeliveryKind.SUMMARY, 2)]
    assert [why for subscriber, _change, why in whys(decisions) if subscriber == 1] == [Why.TWICE] * 3
    # What is left for another one is no summary of its own.
    wide = audience(subscription(1, query=only(*range(1, 9))), subscription(2, query=only(*range(2, 10))))
    assert sent(decided(many(9), wide)) == [(DeliveryKind.SUMMARY, 1), (DeliveryKind.ALERT, (9, "status"))]


def test_a_summary_brings_the_messages_of_matters_that_are_open_up_to_date() -> None:
    off = change(Kind.DEACTIVATED, 0, assistant=3)
    stories: dict[Key, Story] = {(3, "status"): Story(17, Course.of(off), told=frozenset({1}))}
    back = [happening(number, change(Kind.ACTIVATED, assistant=number)) for number in range(1, 8)]
    decisions = decided(back, stories=stories)
    assert sent(decisions) == [(DeliveryKind.SUMMARY, 1), (DeliveryKind.ALERT, (3, "status"))]
    assert decisions.stories[3, "status"].course.standing is Standing.ENDED
    assert [ruling.matter for ruling in decisions.rulings].count((3, "status")) == 1


def test_what_is_muted_is_not_told_and_says_by_whom_and_until_when() -> None:
    decisions = decided([happening(7, OFF)], audience(mutes=[mute()]))
    assert [ruling.verdict for ruling in decisions.rulings] == [Verdict(Why.MUTED, TOMORROW, mute())]
    assert not decisions.messages
    assert not decisions.stories


def test_a_mute_holds_for_its_assistant_and_until_its_end() -> None:
    for other in (mute(assistant=7), mute(account="agency"), mute(until=NOW)):
        assert whys(decided([happening(7, OFF)], audience(mutes=[other]))) == [(1, 7, Why.TOLD)]
    trouble = change(Kind.KEY_REJECTED, assistant=None)
    assert whys(decided([happening(7, trouble)], audience(mutes=[mute(assistant=0)]))) == [(1, 7, Why.TOLD)]


def test_a_matter_goes_on_while_its_assistant_is_muted_and_its_message_says_so_in_silence() -> None:
    open_one = Story(17, Course.of(OFF), told=frozenset({1}))
    decisions = decided([happening(8, ON)], audience(mutes=[mute()]), {STATUS: open_one})
    assert decisions.stories[STATUS].course.standing is Standing.ENDED
    (message,) = decisions.messages
    assert (message.kind, message.subject, message.due_at) == (DeliveryKind.ALERT, STATUS, NOW)
    assert decisions.rulings[0].message is None


def test_what_is_held_back_is_told_in_one_digest_when_the_quiet_ends() -> None:
    decisions = decided([*many(7), happening(9, change(Kind.PROMPT))], audience(quiet=ALL_DAY))
    (message,) = decisions.messages
    assert (message.kind, message.due_at) == (DeliveryKind.DIGEST, TOMORROW)
    assert {ruling.verdict for ruling in decisions.rulings} == {Verdict(Why.HELD, TOMORROW)}
    assert decisions.stories == {}


def test_what_is_critical_passes_quiet_hours_beside_what_waits() -> None:
    away = change(Kind.WEBHOOK_HOST, before="https://a", after="https://b")
    decisions = decided([happening(1, OFF), happening(2, away)], audience(quiet=ALL_DAY))
    assert sent(decisions) == [(DeliveryKind.DIGEST, None), (DeliveryKind.ALERT, (42, "webhook"))]


def test_a_matter_that_goes_on_in_quiet_hours_is_brought_up_to_date_when_they_end() -> None:
    open_one = Story(17, Course.of(OFF), told=frozenset({1}))
    decisions = decided([happening(8, ON)], audience(quiet=ALL_DAY), {STATUS: open_one})
    assert [(message.kind, message.due_at) for message in decisions.messages] == [
        (DeliveryKind.DIGEST, TOMORROW),
        (DeliveryKind.ALERT, TOMORROW),
    ]
    assert decisions.stories[STATUS].course.standing is Standing.ENDED


def test_a_daily_digest_takes_what_is_not_critical() -> None:
    digest = Daily(at=time(9), zone="UTC")
    decisions = decided([happening(1, OFF)], audience(digest=digest))
    assert [message.due_at for message in decisions.messages] == [NOON + timedelta(hours=21)]


def test_a_subscription_that_is_paused_tells_nothing_and_one_beside_it_does() -> None:
    paused = subscription(1, paused="archived")
    decisions = decided([happening(7, OFF)], audience(paused))
    assert whys(decisions) == [(1, 7, Why.PAUSED)]
    assert not decisions.messages
    beside = decided([happening(7, OFF)], audience(paused, subscription(2)))
    assert whys(beside) == [(1, 7, Why.PAUSED), (2, 7, Why.TOLD)]
    assert [ruling.message is None for ruling in beside.rulings] == [True, False]
    open_one = {STATUS: Story(17, Course.of(OFF), told=frozenset({1}))}
    moved = decided([happening(8, ON)], audience(paused), open_one)
    assert not moved.messages
    assert moved.stories[STATUS].course.standing is Standing.ENDED


@given(
    changes=st.lists(
        st.tuples(st.integers(0, 9), st.sampled_from([kind for kind in Kind if kind is not Kind.SAVED])),
        max_size=20,
        unique=True,
    ),
    wanted=st.lists(st.tuples(st.sets(st.integers(0, 9)), st.sampled_from(Severity), st.booleans()), max_size=4),
    quiet=st.none() | st.just(ALL_DAY),
    muted=st.sets(st.integers(1, 9), max_size=3),
)
def test_every_change_that_is_asked_for_is_in_one_message_or_in_none_for_a_reason(
    changes: list[tuple[int, Kind]],
    wanted: list[tuple[set[int], Severity, bool]],
    quiet: QuietHours | None,
    muted: set[int],
) -> None:
    happenings = [
        happening(number, change(kind, assistant=one or None), *([assistant(one)] if one else []))
        for number, (one, kind) in enumerate(changes, 1)
    ]
    subscriptions = [
        subscription(number, query=only(*numbers), minimum=minimum, paused="gone" if paused else "")
        for number, (numbers, minimum, paused) in enumerate(wanted, 1)
    ]
    place = Audience("T1/C1", [Asker(one, {}) for one in subscriptions], [mute(assistant=one) for one in muted], quiet)
    decisions = decided(happenings, place)
    assert len({(ruling.subscription, ruling.change) for ruling in decisions.rulings}) == len(decisions.rulings)
    for one in happenings:
        rulings = [ruling for ruling in decisions.rulings if ruling.change == one.id]
        found = [ruling.verdict.why for ruling in rulings]
        assert found.count(Why.TOLD) <= 1
        assert (Why.TWICE in found) <= (Why.TOLD in found)
        told = {ruling.message for ruling in rulings if ruling.verdict.why in {Why.TOLD, Why.TWICE, Why.HELD}}
        assert len(told) <= 1
        assert None not in told
        assert {ruling.message for ruling in rulings if ruling.verdict.why in {Why.MUTED, Why.PAUSED}} <= {None}
    named = {ruling.message for ruling in decisions.rulings}
    assert set(decisions.messages) <= named
    assert {ruling.matter for ruling in decisions.rulings} - {None} == decisions.stories.keys()
