"""A list of assistants in the terminal: a table for people, lines with tabs for everything else."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.grammar import Listing
from bot.terminal import texts
from bot.translation import Say
from bot.views import lists
from bot.views.rows import PageOf
from shared.answers import Page

if TYPE_CHECKING:
    from rich.console import RenderableType

NAME = 1
"""The column that may be broken into lines."""
WEBHOOK = 6
"""The column whose values mean nothing without its name."""
SHORTEST_NAME = 24
"""Characters for names; where the terminal leaves less, the other columns go below them."""


def lines(found: Page, say: Say) -> str:
    """Names of the columns, then a line for each; nothing in it depends on the terminal or on the time."""
    return "".join("\t".join(row) + "\n" for row in _rows(found, say))


def drawn(found: Page, command: Listing, say: Say, page_of: PageOf, width: int) -> "list[RenderableType]":
    """The table, with how many match and when they were fetched; where the terminal can, names are links.

    `width`: how many characters the terminal has in a line.
    """
    from rich import box  # noqa: PLC0415 # only where it is drawn
    from rich.cells import cell_len  # noqa: PLC0415
    from rich.style import Style  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    names, *rows = _rows(found, say)
    taken = [max(map(cell_len, column)) + 2 for column in zip(names, *rows, strict=True)]
    fits = sum(taken) - taken[NAME] + min(taken[NAME], SHORTEST_NAME) <= width
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for place, column in enumerate(names if fits else names[: NAME + 1]):
        folds = place == NAME
        table.add_column(
            Text(column), justify="left" if place else "right", no_wrap=not folds, overflow="fold" if folds else "crop"
        )
    for one, (number, name, *others) in zip(found.assistants, rows, strict=True):
        linked = Text(name, Style(link=page_of(one.account, one.id)))
        if fits:
            table.add_row(number, linked, *map(Text, others))
        else:
            others[WEBHOOK - NAME - 1] = f"{names[WEBHOOK]}: {others[WEBHOOK - NAME - 1]}"
            table.add_row(number, linked.append("\n").append(" · ".join(filter(None, others)), "dim"))
    fetched = min(one.fetched_at for one in found.origins if one.fetched_at)
    return [
        Text(lists.title(found, command, say), "bold"),
        *([table] if rows else []),
        Text(say("fetched {times}", times=f"{fetched:%Y-%m-%d %H:%M} UTC"), "dim"),
    ]


def _rows(found: Page, say: Say) -> Sequence[Sequence[str]]:
    """The names of the columns first."""
    several = len(found.origins) > 1
    return [
        texts.column_names(say, several=several),
        *(texts.cells(one, found.names[one.account], say, several=several) for one in found.assistants),
    ]
