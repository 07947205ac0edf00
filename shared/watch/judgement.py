"""What is known of an account, and what a poll came to → what is written down; pure."""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from pydantic import JsonValue

from shared.diff import SEVERITIES, diff
from shared.errors import UpstreamError
from shared.models import Assistant, Change, Kind, Rejected, Snapshot
from shared.store import AccountState, Outcome
from shared.watch.health import failed_again, in_words, told

NAMELESS = 0
"""Stands among the ids of unreadable records for those whose id can't be read either."""


def of_answer(state: AccountState, snapshot: Snapshot, due_at: datetime) -> Outcome:
    """What an answer means.

    The first one is the baseline: stored, and nothing said. One that lacks more than half of the assistants is set
    aside, its fingerprint kept as `doubt`, until the next answer lacks the same ones. An unreadable record counts as
    present, as it was last read; where not even its id can be read, nobody is taken for deleted.
    """
    at = snapshot.fetched_at
    recovered = _recovered(state, at)
    known = {one.id: one for one in state.assistants}
    read = {one.id for one in snapshot.assistants}
    unreadable = _unreadable(snapshot, read)
    missing = known.keys() - read - unreadable.keys()
    kept = known.keys() & unreadable.keys()
    if NAMELESS in unreadable:
        kept |= missing
    elif 2 * len(missing) > len(known) and _fingerprint(missing) != state.doubt:
        return Outcome(polled_at=at, due_at=due_at, changes=recovered, doubt=_fingerprint(missing))
    assistants = (*snapshot.assistants, *(known[number] for number in sorted(kept)))
    found: tuple[Change, ...] = ()
    if state.succeeded_at is not None:
        found = (*_readability(state, unreadable, read, at), *_differences(state, assistants, at))
    return Outcome(
        polled_at=at,
        due_at=due_at,
        assistants=assistants,
        rejected=tuple(sorted(unreadable)),
        changes=(*recovered, *found),
    )


def of_failure(state: AccountState, error: UpstreamError, at: datetime, due_at: datetime) -> Outcome:
    """What it means that no answer came: people are told of a rejected key at once, of the rest after some polls.

    What an earlier answer made doubtful has not been confirmed, and is forgotten.
    """
    failing = failed_again(state.failing, error, at)
    kind = told(failing)
    news = (_event(state, kind, at, after=in_words(failing)),) if kind and kind is not told(state.failing) else ()
    return Outcome(polled_at=at, due_at=due_at, changes=news, failing=failing)


def _recovered(state: AccountState, at: datetime) -> tuple[Change, ...]:
    if state.failing is None or told(state.failing) is None:
        return ()
    return (_event(state, Kind.RECOVERED, at, before=in_words(state.failing)),)


def _unreadable(snapshot: Snapshot, read: Collection[int]) -> dict[int, Rejected]:
    """The first unreadable record of each id. One that repeats the id of another that was read costs nobody."""
    found: dict[int, Rejected] = {}
    for record in snapshot.rejected:
        number = NAMELESS if record.id is None else record.id
        if number not in read:
            found.setdefault(number, record)
    return found


def _readability(
    state: AccountState, unreadable: dict[int, Rejected], read: Collection[int], at: datetime
) -> Iterator[Change]:
    """Records that can't be read since this answer, and those for which that has ended.

    It has not ended for one that is missing now though it was read once: that is told as deleted.
    """
    names = {one.id: one.name for one in state.assistants}
    for number in sorted(unreadable.keys() - set(state.rejected)):
        record = unreadable[number]
        where: JsonValue = {"position": record.position, "field": record.field, "reason": record.reason}
        yield _event(state, Kind.UNREADABLE, at, after=where, assistant=number or None, name=names.get(number, ""))
    for number in sorted(set(state.rejected) - unreadable.keys()):
        if number in read or number not in names:
            yield _event(state, Kind.READABLE, at, assistant=number or None, name=names.get(number, ""))


def _differences(state: AccountState, assistants: Collection[Assistant], at: datetime) -> Iterator[Change]:
    """What people are told of; a version that was merely saved is stored without a word."""
    known = there_before(state, assistants)
    for change in diff(state.assistants, assistants, sequence=state.sequence + 1, seen_at=at):
        created = change.kind is Kind.CREATED and change.assistant not in known
        if created or change.kind not in {Kind.CREATED, Kind.SAVED}:
            yield change


def there_before(state: AccountState, assistants: Iterable[Assistant]) -> frozenset[int]:
    """Those whose record was there at the last poll and could not be read: they are not created now.

    Where not even the id could be read, Famulor's own date of creation must tell.
    """
    earlier = state.succeeded_at if NAMELESS in state.rejected else None
    return frozenset(state.rejected) | {
        one.id for one in assistants if earlier is not None and one.created_at is not None and one.created_at < earlier
    }


def _fingerprint(missing: Collection[int]) -> str:
    return hashlib.sha256(repr(sorted(missing)).encode()).hexdigest()[:32]


def _event(state: AccountState, kind: Kind, at: datetime, **details: Any) -> Change:
    """Something that happened to the account, or to an assistant's record, with those fields of a change."""
    return Change(
        account=state.account,
        sequence=state.sequence + 1,
        kind=kind,
        severity=SEVERITIES[kind],
        seen_at=at,
        **details,
    )
