"""`/assistants …`: ask the core what the words ask for, and show it."""

from typing import assert_never

from bot import views
from bot.answering import Typed
from bot.grammar import Help, Listing, Show, Unknown, parse
from bot.views import Message
from shared.core import Core


async def assistants(typed: Typed, core: Core) -> Message:
    """The answer to what was typed. Raises FamulorError where there is none."""
    command = parse(typed.text)
    match command:
        case Listing(query):
            return views.page(await core.find(query))
        case Show(reference, account):
            return views.detail(await core.show(reference, account))
        case Help(topic):
            return views.guide(topic)
        case Unknown():
            return views.unknown(command)
    assert_never(command)
