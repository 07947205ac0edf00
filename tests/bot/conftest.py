"""The whole bot over real sockets: a demo API, a local Slack that holds to our manifest, and people who type."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.connection import connected
from bot.playground import LocalSlack, Message
from bot.playground.people import PERSON
from bot.playground.views import View
from shared.demo import DEMO_KEY, DemoApi
from shared.runtime import Runtime, open_runtime
from shared.settings import SlackSettings, from_arguments
from tests.clocks import ManualClock

Ask = Callable[..., Awaitable[Message]]
See = Callable[..., Awaitable[View]]
MakeSettings = Callable[..., SlackSettings]
OpenBot = Callable[..., Awaitable[Runtime[SlackSettings]]]

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
    """A local Slack; whatever the bot has sent when the test ends was within Slack's limits."""
    # Slack's three seconds are real ones: a machine that is busy with other tests may take longer.
    async with LocalSlack(manifest=manifest, clock=clock, acknowledge_within=60) as slack:
        yield slack
    assert slack.complaints == []


@pytest.fixture
def settings(demo_api: DemoApi, slack: LocalSlack, tmp_path: Path) -> MakeSettings:
    """Settings for the demo API and the local Slack, but for what is given."""

    def build(**given: Any) -> SlackSettings:
        usual = {
            "famulor_api_key": DEMO_KEY,
            "famulor_base_url": demo_api.base_url,
            "cache_seconds": 0,
            "database_url": f"sqlite:///{tmp_path / 'bot.sqlite3'}",
            "slack_bot_token": slack.bot_token,
            "slack_app_token": slack.app_token,
            "slack_api_url": slack.api_url,
        }
        return from_arguments(SlackSettings, **(usual | given))

    return build


@pytest.fixture
async def open_bot(settings: MakeSettings, slack: LocalSlack, clock: ManualClock) -> AsyncIterator[OpenBot]:
    """Starts the bot with these settings instead of the usual ones."""
    async with AsyncExitStack() as stack:

        async def start(**given: Any) -> Runtime[SlackSettings]:
            runtime = await stack.enter_async_context(open_runtime(settings(**given), clock))
            await stack.enter_async_context(connected(runtime))
            await slack.connected()
            return runtime

        yield start


@pytest.fixture
async def bot(open_bot: OpenBot) -> Runtime[SlackSettings]:
    """The bot as it usually is."""
    return await open_bot()


@pytest.fixture
def ask_in(slack: LocalSlack) -> Ask:
    """Types something after /assistants and reads the answer that only the asker sees."""

    async def ask(text: str, *, user: str = PERSON) -> Message:
        interaction = await slack.type_command(f"/assistants {text}", user=user)
        assert interaction.acknowledged, interaction
        assert interaction.acknowledgement is None
        reply = await interaction.reply()
        assert reply.ephemeral
        return reply

    return ask


@pytest.fixture
def ask(bot: Runtime[SlackSettings], ask_in: Ask) -> Ask:
    """The same, of the bot as it usually is."""
    return ask_in


@pytest.fixture
def see_in(slack: LocalSlack) -> See:
    """Types something after /assistants and looks at the modal that it opens, once it is filled."""

    async def look(text: str, *, user: str = PERSON) -> View:
        interaction = await slack.type_command(f"/assistants {text}", user=user)
        assert interaction.acknowledged, interaction
        waiting = await interaction.view()
        filled = await interaction.view()
        assert filled.id == waiting.id
        return filled

    return look


@pytest.fixture
def see(bot: Runtime[SlackSettings], see_in: See) -> See:
    """The same, of the bot as it usually is."""
    return see_in
