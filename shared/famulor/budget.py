"""Famulor's documented rate limits, kept on our side so that it never has to refuse."""

from pyrate_limiter import InMemoryBucket, Rate, RateItem

from shared.clock import Clock
from shared.errors import RateLimited

RATES = (Rate(20, 10_500), Rate(100, 61_000))
"""Requests and milliseconds: the documented 20 in 10 s and 100 in a minute for each key.

The windows are a little longer than Famulor's, because it counts when a request arrives, not when it leaves.
"""


class RateBudget:
    """One key's requests; both limits hold at any time."""

    def __init__(self, account: str, clock: Clock) -> None:
        self._account = account
        self._clock = clock
        self._bucket = InMemoryBucket(list(RATES))

    async def take(self, until: float) -> None:
        """One request's turn, waited for if need be.

        `until` is a time of the clock's `monotonic()`. Raises RateLimited at once when the turn comes later.
        """
        while (wait := self._wait()) > 0:
            if self._clock.monotonic() + wait > until:
                raise RateLimited(account=self._account, evidence="our own count", retry_after=wait)
            await self._clock.sleep(wait)

    def _wait(self) -> float:
        """0 where the turn is taken now, else the seconds until it may come."""
        now = round(self._clock.monotonic() * 1000)
        self._bucket.leak(now)
        request = RateItem("request", now)
        if self._bucket.put(request):
            return 0
        milliseconds = self._bucket.waiting(request)
        assert isinstance(milliseconds, int)  # noqa: S101 # a bucket in memory never answers with an awaitable
        return max(milliseconds, 1) / 1000
