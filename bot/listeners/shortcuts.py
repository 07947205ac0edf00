"""Shortcuts: look an assistant up from anywhere, or those that a message names."""

from slack_bolt.async_app import AsyncAck

from bot import mentions
from bot.arrivals import Arrival, Body
from bot.asking import Asker
from bot.desk import Desk
from bot.failures import settled
from bot.grammar import Show, Unknown, parse, plain, written
from bot.listeners.texts import respond
from bot.replies import Modal, opened, placed
from bot.translation import Say
from bot.views import lookup, shells
from shared.models import Assistant
from shared.query import Choice


async def open_form(arrival: Arrival, asker: Asker, desk: Desk) -> None:
    """The global shortcut: a form with one field."""
    if not await placed(desk.client, arrival.trigger, lookup.form(asker.say)):
        await desk.route(arrival, asker).show(lookup.not_opened(asker.say))


async def acknowledge_form(ack: AsyncAck, body: Body) -> None:
    """At once: the form becomes a modal that waits for the answer, or says that nothing was typed."""
    view = body["view"]
    say, text = Say(str(view.get("private_metadata") or "")), lookup.typed(view)
    if text:
        await ack(response_action="update", view=shells.waiting(say, text))
    else:
        await ack(response_action="errors", errors=lookup.empty(say))


async def answer_form(arrival: Arrival, asker: Asker, desk: Desk) -> None:
    """What was typed into the form, answered in its place."""
    typed = lookup.typed(arrival.view)
    if typed:
        asked = desk.asked(arrival, asker, typed)
        if isinstance(parse(typed, asked.now), Unknown):
            # What is no command is a name.
            asked = asked.instead(written(Show(plain(typed)), asker.say.language))
        await respond(arrival, asked, desk, Modal(desk.client, asker, str(arrival.view.get("id")), asked.text))


async def in_message(arrival: Arrival, asker: Asker, desk: Desk) -> None:
    """The shortcut of a message: the assistant that it names, a choice of several, or the form."""
    modal = await opened(desk.client, asker, arrival.trigger)
    route = modal or desk.route(arrival, asker)
    text = mentions.text_of(arrival.message)
    found = await settled(_named_in(text, desk), asker.say)
    if not isinstance(found, list):
        await route.show(found)
    elif len(found) > 1:
        await route.show(lookup.several(found, asker.say))
    elif found:
        shown = written(Show(str(found[0].id), Choice(include=(found[0].account,))), asker.say.language)
        await respond(arrival, desk.asked(arrival, asker, shown), desk, route)
    elif modal:
        note = asker.say("This message names no assistant.")
        await modal.put(lookup.form(asker.say, " ".join(plain(text).split()), note))
    else:
        await route.show(lookup.not_opened(asker.say))


async def _named_in(text: str, desk: Desk) -> list[Assistant]:
    assistants = await desk.runtime.core.everyone()
    return mentions.named_in(text, assistants, desk.runtime.settings.assistant_of)
