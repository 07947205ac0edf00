"""The button that shows an assistant as JSON, and the buttons that turn its pages."""

from bot.arrivals import Arrival
from bot.asking import Asker
from bot.commands.details import as_json
from bot.desk import Desk
from bot.failures import settled
from bot.grammar import Show, parse
from bot.listeners.buttons import outdated
from bot.replies import Modal, opened


async def show_json(arrival: Arrival, asker: Asker, desk: Desk) -> None:
    """Shows it on top of the modal that has the button; another page in the place of the one before."""
    text = str(arrival.action.get("value") or "")
    _verb, _colon, number = str(arrival.action.get("action_id") or "").partition(":")
    page = int(number) if number.isdecimal() else 0
    asked = desk.asked(arrival, asker, text, max(page, 1))
    command = parse(text, asked.now)
    if not isinstance(command, Show):
        await outdated(arrival, asker, desk)
        return
    if page and arrival.in_modal:
        modal: Modal | None = Modal(desk.client, asker, str(arrival.view.get("id")), text)
    else:
        modal = await opened(desk.client, asker, arrival.trigger, text, upon=arrival.in_modal)
    route = modal or desk.route(arrival, asker)
    await route.show(await settled(as_json(command, asked, desk), asker.say))
