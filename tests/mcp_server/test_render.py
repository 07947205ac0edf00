"""Texts, times and snippets, without a server."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mcp_server import render
from shared.query import Choice
from shared.query.choice import fold

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@given(st.text(st.characters(exclude_categories=())))
def test_a_line_is_one_line_and_stays_as_it_is(text: str) -> None:
    shown = render.line(text)
    assert shown == render.line(shown)
    assert len(shown.splitlines()) <= 1
    shown.encode()  # no half of a pair is left


@given(st.text(max_size=40), st.text(alphabet="aßéÄİ x", min_size=1, max_size=8), st.text(max_size=40))
def test_a_snippet_holds_what_was_found(before: str, found: str, after: str) -> None:
    search = Choice(include=(found,))
    shown = render.snippet(search, ("nothing", before + found + after))
    assert " ".join(fold(found).split()) in fold(shown)


def test_a_snippet_is_of_the_first_text_that_holds_it() -> None:
    assert render.snippet(Choice.parse("b"), ("xax", "xbx", "xbbx")) == "xbx"
    assert not render.snippet(Choice.parse("b"), ("a",))
    assert not render.snippet(Choice.parse("!b"), ("b",))


def test_a_time_is_in_utc_and_whole_seconds() -> None:
    assert render.time(NOW + timedelta(microseconds=7)) == "2026-03-01T12:00:00Z"
    assert not render.time(None)


def test_a_long_text_keeps_its_lines_and_loses_what_hides() -> None:
    assert render.text("a\r\n\tb\rc\u2028d\x0be\u200b\x00\u202ef") == "a\n\tb\nc\nd\nef"
    assert render.values({"a\u200b": ["\x07b", {"c": "\r"}, 1, None, True]}) == {"a": ["b", {"c": "\n"}, 1, None, True]}


def test_an_errors_words_keep_their_advice() -> None:
    words = f"There is no account “{'x' * 900}” ({'y' * 900}). Ask again with another."
    shown = render.error(words)
    assert shown.endswith("…). Ask again with another.")
    assert len(shown.encode()) < 200
    assert render.error("Fine “as it is” (really).") == "Fine “as it is” (really)."
    assert len(render.error("ü" * 5000).encode()) <= 400
