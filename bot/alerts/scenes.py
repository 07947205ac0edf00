"""What stands around a change, gathered from the store and, for names, from Famulor."""

import asyncio
from collections.abc import Iterable, Mapping

from bot.alerts.differences import Differences
from bot.translation import LANGUAGES
from bot.views.alerts import Scene
from bot.views.changes import NO_NAMES
from shared.alerts import Mute
from shared.models import Assistant, Change, Kind, Names
from shared.runtime import Runtime
from shared.settings import PostingSettings, Settings

COUNTED_FOR = 1.0
"""Seconds for which active assistants are not counted again: one change is told to many channels."""

_COUNTED = frozenset({Kind.CREATED, Kind.DELETED, Kind.ACTIVATED, Kind.DEACTIVATED})
_NAMED = frozenset({Kind.CREATED, Kind.DELETED, Kind.VOICE, Kind.LANGUAGE})
_ACTIVE = "active"


class Scenes:
    """Looks things up for messages. Every method raises StoreError."""

    def __init__(self, runtime: Runtime[PostingSettings]) -> None:
        self._runtime = runtime
        self._active: dict[str, tuple[float, int]] = {}
        self._counting = asyncio.Lock()
        self._differences = Differences()

    async def around(self, change: Change, place: str) -> Scene:
        """What the place is shown around this change."""
        store = self._runtime.store
        assistant = mute = None
        if change.assistant is not None:
            assistant = await store.history.version(change.account, change.assistant, self._runtime.clock.now())
            mute = _holding(await store.mutes.of(place), change)
        return await self.scene(change, assistant, mute)

    async def scene(self, change: Change, assistant: Assistant | None, mute: Mute | None) -> Scene:
        """The same where the assistant as it is now, and the mute that holds for it at the place, are known."""
        settings = self._runtime.settings
        return Scene(
            address="" if change.assistant is None else settings.page_of(change.account, change.assistant),
            names=(await names_for([change], self._runtime)).get(change.account, NO_NAMES),
            assistant=assistant,
            active=await self._count(change.account) if change.kind in _COUNTED else None,
            prompts=settings.slack_prompts == "everyone",
            mute=mute,
            changed=self._differences,
        )

    async def language(self, place: str) -> str:
        """The language that was chosen for a place, "" where nobody did."""
        found = await self._runtime.store.places.get(place)
        return spoken(None if found is None else found.language)

    async def _count(self, account: str) -> int:
        """How many of the account's assistants are active; of many who ask at once, one counts."""
        async with self._counting:
            return await self._counted(account)

    async def _counted(self, account: str) -> int:
        now = self._runtime.clock.monotonic()
        counted_at, active = self._active.get(account, (now - COUNTED_FOR, 0))
        if now - counted_at >= COUNTED_FOR:
            statuses = await self._runtime.store.history.statuses(account)
            active = sum(number for status, number in statuses.items() if status.casefold() == _ACTIVE)
            self._active[account] = now, active
        return active


def spoken(language: str | None) -> str:
    """The language that was chosen, where it is one that we speak still, else ""."""
    return language if language in LANGUAGES else ""


async def names_for(changes: Iterable[Change], runtime: Runtime[Settings]) -> Mapping[str, Names]:
    """By account, names for voices and languages in these changes; ids do where Famulor does not answer soon."""
    accounts = {change.account for change in changes if change.kind in _NAMED}
    core = runtime.core
    return await core.names([source for source in core.sources if source.account in accounts])


def _holding(mutes: Iterable[Mute], change: Change) -> Mute | None:
    return next((one for one in mutes if (one.account, one.assistant) == (change.account, change.assistant)), None)
