"""What can go wrong between the bot and Slack, on request."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class RateLimited:
    """HTTP 429 `ratelimited`; nothing is done."""

    retry_after: int = 30


@dataclass(frozen=True)
class ServerError:
    """HTTP 5xx with a page that is not JSON, or with plain text, as proxies answer; nothing is done."""

    status: int = 500
    plain: bool = False


@dataclass(frozen=True)
class Refused:
    """A refusal with this code of Slack's; nothing is done."""

    error: str


@dataclass(frozen=True)
class ConnectionLost:
    """The connection breaks before anything is done."""


@dataclass(frozen=True)
class AnswerLost:
    """It is done, and then the connection breaks: the one case in which a bot may post twice."""


Fault = RateLimited | ServerError | Refused | ConnectionLost | AnswerLost


class Faults:
    """The faults that are still to come, in order, each with the method it waits for."""

    def __init__(self) -> None:
        self._waiting: list[tuple[str, Fault]] = []

    @property
    def waiting(self) -> tuple[tuple[str, Fault], ...]:
        """Those that are still to come, each after the method that it waits for."""
        return tuple(self._waiting)

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._waiting.clear()

    def add(self, faults: Iterable[Fault], to: str) -> None:
        self._waiting += [(to, fault) for fault in faults]

    def next_for(self, method: str) -> Fault | None:
        """Takes the first fault that waits for this method or, with "", for any."""
        for waiting in self._waiting:
            if waiting[0] in {"", method}:
                self._waiting.remove(waiting)
                return waiting[1]
        return None
