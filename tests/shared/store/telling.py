"""What the watch sees, routing decides and delivery posts, as a test tells it."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from shared.alerts import Subscription
from shared.models import Assistant, Names, Severity, Snapshot
from shared.query import AssistantQuery
from shared.store import Delivery, Routed, Store
from shared.watch import judgement
from tests.clocks import ManualClock
from tests.shared.store.polls import INTERVAL, LEASE, assistant, claimed

PLACE = "T1/C1"
ON, OFF = "active", "inactive"
HOUR = timedelta(hours=1)


async def sees(
    store: Store, clock: ManualClock, *found: Assistant, account: str = "default", seconds: float = 60
) -> None:
    """A poll so many seconds later finds these, and the differences to the one before are committed."""
    clock.advance(seconds)
    claim = await claimed(store, account)
    of_account = tuple(one.model_copy(update={"account": account}) for one in found)
    snapshot = Snapshot(account=account, fetched_at=clock.now(), assistants=of_account)
    outcome = judgement.of_answer(await store.history.state(account), snapshot, clock.now())
    await store.history.commit(claim, outcome)


async def switched(store: Store, clock: ManualClock, *statuses: str, seconds: float = 60) -> None:
    """Assistant 42 has these statuses, one poll each; each time what was found is routed."""
    for status in statuses:
        await sees(store, clock, assistant(42, status=status), seconds=seconds)
        await route(store)


async def subscribed(store: Store, place: str = PLACE, **fields: Any) -> Subscription:
    given = {"created_by": "U1", "query": AssistantQuery(), "groups": (), "minimum": Severity.INFO, **fields}
    return await store.subscriptions.add(place, **given)


async def route(store: Store, names: Mapping[str, Names] | None = None, limit: int = 500) -> Routed:
    """Until nothing is left; all in all."""
    changes = deliveries = 0
    while True:
        routed = await store.routing.route(names or {}, limit=limit)
        if routed.changes == 0:
            return Routed(changes, deliveries)
        changes, deliveries = changes + routed.changes, deliveries + routed.deliveries


async def posted(store: Store, clock: ManualClock, busy: Collection[str] = ()) -> list[Delivery]:
    """Whatever is due is posted, one a second a place, each under a message named by its number."""
    told: list[Delivery] = []
    while claims := await store.outbox.claim("poster", LEASE, 10, busy):
        for delivery in claims:
            message = delivery.matter.message if delivery.matter is not None and delivery.matter.message else ""
            assert await store.outbox.posted(delivery, message or f"ts {delivery.id}")
        told += claims
        clock.advance(1)
    return told


__all__ = [
    "HOUR",
    "INTERVAL",
    "LEASE",
    "OFF",
    "ON",
    "PLACE",
    "assistant",
    "posted",
    "route",
    "sees",
    "subscribed",
    "switched",
]
