"""Nothing typed: counts, what is wrong, what to type next."""

import asyncio

from bot.asking import Asked
from bot.commands.auditing import ignores
from bot.desk import Desk
from bot.views import overview as views
from bot.views.blocks import Message
from shared.query import AssistantQuery, Sort

NEWEST = AssistantQuery(sort=Sort.parse("-updated"), limit=3)


async def overview(asked: Asked, desk: Desk) -> Message:
    """The state of everything in a few lines."""
    runtime = desk.runtime
    ignored = await ignores(desk)
    # Together they share one fetch.
    summary, newest = await asyncio.gather(runtime.core.summary(ignores=ignored), runtime.core.find(NEWEST))
    return views.overview(summary, newest.assistants, asked.asker, runtime.settings.page_of)
