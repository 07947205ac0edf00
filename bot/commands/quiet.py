"""`quiet` and `digest`: when a channel is told."""

from bot import channels
from bot.asking import Asked
from bot.desk import Desk
from bot.grammar import Digest, Quiet, written
from bot.grammar import times as times_of_day
from bot.views import places, times
from bot.views.answers import Answer
from shared.alerts import Daily, QuietHours

ELSEWHERE = "UTC"
"""The timezone of people of whom Slack doesn't say theirs."""


async def quiet(command: Quiet, asked: Asked, desk: Desk) -> Answer:
    """When this channel is left alone, in the asker's timezone if no other is named. Raises NotAllowed."""
    place = await _place(asked, desk)
    hours = None
    if (given := command.hours) is not None:
        hours = QuietHours(start=given.start, end=given.end, zone=zone(given.zone, asked), passes=given.passes)
    await desk.runtime.store.places.set_quiet(place, hours, by=asked.asker.user)
    await desk.runtime.store.journal.write(place, asked.asker.user, "quiet", written(command))
    return times.quiet(hours, places.name(place, asked.say), asked.now, asked.say)


async def digest(command: Digest, asked: Asked, desk: Desk) -> Answer:
    """When this channel is told of the whole day, in the asker's timezone if no other is named. Raises NotAllowed."""
    place = await _place(asked, desk)
    daily = None if command.daily is None else Daily(at=command.daily.at, zone=zone(command.daily.zone, asked))
    await desk.runtime.store.places.set_digest(place, daily, by=asked.asker.user)
    await desk.runtime.store.journal.write(place, asked.asker.user, "digest", written(command))
    return times.digest(daily, places.name(place, asked.say), asked.now, asked.say)


async def _place(asked: Asked, desk: Desk) -> str:
    channel = await channels.here(asked, desk)
    channels.decides(asked.asker, channel, desk)
    return desk.place(channel)


def zone(named: str, asked: Asked) -> str:
    """The timezone that is named, else the asker's."""
    return named or times_of_day.zone(asked.asker.zone) or ELSEWHERE
