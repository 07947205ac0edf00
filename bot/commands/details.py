"""`show` and `compare`: everything about one assistant, or two side by side."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from bot.asking import Asked
from bot.commands.auditing import of_one
from bot.desk import Desk
from bot.grammar import Compare, Show, written
from bot.views import comparison, details, guide, state
from bot.views.answers import Answer
from shared.answers import Detail
from shared.core import Core
from shared.errors import AssistantAmbiguous, AssistantUnknown, Candidate
from shared.models import Assistant
from shared.query import Choice

_BOTH = 2


async def show(command: Show, asked: Asked, desk: Desk) -> Answer:
    """Everything about one, and what is wrong with it."""
    found = await desk.runtime.core.show(command.reference, command.account)
    audit = await of_one(found.assistant, desk)
    return details.detail(found, audit, asked, _again(found, asked), _address(found.assistant, desk))


async def as_json(command: Show, asked: Asked, desk: Desk) -> Answer:
    """One as JSON."""
    found = await desk.runtime.core.show(command.reference, command.account)
    return details.as_json(found, asked, _again(found, asked))


async def compare(command: Compare, asked: Asked, desk: Desk) -> Answer:
    """Two side by side; where a name is nobody's or several's, buttons that compare who may have been meant."""
    try:
        one, other = await _pair(command, desk.runtime.core)
    except _SideUnknown as side:
        if len(desk.runtime.core.accounts) > 1:
            raise side.error from None  # an id alone does not say whose
        return guide.candidates(side.error, asked.say, side.instead, state.RUN)
    accounts = tuple(dict.fromkeys(found.assistant.account for found in (one, other)))
    again = Compare(str(one.assistant.id), str(other.assistant.id), Choice(include=accounts))
    addresses = (_address(one.assistant, desk), _address(other.assistant, desk))
    # Long texts that have little in common take their time, and others wait for the loop.
    return await asyncio.to_thread(
        comparison.comparison, (one, other), asked, written(again, asked.say.language), addresses
    )


class _SideUnknown(Exception):
    """One of the two is nobody, or several: `instead` is the same comparison with a candidate in its place."""

    def __init__(self, error: AssistantUnknown, instead: Callable[[Candidate], str]) -> None:
        super().__init__(str(error))
        self.error = error
        self.instead = instead


async def _pair(command: Compare, core: Core) -> tuple[Detail, Detail]:
    """The two, asked for at once."""
    places = [Choice(include=(account,)) for account in command.account.include]
    if len(places) != _BOTH:
        places = [command.account] * _BOTH

    async def side(reference: str, place: Choice, instead: Callable[[Candidate], Compare]) -> Detail:
        try:
            return await _found(core, reference, command.account, place)
        except AssistantUnknown as error:
            raise _SideUnknown(error, lambda one: written(instead(one))) from error

    one, other = await asyncio.gather(
        side(command.first, places[0], lambda one: replace(command, first=str(one.id))),
        side(command.second, places[1], lambda one: replace(command, second=str(one.id))),
    )
    return one, other


async def _found(core: Core, reference: str, anywhere: Choice, place: Choice) -> Detail:
    """Where two accounts are named and both have such an assistant, each name means the one in its own account."""
    try:
        return await core.show(reference, anywhere)
    except AssistantAmbiguous:
        return await core.show(reference, place)


def _again(found: Detail, asked: Asked) -> str:
    """The text that shows this assistant whatever it is called by then."""
    assistant = found.assistant
    return written(Show(str(assistant.id), Choice(include=(assistant.account,))), asked.say.language)


def _address(assistant: Assistant, desk: Desk) -> str:
    return desk.runtime.settings.page_of(assistant.account, assistant.id)
