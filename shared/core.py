"""What every door asks: which assistants, and everything about one."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import Any, TypeVar

from shared.answers import AccountHealth, Detail, Origin, Page, Summary
from shared.cache import Cache, Held
from shared.clock import Clock
from shared.errors import AccountUnknown, AssistantAmbiguous, AssistantUnknown, UpstreamError
from shared.famulor import FamulorClient
from shared.models import Assistant, Language, Names, Owner, Snapshot, Voice
from shared.query import AssistantQuery, Choice, lookup, run
from shared.query.choice import Pattern, fold

__all__ = ["AccountHealth", "Core", "Detail", "Listener", "Origin", "Page", "Progress", "Source", "Summary"]

Named = TypeVar("Named", Language, Voice)
T = TypeVar("T")

NAMES_FRESH = 6 * 3600.0
"""Seconds for which languages and voices are not asked for again: they hardly ever change."""
NAMES_PAUSE = 60.0
"""Seconds after a failure in which they are not asked for again."""
NAMES_PATIENCE = 2.0
"""Seconds that an answer waits for them; without them it shows ids."""


Listener = Callable[[str, frozenset[int]], None]
"""Is told of an account, and of the ids whose assistants are new there, gone or different."""

Progress = Callable[[int, int], Awaitable[None]]
"""Is told how many of how many accounts have answered."""


class Source:
    """One account: its client, and what is remembered of its answers."""

    def __init__(self, client: FamulorClient, *, fresh_for: float, clock: Clock) -> None:
        self.client = client
        self.account = client.account.name
        self._clock = clock
        self._snapshots = Cache(self._fetch, fresh_for=fresh_for, clock=clock)
        self._last: Snapshot | None = None
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
        try:
            return await self._snapshots.get(anew=anew)
        except UpstreamError as error:
            return error

    async def poll(self) -> Snapshot:
        """The account's assistants as they are now; whoever asks next has them too, and listeners hear of it.

        Raises UpstreamError.
        """
        return await self._snapshots.refresh()

    async def languages(self) -> Mapping[int, Language]:
        """Languages by id; empty where they can't be had soon."""
        return await _soon(self._languages)

    async def voices(self) -> Mapping[int, Voice]:
        """Voices by id; empty where they can't be had soon."""
        return await _soon(self._voices)

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
        self._last = after
        changed = _changed(before, after) if before and self.listeners else frozenset()
        if changed:
            for listener in self.listeners:
                listener(self.account, changed)
        return after

    def origin(self, answer: Held[Snapshot] | UpstreamError) -> Origin:
        """What is to be said about this answer."""
        if isinstance(answer, UpstreamError):
            return Origin(account=self.account, fetched_at=None, age=0, total=0, rejected=(), failure=answer)
        return Origin(
            account=self.account,
            fetched_at=answer.value.fetched_at,
            age=max((self._clock.now() - answer.value.fetched_at).total_seconds(), 0),
            total=len(answer.value.assistants),
            rejected=answer.value.rejected,
            failure=answer.stale,
        )


class Core:
    """One core for every door; `sources` in the order of the settings, at least one."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = tuple(sources)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The configured accounts' sources, for who watches them."""
        return self._sources

    @property
    def accounts(self) -> tuple[str, ...]:
        """The names of the configured accounts."""
        return tuple(source.account for source in self._sources)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tell `listener` whenever a fetch brings something else than the fetch before it; the result ends that."""
        for source in self._sources:
            source.listeners.append(listener)

        def unsubscribe() -> None:
            for source in self._sources:
                source.listeners.remove(listener)

        return unsubscribe

    async def find(
        self, query: AssistantQuery, progress: Progress | None = None, *, voices: bool = False, anew: bool = False
    ) -> Page:
        """The assistants that the query asks for, of every account that it allows; with names for their `voices` too.

        `anew`: Famulor is asked also where the answer is remembered.

        An account that fails is reported in its origin beside the others' answers. Raises UpstreamError where every
        account fails, and QuestionError where the question has no answer.
        """
        sources = self.chosen(query.account)
        answers, languages, voiced = await asyncio.gather(
            _in_order([source.snapshot(anew=anew) for source in sources], progress),
            asyncio.gather(*(source.languages() for source in sources)),
            asyncio.gather(*(source.voices() for source in sources if voices)),
        )
        assistants = _of_all(answers)
        names = {
            source.account: Names(languages=known, voices=heard)
            for source, known, heard in zip(sources, languages, voiced or [{}] * len(sources), strict=True)
        }
        matches = run(query, assistants, names)
        return Page(
            query=query,
            assistants=matches.assistants,
            total=matches.total,
            of=len(assistants),
            next_cursor=matches.next_cursor,
            previous_cursor=matches.previous_cursor,
            origins=tuple(source.origin(answer) for source, answer in zip(sources, answers, strict=True)),
            names=names,
            unmatched=matches.unmatched,
            first=matches.first,
            statuses=tuple(status for status, _count in Counter(one.status for one in assistants).most_common()),
        )

    async def show(self, reference: str, account: Choice | None = None, progress: Progress | None = None) -> Detail:
        """Everything about the one assistant that `reference` names by id or name.

        Raises AssistantUnknown, AssistantAmbiguous, AccountUnknown, or UpstreamError where every account fails.
        """
        sources = self.chosen(account or Choice())
        answers = await _in_order([source.snapshot() for source in sources], progress)
        try:
            assistant = lookup(reference, _of_all(answers))
        except AssistantAmbiguous:
            raise
        except AssistantUnknown:
            # It may be one of an account that can't be asked now.
            for answer in answers:
                if isinstance(answer, UpstreamError):
                    raise answer from None
            raise
        source, answer = next(
            (source, answer)
            for source, answer in zip(sources, answers, strict=True)
            if source.account == assistant.account
        )
        languages, voices = await asyncio.gather(source.languages(), source.voices())
        return Detail(
            assistant=assistant, origin=source.origin(answer), names=Names(languages=languages, voices=voices)
        )

    async def compare(self, reference: str, other: str, account: Choice | None = None) -> tuple[Detail, Detail]:
        """Everything about two assistants. Raises what `show` raises, of the first one first."""
        return await self.show(reference, account), await self.show(other, account)

    async def summary(self, account: Choice | None = None) -> Summary:
        """All assistants at a glance, and what somebody should look at; an account that fails is part of that.

        Raises AccountUnknown, or UpstreamError where every account fails.
        """
        sources = self.chosen(account or Choice())
        answers = await asyncio.gather(*(source.snapshot() for source in sources))
        origins = [source.origin(answer) for source, answer in zip(sources, answers, strict=True)]
        # Thousands of long prompts take a while to read; whoever else asks must not wait for it.
        return await asyncio.to_thread(Summary.of_all, _of_all(answers), origins)

    async def health(self, account: Choice | None = None) -> tuple[AccountHealth, ...]:
        """How the way to Famulor is now, account by account; raises AccountUnknown alone."""
        return tuple(await asyncio.gather(*(source.health() for source in self.chosen(account or Choice()))))

    async def everyone(self, account: Choice | None = None) -> tuple[Assistant, ...]:
        """Every assistant, unsorted, of each account that has an answer.

        Raises AccountUnknown, or UpstreamError where every account fails.
        """
        sources = self.chosen(account or Choice())
        return tuple(_of_all(await asyncio.gather(*(source.snapshot() for source in sources))))

    def chosen(self, account: Choice) -> tuple[Source, ...]:
        """The sources of the accounts that the choice allows, at least one. Raises AccountUnknown."""
        names = [fold(name) for name in self.accounts]
        for value in account.values:
            if not any(map(Pattern.of(value).names, names)):
                raise AccountUnknown(account=value, known=", ".join(self.accounts))
        folded = account.folded()
        chosen = tuple(source for source in self._sources if folded.allows([fold(source.account)]))
        if not chosen:
            raise AccountUnknown(account=str(account), known=", ".join(self.accounts))
        return chosen


def _of_all(answers: Sequence[Held[Snapshot] | UpstreamError]) -> list[Assistant]:
    """The assistants of the accounts that have an answer; raises the first failure where none has."""
    held = [answer for answer in answers if isinstance(answer, Held)]
    if not held:
        raise next(answer for answer in answers if isinstance(answer, UpstreamError))
    return [assistant for answer in held for assistant in answer.value.assistants]


def _changed(before: Snapshot, after: Snapshot) -> frozenset[int]:
    """The ids of the assistants that only one of the two has, or that differ."""
    old = {one.id: one for one in before.assistants}
    new = {one.id: one for one in after.assistants}
    return frozenset(number for number in old.keys() | new.keys() if old.get(number) != new.get(number))


async def _in_order(answers: Sequence[Coroutine[Any, Any, T]], progress: Progress | None) -> list[T]:
    """All of them, awaited together; `progress` is told of each that has come."""
    done = 0

    async def counted(answer: Coroutine[Any, Any, T]) -> T:
        nonlocal done
        result = await answer
        done += 1
        if progress is not None:
            await progress(done, len(answers))
        return result

    return await asyncio.gather(*map(counted, answers))


async def _soon(cache: Cache[Mapping[int, Named]]) -> Mapping[int, Named]:
    try:
        async with asyncio.timeout(NAMES_PATIENCE):
            return (await cache.get()).value
    except (UpstreamError, TimeoutError):
        return {}
