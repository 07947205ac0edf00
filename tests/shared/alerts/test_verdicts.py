"""Which changes a subscription asks for."""

from typing import Any

import pytest
from pydantic import ValidationError

from shared.alerts import Asker, Why
from shared.diff import GROUPS
from shared.models import Kind, Language, Names, Severity
from shared.query import AssistantQuery, Choice
from tests.shared.alerts.changes import assistant, change, subscription

GERMAN = {"default": Names(languages={3: Language(id=3, name="German", iso_2="de")})}


def query(**filters: str) -> AssistantQuery:
    return AssistantQuery.model_validate(
        {
            name: (Choice.parse(text),) if name in {"search", "name", "prompt"} else Choice.parse(text)
            for name, text in filters.items()
        }
    )


def asked(what: Any, *around: Any, names: Any = None, follows: bool = False, **fields: Any) -> Why | None:
    return Asker(subscription(**fields), names or {}).unasked(what, around, follows=follows)


def test_a_subscription_without_conditions_asks_for_everything_but_what_was_merely_saved() -> None:
    for kind in Kind:
        assert asked(change(kind), assistant()) is (Why.OTHER_GROUP if kind is Kind.SAVED else None)


def test_what_was_seen_before_the_subscription_is_not_asked_for() -> None:
    assert asked(change(Kind.DELETED, -1), assistant()) is Why.EARLIER
    assert asked(change(Kind.DELETED, -1), assistant(), follows=True) is Why.EARLIER
    assert asked(change(Kind.DELETED, 0), assistant()) is None


@pytest.mark.parametrize("group", GROUPS)
def test_groups_let_their_own_kinds_through(group: str) -> None:
    for kind in Kind:
        expected = None if kind in GROUPS[group] else Why.OTHER_GROUP
        assert asked(change(kind), assistant(), groups=frozenset({group})) is expected
        assert asked(change(kind), assistant(), groups=frozenset({group}), follows=True) is expected


def test_a_group_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValidationError, match="weather"):
        subscription(groups=frozenset({"status", "weather"}))


def test_what_is_too_minor_is_not_asked_for_unless_it_belongs_to_what_was_told() -> None:
    on = change(Kind.ACTIVATED)
    assert asked(on, assistant(), minimum=Severity.WARNING) is Why.TOO_MINOR
    assert asked(on, assistant(), minimum=Severity.WARNING, follows=True) is None
    assert asked(change(Kind.DEACTIVATED), assistant(), minimum=Severity.WARNING) is None


def test_an_assistant_is_asked_for_that_was_meant_before_the_change_or_is_after_it() -> None:
    active, inactive = assistant(), assistant(status="inactive")
    for text in ("active", "inactive"):
        assert asked(change(Kind.DEACTIVATED), inactive, active, query=query(status=text)) is None
    assert asked(change(Kind.PROMPT), active, active, query=query(status="inactive")) is Why.OTHER_ASSISTANT
    other = query(ids="7")
    assert asked(change(Kind.DEACTIVATED), inactive, active, query=other) is Why.OTHER_ASSISTANT
    assert asked(change(Kind.DEACTIVATED), inactive, active, query=other, follows=True) is None


def test_an_account_in_trouble_concerns_whoever_watches_any_of_its_assistants() -> None:
    trouble = change(Kind.KEY_REJECTED, assistant=None)
    assert asked(trouble, query=query(ids="7", status="active", name="Lena")) is None
    assert asked(trouble, query=query(account="DEFAULT", ids="7")) is None
    assert asked(trouble, query=query(account="agency")) is Why.OTHER_ASSISTANT
    assert asked(trouble, query=query(account="!default")) is Why.OTHER_ASSISTANT


def test_a_language_is_asked_for_by_its_name_where_names_are_known() -> None:
    assert asked(change(Kind.PROMPT), assistant(language_id=3), names=GERMAN, query=query(language="de")) is None
    other = asked(change(Kind.PROMPT), assistant(language_id=4), names=GERMAN, query=query(language="German"))
    assert other is Why.OTHER_ASSISTANT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("de", None),
        ("de,9", None),
        ("!de", None),
        ("3", None),
        ("9", Why.OTHER_ASSISTANT),
        ("!3,!de", Why.OTHER_ASSISTANT),
        ("de,!3", Why.OTHER_ASSISTANT),
    ],
)
def test_where_languages_are_unknown_their_names_hold_back_nothing(text: str, expected: Why | None) -> None:
    found = assistant(language_id=3)
    # Another account's languages that are missing are no reason to fail either.
    for names in ({}, {"default": Names()}, {"agency": Names()}):
        assert asked(change(Kind.PROMPT), found, names=names, query=query(language=text)) is expected


def test_what_is_asked_for_is_told_or_not() -> None:
    assert {why for why in Why if why.asked} == {Why.TOLD, Why.TWICE, Why.HELD, Why.MUTED, Why.PAUSED}
