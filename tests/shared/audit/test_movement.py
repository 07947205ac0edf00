"""What a change of kind `finding` says, also where another version of the program has written it."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.audit import RULES, Finding
from shared.audit.movement import Movement, sayable, written
from shared.models import Change, Kind, Severity

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def change(before: Any, after: Any) -> Change:
    return Change(
        account="agency",
        sequence=2,
        kind=Kind.FINDING,
        severity=Severity.INFO,
        assistant=42,
        name="Anna",
        before=before,
        after=after,
        seen_at=NOON,
    )


def finding(rule: str, severity: Severity = Severity.WARNING, subject: str = "", **facts: str) -> Finding:
    return Finding(
        account="agency", assistant=42, name="Anna", rule=rule, severity=severity, subject=subject, facts=facts
    )


LONG = finding("greeting-long", length="240", longest="200")
EMPTY = finding("prompt-empty", Severity.CRITICAL)
SHORT = finding("prompt-short", Severity.INFO, length="9")


def test_what_was_written_down_is_read_again() -> None:
    moved = Movement.of(change(written([LONG, SHORT]), written([EMPTY, SHORT])))
    assert (moved.opened, moved.closed, moved.left) == ((EMPTY,), (LONG,), (SHORT,))
    assert moved.open == (EMPTY, SHORT)
    assert (moved.severity, moved.gone) == (Severity.CRITICAL, False)
    closed = Movement.of(change(written([LONG]), written([])))
    assert (closed.severity, closed.was_ready, closed.ready) == (Severity.INFO, False, True)
    gone = Movement.of(change(written([LONG]), None))
    assert (gone.closed, gone.gone, gone.ready) == ((LONG,), True, False)
    born = Movement.of(change(None, written([SHORT])))
    assert (born.opened, born.was_ready, born.ready) == ((SHORT,), True, True)


def test_another_subject_is_another_finding_and_other_words_are_not() -> None:
    one, other = (finding("undeclared-variable", subject=name, variable=name) for name in ("{a}", "{b}"))
    assert Movement.of(change(written([one]), written([other]))).opened == (other,)
    graver = LONG.model_copy(update={"severity": Severity.CRITICAL, "facts": {"length": "999"}})
    moved = Movement.of(change(written([LONG]), written([graver])))
    assert (moved.opened, moved.closed, moved.left) == ((), (), (graver,))


def test_a_finding_can_be_put_into_words_where_this_version_knows_the_rule_and_all_that_it_speaks_of() -> None:
    assert all(map(sayable, (LONG, EMPTY, SHORT)))
    assert not sayable(finding("of-another-version"))
    assert not sayable(finding("greeting-long", length="240"))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.sampled_from([*RULES]),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(st.sampled_from(["rule", "subject", "severity", "facts", "more"]), children, max_size=5)
    ),
    max_leaves=8,
)


@given(VALUES, VALUES)
def test_what_was_not_written_by_us_is_passed_over(before: Any, after: Any) -> None:
    moved = Movement.of(
        change([before, LONG.model_dump(mode="json", exclude={"account", "assistant", "name"})], [after])
    )
    assert LONG in moved.closed
    assert Movement.of(change(before, after)).severity in Severity
