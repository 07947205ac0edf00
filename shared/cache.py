"""One value that is expensive to fetch: fresh for a while, one flight at a time, stale when upstream is down."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from shared.clock import Clock
from shared.errors import KeyRejected, UpstreamError

T = TypeVar("T")

REJECTION_HIDDEN = 60.0
"""Seconds for which an old answer may stand in for a rejected key; longer would hide that someone must act."""


@dataclass(frozen=True, slots=True)
class Held(Generic[T]):
    """A value and, where it could not be fetched anew, the reason."""

    value: T
    stale: UpstreamError | None = None


class Cache(Generic[T]):
    """Holds the last good value of `fetch`, for `fresh_for` seconds without asking again.

    However many ask at once, one fetch is under way. A failed fetch is answered with the last good value, marked
    stale, or with the failure where there is none. After a failure nobody asks for `pause` seconds, nor for as
    long as the server asked us to wait.
    """

    def __init__(
        self, fetch: Callable[[], Awaitable[T]], *, fresh_for: float, clock: Clock, pause: float = 0.0
    ) -> None:
        self._fetch = fetch
        self._fresh_for = fresh_for
        self._pause = pause
        self._clock = clock
        self._flight: asyncio.Task[Held[T] | UpstreamError] | None = None
        self._good: Held[T] | None = None
        self._fresh_until = 0.0
        self._failure: UpstreamError | None = None
        self._silent_until = 0.0
        self._rejected_since: float | None = None

    @property
    def fresh(self) -> bool:
        """Whether the next who asks is answered at once, with a value that need not be fetched again."""
        return self._good is not None and self._clock.monotonic() < self._fresh_until

    async def get(self, *, anew: bool = False) -> Held[T]:
        """The value, fresh if it can be had; `anew`: fetched also where it is fresh, unless we were asked to wait.

        Raises UpstreamError where there is none that may be shown.
        """
        now = self._clock.monotonic()
        if self._good is not None and now < self._fresh_until and not anew:
            return self._good
        if self._failure is not None and now < self._silent_until:
            asked = None if self._failure.retry_after is None else self._silent_until - now
            return self._stand_in(self._failure, asked)
        outcome = await self._join()
        return outcome if isinstance(outcome, Held) else self._stand_in(outcome, outcome.retry_after)

    @property
    def held(self) -> Held[T] | None:
        """The last good value, and the failure since then; None where there never was one. Nothing is fetched."""
        return None if self._good is None else Held(self._good.value, stale=self._failure)

    async def refresh(self) -> T:
        """The value fetched anew, or by the fetch that is under way; whoever asks next has it as well.

        Raises UpstreamError, also where an old value could stand in; at once while the server wants to be left alone.
        """
        now = self._clock.monotonic()
        if self._failure is not None and self._failure.retry_after is not None and now < self._silent_until:
            raise self._failure.restated(self._silent_until - now) from self._failure
        outcome = await self._join()
        if isinstance(outcome, Held):
            return outcome.value
        raise outcome.restated(outcome.retry_after) from outcome

    async def close(self) -> None:
        """End a fetch that is under way; whoever waits for it is cancelled."""
        if self._flight is not None:
            self._flight.cancel()
            await asyncio.wait([self._flight])

    async def _join(self) -> Held[T] | UpstreamError:
        if self._flight is None:
            self._flight = asyncio.create_task(self._fly())
            self._flight.add_done_callback(self._landed)
        # Whoever gives up leaves the flight to the others, and its value to whoever asks next.
        return await asyncio.shield(self._flight)

    async def _fly(self) -> Held[T] | UpstreamError:
        try:
            good = Held(await self._fetch())
        except UpstreamError as error:
            now = self._clock.monotonic()
            self._failure = error
            self._silent_until = now + max(self._pause, error.retry_after or 0.0)
            if isinstance(error, KeyRejected) and self._rejected_since is None:
                self._rejected_since = now
            return error
        self._good = good
        self._fresh_until = self._clock.monotonic() + self._fresh_for
        self._failure = self._rejected_since = None
        return good

    def _landed(self, _flight: asyncio.Task[Held[T] | UpstreamError]) -> None:
        self._flight = None

    def _stand_in(self, failure: UpstreamError, retry_after: float | None) -> Held[T]:
        """The last good value instead; raises the failure where there is none, or where it must be shown."""
        # Everybody gets an error of their own: one object raised by many would mix their tracebacks.
        restated = failure.restated(retry_after)
        if self._good is None or (isinstance(failure, KeyRejected) and self._rejected_long_enough()):
            raise restated from failure
        return Held(self._good.value, stale=restated)

    def _rejected_long_enough(self) -> bool:
        since = self._rejected_since
        return since is not None and self._clock.monotonic() - since >= REJECTION_HIDDEN
