"""One module for each slash command: what was typed → what is shown."""

from collections.abc import Mapping

from bot.answering import Listener
from bot.commands.assistants import assistants
from bot.words import COMMAND

COMMANDS: Mapping[str, Listener] = {COMMAND: assistants}
"""Every slash command that the app knows; manifest.yml registers the same in Slack."""

__all__ = ["COMMANDS"]
