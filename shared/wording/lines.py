"""Two texts → the lines that changed, with their numbers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from shared.wording.alignment import Block, blocks
from shared.wording.words import Fate, Piece


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines that changed, with some around them, each a piece without its line break.

    `before` and `after`: the number of the first of these lines in either text, from 1.
    """

    before: int
    after: int
    lines: tuple[Piece, ...]


# One change is told to many channels.
@lru_cache(maxsize=32)
def hunks(before: str, after: str, context: int = 1) -> tuple[Hunk, ...]:
    """The lines that changed, in order, each with up to `context` unchanged lines before and after it."""
    old, new = _lines(before), _lines(after)
    found = []
    for group in _grouped(blocks(old, new), 2 * context):
        lead = min(context, group[0].old)
        end = min(group[-1].old_end + context, len(old))
        lines = _fated(Fate.KEPT, old[group[0].old - lead : group[0].old])
        for block, kept_until in zip(group, [*(following.old for following in group[1:]), end], strict=True):
            lines += _fated(Fate.REMOVED, old[block.old : block.old_end])
            lines += _fated(Fate.ADDED, new[block.new : block.new_end])
            lines += _fated(Fate.KEPT, old[block.old_end : kept_until])
        found.append(Hunk(before=group[0].old - lead + 1, after=group[0].new - lead + 1, lines=tuple(lines)))
    return tuple(found)


def _lines(text: str) -> list[str]:
    # A line break at the end makes no other line of the one before it.
    return text.split("\n") if text else []


def _fated(fate: Fate, lines: Iterable[str]) -> list[Piece]:
    return [Piece(fate, line) for line in lines]


def _grouped(changed: Iterable[Block], nearest: int) -> Iterator[list[Block]]:
    """Blocks with no more than `nearest` lines between them belong together."""
    group: list[Block] = []
    for block in changed:
        if group and block.old - group[-1].old_end > nearest:
            yield group
            group = []
        group.append(block)
    if group:
        yield group
