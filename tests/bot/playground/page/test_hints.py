from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground import BOT_USER, User
from bot.playground.page.hints import app_name, hints, shortcuts

BOT = User(BOT_USER, "famulor", is_bot=True)


def test_a_slash_offers_all_that_can_be_done(manifest: dict[str, Any]) -> None:
    found = hints("/", manifest, "Famulor")
    assert [(hint.kind, hint.insert) for hint in found] == [
        ("text", "/assistants "),
        ("text", "/assistenten "),
        ("shortcut", "lookup"),
    ]
    assert all(hint.title and hint.detail for hint in found)
    # As Slack shows it: the command, how it is used, and what for.
    usage = manifest["features"]["slash_commands"][0]["usage_hint"]
    assert found[0].title == f"/assistants  {usage}"


def test_a_command_that_stands_there_is_followed_by_its_examples(manifest: dict[str, Any]) -> None:
    examples = [hint.insert for hint in hints("/assistants ", manifest, "Famulor")]
    usage = manifest["features"]["slash_commands"][0]["usage_hint"]
    assert examples == [f"/assistants {example}" for example in usage.split(" | ")]
    assert [hint.insert for hint in hints("/assistants o", manifest, "Famulor")] == ["/assistants outbound active"]
    assert hints("/assistants outbound active", manifest, "Famulor") == ()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("@", ["@Famulor "]),
        ("@FAM", ["@Famulor "]),
        ("@Famulor ", ["@Famulor "]),
        ("@Famulor h", []),
        ("@ben", []),
        ("/look", ["lookup"]),
        ("/ASSISTANT", ["lookup"]),
        ("", []),
        ("hello /assistants", []),
        (" /assistants", []),
    ],
)
def test_names_and_shortcuts_are_found_by_their_beginning(
    typed: str, found: list[str], manifest: dict[str, Any]
) -> None:
    assert [hint.insert for hint in hints(typed, manifest, "Famulor")] == found


def test_threads_have_no_commands(manifest: dict[str, Any]) -> None:
    assert hints("/", manifest, "Famulor", in_thread=True) == ()
    assert hints("@", manifest, "Famulor", in_thread=True) != ()


@given(typed=st.one_of(st.text(max_size=30), st.text(max_size=20).map("/assistants {}".format)))
@settings(max_examples=50)
def test_what_is_offered_goes_on_from_what_was_typed(typed: str, manifest: dict[str, Any]) -> None:
    for hint in hints(typed, manifest, "Famulor"):
        assert hint.kind == "shortcut" or hint.insert.casefold().startswith(typed.casefold())


def test_without_a_manifest_nothing_is_offered_but_the_name() -> None:
    assert app_name(None, BOT) == "Famulor"
    assert app_name({"features": {"bot_user": {"display_name": "Helper"}}}, BOT) == "Helper"
    assert hints("/", None, "Famulor") == ()
    assert [hint.insert for hint in hints("@", {}, "Famulor")] == ["@Famulor "]
    assert shortcuts({"features": {"shortcuts": []}}, "global") == ()
