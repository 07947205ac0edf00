"""Other people's text, made fit to be shown to a model; pure."""

import re
from collections.abc import Iterable
from datetime import datetime

from pydantic import JsonValue

from shared.query import Choice
from shared.query.snippets import snippets

LONGEST_LINE = 300
"""Characters. Famulor's own names end at 255; nobody needs more of one to know it again."""

LONGEST_ERROR = 400
"""Bytes of an error's words: a hundred tokens."""

_BREAKS = re.compile("[\t-\r\x1c-\x1e\x85\u2028\u2029]+")
_LINE_ENDS = re.compile("\r\n|[\x0b-\r\x1c-\x1e\x85\u2028\u2029]")
# What others wrote into an error: long names and values between quotes, a server's own words between brackets.
_QUOTED = re.compile("(“[^”]{40})[^”]+”")
_BRACKETED = re.compile(r"(\([^)]{80})[^)]+\)")
_INVISIBLE = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x9f"  # C0 and C1 controls
    "\xad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb"  # zero width, bidi overrides, marks
    "\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # fillers that are drawn as nothing
    "\ufe00-\ufe0f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # selectors and tags: hidden letters
    "\ud800-\udfff"  # half of a pair: not text at all
    "]+"
)


def line(text: str, longest: int = LONGEST_LINE) -> str:
    """The text as one line without what can't be seen, at most `longest` characters of it."""
    # Most texts are a few plain letters, and an answer has hundreds of them.
    plain = text.isascii() and text.isprintable()
    seen = (text if plain else _INVISIBLE.sub("", _BREAKS.sub(" ", text))).strip()
    return seen if len(seen) <= longest else f"{seen[: longest - 1]}…"


def text(written: str) -> str:
    """The text with its lines and tabs, without what can't be seen."""
    return _INVISIBLE.sub("", _LINE_ENDS.sub("\n", written))


def values(written: JsonValue) -> JsonValue:
    """The same data; every text in it, names too, as `text` leaves it."""
    match written:
        case str():
            return text(written)
        case dict():
            return {text(name): values(value) for name, value in written.items()}
        case list():
            return [values(value) for value in written]
        case _:
            return written


def error(message: str) -> str:
    """An error's words, one line. Quotations are cut first, so that the advice at the end stays."""
    shown = _BRACKETED.sub(r"\1…)", _QUOTED.sub(r"\1…”", line(message, len(message))))
    cut = shown.encode()[: LONGEST_ERROR - len("…".encode())].decode(errors="ignore")
    return shown if len(shown.encode()) <= LONGEST_ERROR else f"{cut}…"


def day(moment: datetime | None) -> str:
    """`2026-03-01`, "" where there is none. The moment is in UTC."""
    return moment.date().isoformat() if moment else ""


def time(moment: datetime | None) -> str:
    """`2026-03-01T08:00:00Z`, "" where there is none. The moment is in UTC."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else ""


def snippet(search: Choice, texts: Iterable[str]) -> str:
    """What the search found with its surroundings, in the first of the texts that holds it; "" where none does."""
    for text in texts:
        for found in snippets(text, search, most=1).shown:
            return line(str(found))
    return ""
