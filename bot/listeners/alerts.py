"""The buttons of an alert: it is acknowledged, or its assistant is muted at this place; everybody there sees it."""

from datetime import datetime, timedelta

from bot.access import AdminsOnly
from bot.alerts.posting import MessageGone, NotPosted, Posting
from bot.alerts.scenes import Scenes
from bot.arrivals import Arrival
from bot.asking import Asker
from bot.channels import decides
from bot.desk import Desk
from bot.listeners.buttons import outdated
from bot.listeners.homes import home
from bot.translation import Say
from bot.views import alerts, blocks, phrases, state
from shared.alerts import Matter, Mute

_TIMES = frozenset({alerts.SHORT, *alerts.LONGER})


async def acknowledge(arrival: Arrival, asker: Asker, desk: Desk) -> None:
    """Somebody sees to it. The message says so to all as soon as it is delivered, like everything about a matter."""
    matter = await _matter(arrival, desk)
    if matter is None:
        await outdated(arrival, asker, desk)
        return
    if matter.acknowledged_by and matter.acknowledged_at:
        user, moment = matter.acknowledged_by, phrases.moment(matter.acknowledged_at)
        told = asker.say("<@{user}> has acknowledged it already, {moment}.", user=user, moment=moment)
        await desk.route(arrival, asker).show(blocks.notice(told))
        return
    await desk.runtime.store.matters.acknowledge(matter.id, asker.user)
    await desk.runtime.store.journal.write(matter.place, asker.user, "acknowledge", alerts.number(matter))


async def mute(arrival: Arrival, asker: Asker, desk: Desk) -> None:
    """For the time of the button or of the menu's choice. Raises NotAllowed."""
    matter, until = await _matter(arrival, desk), _until(arrival, desk)
    if matter is None or matter.assistant is None or until is None:
        await outdated(arrival, asker, desk)
        return
    decides(asker, arrival.place, desk)
    set_by = Mute(
        place=matter.place, account=matter.account, assistant=matter.assistant, until=until, by=asker.user, reason=""
    )
    await desk.runtime.store.mutes.mute(set_by)
    detail = f"{matter.account}/{matter.assistant} → {until:%Y-%m-%d %H:%M} UTC"
    await desk.runtime.store.journal.write(matter.place, asker.user, "mute", detail)
    await _show(matter, arrival, asker, desk)


async def unmute(arrival: Arrival, asker: Asker, desk: Desk) -> None:
    """Before its time. Raises NotAllowed."""
    matter = await _matter(arrival, desk)
    if matter is None or matter.assistant is None:
        await outdated(arrival, asker, desk)
        return
    decides(asker, arrival.place, desk)
    await desk.runtime.store.mutes.unmute(matter.place, matter.account, matter.assistant)
    await desk.runtime.store.journal.write(matter.place, asker.user, "unmute", f"{matter.account}/{matter.assistant}")
    await _show(matter, arrival, asker, desk)


async def retry(arrival: Arrival, asker: Asker, desk: Desk) -> None:
    """What was set aside is owed again. Raises AdminsOnly."""
    number = _value(arrival)
    if not asker.admin:
        raise AdminsOnly
    if number.isdecimal() and len(number) <= alerts.DIGITS and await desk.runtime.store.outbox.retry(int(number)):
        await desk.runtime.store.journal.write(desk.place(asker.user), asker.user, "retry", number)
    await home(arrival, asker, desk)


async def _matter(arrival: Arrival, desk: Desk) -> Matter | None:
    """The matter that the button names, where it is one of this channel's."""
    number = alerts.number_in(_value(arrival).partition(" ")[0])
    matter = None if number is None else await desk.runtime.store.matters.get(number)
    return matter if matter is not None and matter.place == desk.place(arrival.place) else None


def _until(arrival: Arrival, desk: Desk) -> datetime | None:
    """When a mute ends that begins now."""
    _number, _blank, chosen = _value(arrival).partition(" ")
    seconds = chosen or str(arrival.action.get("action_id") or "").partition(":")[2]
    time = timedelta(seconds=int(seconds)) if seconds.isdecimal() and len(seconds) <= len("604800") else None
    return desk.runtime.clock.now() + time if time in _TIMES and time is not None else None


def _value(arrival: Arrival) -> str:
    """What the button carries, or the option that was chosen."""
    return str(arrival.action.get("value") or state.chosen(arrival.action))


async def _show(matter: Matter, arrival: Arrival, asker: Asker, desk: Desk) -> None:
    """The message says how it is now; where it can't, whoever pressed is told."""
    scenes = Scenes(desk.runtime)
    say = Say(await scenes.language(matter.place))
    around = await scenes.around(matter.changes[-1], matter.place)
    try:
        await Posting(desk.client, desk.runtime.clock).update(
            arrival.place, matter.message, alerts.alert(matter, around, say)
        )
    except MessageGone:
        return
    except NotPosted:
        told = asker.say("It is done, but Slack does not take the new text of the alert at the moment.")
        await desk.route(arrival, asker).show(blocks.notice(told))
