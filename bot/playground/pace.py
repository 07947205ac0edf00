"""How fast a bot may write."""

import math

from bot.playground.refusal import SlackRefusesError
from shared.clock import Clock

# About one message a second and channel, short bursts tolerated: https://docs.slack.dev/apis/web-api/rate-limits
MESSAGES_AT_ONCE, MESSAGES_A_SECOND = 10, 1.0
# Tier 3.
UPDATES_AT_ONCE, UPDATES_A_SECOND = 50, 50 / 60


class Pace:
    """A bucket for each channel or other thing that is paced by itself, refilled steadily."""

    def __init__(self, clock: Clock, *, at_once: int, a_second: float) -> None:
        self._clock = clock
        self._at_once = float(at_once)
        self._a_second = a_second
        self._buckets: dict[str, tuple[float, float]] = {}

    def check(self, bucket: str) -> None:
        """Takes one out.

        Raises:
            SlackRefusesError: `ratelimited`, with the seconds until there is one again.
        """
        now = self._clock.monotonic()
        left, at = self._buckets.get(bucket, (self._at_once, now))
        left = min(self._at_once, left + (now - at) * self._a_second)
        if left < 1:
            wait = math.ceil((1 - left) / self._a_second)
            raise SlackRefusesError("ratelimited", retry_after=max(1, wait))
        self._buckets[bucket] = (left - 1, now)
