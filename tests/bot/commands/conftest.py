"""What a test of commands about alerts and history may ask for: the bot with a watch and a delivery."""

from tests.bot.alerts.conftest import open_world, world

__all__ = ["open_world", "world"]
