"""Two sequences → the places where they are the same; pure, and bounded in the worst case.

Python's own difflib takes time that grows with the square of a text, and with its cube in bad cases.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

LONGEST_DETOUR = 128
"""Tokens removed or added between two places known to match, up to which the shortest way is looked for.

More is told as a replacement of the whole stretch. It bounds the work to this many steps a token.
"""
DEEPEST = 32
"""How often a stretch between two matches is searched for matches of its own."""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch that differs: `old` up to `old_end` there, `new` up to `new_end` here; one of them may be empty."""

    old: int
    old_end: int
    new: int
    new_end: int


def blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[Block]:
    """The stretches in which the two differ, in order; what is between them is the same."""
    here = there = 0
    for match, matched in (*_matches(old, new), (len(old), len(new))):
        if (here, there) != (match, matched):
            yield Block(here, match, there, matched)
        here, there = match + 1, matched + 1


def _matches(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Places of tokens that are the same in both, rising in both.

    First what the texts begin and end with, then the tokens that occur once in each (patience difference), then the
    shortest way between those (Myers' difference, as far as LONGEST_DETOUR).
    """
    found: list[tuple[int, int]] = []
    # A stack instead of recursion; pieces come off it in any order, so the places are sorted at the end.
    stretches = [(0, len(old), 0, len(new), DEEPEST)]
    while stretches:
        low, high, low_new, high_new, depth = stretches.pop()
        while low < high and low_new < high_new and old[low] == new[low_new]:
            found.append((low, low_new))
            low, low_new = low + 1, low_new + 1
        while low < high and low_new < high_new and old[high - 1] == new[high_new - 1]:
            high, high_new = high - 1, high_new - 1
            found.append((high, high_new))
        if low == high or low_new == high_new:
            continue
        anchors = _anchors(old[low:high], new[low_new:high_new]) if depth else []
        if not anchors:
            found += ((low + x, low_new + y) for x, y in _shortest(old[low:high], new[low_new:high_new]))
            continue
        edges = [(-1, -1), *anchors, (high - low, high_new - low_new)]
        found += ((low + x, low_new + y) for x, y in anchors)
        stretches += (
            (low + x + 1, low + next_x, low_new + y + 1, low_new + next_y, depth - 1)
            for (x, y), (next_x, next_y) in pairwise(edges)
        )
    return sorted(found)


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The longest rising row of tokens that occur exactly once in each."""
    place = {token: position for position, token in enumerate(new)}
    once = {token for token, count in Counter(new).items() if count == 1}
    once &= {token for token, count in Counter(old).items() if count == 1}
    pairs = [(position, place[token]) for position, token in enumerate(old) if token in once]
    # The longest increasing subsequence: for each length, the pair with the least end, and whom it follows.
    ends: list[int] = []
    rows: list[int] = []
    follows: list[int] = []
    for index, (_, there) in enumerate(pairs):
        length = bisect_left(ends, there)
        follows.append(rows[length - 1] if length else -1)
        ends[length : length + 1] = [there]
        rows[length : length + 1] = [index]
    row: list[tuple[int, int]] = []
    index = rows[-1] if rows else -1
    while index >= 0:
        row.append(pairs[index])
        index = follows[index]
    return row[::-1]


def _shortest(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The matches on the shortest way from one to the other; none where it is longer than LONGEST_DETOUR."""
    reach = {1: 0}
    trace: list[dict[int, int]] = []
    for detour in range(min(len(old) + len(new), LONGEST_DETOUR) + 1):
        trace.append(dict(reach))
        for diagonal in range(-detour, detour + 1, 2):
            down = diagonal == -detour or (diagonal != detour and reach[diagonal - 1] < reach[diagonal + 1])
            x = reach[diagonal + 1] if down else reach[diagonal - 1] + 1
            while x < len(old) and 0 <= x - diagonal < len(new) and old[x] == new[x - diagonal]:
                x += 1
            reach[diagonal] = x
            if x >= len(old) and x - diagonal >= len(new):
                return _way_back(trace, len(old), len(new))
    return []


def _way_back(trace: Sequence[dict[int, int]], x: int, y: int) -> list[tuple[int, int]]:
    matches: list[tuple[int, int]] = []
    for detour in range(len(trace) - 1, -1, -1):
        reach, diagonal = trace[detour], x - y
        down = diagonal == -detour or (diagonal != detour and reach[diagonal - 1] < reach[diagonal + 1])
        before = diagonal + 1 if down else diagonal - 1
        start = reach[before]
        while x > start and y > start - before and x > 0 and y > 0:
            x, y = x - 1, y - 1
            matches.append((x, y))
        x, y = start, start - before
    return matches
