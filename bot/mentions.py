"""Which assistants a Slack message names: by `#42`, by name, or by a link to their page; pure."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bot.grammar import plain
from shared.models import Assistant
from shared.query.choice import fold

SHORTEST_NAME = 3
"""Characters; a shorter name is in every second sentence."""
LONGEST_MESSAGE = 40_000
"""Characters that are read: more than Slack takes in a message, without its blocks."""
_DEEPEST = 12

AssistantOf = Callable[[str], tuple[tuple[str, ...], int] | None]
"""The accounts and the id that an address leads to."""

_ID = re.compile(r"(?<![\w#&])#([0-9]{1,18})\b")
_LINK = re.compile(r"https?://[^\s<>|\"]+")
_TEXTS = ("text", "url", "fallback", "title", "title_link", "from_url")


def text_of(message: Mapping[str, Any]) -> str:
    """All that a message says, also in blocks and attachments, with Slack's mark-up."""
    return "\n".join(dict.fromkeys(_texts(message, 0)))[:LONGEST_MESSAGE]


def named_in(text: str, assistants: Sequence[Assistant], assistant_of: AssistantOf) -> list[Assistant]:
    """The assistants that the text (with Slack's mark-up) names, in the order in which it first does.

    Of two names of which one is a part of the other, the longer is meant. Namesakes are all meant.
    """
    seen = plain(text)
    places: dict[int, int] = {}
    for place, number in _numbers(seen):
        for index, assistant in enumerate(assistants):
            if assistant.id == number:
                places.setdefault(index, place)
    for found in _LINK.finditer(text):
        page = assistant_of(found[0].replace("&amp;", "&"))
        for index, assistant in enumerate(assistants):
            if page and assistant.id == page[1] and assistant.account in page[0]:
                places[index] = min(places.get(index, found.start()), found.start())
    for index, place in _by_name(fold(seen), assistants):
        places[index] = min(places.get(index, place), place)
    return [assistants[index] for index in sorted(places, key=lambda index: (places[index], index))]


def _numbers(text: str) -> Iterator[tuple[int, int]]:
    return ((found.start(), int(found[1])) for found in _ID.finditer(text))


def _by_name(text: str, assistants: Sequence[Assistant]) -> Iterator[tuple[int, int]]:
    """Indices with the place where the name stands, as words of its own. The longest first: each takes its place."""
    by_name: dict[str, list[int]] = {}
    for index, assistant in enumerate(assistants):
        name = " ".join(fold(assistant.name).split())
        if len(name) >= SHORTEST_NAME:
            by_name.setdefault(name, []).append(index)
    text = re.sub(r"\s", " ", text)
    for name in sorted(by_name, key=len, reverse=True):
        # `in` first: of thousands of names hardly one is there.
        places = [found.start() for found in _standing_alone(name).finditer(text)] if name in text else []
        if places:
            text = _standing_alone(name).sub("\n" * len(name), text)
            yield from ((index, places[0]) for index in by_name[name])


def _standing_alone(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")


def _texts(thing: Any, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(thing, Mapping):
        for name, value in thing.items():
            if isinstance(value, str):
                if name in _TEXTS and value:
                    yield value
            else:
                yield from _texts(value, depth + 1)
    elif isinstance(thing, list):
        for one in thing:
            yield from _texts(one, depth + 1)
