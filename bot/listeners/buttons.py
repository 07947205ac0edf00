"""Buttons and menus of answers: each carries the text that it runs."""

from dataclasses import replace

from bot import commands
from bot.arrivals import Arrival
from bot.asking import Asked, Asker
from bot.desk import Desk
from bot.listeners.texts import respond
from bot.replies import Modal, opened
from bot.views import apologies, state
from bot.views.state import Shown


async def run(arrival: Arrival, asker: Asker, desk: Desk) -> None:
    """Shows the answer where the button is."""
    await _replace(arrival, desk.asked(arrival, asker, _text(arrival)), desk)


async def refresh(arrival: Arrival, asker: Asker, desk: Desk) -> None:
    """The same, with what Famulor says now."""
    await _replace(arrival, replace(desk.asked(arrival, asker, _text(arrival)), anew=True), desk)


async def vary(arrival: Arrival, asker: Asker, desk: Desk) -> None:
    """The same list in another order, or of another status; the same order to a channel, narrower or wider."""
    what, text = state.menu_text(arrival.action)
    asked = desk.asked(arrival, asker, text)
    await _replace(arrival, asked.instead(commands.varied(asked, what, state.chosen(arrival.action))), desk)


async def open_modal(arrival: Arrival, asker: Asker, desk: Desk) -> None:
    """Shows the answer in a modal, on top of the one that is open."""
    text = _text(arrival)
    modal = await opened(desk.client, asker, arrival.trigger, text, upon=arrival.in_modal)
    asked = replace(desk.asked(arrival, asker, text), shareable=modal is None)
    await respond(arrival, asked, desk, modal or desk.route(arrival, asker))


async def turn(arrival: Arrival, asker: Asker, desk: Desk) -> None:
    """Another page of what the modal shows."""
    shown = Shown.read(str(arrival.view.get("private_metadata") or ""))
    number = str(arrival.action.get("value") or "")
    page = int(number) if number.isdecimal() else 1
    asked = desk.asked(arrival, asker, shown.command, page)
    await respond(arrival, asked, desk, _modal(arrival, asked, desk))


async def outdated(arrival: Arrival, asker: Asker, desk: Desk) -> None:
    """A button of another version of this app."""
    await desk.route(arrival, asker).show(apologies.outdated(asker.say))


async def _replace(arrival: Arrival, asked: Asked, desk: Desk) -> None:
    if arrival.in_modal:
        await respond(arrival, asked, desk, _modal(arrival, asked, desk))
    elif arrival.in_home:
        # A Home is no place for an answer: the next visit would find it instead of the Home.
        modal = await opened(desk.client, asked.asker, arrival.trigger, asked.text)
        await respond(arrival, asked, desk, modal or desk.route(arrival, asked.asker))
    else:
        await respond(arrival, asked, desk, desk.route(arrival, asked.asker, replacing=True))


def _text(arrival: Arrival) -> str:
    return str(arrival.action.get("value") or "")


def _modal(arrival: Arrival, asked: Asked, desk: Desk) -> Modal:
    return Modal(desk.client, asked.asker, str(arrival.view.get("id")), asked.text)
