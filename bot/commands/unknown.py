"""Commands that are registered in Slack, but not here: an older or newer manifest than this program."""

from bot import views
from bot.answering import Typed
from bot.views import Message
from shared.core import Core


async def unknown(typed: Typed, core: Core) -> Message:
    """Says so, instead of Slack's own time-out."""
    del core
    return views.not_a_command(typed.command)
