"""Blocks as HTML, each by the template of its type; what can't be drawn says so and shows its JSON."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import UndefinedError
from markupsafe import Markup

from bot.playground import forms
from bot.playground.page.rendering import mrkdwn
from bot.playground.page.rendering.drawing import Drawing, type_of
from bot.playground.page.rendering.elements import GROUPS, element
from bot.playground.page.rendering.markdown import markdown
from bot.playground.page.rendering.rich_text import rich_text
from bot.playground.page.rendering.surfaces import Surface
from bot.playground.page.rendering.templates import drawn

Json = Mapping[str, Any]

_TEMPLATES = frozenset(
    {
        *("actions", "alert", "card", "context", "context_actions", "divider", "file", "header", "image", "input"),
        *("markdown", "rich_text", "section", "table", "video"),
    }
)
# What is raised where a payload has not the shape that Slack describes. LocalSlack takes few such.
_MISSHAPEN = (AttributeError, LookupError, TypeError, UndefinedError, ValueError)

# Elements that people see though there is no text in them.
_WITHOUT_TEXT = re.compile("<(?:img|input|textarea) ")
_LEVELS = frozenset({"default", "error", "info", "success", "warning"})
_ALIGNMENTS = frozenset({"center", "left", "right"})


def rendered(blocks: Sequence[Mapping[str, Any]], on: Surface) -> Markup:
    """The blocks, one below the other; for inside of the surface's form."""
    # What is no object is made one, and is shown as unknown.
    payload = forms.identified({"blocks": _Blocks(on, {}).objects(list(blocks))})
    return mrkdwn.harmless(_all(payload["blocks"], on))


def rendered_text(text: str, on: Surface) -> Markup:
    """A message's text, where there are no blocks: mrkdwn."""
    return mrkdwn.harmless(drawn("blocks/section.html", "paragraph", mrkdwn.mrkdwn(text, on)))


def rendered_attachments(attachments: Sequence[Mapping[str, Any]], on: Surface) -> Markup:
    """What is attached to a message, such as the preview of a link: blocks, or the texts that there were before."""
    drawing = _Blocks(on, {})
    known = forms.identified({"attachments": drawing.objects(attachments)})["attachments"]
    shown = (drawn("blocks/attachment.html", "attachment", one, _all(one.get("blocks"), on), drawing) for one in known)
    return mrkdwn.harmless(Markup().join(shown))


class _Blocks(Drawing):
    """A drawing with what only templates of blocks ask for."""

    __slots__ = ()

    def element(self, thing: object, block: Json) -> Markup:
        """An interactive element of this block, an image or a text."""
        match type_of(thing):
            case "image" if isinstance(thing, Mapping):
                return self.image(thing)
            case "plain_text" | "mrkdwn":
                return self.text(thing)
        return element(thing, block, self) if isinstance(thing, Mapping) else self.unknown(thing)

    def rich_text(self, block: Json) -> Markup:
        return rich_text(block, self)

    def markdown(self, text: object) -> Markup:
        return markdown(str(text))

    def is_group(self, thing: object) -> bool:
        """Whether it is several controls, which a `<label>` can't name."""
        return type_of(thing) in GROUPS or type_of(thing).startswith("multi_")

    def level(self, block: Json) -> str:
        """How an alert looks."""
        level = str(block.get("level"))
        return level if level in _LEVELS else "default"

    def rows(self, table: Json) -> list[list[tuple[Markup, str]]]:
        """The cells of a table, each with the side that it leans to."""
        aligned = [str(one.get("align")) for one in self.objects(table.get("column_settings"))]
        rows = table.get("rows")
        if not isinstance(rows, list):
            raise TypeError("a table without rows")
        return [
            [
                (
                    self._cell(cell),
                    aligned[column] if column < len(aligned) and aligned[column] in _ALIGNMENTS else "left",
                )
                for column, cell in enumerate(self.objects(row))
            ]
            for row in rows
        ]

    def _cell(self, cell: Json) -> Markup:
        if cell.get("type") == "rich_text":
            return rich_text(cell, self)
        if cell.get("type") in {"raw_text", "raw_number"}:
            return self.text(cell.get("text", cell.get("value", "")))
        return self.unknown(cell)


def _all(blocks: object, on: Surface) -> Markup:
    return Markup("\n").join(_block(block, on) for block in _Blocks(on, {}).objects(blocks))


def _block(block: Json, on: Surface) -> Markup:
    kind = type_of(block)
    drawing = _Blocks(on, {})
    if kind not in _TEMPLATES:
        return drawing.unknown(block)
    try:
        drawing = _Blocks(on, forms.values({"blocks": [block]}, on.state))
        shown = drawn(f"blocks/{kind}.html", kind, block, drawing)
    except _MISSHAPEN:
        return drawing.unknown(block)
    return shown if kind == "divider" or _is_visible(shown) else drawing.unknown(block)


def _is_visible(shown: Markup) -> bool:
    return bool(_WITHOUT_TEXT.search(shown) or shown.striptags())
