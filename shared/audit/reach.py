"""What a webhook's host answered when it was asked."""

from enum import StrEnum
from typing import NamedTuple


class Reach(StrEnum):
    """How far a request came."""

    ANSWERED = "answered"
    NO_URL = "no-url"
    NO_ADDRESS = "no-address"
    NOT_PUBLIC = "not-public"
    REFUSED = "refused"
    TLS = "tls"
    TIMEOUT = "timeout"
    NO_HTTP = "no-http"


class Reached(NamedTuple):
    """How far a request to a URL came, and the answer's `status`; 0 where there was none."""

    reach: Reach
    status: int = 0

    @property
    def well(self) -> bool:
        """Whether somebody is there.

        A receiver of POST may say no to HEAD in many ways; that nobody is behind its name, it says in these.
        """
        return self.reach is Reach.ANSWERED and self.status not in {410, 502, 503, 504}

    def __str__(self) -> str:
        """In one technical word, the same in every language."""
        return f"HTTP {self.status}" if self.reach is Reach.ANSWERED else self.reach.value
