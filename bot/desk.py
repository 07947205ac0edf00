"""What a listener works with: the core and its company, Slack, and the rules of this workspace."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bot.access import Rules, rights
from bot.arrivals import Arrival
from bot.asking import Asked, Asker
from bot.people import People
from bot.replies import Conversation, Home, Modal, ResponseUrl, Route
from bot.translation import LANGUAGES, Say
from shared.errors import StoreError
from shared.runtime import Runtime
from shared.settings import SlackSettings
from shared.store import Place

_log = logging.getLogger(__name__)

REDELIVERY = timedelta(hours=1)
"""For how long Slack may deliver the same again; it gives up after less."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The app's own: `team` is the workspace's id; it answers since `started`."""

    runtime: Runtime[SlackSettings]
    client: AsyncWebClient
    people: People
    rules: Rules
    team: str
    started: datetime

    def place(self, channel_or_user: str) -> str:
        """The key of a channel's or a person's settings in the store."""
        return f"{self.team}/{channel_or_user}"

    async def taken(self, arrival: Arrival) -> Say | None:
        """The language to answer in; None where it has been answered: Slack delivers again what it thinks was lost.

        It does so to whichever replica.
        """
        if not arrival.key:
            return await self.language(arrival)
        try:
            taken = await self.runtime.store.claims.take(f"slack/{arrival.key}", REDELIVERY, self._places(arrival))
        except StoreError as error:
            # Answered twice is better than not at all; and what can't be written may still be read.
            _log.warning("It can't be told whether this was answered already: %s", error)
            return await self.language(arrival)
        return await self._spoken(arrival, taken.places) if taken.first else None

    async def language(self, arrival: Arrival) -> Say:
        """The channel's language, else the one that the person chose, else the one that their Slack speaks."""
        store = self.runtime.store
        try:
            known = {key: found for key in self._places(arrival) if (found := await store.places.get(key))}
        except StoreError as error:
            _log.warning("The languages that were chosen can't be read: %s", error)
            known = {}
        return await self._spoken(arrival, known)

    async def asker(self, arrival: Arrival, say: Say) -> Asker:
        """Who asks, with their rights. Raises NotAllowed."""
        person = await self.people.person(arrival.user, arrival.team)
        allowed = rights(
            self.rules,
            arrival.user,
            arrival.place,
            groups=await self.people.groups_of(arrival.user, self.rules.groups),
            outsider=person.outsider,
        )
        return Asker(arrival.user, say, zone=person.zone, admin=allowed.admin, sees_prompts=allowed.sees_prompts)

    def asked(self, arrival: Arrival, asker: Asker, text: str, page: int = 1) -> Asked:
        """The text as this person asks it here and now."""
        return Asked(
            text=text, asker=asker, now=self.runtime.clock.now(), team=self.team, place=arrival.place, page=page
        )

    def route(self, arrival: Arrival, asker: Asker, *, replacing: bool = False) -> Route:
        """Where this person's answer goes: into the view, to the response URL, or into the conversation."""
        if arrival.in_modal:
            return Modal(self.client, asker, str(arrival.view.get("id")))
        if arrival.in_home:
            return Home(self.client, asker)
        if arrival.response_url:
            return ResponseUrl(arrival.response_url, self.client, asker, replacing=replacing)
        return Conversation(self.client, asker, arrival.place or arrival.user, arrival.thread)

    def _places(self, arrival: Arrival) -> list[str]:
        """Whose languages count, the first of them most."""
        return [self.place(key) for key in (arrival.place, arrival.user) if key]

    async def _spoken(self, arrival: Arrival, known: Mapping[str, Place]) -> Say:
        for key in self._places(arrival):
            language = known[key].language if key in known else None
            if language in LANGUAGES:
                return Say(language)
        return Say((await self.people.person(arrival.user, arrival.team)).language)
