"""One browser for all tests of the page, and an agent in the browser's loop."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser

from mcp_server.calls import FamulorServer
from shared.demo import DemoApi
from tests.browsers import launched
from tests.clocks import ManualClock
from tests.mcp_server.conftest import Agent, connected


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with launched() as browser:
        yield browser


# The browser lives in the loop of the session, so all that talks to it does.
@pytest_asyncio.fixture(loop_scope="session")
async def demo_api(clock: ManualClock) -> AsyncIterator[DemoApi]:
    async with DemoApi(clock=clock) as api:
        yield api


@pytest_asyncio.fixture(loop_scope="session")
async def agent(server: FamulorServer) -> AsyncIterator[Agent]:
    async with connected(server) as agent:
        yield agent
