"""What people are shown: answers of the core → Slack messages; pure."""

from bot.views.apologies import accident, interrupted, problem
from bot.views.blocks import Message
from bot.views.details import detail
from bot.views.guide import guide, not_a_command, unknown
from bot.views.pages import page

__all__ = [
    "Message",
    "accident",
    "detail",
    "guide",
    "interrupted",
    "not_a_command",
    "page",
    "problem",
    "unknown",
]
