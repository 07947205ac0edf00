"""A channel that has subscribed: bot, watch and delivery over one store, polled and drained when a test says."""

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from bot.alerts.running import Alerts, alerting
from bot.playground import GENERAL, PERSON, TEAM, LocalSlack, Message
from shared.alerts import Subscription
from shared.audit import RULES
from shared.demo import DemoApi
from shared.models import Severity
from shared.query import AssistantQuery
from shared.runtime import Runtime, watch
from shared.settings import SlackSettings
from shared.watch import Watch
from tests.bot.conftest import OpenBot
from tests.clocks import ManualClock

PLACE = f"{TEAM}/{GENERAL}"


@dataclass(frozen=True)
class World:
    """One account, one workspace, and everything between them."""

    api: DemoApi
    slack: LocalSlack
    clock: ManualClock
    runtime: Runtime[SlackSettings]
    watch: Watch
    alerts: Alerts
    place: str = PLACE

    async def subscribe(
        self,
        channel: str = GENERAL,
        *,
        by: str = PERSON,
        query: AssistantQuery | None = None,
        groups: Collection[str] = (),
        minimum: Severity = Severity.INFO,
    ) -> Subscription:
        return await self.runtime.store.subscriptions.add(
            f"{TEAM}/{channel}", by, query or AssistantQuery(), groups, minimum
        )

    async def speak_german(self, place: str = GENERAL) -> None:
        await self.runtime.store.places.set_language(f"{TEAM}/{place}", "de", by=PERSON)

    async def poll(self, after: float = 60) -> None:
        """The watch looks, after so many seconds."""
        self.clock.advance(after)
        assert await self.watch.tick() == 1

    async def drain(self) -> None:
        """Everything is delivered that can be."""
        await self.alerts.tick()
        for _second in range(100):
            if not await self.runtime.store.outbox.depth():
                return
            self.clock.advance(1)
            await self.alerts.tick()
        raise AssertionError("something is still owed")

    async def told(self, after: float = 60) -> list[Message]:
        """What stands in the channel once the next poll has been told."""
        await self.poll(after)
        await self.drain()
        return self.posts()

    async def changed(self, assistant: int, /, **fields: Any) -> list[Message]:
        """The same after somebody has changed an assistant in Famulor."""
        self.api.change(assistant, **fields)
        return await self.told()

    def posts(self, channel: str = GENERAL) -> list[Message]:
        return self.slack.workspace.messages(channel)

    def thread(self, message: Message) -> list[Message]:
        return self.slack.workspace.replies(message.channel, message.ts)


OpenWorld = Callable[..., Any]


@pytest.fixture
async def open_world(
    demo_api: DemoApi, slack: LocalSlack, clock: ManualClock, open_bot: OpenBot
) -> AsyncIterator[OpenWorld]:
    """Starts everything with these settings; the baseline is taken.

    No rule of the audit is on unless settings say so: most tests are about one change, not about what is wrong then.
    """
    async with AsyncExitStack() as stack:

        async def start(**given: Any) -> World:
            runtime = await open_bot(**{"audit_rules": dict.fromkeys(RULES, "off"), **given})
            alerts = await stack.enter_async_context(alerting(runtime, chance=lambda: 0.0))
            world = World(demo_api, slack, clock, runtime, watch(runtime), alerts)
            await world.watch.tick()
            return world

        yield start


@pytest.fixture
async def world(open_world: OpenWorld) -> World:
    """As it usually is: #general hears of everything."""
    found: World = await open_world()
    await found.subscribe()
    return found
