"""What somebody in Slack does and how it ends: noted where it becomes known, told where the answer has been given."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from shared.logs import bound
from shared.telemetry import OK


@dataclass(slots=True)
class Happening:
    """One of them: the command, or the listener that nobody types; "ok" or the class of what went wrong first."""

    verb: str
    outcome: str = OK


_current: ContextVar[Happening | None] = ContextVar("what somebody does now", default=None)


@contextmanager
def happening(verb: str) -> Iterator[Happening]:
    """What is noted within is noted of this one."""
    one = Happening(verb)
    before = _current.set(one)
    try:
        yield one
    finally:
        _current.reset(before)


@contextmanager
def running(verb: str) -> Iterator[None]:
    """It is this command that is run within; the log says so too."""
    one = _current.get()
    if one is not None:
        one.verb = verb
    with bound(command=verb):
        yield


def failed(error: BaseException) -> None:
    """Whoever did it hears why there is no answer."""
    one = _current.get()
    if one is not None and one.outcome == OK:
        one.outcome = type(error).__name__
