"""`outbound` and `find`: lists of assistants."""

from dataclasses import replace

from bot.access import Prompts, PromptsForAdmins
from bot.asking import Asked
from bot.desk import Desk
from bot.grammar import Find, Listing
from bot.views import lists
from bot.views.answers import Answer
from shared.query import AssistantQuery


async def outbound(command: Listing, asked: Asked, desk: Desk) -> Answer:
    """The list that the words ask for. Raises PromptsForAdmins where they ask for words of prompts."""
    return await _page(readable(command, sees_prompts=asked.asker.sees_prompts), asked, desk)


async def find(command: Find, asked: Asked, desk: Desk) -> Answer:
    """Which prompts say it. Raises PromptsForAdmins."""
    return await _page(readable(command, sees_prompts=asked.asker.sees_prompts), asked, desk)


def readable(command: Listing | Find, *, sees_prompts: bool) -> Listing | Find:
    """The command as it is run for somebody who does or doesn't see prompts. Raises PromptsForAdmins."""
    return replace(command, query=without_prompts(command.query)) if not sees_prompts else command


def without_prompts(query: AssistantQuery) -> AssistantQuery:
    """The query for who doesn't see prompts: its words are looked for in names alone. Raises PromptsForAdmins.

    Whether an assistant is found would tell what its prompt says, so no prompt is searched.
    """
    if query.prompt:
        raise PromptsForAdmins
    return query.model_copy(update={"name": (*query.name, *query.search), "search": ()})


async def _page(command: Listing | Find, asked: Asked, desk: Desk) -> Answer:
    found = await desk.runtime.core.find(command.query, anew=asked.anew)
    # Direct messages are one person's.
    in_channel = asked.shareable and asked.place.startswith(("C", "G"))
    public = isinstance(command, Listing) or desk.rules.prompts is Prompts.EVERYONE
    return lists.page(found, command, asked.say, desk.runtime.settings.page_of, shareable=in_channel and public)
