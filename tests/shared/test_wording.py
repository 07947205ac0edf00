"""What differs between two texts: laws over any texts, and what people would see."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.wording import Fate, Piece, extent, hunks, shortened, word_pieces

# Few letters: texts that share much, in every wrong order.
WORDS = st.lists(st.sampled_from(["a", "b", "c", " ", " ", "\n", "{name}", "äß", "!", "🙂"])).map("".join)
TEXTS = st.one_of(WORDS, st.text())


def without(fate: Fate, pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces if piece.fate is not fate)


@given(TEXTS, TEXTS)
def test_the_pieces_make_both_texts_again(before: str, after: str) -> None:
    pieces = word_pieces(before, after)
    assert without(Fate.ADDED, pieces) == before
    assert without(Fate.REMOVED, pieces) == after
    assert all(piece.text for piece in pieces)
    assert all(one.fate is not other.fate for one, other in pairwise(pieces))


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert {piece.fate for piece in word_pieces(text, text)} <= {Fate.KEPT}
    assert hunks(text, text) == ()
    assert extent(word_pieces(text, text)).share == 0


@given(TEXTS, TEXTS, st.integers(0, 3))
def test_putting_the_hunks_in_the_place_of_their_lines_makes_the_new_text(
    before: str, after: str, context: int
) -> None:
    lines = before.split("\n") if before else []
    numbers = after.split("\n") if after else []
    for hunk in reversed(hunks(before, after, context)):
        old = [line.text for line in hunk.lines if line.fate is not Fate.ADDED]
        new = [line.text for line in hunk.lines if line.fate is not Fate.REMOVED]
        assert lines[hunk.before - 1 : hunk.before - 1 + len(old)] == old
        assert numbers[hunk.after - 1 : hunk.after - 1 + len(new)] == new
        lines[hunk.before - 1 : hunk.before - 1 + len(old)] = new
    assert lines == numbers


@given(TEXTS, TEXTS, st.integers(0, 60), st.integers(0, 10))
def test_shortened_pieces_keep_to_their_limit_and_say_where_they_are_cut(
    before: str, after: str, limit: int, around: int
) -> None:
    pieces = word_pieces(before, after)
    shown = shortened(pieces, limit, around)
    assert sum(len(piece.text) for piece in shown if piece.fate is not Fate.SKIPPED) <= limit
    changed = [piece for piece in pieces if piece.fate in {Fate.REMOVED, Fate.ADDED}]
    if [piece for piece in shown if piece.fate in {Fate.REMOVED, Fate.ADDED}] != changed:
        assert shown[-1].fate is Fate.SKIPPED


def test_one_word_in_a_long_line_is_all_that_changes() -> None:
    before = "# Role\n\nYou call {customer_name} about the solar offer.\nBe kind."
    after = before.replace("solar", "heat pump").replace("{customer_name}", "{lead_name}")
    assert word_pieces(before, after) == (
        Piece(Fate.KEPT, "# Role\n\nYou call "),
        Piece(Fate.REMOVED, "{customer_name}"),
        Piece(Fate.ADDED, "{lead_name}"),
        Piece(Fate.KEPT, " about the "),
        Piece(Fate.REMOVED, "solar"),
        Piece(Fate.ADDED, "heat pump"),
        Piece(Fate.KEPT, " offer.\nBe kind."),
    )
    found = extent(word_pieces(before, after))
    assert (found.before, found.after, found.removed, found.added) == (10, 11, 2, 3)
    assert found.share == pytest.approx(5 / 21)


def test_words_side_by_side_are_replaced_together() -> None:
    assert word_pieces("call the red, big house", "call the blue, tall house") == (
        Piece(Fate.KEPT, "call the "),
        Piece(Fate.REMOVED, "red, big"),
        Piece(Fate.ADDED, "blue, tall"),
        Piece(Fate.KEPT, " house"),
    )


def test_a_line_added_at_the_end_is_one_hunk_of_one_added_line() -> None:
    before = "one\ntwo\nthree"
    (hunk,) = hunks(before, f"{before}\nfour")
    assert (hunk.before, hunk.after) == (3, 3)
    assert hunk.lines == (Piece(Fate.KEPT, "three"), Piece(Fate.ADDED, "four"))


def test_changes_far_apart_are_two_hunks_with_their_line_numbers() -> None:
    lines = [f"line {number}" for number in range(1, 21)]
    changed = ["new", *lines[:4], "other", *lines[5:15], *lines[16:]]
    first, second, third = hunks("\n".join(lines), "\n".join(changed))
    assert (first.before, first.after) == (1, 1)
    assert (second.before, second.after) == (4, 5)
    assert second.lines == (
        Piece(Fate.KEPT, "line 4"),
        Piece(Fate.REMOVED, "line 5"),
        Piece(Fate.ADDED, "other"),
        Piece(Fate.KEPT, "line 6"),
    )
    assert (third.before, third.after) == (15, 16)


def test_a_long_kept_stretch_is_shown_around_its_changes_only() -> None:
    kept = "word " * 100
    shown = shortened(word_pieces(f"old {kept}end", f"new {kept}fin"), limit=1000, around=10)
    assert [piece.fate for piece in shown] == [
        Fate.REMOVED,
        Fate.ADDED,
        Fate.KEPT,
        Fate.SKIPPED,
        Fate.KEPT,
        Fate.REMOVED,
        Fate.ADDED,
    ]
    assert sum(len(piece.text) for piece in shown if piece.fate is Fate.KEPT) == 20


RANDOM = random.Random(7)  # noqa: S311 # the same texts each time
HOSTILE = {
    "nothing in common": ("a " * 50_000, "b " * 50_000),
    "one word, another number of times": ("a " * 50_000, "a " * 49_000 + "b"),
    "two words in turn, shifted": ("a b " * 25_000, "b a " * 25_000),
    "a few words at random": tuple("".join(RANDOM.choices(["a ", "b ", "c\n"], k=20_000)) for _ in range(2)),
    "one line without a blank": ("a" * 100_000, "b" + "a" * 100_000),
    "line breaks alone": ("\n" * 100_000, "\n" * 99_000),
    "every word once, backwards": (
        " ".join(map(str, range(20_000))),
        " ".join(map(str, reversed(range(20_000)))),
    ),
    "halves swapped": (
        "\n".join(map(str, range(20_000))),
        "\n".join(map(str, [*range(10_000, 20_000), *range(10_000)])),
    ),
}


@pytest.mark.parametrize("texts", HOSTILE.values(), ids=HOSTILE)
def test_texts_of_a_hundred_kilobytes_made_to_be_slow_are_compared_all_the_same(texts: tuple[str, str]) -> None:
    before, after = texts
    pieces = word_pieces(before, after)
    assert without(Fate.ADDED, pieces) == before
    assert without(Fate.REMOVED, pieces) == after
    assert hunks(before, after)
    assert sum(len(piece.text) for piece in shortened(pieces, 500)) <= 500 + len(pieces)
