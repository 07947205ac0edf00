"""The laws of the command grammar; what single commands mean is tested where they are typed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.grammar import ROWS, Help, Listing, Show, Unknown, parse, written
from bot.words import AFTER, FILTERS, STATUSES, VERBS, Verb
from shared.query import AssistantQuery, Choice

KNOWN = [*VERBS, *STATUSES, *(f"{name}:" for name in (*FILTERS, *AFTER)), ",", "!", '"', "“", "”", " ", "\u00a0", "："]

anything = st.text(st.characters(), max_size=200)
"""Lone surrogates too: JSON can carry them."""
nearly_commands = st.lists(st.sampled_from(KNOWN) | st.text(max_size=5), max_size=12).map("".join)
sentences = st.lists(st.sampled_from(KNOWN) | st.text(max_size=8), max_size=8).map(" ".join)


@settings(deadline=None)
@given(anything | nearly_commands | sentences)
def test_every_text_means_something(text: str) -> None:
    assert isinstance(parse(text), Listing | Show | Help | Unknown)


@settings(deadline=None)
@given(nearly_commands | sentences)
def test_a_listing_written_down_is_the_same_listing(text: str) -> None:
    command = parse(text)
    if isinstance(command, Listing):
        assert parse(written(command)) == command


choices = st.builds(
    Choice,
    include=st.lists(st.text(st.characters(codec="utf-8", exclude_characters='"“”„‟«»＂，！'), min_size=1)).map(tuple),
    exclude=st.lists(st.text(st.characters(codec="utf-8", exclude_characters='"“”„‟«»＂，！'), min_size=1)).map(tuple),
)


@settings(deadline=None)
@given(mode=choices, account=choices, cursor=st.from_regex(r"[\w-]*", fullmatch=True))
def test_every_listing_can_be_written_down(mode: Choice, account: Choice, cursor: str) -> None:
    listing = Listing(AssistantQuery(mode=mode, account=account, cursor=cursor, limit=ROWS))
    assert parse(written(listing)) == listing


@settings(deadline=None)
@given(anything | nearly_commands | sentences)
def test_what_was_probably_meant_is_understood(text: str) -> None:
    command = parse(text)
    if isinstance(command, Unknown) and command.suggestion:
        assert not isinstance(parse(command.suggestion), Unknown)


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("outbound active", "ausgehend aktiv"),
        ("outbound inactive", "ausgehend inaktiv"),
        ("outbound status:!active mode:dualplex", "ausgehend status:!aktiv modus:dualplex"),
        ("active account:agency after:abc", "aktiv konto:agency nach:abc"),
        ("show 42 account:agency", "zeige 42 konto:agency"),
        ("help show", "hilfe zeige"),
    ],
)
def test_both_languages_mean_the_same(english: str, german: str) -> None:
    assert parse(english) == parse(german)


@pytest.mark.parametrize(
    ("text", "like"),
    [
        ("OUTBOUND   Active", "outbound active"),
        ("\u200boutbound\ufeff aktiv", "outbound active"),
        ("outbound\u00a0aktiv\u3000mode:x", "outbound active mode:x"),
        ("outbound mode: dualplex", "outbound mode:dualplex"),
        ("outbound mode：“dualplex，pipeline”", 'outbound mode:"dualplex,pipeline"'),
        ("outbound active, inactive", "outbound active,inactive"),
        ("outbound active inactive", "outbound active,inactive"),
        ("outbound mode:a mode:b", "outbound mode:a,b"),
        ("outbound mode:", "outbound"),
        ('outbound mode:a,"""', "outbound mode:a"),
        ("outbound status:ACTIVE", "outbound active"),
        ("show &lt;A&amp;B&gt;", "show <A&B>"),
        ("show „A B“", "show A B"),
    ],
)
def test_spellings_that_mean_the_same(text: str, like: str) -> None:
    assert parse(text) == parse(like)


def test_statuses_that_famulor_may_add_can_be_asked_for() -> None:
    assert parse("outbound status:processing") == Listing(
        AssistantQuery(status=Choice(include=("processing",)), limit=ROWS)
    )


def test_a_colon_in_a_name_is_part_of_the_name() -> None:
    assert parse("show Recruiting: erstes Gespräch") == Show("Recruiting: erstes Gespräch")


def test_quotes_keep_a_filter_in_a_name() -> None:
    assert parse('show "account:one"') == Show("account:one")


def test_help_about_something_unknown_is_help_about_everything() -> None:
    assert parse("help weather") == Help()
    assert parse("hilfe outbound") == Help(Verb.OUTBOUND)
