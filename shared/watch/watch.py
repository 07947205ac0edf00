"""Polls the accounts that are due, and commits what each poll came to."""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from shared.clock import Clock
from shared.errors import LeaseLost, StoreError, UpstreamError
from shared.finishing import finished
from shared.logs import bound, new_request
from shared.source import Source
from shared.store import AccountState, Claim, Outcome
from shared.telemetry import OK, SILENT, Telemetry
from shared.tracing import span
from shared.watch import judgement
from shared.watch.findings import Auditing, to_be_audited, with_findings
from shared.watch.schedule import next_due

if TYPE_CHECKING:
    from shared.store.history import History

AT_ONCE = 32
"""Polls under way in one process."""
RESERVE = 10
"""Requests that are left to people who ask: half of what Famulor allows in ten seconds."""
LONGEST_CROWD = 60.0
"""Seconds after which an account is polled all the same: people who never stop asking must not hide its changes."""
PACE = 0.5
"""Seconds between two looks at what is due. What is told late is told later by as much."""
STORE_PAUSE = 5.0
"""Seconds without polls after the store has failed: what they bring could not be kept."""
FEW = 100
"""Assistants that are audited where we are: if all of them differ it takes a tenth of a second, and a thread takes more
than that when two of them do."""
PRUNE_EVERY = 6 * 3600.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often and how long.

    `interval`: seconds between two polls of an account. `history_days`: how long changes are kept. `lease`: seconds
    after which another watch takes over a poll that has not ended; longer than the client's total deadline.
    """

    interval: float = 60
    history_days: int = 180
    lease: float = 120


class Watch:
    """Watches the accounts of `sources` for as long as somebody ticks it, or runs it.

    Any number of them may share one store: an account is polled by whoever claims it first. `chance` gives 0 ≤ x < 1.
    `auditing`: where there is one, findings that open and close are changes too.
    """

    def __init__(  # noqa: PLR0913 # what it is made of, each by its name
        self,
        sources: Iterable[Source],
        history: "History",
        rhythm: Rhythm,
        *,
        clock: Clock,
        auditing: Auditing | None = None,
        chance: Callable[[], float] = random.random,
        telemetry: Telemetry = SILENT,
    ) -> None:
        self._sources = {source.account: source for source in sources}
        self._history = history
        self._rhythm = rhythm
        self._clock = clock
        self._auditing = auditing
        self._chance = chance
        self._telemetry = telemetry
        self._owner = uuid4().hex
        self._resting_until = self._prune_at = clock.monotonic()
        self._crowded: dict[str, float] = {}
        """Since when an account has no room for a poll."""

    async def tick(self) -> int:
        """Poll the accounts that are due, and come back when each poll is committed; how many there were.

        An account whose rate limits leave too little to people who ask is postponed. Failures are logged, never
        raised: of Famulor they are part of what is written down, and after those of the store the poll is due again.
        """
        claims = await self._claim(AT_ONCE)
        async with asyncio.TaskGroup() as polls:
            for claim in claims:
                polls.create_task(self._poll(claim))
        return len(claims)

    async def run(self) -> None:
        """Tick until cancelled. No account waits for the poll of another; a commit that has begun is finished."""
        async with asyncio.TaskGroup() as polls:
            under_way: set[asyncio.Task[None]] = set()
            while True:
                for claim in await self._claim(AT_ONCE - len(under_way)):
                    poll = polls.create_task(self._poll(claim))
                    under_way.add(poll)
                    poll.add_done_callback(under_way.discard)
                await self._clock.sleep(PACE)

    async def _claim(self, limit: int) -> list[Claim]:
        if self._clock.monotonic() < self._resting_until:
            return []
        try:
            await self._prune()
            with_room = self._with_room()
            if not with_room or limit <= 0:
                return []
            return await self._history.due(with_room, self._owner, timedelta(seconds=self._rhythm.lease), limit)
        except StoreError as error:
            self._rest(error)
            return []

    def _with_room(self) -> list[str]:
        """The accounts whose rate limits leave enough to people who ask, or have not for too long."""
        now = self._clock.monotonic()
        found = []
        for name, source in self._sources.items():
            if source.client.spare() >= RESERVE:
                self._crowded.pop(name, None)
                found.append(name)
            elif now - self._crowded.setdefault(name, now) >= LONGEST_CROWD:
                found.append(name)
        return found

    async def _prune(self) -> None:
        if self._clock.monotonic() < self._prune_at:
            return
        await self._history.prune(self._clock.now() - timedelta(days=self._rhythm.history_days))
        self._prune_at = self._clock.monotonic() + PRUNE_EVERY

    async def _poll(self, claim: Claim) -> None:
        # Where there is still no room, the next one waits as long again.
        self._crowded.pop(claim.account, None)
        lag = max((self._clock.now() - claim.due_at).total_seconds(), 0)
        with span("poll"), bound(request=new_request(), account=claim.account):
            outcome = await self._committed(claim)
        changes = len(outcome.changes) if isinstance(outcome, Outcome) else 0
        self._telemetry.polled(claim.account, _result(outcome), lag, changes)

    async def _committed(self, claim: Claim) -> Outcome | Exception:
        """What was written down, or why nothing was."""
        try:
            outcome = await self._outcome(claim)
            await finished(self._history.commit(claim, outcome))
        except LeaseLost as error:
            _log.info("%s Its result is thrown away.", error)
            return error
        except StoreError as error:
            self._rest(error)
            await self._give_back(claim)
            return error
        except asyncio.CancelledError:
            await self._give_back(claim)
            raise
        except Exception as error:  # noqa: BLE001 # reported with its trace
            # One account's data must not end the watch over the others. It is tried again when the lease has ended.
            _log.exception("The account “%s” could not be polled.", claim.account)
            return error
        _report(claim, outcome)
        return outcome

    async def _outcome(self, claim: Claim) -> Outcome:
        source, state = self._sources[claim.account], await self._history.known(claim)
        began = self._clock.now()
        try:
            snapshot = await source.poll()
        except UpstreamError as error:
            failures = 1 if state.failing is None else state.failing.count + 1
            due_at = next_due(began, self._rhythm.interval, failures, self._chance, asked=error.retry_after)
            return judgement.of_failure(state, error, self._clock.now(), due_at)
        outcome = judgement.of_answer(state, snapshot, next_due(began, self._rhythm.interval, 0, self._chance))
        return outcome if self._auditing is None else await self._audited(state, outcome, self._auditing, source)

    async def _audited(self, state: AccountState, outcome: Outcome, auditing: Auditing, source: Source) -> Outcome:
        """The outcome with the findings that open and close; nearly always there are none, whatever is ignored."""
        if not to_be_audited(state, outcome):
            return outcome
        found = await _audit(state, outcome, source.known_names(), auditing.policy, ())
        if len(found.changes) == len(outcome.changes):
            return outcome
        ignores = tuple(await auditing.ignores())
        return await _audit(state, outcome, source.known_names(), auditing.policy, ignores) if ignores else found

    async def _give_back(self, claim: Claim) -> None:
        """So that nobody has to wait until the lease ends; where that fails, they do."""
        try:
            await finished(self._history.release(claim))
        except StoreError as error:
            _log.warning("%s", error.explain())

    def _rest(self, error: StoreError) -> None:
        _log.warning("%s", error.explain())
        self._resting_until = self._clock.monotonic() + STORE_PAUSE


@asynccontextmanager
async def watching(watch: Watch) -> AsyncIterator[None]:
    """The watch runs meanwhile; at the end a commit that has begun is finished."""
    running = asyncio.create_task(watch.run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.wait([running])
        if not running.cancelled():
            running.result()


async def _audit(state: AccountState, outcome: Outcome, *others: Any) -> Outcome:
    if len(outcome.assistants or ()) <= FEW:
        return with_findings(state, outcome, *others)
    # Thousands of long prompts take a while to read, and other polls must not wait for it.
    return await asyncio.to_thread(with_findings, state, outcome, *others)


def _result(outcome: Outcome | Exception) -> str:
    if isinstance(outcome, Exception):
        return type(outcome).__name__
    if outcome.failing is not None:
        return outcome.failing.kind
    return "doubt" if outcome.doubt else OK


def _report(claim: Claim, outcome: Outcome) -> None:
    if outcome.failing is not None:
        _log.warning("%s: poll %d failed: %s", claim.account, outcome.failing.count, outcome.failing.text)
    elif outcome.doubt:
        _log.warning("%s: the answer lacks most assistants; it must be confirmed by the next poll.", claim.account)
    elif outcome.changes:
        _log.info("%s: %d changes", claim.account, len(outcome.changes))
