"""`subscribe`, `subscriptions` and `unsubscribe`: what a channel hears of."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot import channels
from bot.access import AdminsOnly, Prompts
from bot.alerts.scenes import names_for
from bot.asking import Asked
from bot.channels import Channel
from bot.commands.lists import without_prompts
from bot.desk import Desk
from bot.grammar import Subscribe, Subscriptions, Unsubscribe, written
from bot.views import places, previews
from bot.views import subscriptions as views
from bot.views.answers import Answer
from bot.views.previews import MOST, PERIOD, Preview
from bot.views.subscriptions import NamesOf, Standing
from shared.alerts import Subscription
from shared.answers import Page
from shared.errors import QuestionError, UpstreamError
from shared.query import AssistantQuery
from shared.query.choice import fold


class SubscriptionUnknown(QuestionError):
    """No subscription of this workspace has this number."""

    what = "There is no subscription {number}."
    cure = "List the subscriptions to see their numbers."


async def subscribe(command: Subscribe, asked: Asked, desk: Desk) -> Answer:
    """What it would have told; nothing is written. Raises ChannelProblem, NotAllowed and QuestionError."""
    command, channel = await _addressed(command, asked, desk)
    store, since = desk.runtime.store, asked.now - PERIOD
    page = await _matching(command.query, desk)
    told = await store.routing.preview(
        command.query, command.groups, command.minimum, since, page.names if page else {}, limit=MOST
    )
    changes = [stored.change for stored in told]
    found = Preview(
        command=command,
        changes=changes,
        since=since,
        page=page,
        begins=await _begins(command.query, desk),
        names=await names_for(changes, desk.runtime),
        shared=channel.shared,
        already=_same(await store.subscriptions.of(desk.place(command.channel)), command),
    )
    place = desk.place(command.channel)
    return previews.preview(found, places.name(place, asked.say), asked.say, desk.runtime.settings.page_of)


async def confirm(command: Subscribe, asked: Asked, desk: Desk) -> Answer:
    """Writes it, once: the same order of the same channel is one subscription. Raises what `subscribe` raises."""
    command, _channel = await _addressed(command, asked, desk)
    subscriptions, place = desk.runtime.store.subscriptions, desk.place(command.channel)
    number, new = _same(await subscriptions.of(place), command), None
    if number is None:
        new = await subscriptions.add(place, asked.asker.user, command.query, command.groups, command.minimum)
        # Two may have pressed at the same moment; everybody keeps the first of the two.
        number = _same(await subscriptions.of(place), command)
        if new.id != number:
            await subscriptions.remove(new.id, place)
    assert number is not None  # noqa: S101 # it was just written
    anew = new is not None and new.id == number
    if anew:
        await _note(place, "subscribe", f"{number}: {written(command)}", asked, desk)
    return previews.subscribed(number, command, places.name(place, asked.say), asked.say, anew=anew)


async def subscriptions(command: Subscriptions, asked: Asked, desk: Desk) -> Answer:
    """Those of this place with all that bears on them, or of every place. Raises AdminsOnly and ChannelUnclear."""
    if not command.everywhere:
        return await _listed(desk.place(await channels.here(asked, desk)), command, asked, desk)
    if not asked.asker.admin:
        raise AdminsOnly
    everything = [one for one in await desk.runtime.store.subscriptions.of() if _is_ours(one, desk)]
    return views.everywhere(everything, command, asked.say)


async def unsubscribe(command: Unsubscribe, asked: Asked, desk: Desk) -> Answer:
    """Ends it, and shows what is left there. Raises SubscriptionUnknown and NotAllowed."""
    subscriptions = desk.runtime.store.subscriptions
    if command.number is None:
        place = desk.place(await channels.here(asked, desk))
        channels.decides(asked.asker, places.channel_of(place), desk)
        ended = await subscriptions.remove_all(place)
        text = views.all_ended(ended, asked.say)
    else:
        found = await subscriptions.get(command.number)
        if found is None or not _is_ours(found, desk):
            raise SubscriptionUnknown(number=command.number)
        place = found.place
        channels.decides(asked.asker, places.channel_of(place), desk)
        ended = int(await subscriptions.remove(found.id, place))
        text = views.ended(found, places.name(place, asked.say), asked.say)
    if ended:
        await _note(place, "unsubscribe", written(command), asked, desk)
    return await _listed(place, Subscriptions(), asked, desk, text)


async def resume(channel: str, asked: Asked, desk: Desk) -> Answer:
    """The channel is told again of what happens from now on. Raises ChannelProblem and NotAllowed."""
    channels.decides(asked.asker, channel, desk)
    place = desk.place((await channels.meant(channel, asked, desk)).id)
    resumed = await desk.runtime.store.subscriptions.resume(place)
    if resumed:
        await _note(place, "resume", ", ".join(str(one.id) for one in resumed), asked, desk)
    return await _listed(place, Subscriptions(), asked, desk, views.resumed(len(resumed), asked.say))


async def _listed(place: str, command: Subscriptions, asked: Asked, desk: Desk, news: str = "") -> Answer:
    store = desk.runtime.store
    mutes = await store.mutes.of(place)
    standing = Standing(
        place=place,
        subscriptions=await store.subscriptions.of(place),
        mutes=mutes,
        rules=await store.places.get(place),
        names=await _names(desk) if mutes else {},
    )
    return views.listed(standing, command, asked.say, news)


async def _addressed(command: Subscribe, asked: Asked, desk: Desk) -> tuple[Subscribe, Channel]:
    """The order with its channel's id, as it may be made by this person."""
    channel = await channels.meant(command.channel, asked, desk)
    channels.decides(asked.asker, channel.id, desk)
    # What a channel is told tells all who are in it which prompts say something.
    readable = desk.rules.prompts is Prompts.EVERYONE
    query = command.query if readable else without_prompts(command.query)
    return replace(command, channel=channel.id, query=query), channel


async def _matching(query: AssistantQuery, desk: Desk) -> Page | None:
    """The assistants that it asks for now; None where Famulor does not answer. Raises QuestionError."""
    try:
        return await desk.runtime.core.find(query)
    except UpstreamError:
        return None


async def _names(desk: Desk) -> NamesOf:
    """What assistants are called; nothing where Famulor does not answer."""
    try:
        return {(one.account, one.id): one.name for one in await desk.runtime.core.everyone()}
    except UpstreamError:
        return {}


async def _begins(query: AssistantQuery, desk: Desk) -> Mapping[str, datetime | None]:
    chosen = query.account.folded()
    accounts = [name for name in desk.runtime.core.accounts if chosen.allows([fold(name)])]
    begins = await asyncio.gather(*map(desk.runtime.store.history.first_seen, accounts))
    return dict(zip(accounts, begins, strict=True))


def _same(subscriptions: Sequence[Subscription], command: Subscribe) -> int | None:
    """The number of the subscription that asks for the same, the first of several."""
    asked = written(replace(command, channel=""))
    return next((one.id for one in subscriptions if written(views.order_of(one)) == asked), None)


def _is_ours(subscription: Subscription, desk: Desk) -> bool:
    return subscription.place.startswith(desk.place(""))


async def _note(place: str, action: str, detail: str, asked: Asked, desk: Desk) -> None:
    await desk.runtime.store.journal.write(place, asked.asker.user, action, detail)
