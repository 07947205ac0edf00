"""What differs between two texts, line by line and word by word: said by signs, and shown bold or struck out; pure."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from bot.translation import Say
from bot.views import long_texts
from bot.views.blocks import Block
from bot.views.escape import clean
from bot.views.long_texts import EACH, Part
from shared.wording import Fate, Hunk, Piece, extent, hunks, word_pieces

REWRITTEN = 0.7
"""Share of the words from which on lines count as replaced: single words would only confuse."""
MOST_PIECES = 60
"""Of one stretch of lines; more are a picket fence."""

RUN = 20
"""Characters that a run is counted as, besides its own: each costs Slack more than its words."""

_SIGNS = {Fate.REMOVED: "−", Fate.ADDED: "+", Fate.KEPT: " "}
_STYLES = {Fate.REMOVED: {"style": {"strike": True}}, Fate.ADDED: {"style": {"bold": True}}}

Line = tuple[Fate, Sequence[Piece]]


def changes(title: str, before: str, after: str, say: Say) -> Iterator[Part]:
    """The lines that differ, with their numbers in either text; − is only in the first, + only in the second.

    They go on under a title that stands already; there are none where the texts are the same to the eye.
    """
    for hunk in hunks(clean(before), clean(after)):
        place = say("Line {before} / {after}", before=say.number(hunk.before), after=say.number(hunk.after))
        for number, runs in enumerate(_filled(_lines(hunk))):
            yield Part(_block(runs if number else [*_heading(place), *runs]), title, first=False)


def amount(before: str, after: str, say: Say) -> str:
    """How much of the words differs."""
    found = extent(word_pieces(before, after))
    removed = say.count(found.removed, "{number} word only in the first", "{number} words only in the first")
    added = say.count(found.added, "{number} word only in the second", "{number} words only in the second")
    return f"{removed}, {added}"


def _lines(hunk: Hunk) -> Iterator[Line]:
    for kept, group in groupby(hunk.lines, lambda line: line.fate is Fate.KEPT):
        lines = list(group)
        if kept:
            yield from ((Fate.KEPT, [line]) for line in lines)
        else:
            removed = "\n".join(line.text for line in lines if line.fate is Fate.REMOVED)
            added = "\n".join(line.text for line in lines if line.fate is Fate.ADDED)
            both = len({line.fate for line in lines}) > 1
            yield from _changed(lines, word_pieces(removed, added) if both else ())


def _changed(lines: Sequence[Piece], words: Sequence[Piece]) -> Iterator[Line]:
    """Lines in the place of others with the words that differ; as wholes where there is nothing to tell apart."""
    if not words or len(words) > MOST_PIECES or extent(words).share > REWRITTEN:
        yield from ((line.fate, [line]) for line in lines)
        return
    for fate in (Fate.REMOVED, Fate.ADDED):
        line: list[Piece] = []
        for piece in words:
            if piece.fate in {Fate.KEPT, fate}:
                head, *rest = piece.text.split("\n")
                line.append(Piece(piece.fate, head))
                for text in rest:
                    yield fate, line
                    line = [Piece(piece.fate, text)]
        yield fate, line


def _filled(lines: Iterable[Line]) -> Iterator[list[Block]]:
    """Lines in blocks of about EACH characters; a line that is longer goes on in the next one, with its sign."""
    runs: list[Block] = []
    length = 0
    for fate, line in lines:
        texts = [_run(text, piece.fate) for piece in line for text in long_texts.pieces(piece.text)]
        room = EACH - length
        if runs and sum(map(_length, texts)) > room:
            yield runs
            runs, room = [], EACH
        sign = _run(f"{_SIGNS[fate]} ", Fate.KEPT)
        runs.append(sign)
        for text in texts:
            if _length(text) > room and room < EACH:
                yield runs
                runs, room = [sign], EACH
            runs.append(text)
            room -= _length(text)
        runs.append(_run("\n", Fate.KEPT))
        length = EACH - room + 2 * RUN
    yield runs


def _length(run: Block) -> int:
    return len(run["text"]) + RUN


def _heading(text: str) -> list[Block]:
    return [{"type": "text", "text": f"{text}\n", "style": {"italic": True}}]


def _run(text: str, fate: Fate) -> Block:
    return {"type": "text", "text": text, **_STYLES.get(fate, {})}


def _block(runs: Sequence[Block]) -> Block:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(runs)}]}
