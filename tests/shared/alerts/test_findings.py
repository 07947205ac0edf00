"""Findings that open and close, from the change to what a channel is told, and when that is over."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from shared.alerts import Course, DeliveryKind, Key, Standing, Story, Why, decide
from shared.models import Change, Kind, Severity
from tests.shared.alerts.changes import NOON, audience, change, happening, subscription

SUBJECT: Key = (42, "finding")


def found(*rules: str, **facts: str) -> list[JsonValue]:
    return [{"rule": rule, "subject": "", "severity": "warning", "facts": dict(facts)} for rule in rules]


def finding(sequence: int, before: str, after: str | None, severity: Severity = Severity.WARNING) -> Change:
    """From the rules of one word to those of the other, a letter each; None: the assistant is gone."""
    return change(
        Kind.FINDING,
        sequence,
        before=found(*before),
        after=None if after is None else found(*after),
        severity=severity,
    )


def standings(*states: str | None) -> list[Standing]:
    """How the matter stands after each state, the first one being what there was before it."""
    before, *others = states
    course: Course | None = None
    told = []
    for sequence, after in enumerate(others, 1):
        step = finding(sequence, before or "", after)
        course = Course.of(step) if course is None else course.after(step)
        told.append(course.standing)
        before = after
    return told


@pytest.mark.parametrize(
    ("states", "last"),
    [
        (("", "a"), Standing.OPEN),
        (("", "a", "ab"), Standing.OPEN),
        (("", "a", ""), Standing.ENDED),
        (("", "a", "ab", "b"), Standing.OPEN),
        (("", "a", "ab", "b", ""), Standing.ENDED),
        # What stood there before is not what it was about …
        (("x", "xa", "x"), Standing.ENDED),
        (("x", "xa", "a"), Standing.OPEN),
        # … and when it is resolved on the way, so much the better.
        (("x", "xa", "a", ""), Standing.ENDED),
        (("xy", "xya", "y"), Standing.ENDED),
        (("", "a", None), Standing.ENDED),
        # Nothing has opened: nobody waits for anything.
        (("a", ""), Standing.TOLD),
        (("ab", "a"), Standing.TOLD),
        (("a", None), Standing.TOLD),
    ],
)
def test_a_matter_of_findings_is_over_when_none_is_left_of_those_that_it_told(
    states: tuple[str | None, ...], last: Standing
) -> None:
    assert standings(*states)[-1] is last


@given(st.lists(st.sets(st.sampled_from("abc")).map(lambda some: "".join(sorted(some))), min_size=2, max_size=6))
def test_it_is_open_exactly_as_long_as_something_is_wrong_that_was_not_before(states: list[str]) -> None:
    states = [one for one, other in zip(states, [*states[1:], None], strict=True) if one != other]
    for count in range(2, len(states) + 1):
        *_, standing = standings(*states[:count])
        if standing.closed:
            assert set(states[count - 1]) <= set(states[0])
            break
        assert not set(states[count - 1]) <= set(states[0])


def test_other_words_for_the_same_are_the_same() -> None:
    begins = change(Kind.FINDING, 1, before=[], after=found("a", length="240"))
    ends = change(Kind.FINDING, 2, before=found("a", length="999"), after=[])
    assert Course.of(begins).after(ends).standing is Standing.ENDED


@pytest.mark.parametrize("value", [None, "x", 7, [None, "x", [], {}], {"rule": "a"}])
def test_what_another_version_wrote_ends_nothing_by_mistake_and_breaks_nothing(value: Any) -> None:
    odd = change(Kind.FINDING, 2, before=value, after=[*found("a"), value])
    assert Course.of(finding(1, "", "a")).after(odd).standing is Standing.OPEN
    assert Course.of(odd).standing in {Standing.OPEN, Standing.TOLD}


def told(*changes: Change, stories: Mapping[Key, Story] | None = None, **order: Any) -> list[Why]:
    decisions = decide(
        [happening(number, one) for number, one in enumerate(changes, 1)],
        audience(subscription(**order)),
        stories or {},
        NOON,
    )
    return [one.verdict.why for one in decisions.rulings]


def test_a_channel_hears_of_findings_alone_if_it_wants_to_and_of_how_they_end() -> None:
    opens, prompt = finding(1, "", "a"), change(Kind.PROMPT, before="x", after="y")
    assert told(prompt, opens, groups=frozenset({"audit"})) == [Why.TOLD]
    assert told(prompt, opens, groups=frozenset({"prompt"})) == [Why.TOLD]
    assert told(prompt, opens) == [Why.TOLD, Why.TOLD]
    minor = finding(2, "a", "", Severity.INFO)
    assert told(minor, minimum=Severity.WARNING) == []
    story = {SUBJECT: Story(7, Course.of(opens), frozenset({1}))}
    assert told(minor, minimum=Severity.WARNING, stories=story) == [Why.TOLD]
    decisions = decide([happening(2, minor)], audience(), story, NOON)
    assert decisions.stories[SUBJECT].course.standing is Standing.ENDED
    assert [(one.kind, one.subject) for one in decisions.messages] == [(DeliveryKind.ALERT, SUBJECT)]
