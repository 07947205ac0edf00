"""Looks at every account now and then, and writes down what has changed."""

from shared.watch.findings import Auditing
from shared.watch.schedule import next_due
from shared.watch.watch import Rhythm, Watch, watching

__all__ = ["Auditing", "Rhythm", "Watch", "next_due", "watching"]
