"""What several rules need of a text: it in lower case, the sentences around a word, a piece that may be shown; pure."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from shared.masking import masked_text

NAMED = 20
"""Of many places with the same fault, the first are named: nobody reads more, and their number is the writer's."""
SHOWN = 80
"""Characters of a text that a finding quotes at most."""

_REACH = 240
"""Characters of a sentence that are looked at, before a word and after it: time must go with the text's length."""
_FOLLOWING = 60
_MARKS = ".!?;"
# A line that begins with a small letter goes on with the sentence of the line before it.
_GOES_ON = re.compile(r"\n\s*+[a-zäöüß]")
_WORD = re.compile(r"[^\W_]")


@lru_cache(maxsize=8)
def lowered(text: str) -> str:
    """The text in lower case, each character where it was; kept for the next rule that asks."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    # The Turkish İ becomes two characters.
    return "".join(small if len(small := character.lower()) == 1 else character for character in text)


def vocabulary(words: str) -> frozenset[str]:
    """A set of words, written as a list of them that a person can read."""
    return frozenset(words.split())


def is_blank(text: str) -> bool:
    """Whether nothing in it is a letter or a digit: spaces, invisible characters, dashes say nothing."""
    return _WORD.search(text) is None


class Sentence(NamedTuple):
    """A sentence on one line, as it is written and in lower case, with what follows it (in lower case, not far)."""

    text: str
    lower: str
    following: str


def sentences(text: str, words: Iterable[str]) -> Iterator[Sentence]:
    """The sentences that hold one of the words (in lower case); each once for each word that it holds."""
    lower = lowered(text)
    for word in words:
        at = lower.find(word)
        while at >= 0:
            behind = at + len(word)
            start, stop = _start(text, max(at - _REACH, 0), at), _stop(text, behind, min(at + _REACH, len(text)))
            written = " ".join(text[start:stop].split())
            yield Sentence(written, written.lower(), lower[stop : stop + _FOLLOWING])
            at = lower.find(word, max(stop, behind))


def _start(text: str, earliest: int, at: int) -> int:
    """Where the sentence begins that stands at `at`, from `earliest` on."""
    start = max(earliest, *(text.rfind(mark, earliest, at) + 1 for mark in _MARKS))
    line = text.rfind("\n", start, at)
    while line >= 0 and _GOES_ON.match(text, line, at):
        line = text.rfind("\n", start, line)
    return max(start, line + 1)


def _stop(text: str, at: int, latest: int) -> int:
    """Where the sentence ends that stands before `at`, up to `latest`."""
    stop = latest
    for mark in _MARKS:
        found = text.find(mark, at, stop)
        stop = found if found >= 0 else stop
    line = text.find("\n", at, stop)
    while line >= 0 and _GOES_ON.match(text, line, stop):
        line = text.find("\n", line + 1, stop)
    return line if line >= 0 else stop


def excerpt(text: str) -> str:
    """The text as a finding may quote it: one line, not long, without secrets."""
    line = masked_text(" ".join(text[: 4 * SHOWN].split()))
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1].rstrip()}…"
