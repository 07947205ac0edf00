"""`audit`: what is wrong with assistants before they call anyone."""

import asyncio
import logging
from dataclasses import replace

from bot.asking import Asked
from bot.commands.lists import without_prompts
from bot.desk import Desk
from bot.grammar import Audit
from bot.views import audits
from bot.views.answers import Answer
from shared.audit import Audit as Findings
from shared.audit import Ignore
from shared.audit.paging import page
from shared.errors import StoreError
from shared.models import Assistant
from shared.query import AssistantQuery, Choice

_log = logging.getLogger(__name__)


async def audit(command: Audit, asked: Asked, desk: Desk) -> Answer:
    """A page of what is wrong. Raises PromptsForAdmins where it asks for words of prompts, and what `find` raises."""
    query = command.query
    if not asked.asker.sees_prompts:
        query = query.model_copy(update={"assistants": without_prompts(query.assistants)})
        command = replace(command, query=query)
    core = desk.runtime.core
    audited = await core.audit(query.assistants, await ignores(desk), anew=asked.anew)
    # Of thousands of assistants there are many, and others wait for the loop.
    found = await asyncio.to_thread(page, audited.audit, query)
    return audits.page(audited, found, command, asked.asker, desk.runtime.settings.page_of)


async def of_one(assistant: Assistant, desk: Desk) -> Findings:
    """What is wrong with this one."""
    query = AssistantQuery(account=Choice(include=(assistant.account,)), ids=Choice(include=(str(assistant.id),)))
    return (await desk.runtime.core.audit(query, await ignores(desk))).audit


async def ignores(desk: Desk) -> list[Ignore]:
    """What nobody wants to hear of; without the store, everything is told rather than nothing."""
    try:
        return await desk.runtime.store.ignores.all()
    except StoreError as error:
        _log.warning("What is ignored can't be read: %s", error)
        return []
