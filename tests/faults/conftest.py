"""Everything at once: a demo API, a local Slack, the bot, its watch and its alerts, on a clock that can be set."""

from datetime import timedelta

import pytest

from tests.bot.alerts.conftest import open_world, world
from tests.bot.conftest import (
    _bare_environment,
    ask_in,
    bot,
    demo_api,
    manifest,
    open_bot,
    settings,
    slack,
)
from tests.clocks import ManualClock

__all__ = [
    "_bare_environment",
    "ask_in",
    "bot",
    "demo_api",
    "manifest",
    "open_bot",
    "open_world",
    "settings",
    "slack",
    "world",
]


class SettableClock(ManualClock):
    """One whose wall clock somebody sets, while the seconds that have passed go on as before."""

    def set_by(self, seconds: float) -> None:
        self._start += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()
