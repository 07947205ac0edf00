"""`export`: the list as a file."""

import asyncio

from bot import exports
from bot.asking import Asked
from bot.commands.lists import without_prompts
from bot.desk import Desk
from bot.exports import Row
from bot.grammar import Export, ExportFormat
from bot.views import files
from bot.views.answers import Answer, Attachment

_ALL = 1_000_000
"""Assistants. A query's limit is for people and agents who read; a file has all, of one and the same snapshot."""


async def export(command: Export, asked: Asked, desk: Desk) -> Answer:
    """The file, in which prompts stand for who may see them. Raises PromptsForAdmins where it searches prompts."""
    prompts = asked.asker.sees_prompts
    query = command.query if prompts else without_prompts(command.query)
    command = Export(command.format, query.model_copy(update={"cursor": "", "limit": _ALL}))
    found = await desk.runtime.core.find(command.query, voices=True)
    if not found.assistants:
        return files.nothing(found, command, asked.say)
    page_of = desk.runtime.settings.page_of
    rows = [Row(one, found.names[one.account], page_of(one.account, one.id)) for one in found.assistants]
    write = {ExportFormat.CSV: exports.as_csv, ExportFormat.JSON: exports.as_json}[command.format]
    # Thousands of prompts take their time; others are answered meanwhile.
    content = await asyncio.to_thread(write, rows, prompts=prompts)
    name = f"outbound-assistants-{asked.now:%Y-%m-%d}.{command.format}"
    return Attachment(name, content, files.note(found, command, asked.say))
