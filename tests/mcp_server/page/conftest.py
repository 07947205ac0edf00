"""One browser for all tests of the page, and an agent in the browser's loop."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from mcp_server.calls import FamulorServer
from shared.demo import DemoApi
from tests.clocks import ManualClock
from tests.mcp_server.conftest import Agent, connected

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    *("--disable-gpu", "--disable-quic", "--disable-sync", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update"),
)
"""A browser of its own accord asks for nothing then."""


def found_browser() -> str:
    """The path of a browser; without one the tests are skipped, but never in CI."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        missing = f"The page is not tested: there is no browser here, none of {', '.join(BROWSERS)}."
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(missing)
    return path


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = found_browser()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=QUIET, chromium_sandbox=False)
        yield browser
        await browser.close()


# The browser lives in the loop of the session, so all that talks to it does.
@pytest_asyncio.fixture(loop_scope="session")
async def demo_api(clock: ManualClock) -> AsyncIterator[DemoApi]:
    async with DemoApi(clock=clock) as api:
        yield api


@pytest_asyncio.fixture(loop_scope="session")
async def agent(server: FamulorServer) -> AsyncIterator[Agent]:
    async with connected(server) as agent:
        yield agent
