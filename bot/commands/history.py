"""`history` and `diff`: what has changed, and one assistant then and now."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.alerts.scenes import names_for
from bot.asking import Asked
from bot.desk import Desk
from bot.grammar import Diff, History
from bot.views import history as views
from bot.views.answers import Answer
from bot.views.history import Past, Then
from shared.answers import Detail
from shared.audit.movement import Movement
from shared.errors import AccountUnknown, AssistantAmbiguous, AssistantUnknown, UpstreamError
from shared.models import Assistant, Change, Kind
from shared.query import Choice
from shared.query.choice import fold
from shared.store import StoredChange

USUAL = timedelta(days=7)
"""How long ago `diff` looks, where nobody says."""
SEEN = frozenset(Kind) - {Kind.SAVED}
"""What is shown; of a SAVED nothing is to be seen."""


async def history(command: History, asked: Asked, desk: Desk) -> Answer:
    """A page of changes, newest first. Raises AccountUnknown, and of an assistant what `show` raises."""
    store = desk.runtime.store
    accounts, assistant = _accounts(command.account, desk), None
    if command.reference:
        accounts, assistant = await _subject(command, accounts, desk)
        # Whatever it is called by then.
        command = replace(command, reference=str(assistant), account=Choice(include=accounts))
    found = await store.history.changes(
        accounts=accounts,
        assistant=assistant,
        kinds=SEEN,
        since=command.since,
        before_id=command.after,
        limit=views.ROWS + 1,
    )
    past = Past(
        command=command,
        changes=found[: views.ROWS],
        older=len(found) > views.ROWS,
        begins=dict(zip(accounts, await asyncio.gather(*map(store.history.first_seen, accounts)), strict=True)),
        names=await names_for([stored.change for stored in found], desk.runtime),
    )
    return views.page(past, asked.say, desk.runtime.settings.page_of)


async def diff(command: Diff, asked: Asked, desk: Desk) -> Answer:
    """The assistant then and now. Raises what `show` raises."""
    found = await desk.runtime.core.show(command.reference, command.account)
    account, number = found.assistant.account, found.assistant.id
    store = desk.runtime.store.history
    since = command.since or (asked.now - USUAL).replace(microsecond=0)
    begins = await store.first_seen(account)
    moment = max(since, begins) if begins else since
    before = await store.version(account, number, moment) if begins else None
    created = None
    if begins and before is None:
        created = await _created(found.assistant, moment, desk)
        before = await store.version(account, number, created.change.seen_at) if created else None
    latest = await store.changes(accounts=[account], assistant=number, kinds=SEEN, limit=1)
    then = Then(
        found=found,
        before=before,
        since=since,
        begins=begins,
        created=created.change if created else None,
        latest=latest[0].change if latest else None,
        findings=await _findings(found.assistant, created.change.seen_at if created else moment, desk),
    )
    again = Diff(str(number), Choice(include=(account,)), since)
    address = desk.runtime.settings.page_of(account, number)
    # Long texts that have little in common take their time, and others wait for the loop.
    return await asyncio.to_thread(views.then_and_now, then, asked, again, address)


def _accounts(chosen: Choice, desk: Desk) -> tuple[str, ...]:
    known, allowed = desk.runtime.core.accounts, chosen.folded()
    accounts = tuple(name for name in known if allowed.allows([fold(name)]))
    if not accounts:
        raise AccountUnknown(account=str(chosen), known=", ".join(known))
    return accounts


async def _subject(command: History, accounts: Sequence[str], desk: Desk) -> tuple[tuple[str, ...], int]:
    """The account and the id of the assistant that is named; one that is gone is known by its id."""
    reference = command.reference.removeprefix("#")
    try:
        found: Detail = await desk.runtime.core.show(command.reference, command.account)
    except AssistantAmbiguous:
        raise
    except (AssistantUnknown, UpstreamError):
        if not (reference.isascii() and reference.isdecimal() and len(reference) <= _DIGITS):
            raise
        known = await desk.runtime.store.history.changes(accounts=accounts, assistant=int(reference), limit=1)
        if not known:
            raise
        return (known[0].change.account,), int(reference)
    return (found.assistant.account,), found.assistant.id


async def _created(assistant: Assistant, since: datetime, desk: Desk) -> StoredChange | None:
    """When it came to be, of one that was not there at that moment."""
    created = await desk.runtime.store.history.changes(
        accounts=[assistant.account], assistant=assistant.id, kinds={Kind.CREATED}, since=since, limit=1
    )
    return created[0] if created else None


async def _findings(assistant: Assistant, since: datetime, desk: Desk) -> Change | None:
    """From the findings that there were at that moment to those that there are now, where they are not the same."""
    found = await desk.runtime.store.history.changes(
        accounts=[assistant.account],
        assistant=assistant.id,
        kinds={Kind.FINDING},
        # What was seen at that moment has led to the version of then.
        since=since + timedelta(microseconds=1),
        limit=_MOVEMENTS,
    )
    if not found:
        return None
    whole = found[0].change.model_copy(update={"before": found[-1].change.before})
    moved = Movement.of(whole)
    if not moved.opened and not moved.closed:
        return None
    return whole.model_copy(update={"severity": moved.severity})


_MOVEMENTS = 1_000
"""Changes of one assistant's findings, the latest, that are looked at to tell them in one."""
_DIGITS = 18
"""Of a number that a database can hold."""
