"""The whole bot over real sockets: a demo API, a local Slack that holds to our manifest, and a person who types."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.connection import connected
from bot.playground import LocalSlack, Message
from bot.playground.limits import advice, problems
from shared.demo import DEMO_KEY, DemoApi
from shared.runtime import open_core
from shared.settings import SlackSettings, from_arguments
from tests.clocks import ManualClock

Ask = Callable[[str], Awaitable[Message]]
OpenBot = Callable[..., Awaitable[Ask]]

MANIFEST = Path(__file__).parents[2] / "manifest.yml"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    # Slack's SDK takes any proxy from the environment, also for 127.0.0.1.
    for name in list(os.environ):
        if name.startswith(("SLACK_", "FAMULOR_")) or name.upper().endswith("_PROXY"):
            monkeypatch.delenv(name)


@pytest.fixture
def manifest() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return content


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def demo_api(clock: ManualClock) -> AsyncIterator[DemoApi]:
    async with DemoApi(clock=clock, limited=False) as api:
        yield api


@pytest.fixture
async def slack(clock: ManualClock, manifest: dict[str, Any]) -> AsyncIterator[LocalSlack]:
    async with LocalSlack(manifest=manifest, clock=clock) as slack:
        yield slack


@pytest.fixture
def settings(demo_api: DemoApi, slack: LocalSlack) -> Callable[..., SlackSettings]:
    """Settings for the demo API and the local Slack, but for what is given."""

    def build(**given: Any) -> SlackSettings:
        usual = {
            "famulor_api_key": DEMO_KEY,
            "famulor_base_url": demo_api.base_url,
            "cache_seconds": 0,
            "slack_bot_token": slack.bot_token,
            "slack_app_token": slack.app_token,
            "slack_api_url": slack.api_url,
        }
        return from_arguments(SlackSettings, **(usual | given))

    return build


@pytest.fixture
def ask_in(slack: LocalSlack) -> Ask:
    """Types something after /assistants and reads the answer, which no limit of Slack's may spoil."""

    async def ask(text: str) -> Message:
        interaction = await slack.type_command(f"/assistants {text}")
        assert interaction.acknowledged, interaction
        assert interaction.acknowledgement is None
        reply = await interaction.reply()
        assert reply.ephemeral
        assert (problems(reply.payload), advice(reply.payload)) == ([], [])
        return reply

    return ask


@pytest.fixture
async def open_bot(
    settings: Callable[..., SlackSettings], slack: LocalSlack, clock: ManualClock, ask_in: Ask
) -> AsyncIterator[OpenBot]:
    """Starts the bot with these settings instead of the usual ones."""
    async with AsyncExitStack() as stack:

        async def start(**given: Any) -> Ask:
            chosen = settings(**given)
            core = await stack.enter_async_context(open_core(chosen, clock))
            await stack.enter_async_context(connected(chosen, core))
            await slack.connected()
            return ask_in

        yield start


@pytest.fixture
async def ask(open_bot: OpenBot) -> Ask:
    """The bot as it usually is."""
    return await open_bot()
