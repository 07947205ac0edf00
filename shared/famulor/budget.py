"""Famulor's documented rate limits, kept on our side so that it never has to refuse."""

from collections.abc import Mapping

from pyrate_limiter import InMemoryBucket, Rate, RateItem

from shared.clock import Clock
from shared.errors import RateLimited
from shared.telemetry import SILENT, Telemetry

WINDOWS: Mapping[int, Rate] = {10: Rate(20, 10_500), 60: Rate(100, 61_000)}
"""By seconds: the documented 20 requests in 10 s and 100 in a minute for each key; a rate counts milliseconds.

The windows are a little longer than Famulor's, because it counts when a request arrives, not when it leaves.
"""


class RateBudget:
    """One key's requests; both limits hold at any time."""

    def __init__(self, account: str, clock: Clock, telemetry: Telemetry = SILENT) -> None:
        self._account = account
        self._clock = clock
        self._telemetry = telemetry
        self._bucket = InMemoryBucket(list(WINDOWS.values()))
        telemetry.upstream_budget(account, self.left)

    async def take(self, until: float) -> None:
        """One request's turn, waited for if need be.

        `until` is a time of the clock's `monotonic()`. Raises RateLimited at once when the turn comes later.
        """
        while (wait := self._wait()) > 0:
            if self._clock.monotonic() + wait > until:
                raise RateLimited(account=self._account, evidence="our own count", retry_after=wait)
            await self._clock.sleep(wait)
            self._telemetry.upstream_wait(self._account, wait)

    def left(self) -> Mapping[int, int]:
        """How many requests could be sent at once now, by the documented seconds of each window; none is taken.

        Any thread may ask.
        """
        now = self._now()
        # Counted in a copy, which another thread can't change meanwhile; what is too old counts for nothing.
        sent = [request.timestamp for request in list(self._bucket.items)]
        return {
            seconds: rate.limit - sum(one >= now - rate.interval for one in sent) for seconds, rate in WINDOWS.items()
        }

    def spare(self) -> int:
        """How many requests could be sent at once now, whatever the window."""
        return min(self.left().values())

    def _now(self) -> int:
        return round(self._clock.monotonic() * 1000)

    def _wait(self) -> float:
        """0 where the turn is taken now, else the seconds until it may come."""
        now = self._now()
        self._bucket.leak(now)
        request = RateItem("request", now)
        if self._bucket.put(request):
            return 0
        milliseconds = self._bucket.waiting(request)
        assert isinstance(milliseconds, int)  # noqa: S101 # a bucket in memory never answers with an awaitable
        return max(milliseconds, 1) / 1000
