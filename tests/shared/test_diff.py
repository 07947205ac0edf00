"""The difference of two states: its law over any pair of them, and each kind with what it matters."""

from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from shared.diff import GROUPS, SEVERITIES, apply, diff
from shared.models import Assistant, Change, Kind, Severity

SEEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
EDITED = datetime(2026, 3, 1, 11, 59, tzinfo=UTC)

NUMBERS = st.none() | st.integers(1, 3)
MOMENTS = st.none() | st.datetimes(timezones=st.just(UTC))
URLS = st.sampled_from(
    ["", "https://a.example/x", "https://A.example:443/x", "https://a.example/y", "http://b.example", "http://[", "?"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=3),
    lambda values: st.lists(values, max_size=2) | st.dictionaries(st.text(max_size=3), values, max_size=2),
    max_leaves=3,
)
# No unknown field is called like a known one: the client has put those into their places.
UNKNOWN = st.text(max_size=3) | st.sampled_from(["folder", "account", "extra"])
ASSISTANTS = st.builds(
    Assistant,
    account=st.just("default"),
    id=st.integers(1, 4),
    user_id=NUMBERS,
    name=st.sampled_from(["Anna", "Bert", ""]),
    type=st.sampled_from(["outbound", "inbound"]),
    mode=st.sampled_from(["pipeline", "dualplex"]),
    status=st.sampled_from(["active", "inactive", "processing", "Active", ""]),
    voice_id=NUMBERS,
    language_id=NUMBERS,
    timezone=st.sampled_from(["", "Europe/Berlin"]),
    initial_message=st.text(max_size=3),
    system_prompt=st.text(max_size=5),
    variables=st.dictionaries(st.text(max_size=3), JSON, max_size=2),
    webhook_url=URLS,
    is_webhook_active=st.booleans(),
    created_at=MOMENTS,
    updated_at=MOMENTS,
    extra=st.dictionaries(UNKNOWN, JSON, max_size=2),
)


def by_id(assistants: Sequence[Assistant]) -> tuple[Assistant, ...]:
    return tuple(sorted({one.id: one for one in assistants}.values(), key=lambda one: one.id))


STATES = st.lists(ASSISTANTS, max_size=4, unique_by=lambda one: one.id)
CHANGEABLE = sorted(set(Assistant.model_fields) - {"account", "id"})


@st.composite
def pairs(draw: st.DrawFn) -> tuple[list[Assistant], list[Assistant]]:
    """Two states, half the time with a likeness, as two polls in a row have one."""
    old, new = draw(STATES), draw(STATES)
    if draw(st.booleans()):
        return old, new
    fields = draw(st.sets(st.sampled_from(CHANGEABLE)))
    others = {one.id: one for one in new}
    return old, [
        one.model_copy(update={field: getattr(others.get(one.id, one), field) for field in fields}) for one in old
    ]


def assert_law(old: Sequence[Assistant], new: Sequence[Assistant]) -> None:
    changes = diff(old, new, sequence=2, seen_at=SEEN)
    assert apply(old, changes) == by_id(new)
    assert len({(change.assistant, change.kind) for change in changes}) == len(changes)
    differing = {one.id for one in (*old, *new) if one not in old or one not in new}
    assert {change.assistant for change in changes} == differing


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(pairs())
def test_applying_the_difference_gives_the_new_state(pair: tuple[Sequence[Assistant], Sequence[Assistant]]) -> None:
    assert_law(*pair)


def test_applying_the_difference_gives_the_new_state_for_ten_thousand_random_pairs() -> None:
    # Hypothesis looks for hard pairs, and takes minutes for so many.
    chance = Random(20260301)  # noqa: S311 # the same pairs each time
    for _ in range(10_000):
        assert_law(some_state(chance), some_state(chance))


def some_state(chance: Random) -> list[Assistant]:
    numbers = chance.sample(range(1, 4), chance.randrange(4))
    return [some_assistant(chance, number) for number in numbers]


def some_assistant(chance: Random, number: int) -> Assistant:
    """Few values a field, so that two assistants of one number are the same in many."""
    moments = (None, SEEN, EDITED)
    values: tuple[Any, ...] = (None, 1, 1.5, True, "x", [], [1, {"a": None}], {"b": "c"})
    return Assistant(
        account="default",
        id=number,
        user_id=chance.choice((None, 7)),
        name=chance.choice(("Anna", "Bert")),
        type=chance.choice(("outbound", "outbound", "inbound")),
        mode=chance.choice(("pipeline", "dualplex")),
        status=chance.choice(("active", "inactive", "processing", "ACTIVE")),
        voice_id=chance.choice((None, 1)),
        language_id=chance.choice((None, 2)),
        timezone=chance.choice(("", "Europe/Berlin")),
        initial_message=chance.choice(("", "Hallo")),
        system_prompt=chance.choice(("Be kind.", "Be kind.\n", "Sei 🙂")),
        variables={key: chance.choice(values) for key in chance.sample("abc", chance.randrange(3))},
        webhook_url=chance.choice(
            ("", "https://a.example/x", "https://a.example/y", "https://b.example/x", "http://[")
        ),
        is_webhook_active=chance.choice((True, False)),
        created_at=chance.choice(moments),
        updated_at=chance.choice(moments),
        extra={key: chance.choice(values) for key in chance.sample(["folder", "account", "b"], chance.randrange(3))},
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(pairs())
def test_changes_survive_being_written_down(pair: tuple[Sequence[Assistant], Sequence[Assistant]]) -> None:
    old, new = pair
    changes = diff(old, new, sequence=2, seen_at=SEEN)
    adapter = TypeAdapter(tuple[Change, ...])
    assert apply(old, adapter.validate_json(adapter.dump_json(changes))) == by_id(new)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(STATES, st.randoms(use_true_random=False))
def test_another_order_is_no_change(state: list[Assistant], random: Any) -> None:
    shuffled = random.sample(state, len(state))
    assert diff(state, shuffled, sequence=2, seen_at=SEEN) == ()


ANNA = Assistant(
    account="agency",
    id=42,
    user_id=7,
    name="Anna",
    mode="pipeline",
    status="active",
    voice_id=1,
    language_id=1,
    timezone="Europe/Berlin",
    initial_message="Hallo!",
    system_prompt="Sei freundlich.",
    variables={"customer_name": ""},
    webhook_url="https://hooks.example.com/a",
    is_webhook_active=True,
    created_at=datetime(2025, 1, 1, tzinfo=UTC),
    updated_at=datetime(2025, 2, 1, tzinfo=UTC),
    extra={"folder": 3},
)


def changed(old: Assistant = ANNA, **fields: Any) -> list[tuple[Kind, Severity, Any, Any]]:
    new = old.model_copy(update={"updated_at": EDITED} | fields)
    changes = diff([old], [new], sequence=5, seen_at=SEEN)
    assert {(one.account, one.assistant, one.sequence, one.seen_at) for one in changes} == {("agency", 42, 5, SEEN)}
    assert {one.changed_at for one in changes} == {new.updated_at}
    assert {one.name for one in changes} == {new.name}
    return [(one.kind, one.severity, one.before, one.after) for one in changes]


@pytest.mark.parametrize(
    ("field", "value", "kind", "severity"),
    [
        ("name", "Berta", Kind.RENAMED, Severity.INFO),
        ("system_prompt", "Sei streng.", Kind.PROMPT, Severity.WARNING),
        ("initial_message", "Guten Tag!", Kind.GREETING, Severity.INFO),
        ("variables", {"lead": "x"}, Kind.VARIABLES, Severity.INFO),
        ("voice_id", None, Kind.VOICE, Severity.INFO),
        ("language_id", 2, Kind.LANGUAGE, Severity.INFO),
        ("timezone", "", Kind.TIMEZONE, Severity.INFO),
        ("mode", "dualplex", Kind.MODE, Severity.INFO),
        ("status", "inactive", Kind.DEACTIVATED, Severity.WARNING),
        ("status", "processing", Kind.DEACTIVATED, Severity.WARNING),
        ("is_webhook_active", False, Kind.WEBHOOK_OFF, Severity.WARNING),
        ("webhook_url", "https://evil.example/a", Kind.WEBHOOK_HOST, Severity.CRITICAL),
        ("webhook_url", "https://hooks.example.com:8443/a", Kind.WEBHOOK_HOST, Severity.CRITICAL),
        ("webhook_url", "", Kind.WEBHOOK_HOST, Severity.WARNING),
        ("webhook_url", "https://hooks.example.com/b", Kind.WEBHOOK_PATH, Severity.WARNING),
        ("webhook_url", "https://HOOKS.example.com:443/a", Kind.WEBHOOK_PATH, Severity.WARNING),
        ("webhook_url", "http://hooks.example.com/a", Kind.WEBHOOK_PATH, Severity.WARNING),
    ],
)
def test_a_field_has_its_kind_and_severity(field: str, value: Any, kind: Kind, severity: Severity) -> None:
    assert changed(**{field: value}) == [(kind, severity, getattr(ANNA, field), value)]


def test_what_comes_back_is_told_as_such() -> None:
    off = ANNA.model_copy(update={"status": "inactive", "is_webhook_active": False})
    assert changed(off, status="active") == [(Kind.ACTIVATED, Severity.INFO, "inactive", "active")]
    assert changed(off, is_webhook_active=True) == [(Kind.WEBHOOK_ON, Severity.INFO, False, True)]


def test_a_webhook_where_none_was_is_critical_because_data_leaves_from_now_on() -> None:
    without = ANNA.model_copy(update={"webhook_url": ""})
    url = "https://evil.example"
    assert changed(without, webhook_url=url) == [(Kind.WEBHOOK_HOST, Severity.CRITICAL, "", url)]


@pytest.mark.parametrize(
    ("fields", "before", "after"),
    [
        ({"type": "inbound"}, {"type": "outbound"}, {"type": "inbound"}),
        ({"user_id": None}, {"user_id": 7}, {"user_id": None}),
        ({"created_at": None}, {"created_at": "2025-01-01T00:00:00Z"}, {"created_at": None}),
        ({"extra": {"folder": 4, "tags": ["a"]}}, {"folder": 3}, {"folder": 4, "tags": ["a"]}),
        ({"extra": {}}, {"folder": 3}, {}),
    ],
)
def test_the_rest_is_told_field_by_field(fields: Any, before: Any, after: Any) -> None:
    assert changed(**fields) == [(Kind.OTHER, Severity.INFO, before, after)]


def test_a_status_that_is_active_neither_before_nor_after_switches_nothing() -> None:
    off = ANNA.model_copy(update={"status": "inactive"})
    assert changed(off, status="processing") == [
        (Kind.OTHER, Severity.INFO, {"status": "inactive"}, {"status": "processing"})
    ]


def test_a_version_that_was_saved_unchanged_is_told_as_saved() -> None:
    assert changed() == [(Kind.SAVED, Severity.INFO, "2025-02-01T00:00:00Z", "2026-03-01T11:59:00Z")]
    saved = ANNA.model_copy(update={"updated_at": EDITED})
    assert apply([ANNA], diff([ANNA], [saved], sequence=2, seen_at=SEEN)) == (saved,)


def test_created_and_deleted_carry_the_whole_assistant() -> None:
    (created,) = diff([], [ANNA], sequence=1, seen_at=SEEN)
    (deleted,) = diff([ANNA], [], sequence=2, seen_at=SEEN)
    assert (created.kind, created.severity, created.before) == (Kind.CREATED, Severity.INFO, None)
    assert (deleted.kind, deleted.severity, deleted.after) == (Kind.DELETED, Severity.WARNING, None)
    assert created.after == deleted.before
    assert (created.changed_at, deleted.changed_at) == (ANNA.updated_at, None)
    assert apply([], [created]) == (ANNA,)


def test_changes_come_in_the_order_in_which_they_were_made() -> None:
    late = ANNA.model_copy(update={"id": 1, "name": "Zoe", "updated_at": EDITED})
    early = ANNA.model_copy(update={"id": 2, "mode": "dualplex", "updated_at": datetime(2026, 2, 1, tzinfo=UTC)})
    old = [late.model_copy(update={"name": "Zora"}), early.model_copy(update={"mode": "pipeline"})]
    assert [one.assistant for one in diff(old, [late, early], sequence=2, seen_at=SEEN)] == [2, 1]


def test_events_of_the_account_change_no_assistant() -> None:
    unreadable = Change(
        account="agency", sequence=3, kind=Kind.UNREADABLE, severity=Severity.WARNING, assistant=42, seen_at=SEEN
    )
    down = Change(account="agency", sequence=4, kind=Kind.UNREACHABLE, severity=Severity.WARNING, seen_at=SEEN)
    assert apply([ANNA], [unreadable, down]) == (ANNA,)


def test_a_change_of_an_assistant_that_is_not_there_is_refused() -> None:
    (deleted,) = diff([ANNA], [], sequence=2, seen_at=SEEN)
    with pytest.raises(KeyError):
        apply([], [deleted])


def test_a_change_that_was_spoilt_is_refused() -> None:
    spoilt = Change(
        account="agency", sequence=3, kind=Kind.CREATED, severity=Severity.INFO, assistant=42, after="x", seen_at=SEEN
    )
    with pytest.raises(TypeError):
        apply([], [spoilt])


def test_every_kind_has_a_severity_and_all_but_saved_one_group() -> None:
    assert set(SEVERITIES) == set(Kind)
    grouped = [kind for kinds in GROUPS.values() for kind in kinds]
    assert sorted(grouped) == sorted(set(Kind) - {Kind.SAVED})
