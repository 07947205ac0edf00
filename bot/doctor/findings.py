"""What a check found, as one line."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    """How it is: a mark, and the word for who can't see the mark."""

    OK = ("✓", "ok")
    WARNING = ("!", "warning")
    PROBLEM = ("✗", "problem")
    SKIPPED = ("–", "skipped")


@dataclass(frozen=True, slots=True)
class Finding:
    """`words`: what was found and, where something is wrong, how to cure it; never a secret."""

    level: Level
    subject: str
    words: str

    def __str__(self) -> str:
        mark, word = self.level.value
        return f"{mark} {word:<7} {self.subject}: {' '.join(self.words.split())}"


Findings = AsyncIterator[Finding]


def ok(subject: str, words: str) -> Finding:
    """All is well."""
    return Finding(Level.OK, subject, words)


def warning(subject: str, words: str) -> Finding:
    """It works, but not as somebody may think."""
    return Finding(Level.WARNING, subject, words)


def problem(subject: str, words: str) -> Finding:
    """It does not work."""
    return Finding(Level.PROBLEM, subject, words)


def skipped(subject: str, words: str) -> Finding:
    """It can't be known before something else is right."""
    return Finding(Level.SKIPPED, subject, words)
