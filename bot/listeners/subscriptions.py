"""The buttons of subscriptions that aren't a text alone: to confirm one, and to have a paused channel told again."""

from bot.arrivals import Arrival
from bot.asking import Asker
from bot.commands.subscriptions import confirm as subscribed
from bot.commands.subscriptions import resume as resumed
from bot.desk import Desk
from bot.failures import settled
from bot.grammar import Subscribe, parse
from bot.listeners.buttons import outdated


async def confirm(arrival: Arrival, asker: Asker, desk: Desk) -> None:
    """Subscribes; the button's text is the whole order, with its channel."""
    text = str(arrival.action.get("value") or "")
    asked = desk.asked(arrival, asker, text)
    command = parse(text, asked.now)
    if not isinstance(command, Subscribe):
        await outdated(arrival, asker, desk)
        return
    route = desk.route(arrival, asker, replacing=True)
    await route.show(await settled(subscribed(command, asked, desk), asker.say))


async def resume(arrival: Arrival, asker: Asker, desk: Desk) -> None:
    """Has the button's channel told again."""
    asked = desk.asked(arrival, asker, "")
    channel = str(arrival.action.get("value") or "")
    route = desk.route(arrival, asker, replacing=True)
    await route.show(await settled(resumed(channel, asked, desk), asker.say))
