"""What the parts of a program tell about their work; whoever wants to count it listens. This one tells nobody."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar, Literal

Use = Literal["fresh", "fetched", "stale", "failed"]
"""What an answer came from: remembered and fresh, fetched now, remembered because fetching failed, or nothing."""

OK = "ok"
"""What has gone well; else it is the class of what was raised."""


class Telemetry:
    """Told of what happens, where it happens; `shared.metrics.Metrics` counts it.

    Names are of settings and of this code alone, never of what people typed: `result` and `outcome` are "ok" or the
    class of an error. Accounts are as the settings name them.
    """

    listens: ClassVar[bool] = False
    """Whether anybody wants to know: what takes asking need not be found out else."""

    def upstream_call(self, account: str, result: str, seconds: float) -> None:
        """One request to Famulor has ended, each attempt by itself; waits before it are not in it."""

    def upstream_retry(self, account: str, result: str, wait: float) -> None:
        """It is asked again after so many seconds, because of this result."""

    def upstream_wait(self, account: str, seconds: float) -> None:
        """A request has waited so long for its turn in our own count of Famulor's rate limits."""

    def upstream_budget(self, account: str, left: Callable[[], Mapping[int, int]]) -> None:
        """`left` says, from whichever thread, how many requests each of Famulor's limits leaves, by its seconds."""

    def answered(self, account: str, use: Use, age: float) -> None:
        """Somebody was answered from what is known of an account, `age` seconds after it was fetched."""

    def polled(self, account: str, result: str, lag: float, changes: int) -> None:
        """A poll has ended that began `lag` seconds after it was due, and found so many changes.

        `result` is "doubt" where the answer must be confirmed by the next one.
        """

    def outbox(self, owed: int, oldest: float) -> None:
        """What is owed to channels now, and for how many seconds the oldest of it has been due."""

    def delivered(self, kind: str, result: str, delay: float) -> None:
        """One attempt at a delivery has ended, `delay` seconds after it was first due."""

    def command(self, verb: str, outcome: str, seconds: float) -> None:
        """Somebody in Slack got their answer, so long after they asked."""

    def tool(self, name: str, outcome: str, seconds: float) -> None:
        """An agent got its answer."""


SILENT = Telemetry()
"""For whoever is told of nobody who listens."""


@contextmanager
def timed(tell: Callable[[str, float], None], monotonic: Callable[[], float]) -> Iterator[None]:
    """Tells how what is done within has ended ("ok", or the class of what it raised) and how many seconds it took."""
    began, result = monotonic(), OK
    try:
        yield
    except BaseException as error:
        result = type(error).__name__
        raise
    finally:
        tell(result, monotonic() - began)
