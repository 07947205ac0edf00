"""When an account is polled next; pure."""

from collections.abc import Callable
from datetime import datetime, timedelta

JITTER = 0.1
"""The part of a wait that chance may take off, so that accounts don't move in step. It never adds to one."""
SLOWEST = 10
"""However long polls fail, they are no further apart than this many intervals …"""
LONGEST_WAIT = 900.0
"""… nor this many seconds, as long as the interval itself isn't longer."""
LONGEST_ASKED = 3600.0
"""Seconds for which a server may ask to be left alone."""


def next_due(
    now: datetime,
    interval: float,
    failures: int,
    random: Callable[[], float],
    asked: float | None = None,
) -> datetime:
    """When to poll an account again that was polled at `now`, the last `failures` times in vain.

    The interval (seconds), doubled with every failure but the first. `random` gives 0 ≤ x < 1. `asked`: the seconds
    that the server wants to be left alone.
    """
    longest = max(interval, min(SLOWEST * interval, LONGEST_WAIT))
    # 2 ** 1000 is a number, but no float.
    wait = min(interval * 2 ** min(max(failures - 1, 0), SLOWEST), longest) * (1 - JITTER * random())
    return now + timedelta(seconds=max(wait, min(asked or 0.0, LONGEST_ASKED)))
