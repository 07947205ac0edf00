"""A place's standing orders: what it wants to hear of, and what it does not want to hear of for a while."""

from typing import Annotated

from pydantic import AfterValidator

from shared.diff import GROUPS
from shared.models import Frozen, Moment, Severity
from shared.query import AssistantQuery


def _known_groups(groups: frozenset[str]) -> frozenset[str]:
    if unknown := groups - GROUPS.keys():
        raise ValueError(f"there is no group {', '.join(sorted(unknown))}")
    return groups


Groups = Annotated[frozenset[str], AfterValidator(_known_groups)]


class Subscription(Frozen):
    """A place wants to hear of changes to the assistants that a query asks for, before the change or after it.

    `id` is shown to people as it is. `place` is opaque (the bot writes `team/channel`), and so is `created_by`.
    `groups` are names of `shared.diff.GROUPS`; none is all. The query's order, limit and cursor mean nothing here.
    `paused` is why nothing is posted at the moment, "" where it is.
    """

    id: int
    place: str
    created_by: str
    created_at: Moment
    query: AssistantQuery = AssistantQuery()
    groups: Groups = frozenset()
    minimum: Severity = Severity.INFO
    paused: str = ""
    paused_at: Moment | None = None


class Mute(Frozen):
    """A place does not want to hear of one assistant until then."""

    place: str
    account: str
    assistant: int
    until: Moment
    by: str
    reason: str = ""
