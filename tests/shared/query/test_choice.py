"""One filter's values, read and written."""

import fnmatch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.query import Choice
from shared.query.choice import fold


@pytest.mark.parametrize(
    ("text", "include", "exclude"),
    [
        ("", (), ()),
        (" , ,", (), ()),
        ("active", ("active",), ()),
        ("off, missing", ("off", "missing"), ()),
        ("!active", (), ("active",)),
        ("! active,b", ("b",), ("active",)),
        ('"Hallo, ich bin",x', ("Hallo, ich bin", "x"), ()),
        ('!"a,b"', (), ("a,b",)),
        ('"unfinished, quote', ("unfinished, quote",), ()),
        ('"', (), ()),
        ('""', (), ()),
        ('"say ""hi"", please"', ('say "hi", please',), ()),
        ('a"b', ('a"b',), ()),
        ("!", (), ()),
    ],
)
def test_commas_are_any_of_and_an_exclamation_mark_is_not(
    text: str, include: tuple[str, ...], exclude: tuple[str, ...]
) -> None:
    assert Choice.parse(text) == Choice(include=include, exclude=exclude)


value = st.text(st.sampled_from('",! *ab\n') | st.characters(), min_size=1)


@given(st.lists(value), st.lists(value))
def test_what_is_printed_is_read_back(include: list[str], exclude: list[str]) -> None:
    choice = Choice(include=tuple(include), exclude=tuple(exclude))
    assert Choice.parse(str(choice)) == choice


@given(st.text(st.sampled_from('",! *ab')))
def test_what_was_read_is_printed_and_read_back(text: str) -> None:
    choice = Choice.parse(text)
    assert Choice.parse(str(choice)) == choice


@pytest.mark.parametrize(
    ("choice", "names", "allowed"),
    [
        ("active", ["ACTIVE"], True),
        ("Muenchen", ["münchen"], True),
        ("STRASSE", ["Straße"], True),
        ("a,b", ["b"], True),
        ("a,b", ["c"], False),
        ("!a", ["b"], True),
        ("!a", ["a"], False),
        ("a,!b", ["a", "b"], False),
        ("", ["anything"], True),
        ("ä", ["a\u0308"], True),
        ("*", [""], True),
        ("**", ["anything"], True),
        ("!*", ["anything"], False),
        ("europe/*", ["Europe/Berlin"], True),
        ("europe/*", ["Europe/"], True),
        ("europe/*", ["US/Europe/Berlin"], False),
        ("*berlin", ["Europe/Berlin"], True),
        ("*berlin", ["Europe/Berlin "], False),
        ("e*r*n", ["Europe/Berlin"], True),
        ("*rop*lin", ["Europe/Berlin"], True),
        ("*lin*rop*", ["Europe/Berlin"], False),
        ("aba*ba", ["aba"], False),
        ("aba*aba", ["abaaba"], True),
        ("a*b*b", ["ab"], False),
        ("x,mün*", ["Muenchen"], True),
        ("*,!agency-*", ["agency-north"], False),
        ("*,!agency-*", ["agency"], True),
        ("a.c", ["abc"], False),
        ("a?[b]*", ["a?[b]c"], True),
    ],
)
def test_a_choice_compares_as_people_do(choice: str, names: list[str], *, allowed: bool) -> None:
    assert Choice.parse(choice).folded().allows(map(fold, names)) is allowed


@given(st.text("ab*", max_size=6), st.text("ab", max_size=12))
def test_a_star_is_any_text_as_in_a_shell(value: str, name: str) -> None:
    if value:
        assert Choice(include=(value,)).folded().allows([name]) is fnmatch.fnmatchcase(name, value)


@given(st.text("ab*", min_size=1, max_size=6), st.text("ab", max_size=12))
def test_a_value_occurs_where_a_name_holds_it(value: str, text: str) -> None:
    assert Choice(include=(value,)).folded().occurs_in([text]) is fnmatch.fnmatchcase(text, f"*{value}*")
    assert Choice(exclude=(value,)).folded().occurs_in(["", text]) is not fnmatch.fnmatchcase(text, f"*{value}*")


@pytest.mark.parametrize("value", ["a*" * 2_000 + "b", "*a" * 2_000 + "*b*", "*" * 100_000 + "b"])
def test_a_hostile_pattern_ends(value: str) -> None:
    # A regular expression, or trying again from each letter, would not see the end of this year.
    choice = Choice(include=(value,)).folded()
    assert not choice.allows(["a" * 1_000_000])
    assert not choice.occurs_in(["a" * 1_000_000])
