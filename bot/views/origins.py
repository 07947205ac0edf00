"""Where an answer comes from, and what is wrong with it: freshness is shown, never guessed."""

from collections.abc import Sequence

from bot.views import phrases
from bot.views.escape import code, mrkdwn
from shared.core import Origin
from shared.models import Rejected

SHOWN = 3
"""Of many accounts or records, the first few are named and the rest are counted."""
EXPLANATION = 500
"""Characters of a failure's explanation; more is some server's prose."""


def fetched(origins: Sequence[Origin]) -> str:
    """When the data was fetched; of each account where there are several."""
    several = len(origins) > 1
    times = [
        f"{phrases.moment(origin.fetched_at)}{f' ({mrkdwn(origin.account)})' if several else ''}"
        for origin in origins
        if origin.fetched_at is not None
    ]
    return f"fetched {_first(times, SHOWN)}"


def concerns(origins: Sequence[Origin]) -> list[str]:
    """What the reader must know: stale data, accounts without an answer, records that could not be read."""
    several = len(origins) > 1
    failures = [_failure(origin, several=several) for origin in origins if origin.failure is not None]
    unread = [_unread(origin, several=several) for origin in origins if origin.rejected]
    hidden = len(failures[SHOWN:]) + len(unread[SHOWN:])
    rest = [f"⚠️ {phrases.count(hidden, 'more problem')} in other accounts."] if hidden else []
    return [*failures[:SHOWN], *unread[:SHOWN], *rest]


def _failure(origin: Origin, *, several: bool) -> str:
    reason = mrkdwn(origin.failure.explain(), EXPLANATION) if origin.failure else ""
    if origin.stale:
        of_account = f" of {mrkdwn(origin.account)}" if several else ""
        return f"⚠️ *STALE*: the data{of_account} is {phrases.age(origin.age)} old. {reason}"
    return f"⚠️ Nothing of the account {mrkdwn(origin.account)}: {reason}"


def _unread(origin: Origin, *, several: bool) -> str:
    records = phrases.count(len(origin.rejected), "record")
    of_account = f" of {mrkdwn(origin.account)}" if several else ""
    verb = "is not shown: it" if len(origin.rejected) == 1 else "are not shown: they"
    return f"⚠️ {records}{of_account} {verb} can't be read. {_first([_record(one) for one in origin.rejected], SHOWN)}."


def _record(rejected: Rejected) -> str:
    known = f" (id {rejected.id})" if rejected.id is not None else ""
    field = f"{code(rejected.field, 60)} " if rejected.field else ""
    return f"No. {rejected.position}{known}: {field}{mrkdwn(rejected.reason, 150)}"


def _first(parts: Sequence[str], most: int) -> str:
    hidden = len(parts) - most
    return "; ".join([*parts[:most], *([f"and {hidden} more"] if hidden > 0 else [])])
