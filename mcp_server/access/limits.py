"""How much callers may ask: calls a minute for each, and calls at once for each and for all together."""

from collections import Counter, OrderedDict
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from pyrate_limiter import InMemoryBucket, Rate, RateItem
from starlette.types import ASGIApp, Receive, Scope, Send

from mcp_server.access.layers import Layer, is_stream
from mcp_server.access.refusals import CallsUsedUp, ServerBusy, TooManyAtOnce
from shared.clock import Clock
from shared.settings.http import HttpSettings

MINUTE = 60_000
"""Milliseconds."""
SOON = 1
"""Seconds after which a call that found no place may try again."""
MOST_CALLERS = 10_000
"""Callers whose calls are counted at once; whoever has been silent for longest is forgotten first."""


class Limits(Layer):
    """Refuses what is too much. Callers without a name, on this machine only, share nothing but the limits in all."""

    def __init__(self, app: ASGIApp, settings: HttpSettings, clock: Clock) -> None:
        super().__init__(app)
        each, in_all = settings.mcp_concurrent_calls, settings.mcp_concurrent_calls_in_all
        self._calls = Places(each, in_all)
        # Counted apart: who listens all day must not be kept from asking.
        self._streams = Places(each, in_all)
        self._minutes = Minutes(settings.mcp_calls_per_minute, clock)

    async def request(self, scope: Scope, receive: Receive, send: Send) -> None:
        caller = scope["user"].principal if "user" in scope else None
        if caller is not None and scope["method"] == "POST":
            self._minutes.count(caller)
        places = self._streams if is_stream(scope) else self._calls
        with places.taken(caller):
            await self.app(scope, receive, send)


class Places:
    """So many for each caller, so many in all."""

    def __init__(self, each: int, in_all: int) -> None:
        self._each = each
        self._free = in_all
        self._taken: Counter[Hashable] = Counter()

    @contextmanager
    def taken(self, caller: Hashable | None) -> Iterator[None]:
        """Hold a place; None: nobody in particular. Raises TooManyAtOnce, ServerBusy."""
        if caller is not None and self._taken[caller] >= self._each:
            raise TooManyAtOnce(limit=self._each, retry_after=SOON)
        if not self._free:
            raise ServerBusy(retry_after=SOON)
        self._free -= 1
        self._taken[caller] += 1
        try:
            yield
        finally:
            self._free += 1
            self._taken[caller] -= 1
            if not self._taken[caller]:
                del self._taken[caller]


class Minutes:
    """Each caller's calls of the last minute."""

    def __init__(self, limit: int, clock: Clock) -> None:
        self._limit = limit
        self._clock = clock
        self._buckets: OrderedDict[Hashable, InMemoryBucket] = OrderedDict()

    def count(self, caller: Hashable) -> None:
        """Count a call. Raises CallsUsedUp."""
        now = round(self._clock.monotonic() * 1000)
        bucket = self._buckets.pop(caller, None) or InMemoryBucket([Rate(self._limit, MINUTE)])
        self._buckets[caller] = bucket  # at the end: who called last
        if len(self._buckets) > MOST_CALLERS:
            self._buckets.popitem(last=False)
        bucket.leak(now)
        call = RateItem("call", now)
        if not bucket.put(call):
            milliseconds = bucket.waiting(call)
            assert isinstance(milliseconds, int)  # noqa: S101 # a bucket in memory never answers with an awaitable
            raise CallsUsedUp(limit=self._limit, retry_after=max(milliseconds, 1) / 1000)
