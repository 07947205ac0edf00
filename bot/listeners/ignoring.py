"""The buttons in an assistant's details that ignore a finding and take that back, and the form that asks why."""

from dataclasses import replace

from slack_bolt.async_app import AsyncAck

from bot.access import AdminsOnly
from bot.arrivals import Arrival, Body
from bot.asking import Asker
from bot.commands.ignores import then_shown
from bot.desk import Desk
from bot.failures import settled
from bot.grammar import Ignore, Unignore, parse
from bot.listeners.buttons import outdated
from bot.replies import Modal, placed
from bot.views import apologies, ignoring, shells


async def open_form(arrival: Arrival, asker: Asker, desk: Desk) -> None:
    """Asks why. Raises AdminsOnly."""
    command = parse(str(arrival.action.get("value") or ""), desk.runtime.clock.now())
    if not isinstance(command, Ignore):
        await outdated(arrival, asker, desk)
        return
    if not asker.admin:
        raise AdminsOnly
    form = ignoring.form(command, asker.say)
    if not await placed(desk.client, arrival.trigger, form, upon=arrival.in_modal):
        await desk.route(arrival, asker).show(ignoring.not_opened(asker.say))


async def acknowledge_form(ack: AsyncAck, body: Body) -> None:
    """At once: the form goes, says that it needs a reason, or waits where there are no details below it."""
    view = body["view"]
    say, text = ignoring.kept(view)
    if not ignoring.typed(view):
        await ack(response_action="errors", errors=ignoring.empty(say))
    elif view.get("previous_view_id"):
        await ack()
    else:
        await ack(response_action="update", view=shells.waiting(say, text))


async def answer_form(arrival: Arrival, asker: Asker, desk: Desk) -> None:
    """Ignores it, and shows the details anew: in the modal below the form, else in the form's place."""
    view = arrival.view
    reason, (_say, text) = ignoring.typed(view), ignoring.kept(view)
    if not reason:
        return
    asked = desk.asked(arrival, asker, text)
    command = parse(text, asked.now)
    modal = Modal(desk.client, asker, str(view.get("previous_view_id") or view.get("id")))
    if isinstance(command, Ignore):
        done = then_shown(replace(command, reason=reason), asked, desk)
        await modal.show(await settled(done, asker.say))
    else:
        await modal.show(apologies.outdated(asker.say))


async def heed(arrival: Arrival, asker: Asker, desk: Desk) -> None:
    """Takes it back, and shows the details anew in their place."""
    text = str(arrival.action.get("value") or "")
    asked = desk.asked(arrival, asker, text)
    command = parse(text, asked.now)
    if not isinstance(command, Unignore):
        await outdated(arrival, asker, desk)
        return
    route = desk.route(arrival, asker, replacing=True)
    await route.show(await settled(then_shown(command, asked, desk), asker.say))
