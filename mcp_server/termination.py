"""SIGTERM and SIGINT: what is to happen when somebody asks the program to stop."""

import signal
from collections.abc import Callable


def on_termination(stop: Callable[[], object]) -> None:
    """Let both signals call `stop`, in the main thread, between two of its steps."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop())
