"""The words that people type. English and German are equals: each word stands for the same thing in both."""

from collections.abc import Mapping
from enum import StrEnum

COMMAND = "/assistants"
"""The slash command that all of this is typed after."""


class Verb(StrEnum):
    """What a command is about."""

    OUTBOUND = "outbound"
    SHOW = "show"
    HELP = "help"


VERBS: Mapping[str, Verb] = {
    "outbound": Verb.OUTBOUND,
    "ausgehend": Verb.OUTBOUND,
    "show": Verb.SHOW,
    "zeige": Verb.SHOW,
    "zeig": Verb.SHOW,
    "help": Verb.HELP,
    "hilfe": Verb.HELP,
    "?": Verb.HELP,
}

STATUSES: Mapping[str, str] = {
    "active": "active",
    "aktiv": "active",
    "inactive": "inactive",
    "inaktiv": "inactive",
}
"""The statuses that need no `status:` before them, in Famulor's words."""

FILTERS: Mapping[str, str] = {
    "status": "status",
    "mode": "mode",
    "modus": "mode",
    "account": "account",
    "konto": "account",
}
"""What stands before a colon, and the field of AssistantQuery that it fills."""

AFTER = frozenset({"after", "nach"})
"""Before the cursor of the next page."""
