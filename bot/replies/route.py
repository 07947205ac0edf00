"""What every way of replying can do."""

from typing import Protocol

from bot.views.answers import Answer


class Route(Protocol):
    """One place for one person's answers."""

    async def show(self, answer: Answer) -> None:
        """Shows the answer there, to that person. What Slack does not take is logged: there is nobody to tell."""
