"""What the whole page works with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.playground.gestures import Gestures
from bot.playground.page.hints import app_name
from bot.playground.page.panels import Panel
from bot.playground.page.state import Memory
from bot.playground.people import BOT_USER
from shared.clock import Clock


@dataclass(frozen=True, slots=True)
class Stage:
    """The local Slack, what is remembered of those who look at it, and what stands beside it.

    `token`: what every form has to carry, so that no other page's are taken.
    """

    slack: Gestures
    memory: Memory
    clock: Clock
    token: str
    manifest: Mapping[str, Any] | None = None
    panels: tuple[Panel, ...] = ()

    @property
    def app(self) -> str:
        """What the app is called."""
        return app_name(self.manifest, self.slack.workspace.users[BOT_USER])
