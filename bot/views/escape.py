"""Texts of others, made harmless for Slack. An assistant may be called `<!channel>`, `*a*` or worse.

Three things are done to every text that did not come from our own code:

1. What would steer the screen is taken out: control characters, halves of surrogate pairs, and the characters
   that turn the direction of everything after them.
2. `&`, `<` and `>` are escaped: with them Slack writes mentions and links.
3. Where Slack reads formatting (mrkdwn), a zero-width space is put on both sides of what would format. Slack has
   no escape character; but it takes a mark for one only at the edge of a word, and this takes the edge away.
   Inside words (`customer_name`) nothing is done, so that most texts can be copied as they are.

`most` is how long the result may be, escapes and all; a text that is cut ends with an ellipsis.
"""

import functools
import re
from collections.abc import Callable

Escape = Callable[[str], str]

_INVISIBLE = "\u200b"
_TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
# What Unicode calls control characters, but for the ends of lines and tabs, and halves of surrogate pairs.
_STEERING = re.compile(r"\r\n|[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_MARK = re.compile(
    r"(?<![^\W_])[*_~]|[*_~](?![^\W_])|`"  # bold, italic and struck out at a word's edge; code anywhere
    r"|[@#](?=\w)"  # @here, #general, mail addresses
    r"|:(?=//|[\w+'-]+:)"  # https://…, :smile:
    r"|^&gt;"  # a quotation
)
_ELLIPSIS = "…"
# "&" becomes "&amp;", and no character becomes more.
_LONGEST_ESCAPE = 5
_SHORT = 100
"""Characters of what is worth remembering."""


def mrkdwn(text: str, most: int = 300) -> str:
    """One line, for where Slack reads formatting."""
    return _recurring(text, most) if len(text) <= _SHORT else _fitted(_one_line(text), most, _without_marks)


@functools.lru_cache(maxsize=4096)
def _recurring(text: str, most: int) -> str:
    """Names, modes and zones: the same few in every answer."""
    return _fitted(_one_line(text), most, _without_marks)


def plain(text: str, most: int = 150) -> str:
    """One line, for where Slack reads no formatting."""
    return _fitted(_one_line(text), most, entities)


def code(text: str, most: int = 300) -> str:
    """One line in a code span, in which only the backtick means something."""
    return f"`{_fitted(_one_line(text).replace('`', 'ˋ'), most - 2, entities)}`"


def pieces(text: str, each: int, most: int) -> tuple[list[str], int]:
    """A long text, escaped for where Slack reads no formatting, in pieces of at most `each` characters.

    All together have at most `most`; the second value is how many characters of the text are left out.
    """
    rest = clean(text).strip("\n")
    found: list[str] = []
    while rest:
        length = _length_that_fits(rest, min(each, most - sum(map(len, found))))
        if not length:
            break
        found.append(entities(rest[:length]))
        rest = rest[length:]
    return found, len(rest)


def entities(text: str) -> str:
    """The three characters that Slack's own markup is made of."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())


def clean(text: str) -> str:
    """The text without what would steer the screen; for where Slack takes texts literally."""
    return _STEERING.sub(_harmless, _TURNING.sub("", text))


def _harmless(found: re.Match[str]) -> str:
    steering = found[0]
    if steering == "\r\n":
        return "\n"
    if steering.isspace():
        return " "
    return "\N{REPLACEMENT CHARACTER}" if steering >= "\ud800" else ""


def _without_marks(text: str) -> str:
    return _MARK.sub(_apart, entities(text))


def _apart(found: re.Match[str]) -> str:
    return f"{_INVISIBLE}{found[0]}{_INVISIBLE}"


def _fitted(text: str, most: int, escape: Escape) -> str:
    # No escaped text is shorter than its source: what is beyond need not be escaped to know that it does not fit.
    shown = escape(text[: most + 1])
    if len(shown) <= most:
        return shown
    kept = text[:most]
    while len(shown := escape(kept) + _ELLIPSIS) > most:
        kept = kept[: -max(1, (len(shown) - most) // _LONGEST_ESCAPE)]
    return shown


def _length_that_fits(text: str, most: int) -> int:
    """How many characters make a piece of at most `most`: up to a line's or a word's end where there is one."""
    length = size = 0
    for character in text:
        size += len(entities(character))
        if size > most:
            break
        length += 1
    else:
        return length
    for end in "\n ":
        found = text.rfind(end, length // 2, length)
        if found > 0:
            return found + 1
    return length
