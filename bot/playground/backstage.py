"""What is behind everything that people do in the local Slack: its state, put together."""

import itertools
import uuid
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from bot.playground import forms, payloads
from bot.playground.dispatch import Dispatch
from bot.playground.interaction import Interaction
from bot.playground.manifest import Permissions
from bot.playground.passes import ResponseUrls
from bot.playground.record import Record
from bot.playground.sockets import SocketMode
from bot.playground.traces import Traces
from bot.playground.triggers import Triggers
from bot.playground.views import View, Views
from bot.playground.workspace import Channel, Message, Workspace
from shared.clock import Clock


class Backstage(ABC):
    """`permissions` is what the app's manifest allows it; the other arguments are `LocalSlack`'s."""

    def __init__(self, permissions: Permissions, clock: Clock, acknowledge_within: float) -> None:
        self._clock = clock
        self._permissions = permissions
        self._numbers = itertools.count(1)
        self._triggers = Triggers(clock)
        self._traces = Traces()
        self._record = Record()
        self._sockets = SocketMode()
        self._filled: dict[str, forms.State] = {}
        self._offered: dict[str, list[dict[str, Any]]] = {}
        self.workspace = Workspace(clock)
        self.views = Views(self.workspace, self._triggers, shown=self._traces.shown, home_enabled=permissions.home_tab)
        self._responses = ResponseUrls(self.workspace, clock, self._traces)
        self._dispatch = Dispatch(self._sockets, self._responses, self.views, self._record, acknowledge_within)

    @property
    @abstractmethod
    def url(self) -> str:
        """Where people reach it."""

    @property
    def offered(self) -> Mapping[str, list[dict[str, Any]]]:
        """The options that the bot suggested last for a menu, by its action_id."""
        return self._offered

    def came_of(self, where: Message | View) -> Interaction | None:
        """The latest interaction with it, else the one that it came of, as far as `traces` knows."""
        return self._traces.latest(where)

    def last_of(self, user: str) -> Interaction | None:
        """What this person did last, if it was brought to the bot."""
        return self._traces.latest_of(user)

    def lose_acknowledgements(self, count: int = 1) -> None:
        """The coming acknowledgements don't arrive, as if the bot were too slow: nobody waits those seconds."""
        self._dispatch.to_lose += count

    def _circumstances(
        self, interaction: Interaction, channel: Channel | None = None, original: Message | None = None
    ) -> payloads.Circumstances:
        trigger_id = self._triggers.issue(interaction.user)
        self._traces.triggered(interaction, trigger_id)
        return payloads.Circumstances(
            user=self.workspace.users[interaction.user],
            channel=channel,
            at=self._clock.now(),
            response_url=f"{self.url}response/{self._responses.issue(interaction, original)}",
            trigger_id=trigger_id,
        )

    async def _send(
        self, kind: str, payload: Mapping[str, Any], interaction: Interaction, *, answerable: bool = False
    ) -> Interaction:
        envelope = payloads.envelope(kind, payload, str(uuid.uuid4()), answerable=answerable)
        if kind == "events_api":
            envelope |= {"retry_attempt": 0, "retry_reason": ""}
        interaction.envelope = envelope
        self._traces.begun(interaction)
        return await self._dispatch.deliver(interaction)

    def state(self, where: Message | View) -> forms.State:
        """What is chosen and filled in on it now."""
        return forms.values(where.payload, self._filled.get(_key(where), {}))

    def _fill(self, where: Message | View, control: forms.Control, value: Mapping[str, Any]) -> None:
        blocks = self._filled.setdefault(_key(where), {})
        blocks.setdefault(control.block_id, {})[control.action_id] = {"type": control.type, **value}


def _key(where: Message | View) -> str:
    return where.id if isinstance(where, View) else f"{where.channel}/{where.ts}"
