"""What is owed becomes what Slack shows: an alert and its thread, a summary, a digest, a word to a person."""

from contextlib import suppress

from bot.alerts.posting import MessageGone, Posting
from bot.alerts.scenes import Scenes, names_for, spoken
from bot.people import People
from bot.translation import Say
from bot.views import alerts, digests
from bot.views.digests import Many
from shared.alerts import DeliveryKind, Matter, Standing
from shared.runtime import Runtime
from shared.settings import PostingSettings
from shared.store import Delivery

PACE = 1.0
"""Seconds between two messages to one place."""


class Telling:
    """Tells one delivery at a time. Told again, it says again only what cannot be known to have been said."""

    def __init__(self, runtime: Runtime[PostingSettings], posting: Posting, people: People) -> None:
        self._runtime = runtime
        self._posting = posting
        self._scenes = Scenes(runtime)
        self._people = people

    async def tell(self, delivery: Delivery) -> str:
        """What Slack calls the message now, "" where there was nothing to say. Raises NotPosted and StoreError."""
        team, _slash, channel = delivery.place.partition("/")
        if delivery.kind is DeliveryKind.NOTICE:
            return await self._notice(delivery, team, channel)
        say = Say(spoken(delivery.language))
        if delivery.matter is not None:
            return await self._alert(delivery, delivery.matter, channel, say)
        return await self._many(delivery, channel, say)

    async def _alert(self, delivery: Delivery, matter: Matter, channel: str, say: Say) -> str:
        new = [stored.change for stored in delivery.changes]
        if not new and not matter.message:
            return ""
        around = await self._scenes.scene(matter.changes[-1], delivery.assistant, delivery.mute)
        message = alerts.alert(matter, around, say)
        if matter.message:
            try:
                # One that is flapping tells its story in the message itself.
                if new and matter.standing is not Standing.FLAPPING and not delivery.message:
                    # First what people wait for: Slack takes fewer updates than messages.
                    news = alerts.news(matter, new, around, say)
                    reply = await self._posting.post(channel, news, thread=matter.message, broadcast=delivery.graver)
                    await self._runtime.store.outbox.begun(delivery, reply)
                await self._posting.update(channel, matter.message, message)
            except MessageGone:
                if not new:
                    # Somebody took it away, and nothing has happened since.
                    return matter.message
            else:
                return matter.message
        return await self._posting.post(channel, message)

    async def _many(self, delivery: Delivery, channel: str, say: Say) -> str:
        many = Many([stored.change for stored in delivery.changes], delivery.kinds)
        names = await names_for(many.latest, self._runtime)
        page_of = self._runtime.settings.page_of
        head = delivery.message
        if not head:
            shown = digests.summary if delivery.kind is DeliveryKind.SUMMARY else digests.digest
            head = await self._posting.post(channel, shown(many, say, page_of, names))
            await self._runtime.store.outbox.begun(delivery, head)
            await self._runtime.clock.sleep(PACE)
        # Whoever took the message away does not ask for its details.
        with suppress(MessageGone):
            await self._posting.post(channel, digests.details(many, say, page_of, names), thread=head)
        return head

    async def _notice(self, delivery: Delivery, team: str, channel: str) -> str:
        chosen = await self._scenes.language(f"{team}/{delivery.recipient}")
        person = await self._people.person(delivery.recipient, team)
        say = Say(chosen or person.language)
        notice = alerts.paused(channel, delivery.note, delivery.subscriptions, say)
        return await self._posting.post(delivery.recipient, notice)
