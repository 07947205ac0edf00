"""Where a text says what was searched for: each place with what stands around it; pure."""

import heapq
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shared.query.choice import Choice, Pattern
from shared.query.folded import Folded

AROUND = 60
"""Characters that a snippet shows on each side of what was found."""
MOST = 3
"""Snippets of one text, unless more are asked for."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """One place: what was found as it is written there, what stands around it, and the line (from 1) it begins on.

    All on one line; where the text goes on, `before` begins and `after` ends with “…”.
    """

    line: int
    before: str
    hit: str
    after: str

    def __str__(self) -> str:
        return f"{self.before}{self.hit}{self.after}"


@dataclass(frozen=True, slots=True)
class Snippets:
    """The first places of a text, none within the surroundings of another; `further`: how many more there are."""

    shown: tuple[Snippet, ...] = ()
    further: int = 0

    def __bool__(self) -> bool:
        return bool(self.shown)


def snippets(text: str, *choices: Choice, around: int = AROUND, most: int = MOST) -> Snippets:
    """Where `text` holds any of the choices' wanted values, in its order. Takes a time that goes with its length."""
    folded = Folded.of(text)
    shown: list[Snippet] = []
    line = 1
    count = end_of_hit = end_of_shown = counted_to = 0
    for found in _hits(folded.text, choices, around):
        if found[0] < end_of_hit:  # a value that is a part of another
            continue
        count += 1
        end_of_hit = found[1]
        if len(shown) == most:
            continue
        start, end = folded.span(*found)
        if start >= end_of_shown:
            line += text.count("\n", counted_to, start)
            counted_to = start
            shown.append(_snippet(text, start, end, around, line))
            end_of_shown = end + around
    return Snippets(tuple(shown), count - len(shown))


def _hits(text: str, choices: Iterable[Choice], longest: int) -> Iterable[tuple[int, int]]:
    """Where in the folded text each wanted value begins and ends: by where they begin, of several the longest first."""
    patterns = {pattern for choice in choices for pattern in choice.folded().include if any(pattern.pieces)}
    places = [_places(text, pattern, longest) for pattern in patterns]
    return heapq.merge(*places, key=lambda place: (place[0], -place[1]))


def _places(text: str, pattern: Pattern, longest: int) -> Iterator[tuple[int, int]]:
    """Where the pattern stands in the folded text, place after place."""
    beginning = len(next(filter(None, pattern.pieces)))
    end = 0
    while found := pattern.occurs_in(text, end):
        start, end = found
        # What a star stands for may be half of the text: then its first words are what is shown.
        yield start, end if end - start <= longest else start + beginning


def _snippet(text: str, start: int, end: int, around: int, line: int) -> Snippet:
    first, last = max(start - around, 0), end + around
    # With one character more on each side: a word that is cut goes, one that just fits stays.
    before, after = _flat(text[max(first - 1, 0) : start]), _flat(text[end : last + 1])
    if first:
        before = f"…{before[before.find(' ') + 1 :]}" if " " in before else f"…{before[1:]}"
    if last < len(text):
        after = f"{after[: after.rfind(' ')]}…" if " " in after else f"{after[:-1]}…"
    return Snippet(line=line, before=before.lstrip(), hit=_flat(text[start:end]), after=after.rstrip())


def _flat(text: str) -> str:
    return _WHITESPACE.sub(" ", text)


_WHITESPACE = re.compile(r"\s+")
