"""What is owed is claimed, told and written down; what Slack does not take is tried again, and at last set aside."""

import logging
import math
import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from bot.alerts.posting import NotPosted, NoUpdatesNow, PlaceClosed, TooFast
from bot.alerts.telling import Telling
from shared.alerts import DeliveryKind
from shared.clock import Clock
from shared.errors import StoreError
from shared.logs import bound, new_request
from shared.store import Delivery, Store
from shared.telemetry import SILENT, Telemetry, timed
from shared.tracing import span

if TYPE_CHECKING:
    from shared.store.outbox import Outbox

AT_ONCE = 100
"""Deliveries under way in one process, each to another place."""
LEASE = timedelta(seconds=90)
"""After so long another replica takes a delivery over; longer than its few calls, of which each ends by itself."""
GIVEN_UP_AFTER = timedelta(days=1)
"""So long it is tried; then it is set aside, where people see it."""
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""Seconds between two attempts: twice as long each time. What a dead replica had begun counts as one too."""
SPREAD = 60.0
"""Seconds over which updates are spread that Slack does not take now: it takes 50 a minute."""
COUNT_EVERY = 10.0
"""Seconds between two counts of what is owed."""
WRITE_PAUSE = 1.0
"""Seconds between two attempts to write down that something was posted."""

_log = logging.getLogger(__name__)


class Deliveries:
    """The one owner of retries to Slack. Any number of them may share one store. `chance` gives 0 ≤ x < 1."""

    def __init__(  # noqa: PLR0913 # what it is made of, each by its name
        self,
        telling: Telling,
        store: Store,
        clock: Clock,
        *,
        lease: timedelta = LEASE,
        chance: Callable[[], float] = random.random,
        telemetry: Telemetry = SILENT,
    ) -> None:
        self._telling = telling
        self._store = store
        self._clock = clock
        self._lease = lease
        self._chance = chance
        self._telemetry = telemetry
        self._counted_at = -math.inf
        self._owner = uuid4().hex

    @property
    def _outbox(self) -> "Outbox":
        return self._store.outbox

    async def claim(self, limit: int) -> list[Delivery]:
        """Up to `limit` that are due, each for `deliver`. Raises StoreError."""
        await self._count()
        return await self._outbox.claim(self._owner, self._lease, limit)

    async def deliver(self, delivery: Delivery) -> None:
        """Tell it, or see to it that it is told later; a failure is logged, never raised."""
        team = delivery.place.partition("/")[0]
        with span("delivery"), bound(request=new_request(), team=team, delivery=str(delivery.id)):
            try:
                await self._deliver(delivery)
            except StoreError as error:
                # It is due again when the lease has ended.
                _log.warning("Delivery %d: %s", delivery.id, error.explain())

    async def _count(self) -> None:
        """What is owed, for who wants to know."""
        now = self._clock.monotonic()
        if self._telemetry.listens and now - self._counted_at >= COUNT_EVERY:
            self._counted_at = now
            owed, oldest = await self._outbox.backlog()
            self._telemetry.outbox(owed, 0 if oldest is None else (self._clock.now() - oldest).total_seconds())

    async def _told(self, delivery: Delivery) -> str:
        """Tell it, and say how that went. Raises what `tell` raises."""

        def told(result: str, _seconds: float) -> None:
            delay = (self._clock.now() - delivery.owed_at).total_seconds()
            self._telemetry.delivered(delivery.kind, result, max(delay, 0))

        with timed(told, self._clock.monotonic):
            return await self._telling.tell(delivery)

    async def _deliver(self, delivery: Delivery) -> None:
        claimed_at = self._clock.monotonic()
        try:
            message = await self._told(delivery)
        except PlaceClosed as error:
            await self._give_up_the_place(delivery, error)
        except NoUpdatesNow as error:
            # The message follows later; what happens next is told before that.
            await self._outbox.postponed(
                delivery, self._clock.now() + timedelta(seconds=error.seconds + self._spread())
            )
        except TooFast as error:
            await self._later(delivery, error.evidence, error.seconds)
        except NotPosted as error:
            await self._later(delivery, error.evidence, self._wait(delivery.attempt))
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 # reported with its trace
            # One that can't be told must not keep the others from being told.
            _log.exception("Delivery %d could not be told.", delivery.id)
            await self._later(delivery, type(error).__name__, self._wait(delivery.attempt))
        else:
            until = claimed_at + self._lease.total_seconds()
            if not await self._written_down(lambda: self._outbox.posted(delivery, message), until):
                _log.warning("Delivery %d was taken over meanwhile; it may have been posted twice.", delivery.id)

    async def _written_down(self, write: Callable[[], Awaitable[bool]], until: float) -> bool:
        """What Slack has taken must not be posted again only because the database was away for a moment."""
        while True:
            try:
                return await write()
            except StoreError:
                if self._clock.monotonic() >= until:
                    raise
                await self._clock.sleep(WRITE_PAUSE)

    async def _later(self, delivery: Delivery, evidence: str, seconds: float) -> None:
        now = self._clock.now()
        if now - delivery.owed_at >= GIVEN_UP_AFTER:
            _log.error("Delivery %d to %s is set aside after a day: %s", delivery.id, delivery.place, evidence)
            await self._outbox.set_aside(delivery, evidence)
            return
        due_at = _not_past(now + timedelta(seconds=seconds), delivery.owed_at + GIVEN_UP_AFTER, now)
        _log.warning("Delivery %d to %s: %s; again in %.0f s", delivery.id, delivery.place, evidence, seconds)
        await self._outbox.failed(delivery, evidence, due_at)

    async def _give_up_the_place(self, delivery: Delivery, error: PlaceClosed) -> None:
        if delivery.kind is DeliveryKind.NOTICE:
            _log.warning("%s can't be told (%s).", delivery.recipient, error.evidence)
        else:
            paused = await self._store.subscriptions.pause(delivery.place, error.evidence)
            _log.warning("%s: %s; %d subscriptions are paused.", delivery.place, error.evidence, len(paused))
        await self._outbox.set_aside(delivery, error.evidence)

    def _spread(self) -> float:
        return SPREAD * self._chance()

    def _wait(self, attempt: int) -> float:
        """Half of it by chance, so that what failed together does not come back together."""
        longest = min(FIRST_WAIT * 2.0 ** min(attempt - 1, 10), LONGEST_WAIT)
        return longest * (0.5 + self._chance() / 2)


def _not_past(due_at: datetime, last: datetime, now: datetime) -> datetime:
    """One more attempt at the end of the day, where that is still ahead."""
    return min(due_at, last) if last > now else due_at
