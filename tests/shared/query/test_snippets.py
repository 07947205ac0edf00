"""Where a text says it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.query import Choice
from shared.query.choice import fold
from shared.query.folded import Folded
from shared.query.snippets import Snippet, snippets

PROMPT = "Bleib freundlich.\n\nDie Größe der Wärmepumpe\tprüfst du;\r\nKEINE Rückerstattung ohne  Rücksprache."


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("waermepumpe", Snippet(3, "…Die Größe der ", "Wärmepumpe", " prüfst du; KEINE…")),
        ("GRÖSSE", Snippet(3, "…freundlich. Die ", "Größe", " der Wärmepumpe…")),
        ("groe", Snippet(3, "…freundlich. Die ", "Grö", "ße der Wärmepumpe…")),
        ("keine*ohne", Snippet(4, "…prüfst du; ", "KEINE", " Rückerstattung ohne…")),
        ("rück*ohne", Snippet(4, "…prüfst du; KEINE ", "Rückerstattung ohne", " Rücksprache.")),
        ("bleib,nirgends,!freundlich", Snippet(1, "", "Bleib", " freundlich. Die…")),
        ("rücksprache.", Snippet(4, "…ohne ", "Rücksprache.", "")),
    ],
)
def test_a_snippet_shows_what_was_found_in_its_surroundings(words: str, expected: Snippet) -> None:
    assert snippets(PROMPT, Choice.parse(words), around=20).shown[0] == expected


@pytest.mark.parametrize("words", ["", "nirgends", "!freundlich", "*", "du*bleib"])
def test_there_is_none_where_nothing_was_found_or_wanted(words: str) -> None:
    assert not snippets(PROMPT, Choice.parse(words))


def test_further_places_are_counted() -> None:
    far = " ".join(["Geld zurück"] + ["x" * 9] * 20)
    found = snippets(f"{far}\n" * 7, Choice.parse("geld zurueck"), most=2)
    assert [one.line for one in found.shown] == [1, 2]
    assert found.further == 5
    near = snippets("Geld, Geld, Geld", Choice.parse("geld"))
    assert [str(one) for one in near.shown] == ["Geld, Geld, Geld"]
    assert near.further == 2


def test_several_questions_are_answered_together_in_the_order_of_the_text() -> None:
    found = snippets("a  b  c", Choice.parse("c"), Choice.parse("b,!a"), around=1)
    assert [one.hit for one in found.shown] == ["b", "c"]
    nested = snippets("Rückerstattung", Choice.parse("erstattung,rück,rückerstattung"))
    assert ([one.hit for one in nested.shown], nested.further) == (["Rückerstattung"], 0)


letters = st.sampled_from("aßéÄÖü\u0308ﬃİǰΐx \n") | st.characters(exclude_characters="*…")


def flat(text: str) -> str:
    return " ".join(text.split())


@given(st.text(letters, max_size=30), st.text(letters, min_size=1, max_size=6), st.text(letters, max_size=30))
def test_what_is_shown_is_what_the_text_says(before: str, wanted: str, after: str) -> None:
    text = before + wanted + after
    found = snippets(text, Choice(include=(wanted,)), around=9, most=99)
    assert found.shown
    for one in found.shown:
        assert flat(fold(wanted)) in flat(fold(one.hit))
        assert flat(str(one).strip("…")) in flat(text)
        assert 1 <= one.line <= text.count("\n") + 1


@given(st.text(letters, max_size=20))
def test_every_character_finds_its_way_back(text: str) -> None:
    folded = Folded.of(text)
    assert folded.text == fold(text)
    place = 0
    for index, character in enumerate(text):
        for _ in fold(character):
            assert folded.span(place, place + 1) == (index, index + 1)
            place += 1


@given(st.text("ab ", max_size=40), st.text("ab", min_size=1, max_size=2), st.integers(0, 4))
def test_no_place_is_lost(text: str, wanted: str, most: int) -> None:
    found = snippets(text, Choice(include=(wanted,)), around=3, most=most)
    assert len(found.shown) + found.further == text.count(wanted)
    assert len(found.shown) <= most


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a" * 1_000_000, "a*" * 2_000 + "b"),
        ("ab" * 500_000, "a*b*c"),
        ("ß" * 200_000, "s"),
        (" " * 1_000_000, "x"),
        ("{" * 1_000_000 + "x", "x"),
    ],
)
def test_a_hostile_text_ends(text: str, words: str) -> None:
    snippets(text, Choice.parse(words))
