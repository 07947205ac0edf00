"""The one retry policy: a predicate, a wait and a stop. Nothing else in the project retries Famulor."""

from collections.abc import Callable

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_random_exponential
from tenacity.wait import wait_base

from shared.clock import Clock
from shared.errors import UpstreamError

BACK_OFF = wait_random_exponential(multiplier=0.5, max=8)
"""Full jitter: between 0 and 0.5, 1, 2, 4, 8, 8 … seconds."""


Again = Callable[[str, float], None]
"""Is told, before each wait, of the class of the error and of the seconds that it takes."""


def retrying(clock: Clock, deadline: float, again: Again) -> AsyncRetrying:
    """Attempts that all end before `deadline`, a time of the clock's `monotonic()`.

    A wait that would pass the deadline is not begun: the last error is raised as it is, with the wait in it.
    """

    def too_late(state: RetryCallState) -> bool:
        return clock.monotonic() + state.upcoming_sleep >= deadline

    def waits(state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        again(type(error).__name__, state.upcoming_sleep)

    return AsyncRetrying(
        retry=retry_if_exception(_is_retryable),
        wait=AskedOrExponential(BACK_OFF),
        stop=too_late,
        sleep=clock.sleep,
        before_sleep=waits,
        reraise=True,
    )


class AskedOrExponential(wait_base):
    """Waits as long as the server asked, else as `otherwise` says."""

    def __init__(self, otherwise: wait_base) -> None:
        self._otherwise = otherwise

    def __call__(self, retry_state: RetryCallState) -> float:
        error = retry_state.outcome.exception() if retry_state.outcome else None
        asked = error.retry_after if isinstance(error, UpstreamError) else None
        # A server that asks for no wait at all would be asked again without end.
        return asked or self._otherwise(retry_state)


def _is_retryable(error: BaseException) -> bool:
    return isinstance(error, UpstreamError) and error.retryable
