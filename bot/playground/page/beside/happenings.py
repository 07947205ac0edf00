"""What was done from a panel, for whoever wants to see what came of it."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.playground.page.state import Tab
from bot.playground.page.times import clock_time, moment
from bot.words.word import Word
from shared.clock import Clock

MOST_SHOWN = 12
"""Of the latest."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that was done. `is_error`: it did not work."""

    at: datetime
    says: Word
    is_error: bool = False

    def time(self, tab: Tab) -> str:
        """When it was, by the clock of whoever looks."""
        return clock_time(self.at.astimezone(moment("0", tab).tzinfo), tab)


class Happenings:
    """The latest things that were done, the latest first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._latest: deque[Happening] = deque(maxlen=MOST_SHOWN)

    def say(self, words: Word, *, is_error: bool = False, **details: object) -> None:
        """Something was done; the `details` are filled into the words, each in its language."""
        said = Word(_filled(words, "en", details), _filled(words, "de", details))
        self._latest.appendleft(Happening(self._clock.now(), said, is_error))

    def __iter__(self) -> Iterator[Happening]:
        return iter(self._latest)


def _filled(words: Word, language: str, details: Mapping[str, object]) -> str:
    said = {name: one(language) if isinstance(one, Word) else one for name, one in details.items()}
    return words(language).format(**said)
