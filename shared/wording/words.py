"""Two texts → pieces that are kept, removed or added, word by word."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from shared.wording.alignment import blocks

CRUMB = 3
"""Characters without a word among them that don't part two changes."""

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
# A variable is a word of its own.
_TOKEN = re.compile(r"\{\{?\w+\}?\}|\w+|\s+|[^\w\s]")
_WORD = re.compile(r"\w+")


class Fate(StrEnum):
    """What became of a piece of text; SKIPPED stands for text that is not shown."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text and what became of it; that of a SKIPPED one is an ellipsis."""

    fate: Fate
    text: str


SKIPPED = Piece(Fate.SKIPPED, "…")


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of a text changed, in words: `before` and `after` there are, `removed` and `added` of them differ."""

    before: int
    after: int
    removed: int
    added: int

    @property
    def share(self) -> float:
        """From 0 (no word) to 1 (every word)."""
        return (self.removed + self.added) / max(self.before + self.after, 1)


# One change is told to many channels.
@lru_cache(maxsize=32)
def word_pieces(before: str, after: str) -> tuple[Piece, ...]:
    """The texts word by word: kept and removed pieces make `before`, kept and added ones make `after`.

    Words are compared within the lines that changed. No two neighbours have the same fate, none is empty.
    """
    return tuple(_joined(_without_crumbs(tuple(_joined(_word_by_word(before, after))))))


def extent(pieces: Iterable[Piece]) -> Extent:
    """How much changed, of the pieces that `word_pieces` gives."""
    words = Counter[Fate]()
    for piece in pieces:
        words[piece.fate] += len(_WORD.findall(piece.text))
    kept, removed, added = words[Fate.KEPT], words[Fate.REMOVED], words[Fate.ADDED]
    return Extent(before=kept + removed, after=kept + added, removed=removed, added=added)


def shortened(pieces: Iterable[Piece], limit: int, around: int = 40) -> tuple[Piece, ...]:
    """The changed pieces with up to `around` characters of what was kept beside them, `limit` characters in all.

    Whatever is left out is SKIPPED; its ellipses are not counted.
    """
    shown: list[Piece] = []
    room = limit
    for piece in _with_gaps(tuple(pieces), around):
        if piece is SKIPPED or len(piece.text) <= room:
            shown.append(piece)
            room -= 0 if piece is SKIPPED else len(piece.text)
            continue
        cut = [Piece(piece.fate, piece.text[:room])] if room else []
        ended = not cut and shown and shown[-1] is SKIPPED
        return (*shown, *cut, *([] if ended else [SKIPPED]))
    return tuple(shown)


def _with_gaps(pieces: tuple[Piece, ...], around: int) -> Iterator[Piece]:
    """Long kept pieces without their middle; at the text's ends, without what is far from a change."""
    for position, piece in enumerate(pieces):
        head = around if position > 0 else 0
        tail = around if position < len(pieces) - 1 else 0
        if piece.fate is not Fate.KEPT or len(piece.text) <= head + tail:
            yield piece
            continue
        if head:
            yield Piece(Fate.KEPT, piece.text[:head])
        yield SKIPPED
        if tail:
            yield Piece(Fate.KEPT, piece.text[-tail:])


def _word_by_word(before: str, after: str) -> Iterator[Piece]:
    old, new = _LINE.findall(before), _LINE.findall(after)
    here = 0
    for block in blocks(old, new):
        yield Piece(Fate.KEPT, "".join(old[here : block.old]))
        yield from _tokens_of("".join(old[block.old : block.old_end]), "".join(new[block.new : block.new_end]))
        here = block.old_end
    yield Piece(Fate.KEPT, "".join(old[here:]))


def _tokens_of(before: str, after: str) -> Iterator[Piece]:
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    here = 0
    for block in blocks(old, new):
        yield Piece(Fate.KEPT, "".join(old[here : block.old]))
        yield Piece(Fate.REMOVED, "".join(old[block.old : block.old_end]))
        yield Piece(Fate.ADDED, "".join(new[block.new : block.new_end]))
        here = block.old_end
    yield Piece(Fate.KEPT, "".join(old[here:]))


def _without_crumbs(pieces: tuple[Piece, ...]) -> Iterator[Piece]:
    """Blanks and signs that are kept between two changes read better as part of them."""
    for position, piece in enumerate(pieces):
        parts = 0 < position < len(pieces) - 1 and piece.fate is Fate.KEPT
        if parts and len(piece.text) <= CRUMB and not _WORD.search(piece.text):
            yield Piece(Fate.REMOVED, piece.text)
            yield Piece(Fate.ADDED, piece.text)
        else:
            yield piece


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Between two kept pieces one removed and one added, in this order; no empty ones."""
    texts: dict[Fate, list[str]] = {Fate.KEPT: [], Fate.REMOVED: [], Fate.ADDED: []}
    for piece in pieces:
        if not piece.text:
            continue
        # What is kept ends the changes before it; a change ends what was kept.
        ended = (Fate.REMOVED, Fate.ADDED) if piece.fate is Fate.KEPT else (Fate.KEPT,)
        yield from _taken(texts, ended)
        texts[piece.fate].append(piece.text)
    yield from _taken(texts, tuple(texts))


def _taken(texts: dict[Fate, list[str]], fates: tuple[Fate, ...]) -> Iterator[Piece]:
    for fate in fates:
        if texts[fate]:
            yield Piece(fate, "".join(texts[fate]))
            texts[fate] = []
