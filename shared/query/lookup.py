"""One assistant by what people call it: an id, a name, the beginning of a name; pure."""

import difflib
from collections.abc import Sequence

from shared.errors import AssistantAmbiguous, AssistantUnknown, Candidate
from shared.models import Assistant
from shared.query.choice import fold

CANDIDATES = 5
"""How many names an answer that could not decide offers."""


def lookup(reference: str, assistants: Sequence[Assistant]) -> Assistant:
    """The assistant that `reference` means: its id, else its name, else the beginning, else a part of its name.

    Of two names that differ only in upper and lower case, the one that is written so.

    Raises AssistantAmbiguous where several answer equally well, AssistantUnknown with near misses where none does.
    """
    asked = fold(reference.strip().removeprefix("#").strip())
    named = [(fold(assistant.name), assistant) for assistant in assistants] if asked else []
    for found in (
        [assistant for assistant in assistants if str(assistant.id) == asked],
        [assistant for assistant in assistants if assistant.name == reference.strip()],
        [assistant for name, assistant in named if name == asked],
        [assistant for name, assistant in named if name.startswith(asked)],
        [assistant for name, assistant in named if asked in name],
    ):
        if len(found) == 1:
            return found[0]
        if found:
            raise AssistantAmbiguous(reference=reference, nearest=_candidates(found))
    raise AssistantUnknown(reference=reference, nearest=_candidates(_nearest(asked, assistants)))


def _nearest(asked: str, assistants: Sequence[Assistant]) -> list[Assistant]:
    by_name = {fold(assistant.name): assistant for assistant in assistants}
    return [by_name[name] for name in difflib.get_close_matches(asked, by_name, n=CANDIDATES, cutoff=0.5)]


def _candidates(assistants: Sequence[Assistant]) -> tuple[Candidate, ...]:
    return tuple(Candidate(one.account, one.id, one.name) for one in assistants[:CANDIDATES])
