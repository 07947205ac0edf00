"""Where in a text stands what was found in it as people compare it; pure."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from shared.query.choice import fold


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as `fold` leaves it, which may be longer, and where in the text each character of it comes from.

    Of each character that became several: `begins`, where these do in the folded text; `places`, where it stands in
    the text itself; `growth`, by how much the folded text is longer up to their end.
    """

    text: str
    begins: Sequence[int] = ()
    places: Sequence[int] = ()
    growth: Sequence[int] = ()

    @classmethod
    def of(cls, text: str) -> "Folded":
        """In a time that goes with the text's length."""
        folded = fold(text)
        if len(folded) == len(text):  # nothing is folded away, so each character has become one
            return cls(folded)
        several = [(found.start(), len(fold(found[0])) - 1) for found in _NOT_ASCII.finditer(text)]
        several = [(place, more) for place, more in several if more]
        growth = list(accumulate(more for _place, more in several))
        return cls(
            text=folded,
            begins=[place + grown - more for (place, more), grown in zip(several, growth, strict=True)],
            places=[place for place, _more in several],
            growth=growth,
        )

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Of a part of the folded text, not empty: where what it comes from begins and ends in the text."""
        return self._origin(start), self._origin(end - 1) + 1

    def _origin(self, offset: int) -> int:
        last = bisect_right(self.begins, offset) - 1
        return offset if last < 0 else max(self.places[last], offset - self.growth[last])


_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
