"""What every door asks: which assistants, and everything about one."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from typing import Any

from shared.answers import AccountHealth, Audited, Detail, Origin, Page, Summary
from shared.audit import Audit, Ground, Ignore, Policy, Reached, audit
from shared.cache import Held
from shared.clock import Clock
from shared.errors import AccountUnknown, AssistantAmbiguous, AssistantUnknown, UpstreamError
from shared.models import Assistant, Names, Snapshot
from shared.query import AssistantQuery, Choice, is_of_accounts_alone, lookup, predicate, run
from shared.query.choice import Pattern, fold
from shared.source import Listener, Source

__all__ = ["AccountHealth", "Audited", "Core", "Detail", "Origin", "Page", "Progress", "Summary"]

Answer = Held[Snapshot] | UpstreamError
"""An account's assistants, or why there are none to show."""

Progress = Callable[[int, int], Awaitable[None]]
"""Is told how many of how many accounts have answered."""


class Core:
    """One core for every door; `sources` in the order of the settings, at least one."""

    def __init__(self, sources: Sequence[Source], policy: Policy, clock: Clock) -> None:
        self._sources = tuple(sources)
        self._policy = policy
        self._clock = clock

    @property
    def policy(self) -> Policy:
        """How strict the audit is."""
        return self._policy

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
        answers, names = await self._asked(sources, progress, voices=voices, anew=anew)
        assistants = _of_all(answers)
        matches = run(query, assistants, names, by_name=_by_name(sources, answers))
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
        return Detail(assistant=assistant, origin=source.origin(answer), names=await source.names())

    async def compare(self, reference: str, other: str, account: Choice | None = None) -> tuple[Detail, Detail]:
        """Everything about two assistants. Raises what `show` raises, of the first one first."""
        return await self.show(reference, account), await self.show(other, account)

    async def audit(
        self,
        query: AssistantQuery | None = None,
        ignores: Iterable[Ignore] = (),
        progress: Progress | None = None,
        *,
        anew: bool = False,
        reached: Mapping[str, Reached] | None = None,
    ) -> Audited:
        """What is wrong with the assistants that the query asks for, on whichever page of it; `ignores` are heeded.

        `reached`: what a probe has said of their webhooks (shared/probe.py), where somebody asked for one.
        An account that fails is reported in its origin. Records that can't be read are among the findings where the
        query asks for no more than accounts. Raises what `find` raises.
        """
        query = query or AssistantQuery()
        sources = self.chosen(query.account)
        answers, names = await self._asked(sources, progress, voices=True, anew=anew)
        everyone = _of_all(answers)
        held = [answer.value for answer in answers if isinstance(answer, Held)]
        # Thousands of long prompts take a while to read; whoever else asks must not wait for it.
        audit = await asyncio.to_thread(self._audited, query, held, names, tuple(ignores), reached or {})
        return Audited(
            query=query,
            assistants=tuple(filter(predicate(query, names), everyone)),
            audit=audit,
            of=len(everyone),
            origins=tuple(source.origin(answer) for source, answer in zip(sources, answers, strict=True)),
            names=names,
        )

    def _audited(
        self,
        query: AssistantQuery,
        held: Sequence[Snapshot],
        names: Mapping[str, Names],
        ignores: Sequence[Ignore],
        reached: Mapping[str, Reached],
    ) -> Audit:
        chosen, now = predicate(query, names), self._clock.now()
        with_rejected = is_of_accounts_alone(query)
        return Audit.together(
            audit(
                Ground(
                    one.account,
                    one.assistants,
                    names[one.account],
                    now,
                    self._policy.region_of(one.account),
                    reached,
                ),
                chosen=filter(chosen, one.assistants),
                rejected=one.rejected if with_rejected else (),
                policy=self._policy,
                ignores=ignores,
            )
            for one in held
        )

    async def summary(self, account: Choice | None = None, ignores: Iterable[Ignore] = ()) -> Summary:
        """All assistants at a glance, and what is wrong; an account that fails is part of that.

        Raises AccountUnknown, or UpstreamError where every account fails.
        """
        audited = await self.audit(AssistantQuery(account=account or Choice()), ignores)
        return Summary.of_all(audited.assistants, audited.origins, audited.audit)

    async def health(self, account: Choice | None = None) -> tuple[AccountHealth, ...]:
        """How the way to Famulor is now, account by account; raises AccountUnknown alone."""
        return tuple(await asyncio.gather(*(source.health() for source in self.chosen(account or Choice()))))

    async def everyone(self, account: Choice | None = None) -> tuple[Assistant, ...]:
        """Every assistant, unsorted, of each account that has an answer.

        Raises AccountUnknown, or UpstreamError where every account fails.
        """
        sources = self.chosen(account or Choice())
        return tuple(_of_all(await asyncio.gather(*(source.snapshot() for source in sources))))

    async def names(self, sources: Sequence[Source], *, voices: bool = True) -> Mapping[str, Names]:
        """By account, names for the ids of languages and `voices`; empty where they can't be had soon."""
        found = await asyncio.gather(*(source.names(voices=voices) for source in sources))
        return {source.account: names for source, names in zip(sources, found, strict=True)}

    async def _asked(
        self, sources: Sequence[Source], progress: Progress | None, *, voices: bool, anew: bool
    ) -> tuple[Sequence[Answer], Mapping[str, Names]]:
        """What each account answers, and names for the ids in it by account; all are asked at once."""
        if not anew and all(source.is_fresh(voices=voices) for source in sources):
            # Nobody is waited for: tasks would take as long as all else.
            answers = [await source.snapshot() for source in sources]
            if progress is not None:
                await progress(len(answers), len(answers))
            return answers, {source.account: source.known_names(voices=voices) for source in sources}
        return await asyncio.gather(
            _in_order([source.snapshot(anew=anew) for source in sources], progress),
            self.names(sources, voices=voices),
        )

    def chosen(self, account: Choice) -> tuple[Source, ...]:
        """The sources of the accounts that the choice allows, at least one. Raises AccountUnknown."""
        if not account:
            return self._sources
        names = [fold(name) for name in self.accounts]
        for value in account.values:
            if not any(map(Pattern.of(value).names, names)):
                raise AccountUnknown(account=value, known=", ".join(self.accounts))
        folded = account.folded()
        chosen = tuple(source for source in self._sources if folded.allows([fold(source.account)]))
        if not chosen:
            raise AccountUnknown(account=str(account), known=", ".join(self.accounts))
        return chosen


def _by_name(sources: Sequence[Source], answers: Sequence[Answer]) -> Sequence[Assistant]:
    """The assistants in that order, where there is one account; to merge several would take longer than it saves."""
    match sources, answers:
        case [source], [Held(value=snapshot)]:
            return source.by_name(snapshot)
        case _:
            return ()


def _of_all(answers: Sequence[Answer]) -> list[Assistant]:
    """The assistants of the accounts that have an answer; raises the first failure where none has."""
    held = [answer for answer in answers if isinstance(answer, Held)]
    if not held:
        raise next(answer for answer in answers if isinstance(answer, UpstreamError))
    return [assistant for answer in held for assistant in answer.value.assistants]


async def _in_order(answers: Sequence[Coroutine[Any, Any, Answer]], progress: Progress | None) -> list[Answer]:
    """All of them, awaited together; `progress` is told of each that has come."""
    done = 0

    async def counted(answer: Coroutine[Any, Any, Answer]) -> Answer:
        nonlocal done
        result = await answer
        done += 1
        if progress is not None:
            await progress(done, len(answers))
        return result

    return await asyncio.gather(*map(counted, answers))
