"""Menus that set a language: everybody's own, and a channel's by admins."""

from dataclasses import replace

from bot.access import AdminsOnly
from bot.arrivals import Arrival
from bot.asking import Asker
from bot.desk import Desk
from bot.grammar import Settings, written
from bot.listeners.homes import home
from bot.listeners.texts import respond
from bot.translation import LANGUAGES
from bot.views import state


async def choose(arrival: Arrival, asker: Asker, desk: Desk) -> None:
    """Keeps what was chosen, and shows the same again in the new language. Raises AdminsOnly."""
    place = str(arrival.action.get("action_id") or "").partition(":")[2]
    chosen = state.chosen(arrival.action)
    if place != asker.user and not asker.admin:
        raise AdminsOnly
    language = chosen if chosen in LANGUAGES else None
    await desk.runtime.store.places.set_language(desk.place(place), language, by=asker.user)
    # A channel's menu stands in a modal, which is in no channel.
    arrival = replace(arrival, place=arrival.place or (place if place != asker.user else ""))
    asker = replace(asker, say=await desk.language(arrival))
    if arrival.in_home:
        await home(arrival, asker, desk)
    else:
        asked = desk.asked(arrival, asker, written(Settings()))
        await respond(arrival, asked, desk, desk.route(arrival, asker, replacing=True))
