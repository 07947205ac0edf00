"""`help`, and what is said to who asked otherwise."""

from bot.asking import Asked
from bot.grammar import Help, Invalid, Unknown
from bot.views import guide
from bot.views.answers import Answer


def help_with(command: Help, asked: Asked) -> Answer:
    """How to ask."""
    return guide.guide(command.topic, asked.say)


def unknown(command: Unknown, asked: Asked) -> Answer:
    """What was not understood, and what was probably meant."""
    return guide.unknown(command, asked.say)


def invalid(command: Invalid, asked: Asked) -> Answer:
    """A value that does not exist, and which do."""
    return guide.invalid(command.error, command.topic, asked.say)
