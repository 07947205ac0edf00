"""One account: its client, and what is remembered of its answers."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from shared.answers import AccountHealth, Origin
from shared.cache import Cache, Held
from shared.clock import Clock
from shared.errors import UpstreamError
from shared.famulor import FamulorClient
from shared.models import Assistant, Language, Names, Owner, Snapshot, Voice
from shared.query.order import BY_NAME, ordered
from shared.telemetry import SILENT, Telemetry, Use

Named = TypeVar("Named", Language, Voice)

NAMES_FRESH = 6 * 3600.0
"""Seconds for which languages and voices are not asked for again: they hardly ever change."""
NAMES_PAUSE = 60.0
"""Seconds after a failure in which they are not asked for again."""
NAMES_PATIENCE = 2.0
"""Seconds that an answer waits for them; without them it shows ids."""

Listener = Callable[[str, frozenset[int]], None]
"""Is told of an account, and of the ids whose assistants are new there, gone or different."""


class Source:
    """One account: its client, and what is remembered of its answers."""

    def __init__(self, client: FamulorClient, *, fresh_for: float, clock: Clock, telemetry: Telemetry = SILENT) -> None:
        self.client = client
        self.account = client.account.name
        self._clock = clock
        self._telemetry = telemetry
        self._snapshots = Cache(self._fetch, fresh_for=fresh_for, clock=clock)
        self._last: Snapshot | None = None
        self._by_name: tuple[Snapshot, Sequence[Assistant]] | None = None
        self.listeners: list[Listener] = []
        self._languages = Cache(client.languages, fresh_for=NAMES_FRESH, pause=NAMES_PAUSE, clock=clock)
        self._voices = Cache(client.voices, fresh_for=NAMES_FRESH, pause=NAMES_PAUSE, clock=clock)

    async def close(self) -> None:
        """End what is under way and close the connections."""
        for cache in (self._snapshots, self._languages, self._voices):
            await cache.close()
        await self.client.aclose()

    async def snapshot(self, *, anew: bool = False) -> Held[Snapshot] | UpstreamError:
        """The account's assistants, asked for `anew` also where they are fresh, or why there are none to show."""
        before = self._snapshots.held
        try:
            answer = await self._snapshots.get(anew=anew)
        except UpstreamError as error:
            self._telemetry.answered(self.account, "failed", 0)
            return error
        remembered = before is not None and answer.value is before.value
        use: Use = "stale" if answer.stale else "fresh" if remembered else "fetched"
        self._telemetry.answered(self.account, use, self._age(answer.value))
        return answer

    def by_name(self, snapshot: Snapshot) -> Sequence[Assistant]:
        """Its assistants in the order `BY_NAME`, worked out once for all the lists that are asked for."""
        if self._by_name is None or self._by_name[0] is not snapshot:
            self._by_name = snapshot, ordered(snapshot.assistants, BY_NAME)
        return self._by_name[1]

    def is_fresh(self, *, voices: bool) -> bool:
        """Whether nobody waits for the assistants, nor for names of their languages and `voices`."""
        return self._snapshots.fresh and self._languages.fresh and (self._voices.fresh or not voices)

    async def poll(self) -> Snapshot:
        """The account's assistants as they are now; whoever asks next has them too, and listeners hear of it.

        Raises UpstreamError.
        """
        return await self._snapshots.refresh()

    async def names(self, *, voices: bool = True) -> Names:
        """Names for the ids of languages and `voices`; empty where they can't be had soon."""
        if not voices:
            return Names(languages=await _soon(self._languages))
        languages, heard = await asyncio.gather(_soon(self._languages), _soon(self._voices))
        return Names(languages=languages, voices=heard)

    def known_names(self, *, voices: bool = True) -> Names:
        """The same as far as they were asked for already; nothing is fetched."""
        languages, heard = self._languages.held, self._voices.held if voices else None
        return Names(languages=languages.value if languages else {}, voices=heard.value if heard else {})

    async def health(self) -> AccountHealth:
        """Whether Famulor accepts the key now, and what is held from before; the assistants are not asked for."""
        owner: Owner | None = None
        failure: UpstreamError | None = None
        begun = self._clock.monotonic()
        try:
            owner = await self.client.owner()
        except UpstreamError as error:
            failure = error
        latency = self._clock.monotonic() - begun
        held = self._snapshots.held
        return AccountHealth(
            account=self.account,
            host=self.client.host,
            owner=owner,
            failure=failure,
            latency=latency,
            requests_left=self.client.requests_left(),
            origin=self.origin(held) if held else None,
        )

    async def _fetch(self) -> Snapshot:
        before, after = self._last, await self.client.outbound_assistants()
        if before:
            after = _as_before(before, after)
        self._last = after
        changed = _changed(before, after) if before and self.listeners else frozenset()
        if changed:
            for listener in self.listeners:
                listener(self.account, changed)
        return after

    def _age(self, snapshot: Snapshot) -> float:
        return max((self._clock.now() - snapshot.fetched_at).total_seconds(), 0)

    def origin(self, answer: Held[Snapshot] | UpstreamError) -> Origin:
        """What is to be said about this answer."""
        if isinstance(answer, UpstreamError):
            return Origin(account=self.account, fetched_at=None, age=0, total=0, rejected=(), failure=answer)
        return Origin(
            account=self.account,
            fetched_at=answer.value.fetched_at,
            age=self._age(answer.value),
            total=len(answer.value.assistants),
            rejected=answer.value.rejected,
            failure=answer.stale,
        )


def _as_before(before: Snapshot, after: Snapshot) -> Snapshot:
    """The later snapshot, in which whoever is as before is the same object: the watch compares and keeps it too."""
    known = {one.id: one for one in before.assistants}
    assistants = tuple(known[one.id] if known.get(one.id) == one else one for one in after.assistants)
    return after.model_copy(update={"assistants": assistants})


def _changed(before: Snapshot, after: Snapshot) -> frozenset[int]:
    """The ids of the assistants that only one of the two has, or that differ."""
    old = {one.id: one for one in before.assistants}
    new = {one.id: one for one in after.assistants}
    return frozenset(number for number in old.keys() | new.keys() if old.get(number) != new.get(number))


async def _soon(cache: Cache[Mapping[int, Named]]) -> Mapping[int, Named]:
    try:
        async with asyncio.timeout(NAMES_PATIENCE):
            return (await cache.get()).value
    except (UpstreamError, TimeoutError):
        return {}
