"""`log`: who did what."""

from bot.access import AdminsOnly
from bot.asking import Asked
from bot.desk import Desk
from bot.grammar import Log
from bot.views import journal as views
from bot.views.answers import Answer


async def log(command: Log, asked: Asked, desk: Desk) -> Answer:
    """A page of it, newest first, for admins. Raises AdminsOnly."""
    if not asked.asker.admin:
        raise AdminsOnly
    entries = await desk.runtime.store.journal.read(before_id=command.after, limit=views.ROWS + 1)
    return views.page(entries, command, asked.say)
