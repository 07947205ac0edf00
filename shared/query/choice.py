"""One filter's values: any of these, none of those. The same text means the same at every door."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.models import Frozen

ANYTHING = "*"
"""Within a value: any text, none too. A value that is nothing else is any value."""


class Choice(Frozen):
    """Any of `include` (all, where it is empty), but none of `exclude`. Upper and lower case are the same."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Choice":
        """`active`, `off,missing`, `!inactive`, `Europe/*`, `"a, b"`: commas are any-of, quotes keep a comma.

        Within quotes, two are one.
        """
        include: list[str] = []
        exclude: list[str] = []
        for part in _PART.findall(text):
            value = part.strip()
            negated = value.startswith("!")
            value = _unquoted(value.removeprefix("!").strip())
            if value:
                (exclude if negated else include).append(value)
        return cls(include=tuple(include), exclude=tuple(exclude))

    def __str__(self) -> str:
        """The text that `parse` reads back as this choice."""
        return ",".join([*map(_quoted, self.include), *(f"!{_quoted(value)}" for value in self.exclude)])

    def __bool__(self) -> bool:
        return bool(self.include or self.exclude)

    @property
    def values(self) -> tuple[str, ...]:
        """Every value that is named, wanted or not."""
        return self.include + self.exclude

    def folded(self) -> "FoldedChoice":
        """The same choice, taken apart once to be held against many folded texts."""
        return FoldedChoice(tuple(map(Pattern.of, self.include)), tuple(map(Pattern.of, self.exclude)))


@dataclass(frozen=True, slots=True)
class Pattern:
    """A folded value as the pieces before, between and after its stars; one piece where it has none."""

    pieces: tuple[str, ...]

    @classmethod
    def of(cls, value: str) -> "Pattern":
        """The pattern that a value means."""
        return cls(tuple(fold(value).split(ANYTHING)))

    def names(self, text: str) -> bool:
        """Whether it is the whole folded text."""
        if len(self.pieces) == 1:
            return text == self.pieces[0]
        first, *between, last = self.pieces
        if len(text) < len(first) + len(last) or not (text.startswith(first) and text.endswith(last)):
            return False
        # Leftmost is best: each piece leaves the most to those after it, so nothing is ever tried twice.
        return _find(between, text, len(first), len(text) - len(last)) is not None

    def stands_in(self, text: str) -> bool:
        """Whether it is somewhere in the folded text."""
        return self.pieces[0] in text if len(self.pieces) == 1 else self.occurs_in(text) is not None

    def occurs_in(self, text: str, start: int = 0) -> tuple[int, int] | None:
        """Where it first stands in the folded text, from `start` on: from and to; None where it doesn't."""
        return _find(self.pieces, text, start, len(text))


def _find(pieces: Iterable[str], text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the pieces stand one after the other in this part of the text: where the first begins and the last ends."""
    first = None
    for piece in filter(None, pieces):
        at = text.find(piece, start, end)
        if at < 0:
            return None
        first = at if first is None else first
        start = at + len(piece)
    return (start if first is None else first, start)


@dataclass(frozen=True, slots=True)
class FoldedChoice:
    """A choice that compares: all the texts it is given have been folded."""

    include: Sequence[Pattern]
    exclude: Sequence[Pattern]

    def allows(self, candidates: Iterable[str]) -> bool:
        """Whether it takes something that answers to these names."""
        names = tuple(candidates)
        wanted = not self.include or any(pattern.names(name) for pattern in self.include for name in names)
        return wanted and not any(pattern.names(name) for pattern in self.exclude for name in names)

    def occurs_in(self, texts: Iterable[str]) -> bool:
        """Whether one of the wanted values stands in these texts, and no unwanted one."""
        everything = tuple(texts)
        return (not self.include or _any_in(self.include, everything)) and not _any_in(self.exclude, everything)


def _any_in(patterns: Iterable[Pattern], texts: Iterable[str]) -> bool:
    # Loops: of thousands of assistants, `any` would take longer to begin than most texts to search.
    for pattern in patterns:
        for text in texts:
            if pattern.stands_in(text):
                return True
    return False


_PART = re.compile(r'(?:[^,"]|"[^"]*"?)+')


def _quoted(value: str) -> str:
    plain = value == value.strip() and not value.startswith("!") and not {",", '"'} & set(value)
    return value if plain else '"' + value.replace('"', '""') + '"'


def _unquoted(text: str) -> str:
    return text[1:].removesuffix('"').replace('""', '"') if text.startswith('"') else text


def fold(text: str) -> str:
    """Text as people compare it: without upper case, ß as ss, ä as ae."""
    folded = text.casefold()
    if folded.isascii():
        return folded
    # The dots of an umlaut may also come as a character of their own. On a prompt, `translate` takes ten times as long.
    return folded.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("\u0308", "e")
