"""Polls as the watch makes them: claim an account, say what was found, commit."""

from datetime import datetime, timedelta
from typing import Any

from shared.models import Assistant, Change, Kind, Severity
from shared.store import Claim, Outcome, Store
from tests.clocks import ManualClock

LEASE = timedelta(seconds=90)
INTERVAL = timedelta(seconds=60)


def assistant(number: int, **fields: Any) -> Assistant:
    given = {"name": f"Assistant {number}", "mode": "dualplex", "status": "active", "system_prompt": f"Prompt {number}"}
    return Assistant(account="default", id=number, **{**given, **fields})


def change(claim: Claim, now: datetime, **fields: Any) -> Change:
    given = {"kind": Kind.DEACTIVATED, "severity": Severity.WARNING, "assistant": 1, "name": "Assistant 1"}
    sequence = claim.sequence + 1
    return Change(account=claim.account, sequence=sequence, seen_at=now, **{**given, **fields})


async def claimed(store: Store, account: str = "default", owner: str = "one") -> Claim:
    (claim,) = await store.history.due([account], owner, LEASE, limit=10)
    return claim


async def poll(
    store: Store, clock: ManualClock, *found: Assistant, rejected: tuple[int, ...] = (), **changed: Any
) -> None:
    """One poll a minute after the last, that found these, and one change if its fields are given."""
    clock.advance(60)
    claim, now = await claimed(store), clock.now()
    changes = (change(claim, now, **changed),) if changed else ()
    await store.history.commit(
        claim, Outcome(now, now + INTERVAL, assistants=found, rejected=rejected, changes=changes)
    )
