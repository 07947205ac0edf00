"""Where an answer comes from, and what is wrong with it: freshness is shown, never guessed."""

from collections.abc import Sequence

from bot.translation import Say
from bot.views import phrases
from bot.views.escape import code, mrkdwn
from shared.answers import Origin
from shared.models import Rejected

SHOWN = 3
"""Of many accounts or records, the first few are named and the rest are counted."""
EXPLANATION = 400
"""Characters of a failure's explanation; more is some server's prose."""


def fetched(origins: Sequence[Origin], say: Say) -> str:
    """When the data was fetched; of each account where there are several."""
    several = len(origins) > 1
    times = [
        f"{phrases.moment(origin.fetched_at)}{f' ({mrkdwn(origin.account, 60)})' if several else ''}"
        for origin in origins
        if origin.fetched_at is not None
    ]
    return say("fetched {times}", times=phrases.listed(times, SHOWN, say))


def concerns(origins: Sequence[Origin], say: Say) -> list[str]:
    """What the reader must know: stale data, accounts without an answer, records that could not be read."""
    several = len(origins) > 1
    failures = [_failure(origin, say, several=several) for origin in origins if origin.failure is not None]
    unread = [_unread(origin, say, several=several) for origin in origins if origin.rejected]
    hidden = len(failures[SHOWN:]) + len(unread[SHOWN:])
    rest = say.count(
        hidden, "⚠️ {number} more problem in other accounts.", "⚠️ {number} more problems in other accounts."
    )
    return [*failures[:SHOWN], *unread[:SHOWN], *([rest] if hidden else [])]


def _failure(origin: Origin, say: Say, *, several: bool) -> str:
    reason = mrkdwn(say.error(origin.failure), EXPLANATION) if origin.failure else ""
    account, age = mrkdwn(origin.account, 60), say.duration(origin.age)
    if not origin.stale:
        return say("⚠️ Nothing of the account {account}: {reason}", account=account, reason=reason)
    if several:
        return say(
            "⚠️ *STALE*: the data of {account} is {age} old. {reason}",
            account=account,
            age=age,
            reason=reason,
        )
    return say("⚠️ *STALE*: the data is {age} old. {reason}", age=age, reason=reason)


def _unread(origin: Origin, say: Say, *, several: bool) -> str:
    number = len(origin.rejected)
    records = phrases.listed([_record(one, say) for one in origin.rejected], SHOWN, say)
    if several:
        return say.count(
            number,
            "⚠️ {number} record of {account} can't be read and is missing here. {records}.",
            "⚠️ {number} records of {account} can't be read and are missing here. {records}.",
            account=mrkdwn(origin.account, 60),
            records=records,
        )
    return say.count(
        number,
        "⚠️ {number} record can't be read and is missing here. {records}.",
        "⚠️ {number} records can't be read and are missing here. {records}.",
        records=records,
    )


def _record(rejected: Rejected, say: Say) -> str:
    known = f" (id {rejected.id})" if rejected.id is not None else ""
    field = f"{code(rejected.field, 60)} " if rejected.field else ""
    position = say("No. {position}", position=rejected.position)
    return f"{position}{known}: {field}{mrkdwn(rejected.reason, 120)}"
