from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import LocalSlack
from tests.bot.playground.bots import Register, RunBot, connect
from tests.clocks import ManualClock


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    # Slack's SDK takes any proxy from the environment, also for 127.0.0.1.
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def slack(clock: ManualClock) -> AsyncIterator[LocalSlack]:
    async with LocalSlack(clock=clock) as slack:
        yield slack


@pytest.fixture
async def impatient_slack(clock: ManualClock) -> AsyncIterator[LocalSlack]:
    async with LocalSlack(clock=clock, acknowledge_within=0.05) as slack:
        yield slack


@pytest.fixture
def client(slack: LocalSlack) -> AsyncWebClient:
    return AsyncWebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def run_bot() -> AsyncIterator[RunBot]:
    running: list[AsyncSocketModeHandler] = []

    async def run(slack: LocalSlack, register: Register) -> AsyncSocketModeHandler:
        running.append(await connect(slack, register))
        return running[-1]

    yield run
    for handler in running:
        await handler.close_async()  # type: ignore[no-untyped-call]
