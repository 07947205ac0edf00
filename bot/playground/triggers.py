"""The `trigger_id`s that open a view: once, within three seconds."""

import itertools
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.playground.refusal import SlackRefusesError
from shared.clock import Clock

# https://docs.slack.dev/surfaces/modals
TRIGGER_LIFE = timedelta(seconds=3)


@dataclass
class _Trigger:
    user: str
    opened: datetime
    exchanged: bool = False


class Triggers:
    """Issued with every interaction, exchanged for one view."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = itertools.count(1_000_000_000_001)
        self._issued: dict[str, _Trigger] = {}

    def issue(self, user: str) -> str:
        trigger_id = f"{next(self._numbers)}.{next(self._numbers)}.{secrets.token_hex(16)}"
        self._issued[trigger_id] = _Trigger(user, self._clock.now())
        return trigger_id

    def exchange(self, trigger_id: str) -> str:
        """The user who may now be shown a view.

        Raises:
            SlackRefusesError: `invalid_trigger_id`, `expired_trigger_id`, `exchanged_trigger_id`.
        """
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            raise SlackRefusesError("invalid_trigger_id")
        if trigger.exchanged:
            raise SlackRefusesError("exchanged_trigger_id")
        if self._clock.now() - trigger.opened > TRIGGER_LIFE:
            raise SlackRefusesError("expired_trigger_id")
        trigger.exchanged = True
        return trigger.user
