"""One browser and one world for all tests of the page."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.bot.playground.page.browser.watching import PATIENCE, watched
from tests.bot.playground.page.browser.world import World, world
from tests.browsers import launched

expect.set_options(timeout=PATIENCE)


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with launched() as browser:
        yield browser


# The browser lives in the loop of the session, so all that talks to it does.
@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def shared_world() -> AsyncIterator[World]:
    with pytest.MonkeyPatch.context() as environment:
        # Slack's SDK takes any proxy from the environment, also for 127.0.0.1.
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            environment.delenv(name, raising=False)
        async with world() as shared:
            yield shared


@pytest_asyncio.fixture(loop_scope="session")
async def stage(shared_world: World) -> AsyncIterator[World]:
    """The world, with Famulor's end as it was in the beginning, before and after."""
    shared_world.reset()
    yield shared_world
    shared_world.reset()
    assert shared_world.slack.complaints == []


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, stage: World) -> AsyncIterator[Page]:
    """A page that is open at the playground."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    async with watched(await context.new_page(), stage) as page:
        await page.goto(stage.address())
        yield page
    await context.close()
