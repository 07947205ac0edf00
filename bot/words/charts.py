"""What can be shown as a picture."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from bot.words.word import Word


class Graph(StrEnum):
    """One part of a picture."""

    STATUS = "status"
    FINDINGS = "findings"
    CHANGES = "changes"


GRAPHS: Mapping[Graph, Word] = MappingProxyType(
    {
        Graph.STATUS: Word("status", "status", ("mode", "modus", "modes", "statuses")),
        Graph.FINDINGS: Word("findings", "befunde", ("finding", "befund", "audit", "prüfung", "severity")),
        Graph.CHANGES: Word("changes", "änderungen", ("change", "änderung", "history", "verlauf")),
    }
)
"""Behind `chart`; without one of them it shows all."""
