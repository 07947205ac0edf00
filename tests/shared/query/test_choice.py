"""One filter's values, read and written."""

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
        ("!", (), ()),
    ],
)
def test_commas_are_any_of_and_an_exclamation_mark_is_not(
    text: str, include: tuple[str, ...], exclude: tuple[str, ...]
) -> None:
    assert Choice.parse(text) == Choice(include=include, exclude=exclude)


value = st.text(alphabet=st.characters(exclude_characters='"', exclude_categories=["Cs"])).map(str.strip).filter(bool)


@given(st.lists(value), st.lists(value))
def test_what_is_printed_is_read_back(include: list[str], exclude: list[str]) -> None:
    choice = Choice(include=tuple(include), exclude=tuple(exclude))
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
    ],
)
def test_a_choice_compares_as_people_do(choice: str, names: list[str], *, allowed: bool) -> None:
    assert Choice.parse(choice).folded().allows(map(fold, names)) is allowed
