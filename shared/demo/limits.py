"""Famulor's two rate limits, a sliding window each."""

import math
from collections import defaultdict, deque
from dataclasses import dataclass

from shared.clock import Clock


@dataclass(frozen=True)
class Limit:
    """So many requests in so many seconds."""

    requests: int
    seconds: int


# Both hold at once, for each key (the API reference's chapter on rate limits).
PER_MINUTE = Limit(requests=100, seconds=60)
BURST = Limit(requests=20, seconds=10)

# Floating point: a wait of exactly the seconds that were asked for must be enough.
_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Allowance:
    """What a key has left. `retry_after` (whole seconds) is None for a request that is let through."""

    limit: int
    remaining: int
    reset: int
    """Unix seconds at which the oldest counted request is forgotten."""
    retry_after: int | None = None

    def headers(self) -> dict[str, str]:
        """The allowance as Famulor sends it with every answer."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(self.reset),
        }


class RateLimits:
    """Counts the requests of each key. Refused ones don't count; not `enforced`, none does."""

    def __init__(self, clock: Clock, *, enforced: bool = True) -> None:
        self._clock = clock
        self._enforced = enforced
        self._seen: defaultdict[str, deque[float]] = defaultdict(deque)

    def take(self, key: str) -> Allowance:
        """Count one request of that key, if it may be made."""
        if not self._enforced:
            return self.untouched()
        now = self._clock.monotonic()
        seen = self._seen[key]
        while seen and now - seen[0] > PER_MINUTE.seconds - _TOLERANCE:
            seen.popleft()
        waits = {limit: _wait(limit, seen, now) for limit in (PER_MINUTE, BURST)}
        tighter = max(waits, key=lambda limit: waits[limit])
        if waits[tighter] > 0:
            retry_after = math.ceil(waits[tighter] - _TOLERANCE)
            return Allowance(tighter.requests, 0, self._unix_time_in(waits[tighter]), retry_after)
        seen.append(now)
        remaining = PER_MINUTE.requests - len(seen)
        return Allowance(PER_MINUTE.requests, remaining, self._unix_time_in(seen[0] + PER_MINUTE.seconds - now))

    def untouched(self) -> Allowance:
        """The allowance of a key that has made no request."""
        return Allowance(PER_MINUTE.requests, PER_MINUTE.requests, self._unix_time_in(PER_MINUTE.seconds))

    def _unix_time_in(self, seconds: float) -> int:
        return math.ceil(self._clock.now().timestamp() + seconds - _TOLERANCE)


def _wait(limit: Limit, seen: deque[float], now: float) -> float:
    """The seconds until the limit lets one more through; 0 when it does now."""
    if len(seen) < limit.requests:
        return 0.0
    wait = seen[-limit.requests] + limit.seconds - now
    return wait if wait > _TOLERANCE else 0.0
