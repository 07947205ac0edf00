"""Texts that the grammar reads: slash commands, mentions and direct messages."""

from bot import commands
from bot.arrivals import Arrival
from bot.asking import Asked, Asker
from bot.desk import Desk
from bot.failures import settled
from bot.replies import Route, opened


async def typed(arrival: Arrival, asker: Asker, desk: Desk) -> None:
    """Somebody typed a command, in whichever way."""
    await respond(arrival, desk.asked(arrival, asker, arrival.text), desk)


async def respond(arrival: Arrival, asked: Asked, desk: Desk, route: Route | None = None) -> None:
    """Shows the answer on its route; without one something long goes into a modal, where Slack opens one."""
    if route is None and arrival.trigger and commands.opens_modal(asked):
        route = await opened(desk.client, asked.asker, arrival.trigger, asked.text)
    route = route or desk.route(arrival, asked.asker)
    await route.show(await settled(commands.answer(asked, desk), asked.say))
