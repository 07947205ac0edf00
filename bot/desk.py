"""What a listener works with: the core and its company, Slack, and the rules of this workspace."""

import logging
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

    async def language(self, arrival: Arrival) -> Say:
        """The channel's language, else the one that the person chose, else the one that their Slack speaks."""
        try:
            for key in filter(None, (arrival.place, arrival.user)):
                place = await self.runtime.store.places.get(self.place(key))
                if place is not None and place.language in LANGUAGES:
                    return Say(place.language)
        except StoreError as error:
            _log.warning("The languages that were chosen can't be read: %s", error)
        return Say((await self.people.person(arrival.user, arrival.team)).language)

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

    async def first(self, arrival: Arrival) -> bool:
        """Whether this is new: Slack delivers again what it thinks was lost, to whichever replica."""
        if not arrival.key:
            return True
        try:
            return await self.runtime.store.claims.first(f"slack/{arrival.key}", REDELIVERY)
        except StoreError as error:
            # Answered twice is better than not at all.
            _log.warning("It can't be told whether this was answered already: %s", error)
            return True

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
