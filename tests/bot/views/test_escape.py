"""Texts of others: harmless, recognisable, and never longer than allowed."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.views.escape import code, mrkdwn, pieces, plain

nasty = st.text(st.characters() | st.sampled_from("&<>*_~`@#:/ \n\u202e\u200b\x1b"), max_size=400)


@settings(deadline=None)
@given(nasty, st.integers(1, 60))
def test_no_escaped_text_is_longer_than_allowed(text: str, most: int) -> None:
    assert len(mrkdwn(text, most)) <= most
    assert len(plain(text, most)) <= most
    assert len(code(text, most + 2)) <= most + 2


@settings(deadline=None)
@given(nasty)
def test_nothing_is_left_that_slack_reads_as_its_own(text: str) -> None:
    for shown in (mrkdwn(text, 5_000), plain(text, 5_000), code(text, 5_000)):
        assert not re.search(r"[<>\n\u202e\x1b]", shown)
        assert re.fullmatch(r"(?s)([^&]|&(amp|lt|gt);)*", shown)


@settings(deadline=None)
@given(nasty)
def test_no_mark_stands_at_the_edge_of_a_word(text: str) -> None:
    shown = mrkdwn(text, 5_000)
    for mark in re.finditer(r"[*_~`]", shown):
        before, after = shown[: mark.start()][-1:], shown[mark.end() :][:1]
        assert (before, after) == ("\u200b", "\u200b") or (before.isalnum() and after.isalnum())


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=2_000), st.integers(5, 50), st.integers(0, 500))
def test_pieces_lose_nothing_that_is_not_counted(text: str, each: int, most: int) -> None:
    found, left_out = pieces(text, each, most)
    everything, nothing = pieces(text, 10**6, 10**6)
    assert nothing == 0
    shown = "".join(found).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    whole = "".join(everything).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert whole.startswith(shown)
    assert len(whole) - len(shown) == left_out
    assert all(len(piece) <= each for piece in found)
    assert sum(map(len, found)) <= most


@pytest.mark.parametrize("text", ["customer_name", "Solar-Erstberatung", "Recruiting: erstes Gespräch", "9:30", "50%"])
def test_ordinary_texts_stay_as_they_are(text: str) -> None:
    assert mrkdwn(text) == text


def test_what_can_not_be_shown_is_taken_out_or_replaced() -> None:
    assert mrkdwn("a\ud800b\x07c\x85d\u202ee") == "a\ufffdbc de"
    assert pieces("a\r\nb\tc\x00", 100, 100) == (["a\nb\tc"], 0)


def test_long_texts_are_cut_with_an_ellipsis() -> None:
    assert mrkdwn("n" * 500, 10) == "nnnnnnnnn…"
    assert plain("&" * 500, 12) == "&amp;&amp;…"


def test_a_long_text_is_cut_at_the_end_of_a_line_or_a_word() -> None:
    assert pieces("one two\nthree four", 10, 100) == (["one two\n", "three four"], 0)
    assert pieces("one two three", 9, 100) == (["one two ", "three"], 0)
    assert pieces("x" * 25, 10, 20) == (["x" * 10, "x" * 10], 5)
