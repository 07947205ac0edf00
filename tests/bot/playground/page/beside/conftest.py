"""A local Slack with everything beside it, the bot, and an MCP server, all of which ask one demo API."""

import asyncio
import socket
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import aiohttp
import pytest
import uvicorn

from bot.playground import Beside, LocalSlack
from mcp_server.server import build
from shared.demo import DEMO_KEY, DemoApi
from shared.runtime import open_core
from shared.settings import Settings, from_arguments
from tests.bot.playground.page.beside.visiting import Visitor
from tests.clocks import ManualClock


@pytest.fixture
async def agents_url(demo_api: DemoApi, clock: ManualClock) -> AsyncIterator[str]:
    """Where an MCP server listens, in this process."""
    settings = from_arguments(Settings, famulor_api_key=DEMO_KEY, famulor_base_url=demo_api.base_url, cache_seconds=0)
    app = build(partial(open_core, settings, clock)).streamable_http_app()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, lifespan="on", log_config=None, timeout_graceful_shutdown=1))
        running = asyncio.create_task(server.serve(sockets=[listener]))
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"
        server.should_exit = True
        await running


@pytest.fixture
def beside(demo_api: DemoApi) -> Beside:
    return Beside(famulor=demo_api)


@pytest.fixture
async def slack(clock: ManualClock, manifest: dict[str, Any], beside: Beside) -> AsyncIterator[LocalSlack]:
    async with LocalSlack(manifest=manifest, clock=clock, acknowledge_within=60, beside=beside) as slack:
        yield slack


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def ada(http: aiohttp.ClientSession, slack: LocalSlack) -> Visitor:
    return Visitor(http, slack.url)


@pytest.fixture
def ben(http: aiohttp.ClientSession, slack: LocalSlack) -> Visitor:
    return Visitor(http, slack.url, "ben")
