"""One filter's values: any of these, none of those. The same text means the same at every door."""

import re
from collections.abc import Iterable

from shared.models import Frozen


class Choice(Frozen):
    """Any of `include` (all, where it is empty), but none of `exclude`. Upper and lower case are the same."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Choice":
        """`active`, `off,missing`, `!inactive`, `"a, b"`: commas are any-of, `!` is not, quotes keep a comma."""
        include: list[str] = []
        exclude: list[str] = []
        for part in _PART.findall(text):
            value = part.strip()
            negated = value.startswith("!")
            value = value.removeprefix("!").strip().strip('"')
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

    def folded(self) -> "Choice":
        """The same choice as `fold` leaves it: what `allows` and `occurs_in` compare with."""
        return Choice(include=tuple(map(fold, self.include)), exclude=tuple(map(fold, self.exclude)))

    def allows(self, candidates: Iterable[str]) -> bool:
        """Whether this folded choice takes something that answers to these folded names."""
        names = set(candidates)
        return (not self.include or not names.isdisjoint(self.include)) and names.isdisjoint(self.exclude)

    def occurs_in(self, texts: Iterable[str]) -> bool:
        """Whether one of this folded choice's wanted values stands in these folded texts, and no unwanted one."""
        everything = tuple(texts)
        wanted = not self.include or any(value in text for value in self.include for text in everything)
        return wanted and not any(value in text for value in self.exclude for text in everything)


_PART = re.compile(r'(?:[^,"]|"[^"]*"?)+')


def _quoted(value: str) -> str:
    return f'"{value}"' if "," in value or value.startswith("!") else value


_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def fold(text: str) -> str:
    """Text as people compare it: without upper case, ß as ss, ä as ae."""
    folded = text.casefold()
    return folded if folded.isascii() else folded.translate(_UMLAUTS)
