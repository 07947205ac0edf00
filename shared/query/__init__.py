"""Questions about assistants, and their answers: filter, search, sort, page, look up; pure."""

from shared.query.choice import Choice
from shared.query.lookup import lookup
from shared.query.order import Sort, SortField
from shared.query.run import (
    LARGEST_PAGE,
    AssistantQuery,
    Matches,
    Unmatched,
    cursor_after,
    is_of_accounts_alone,
    predicate,
    run,
)

__all__ = [
    "LARGEST_PAGE",
    "AssistantQuery",
    "Choice",
    "Matches",
    "Sort",
    "SortField",
    "Unmatched",
    "cursor_after",
    "is_of_accounts_alone",
    "lookup",
    "predicate",
    "run",
]
