"""Ways to do the same, measured in turn, so that whatever else the machine does hits all of them."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from bench.tables import table
from shared.clock import SystemClock

BETWEEN_ROUNDS = 3600.0
"""Seconds that pass without being waited for: everything is due again, and no rate limit is used up."""


class HurriedClock(SystemClock):
    """The machine's own time, and the hours that were skipped."""

    def __init__(self) -> None:
        self._skipped = 0.0

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self._skipped)

    def monotonic(self) -> float:
        return super().monotonic() + self._skipped

    def skip(self, seconds: float) -> None:
        """So much later, at once."""
        self._skipped += seconds


@dataclass(frozen=True, slots=True)
class Round:
    """What one round took: seconds, and those that this process computed."""

    seconds: float
    computed: float


@dataclass(frozen=True, slots=True)
class Way:
    """What is measured, and what has to happen before each round of it."""

    run: Callable[[], Awaitable[None]]
    prepare: Callable[[], Awaitable[None]] | None = None


async def in_turn(ways: Mapping[str, Way], rounds: int, clock: HurriedClock) -> Mapping[str, Sequence[Round]]:
    """The rounds of each way; the first of each, which warms up, is left out."""
    taken: dict[str, list[Round]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, way in ways.items():
            clock.skip(BETWEEN_ROUNDS)
            if way.prepare is not None:
                await way.prepare()
            began, computed = time.perf_counter(), time.process_time()
            await way.run()
            one = Round(time.perf_counter() - began, time.process_time() - computed)
            taken[name] += [one] if number else []
    return taken


def report(taken: Mapping[str, Sequence[Round]], many: int, what: str) -> str:
    """A line for each way, of medians: how many a second, and what one of them takes. `many` are done in a round."""
    rows = []
    for name, rounds in taken.items():
        seconds, computed = median(one.seconds for one in rounds), median(one.computed for one in rounds)
        rows.append((name, f"{many / seconds:.0f}", f"{1000 * seconds / many:.1f}", f"{1000 * computed / many:.1f}"))
    return table(("way", f"{what}/s", "ms each", "of which computing"), rows)
