"""Answers as a person reads them."""

import re

from bot.playground import Message, View

_ROW = re.compile(r"^\S+ \*(.+) \(https?://\S+/(\d+)\)\* `\d+`", re.MULTILINE)


def names(shown: Message | View) -> list[str]:
    """The names of a list's rows."""
    return [found[1] for found in _ROW.finditer(shown.as_text())]


def ids(shown: Message | View) -> list[int]:
    """The ids of a list's rows."""
    return [int(found[2]) for found in _ROW.finditer(shown.as_text())]


def title(shown: Message | View) -> str:
    """The first line."""
    return shown.as_text().splitlines()[0]


def buttons(shown: Message | View) -> dict[str, str]:
    """What is on each button but the rows' own, and the text that it runs."""
    return {
        element["text"]["text"]: element.get("value", "")
        for block in shown.payload["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "button"
    }


def chosen(shown: Message | View) -> list[str]:
    """What the menus say is chosen."""
    return [
        element["initial_option"]["text"]["text"]
        for block in shown.payload["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
        if "initial_option" in element
    ]
