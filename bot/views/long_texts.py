"""Long texts over blocks and pages: nothing is lost, and no page is more than Slack takes; pure."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.translation import Say
from bot.views import blocks
from bot.views.blocks import Block
from bot.views.escape import clean

EACH = 2_400
"""Characters of a text in one block: four blocks fill a page."""
ROOM = 10_500
"""What a page may weigh: characters of its blocks as JSON. Slack takes 250,000 bytes, a message 13,000 characters."""
WIDEST = 40
"""Characters of a column but the last."""
_BLOCKS = 80
"""Of a page; Slack takes 100, and something stands around them."""


@dataclass(frozen=True, slots=True)
class Part:
    """A block of something that may be longer than a page.

    `title` (mrkdwn, "" is none) stands before the first block, and again where a page begins with a further one.
    """

    block: Block
    title: str = ""
    first: bool = True


def preformatted(title: str, text: str) -> Iterator[Part]:
    """A text of others as it is, which can be copied; nothing where it is empty."""
    for number, piece in enumerate(pieces(clean(text))):
        yield Part(blocks.preformatted(piece), title, first=not number)


def pieces(text: str, each: int = EACH) -> Iterator[str]:
    """The text in pieces of at most `each` characters: to a line's end where one is near, else to a word's."""
    start = 0
    while start < len(text):
        end = min(start + each, len(text))
        if end < len(text):
            ends = (text.rfind(mark, start + each // 2, end) + 1 for mark in "\n ")
            end = next(filter(None, ends), end)
        yield text[start:end]
        start = end


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells → lines of aligned columns, for a fixed-width font. All but the last cell of a row are cut."""
    widths = [min(max(map(len, column)), WIDEST) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            [
                *(blocks.cut(cell, width).ljust(width) for cell, width in zip(cells[:-1], widths, strict=False)),
                cells[-1],
            ]
        ).rstrip()
        for cells in rows
    )


def pages(parts: Iterable[Part], say: Say, beside: Iterable[Block] = ()) -> list[list[Block]]:
    """The parts' blocks page by page, at least one; `beside`: what stands on the first page too."""
    room = ROOM - sum(map(_weight, beside))
    found: list[list[Block]] = [[]]
    for part in parts:
        shown = _shown(part, say, begins_page=False)
        weight = sum(map(_weight, shown))
        if weight > room or len(found[-1]) + len(shown) > _BLOCKS:
            found.append([])
            shown = _shown(part, say, begins_page=True)
            room, weight = ROOM, sum(map(_weight, shown))
        found[-1] += shown
        room -= weight
    return found


def _shown(part: Part, say: Say, *, begins_page: bool) -> list[Block]:
    if part.title and part.first:
        return [blocks.section(f"*{part.title}*"), part.block]
    if part.title and begins_page:
        return [blocks.context(say("{title}, continued", title=part.title)), part.block]
    return [part.block]


def _weight(block: Block) -> int:
    return len(json.dumps(block, ensure_ascii=False))
