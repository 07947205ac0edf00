"""`mute` and `unmute`: no alerts about one assistant for a while."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import channels
from bot.asking import Asked
from bot.commands.quiet import zone
from bot.desk import Desk
from bot.grammar import Mute, Unmute, written
from bot.grammar.times import Until
from bot.views import guide, phrases, places, state, times
from bot.views.answers import Answer
from shared.alerts import Daily
from shared.alerts import Mute as Standing
from shared.errors import AssistantUnknown, Candidate, QuestionError
from shared.models import Assistant
from shared.query import Choice
from shared.query.choice import fold

USUAL = timedelta(days=1)
"""How long, where nobody says."""
LONGEST = timedelta(days=31)


class MuteTooLong(QuestionError):
    """Longer than anybody remembers."""

    what = "An assistant can be muted for {days} days at most."
    cure = "Mute it again when that is over, or narrow the subscription down."


class MuteInThePast(QuestionError):
    """It would be over already."""

    what = "That moment is over."
    cure = "Say for how long or until when: 2h, 3d, until 18:00, until 2026-03-05."


async def mute(command: Mute, asked: Asked, desk: Desk) -> Answer:
    """Mutes it; several that may be meant are offered. Raises NotAllowed, QuestionError and what `show` raises."""
    channel = await channels.here(asked, desk)
    channels.decides(asked.asker, channel, desk)
    until = _moment(command.until, asked)
    if until <= asked.now:
        raise MuteInThePast
    if until - asked.now > LONGEST:
        raise MuteTooLong(days=LONGEST.days)
    try:
        assistant = (await desk.runtime.core.show(command.reference, command.account)).assistant
    except AssistantUnknown as error:
        return guide.candidates(error, asked.say, lambda one: _instead(command, one, until), state.RUN, ask_first=True)
    place, say = desk.place(channel), asked.say
    standing = Standing(
        place=place,
        account=assistant.account,
        assistant=assistant.id,
        until=until,
        by=asked.asker.user,
        reason=command.reason,
    )
    await desk.runtime.store.mutes.mute(standing)
    detail = written(Mute(str(assistant.id), Choice(include=(assistant.account,)), until, command.reason))
    await desk.runtime.store.journal.write(place, asked.asker.user, "mute", detail)
    return times.muted(standing, _name(assistant, asked), places.name(place, say), say)


async def unmute(command: Unmute, asked: Asked, desk: Desk) -> Answer:
    """Ends it, also of an assistant that is gone. Raises NotAllowed and what `show` raises."""
    channel = await channels.here(asked, desk)
    channels.decides(asked.asker, channel, desk)
    place, store, say = desk.place(channel), desk.runtime.store, asked.say
    allowed = command.account.folded()
    standing = [
        one
        for one in await store.mutes.of(place)
        if str(one.assistant) == command.reference.removeprefix("#") and allowed.allows([fold(one.account)])
    ]
    if len(standing) == 1:
        account, number = standing[0].account, standing[0].assistant
        known = await store.history.version(account, number, asked.now)
        name = _name(known, asked) if known else f"`{number}`"
    else:
        try:
            assistant = (await desk.runtime.core.show(command.reference, command.account)).assistant
        except AssistantUnknown as error:
            return guide.candidates(error, say, _instead_unmuted, state.RUN, ask_first=True)
        account, number, name = assistant.account, assistant.id, _name(assistant, asked)
    was_muted = await store.mutes.unmute(place, account, number)
    if was_muted:
        detail = written(Unmute(str(number), Choice(include=(account,))))
        await store.journal.write(place, asked.asker.user, "unmute", detail)
    return times.unmuted(name, places.name(place, say), say, was_muted=was_muted)


def _moment(until: Until | None, asked: Asked) -> datetime:
    """What the asker's clock says; a time of day is the next one."""
    clock = zone("", asked)
    match until:
        case None:
            return asked.now + USUAL
        case time():
            return Daily(at=until, zone=clock).next(asked.now)
        case _ if until.tzinfo is None:
            return until.replace(tzinfo=ZoneInfo(clock))
        case _:
            return until


def _instead(command: Mute, candidate: Candidate, until: datetime) -> str:
    return written(Mute(str(candidate.id), Choice(include=(candidate.account,)), until, command.reason))


def _instead_unmuted(candidate: Candidate) -> str:
    return written(Unmute(str(candidate.id), Choice(include=(candidate.account,))))


def _name(assistant: Assistant, asked: Asked) -> str:
    return f"*{phrases.name(assistant.name, asked.say, 150)}* `{assistant.id}`"
