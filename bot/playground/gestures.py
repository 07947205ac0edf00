"""All that people do in the local Slack."""

from bot.playground.speaking import Speaking
from bot.playground.touching import Touching


class Gestures(Speaking, Touching):
    """What they say, and what they touch."""
