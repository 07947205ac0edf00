"""A page in a browser under the eyes of a test: what goes wrong in it, and whom it asks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from playwright.async_api import Page

from tests.bot.playground.page.browser.world import World

PATIENCE = 60_000.0
"""Milliseconds for anything to be there, on a machine that is busy with other tests."""
HARMLESS = "Autofocus processing was blocked"


@asynccontextmanager
async def watched(page: Page, stage: World) -> AsyncIterator[Page]:
    """The page; at the end it has complained of nothing (its own policy included), and asked nobody else."""
    page.set_default_timeout(PATIENCE)
    said: list[str] = []
    asked: set[str] = set()
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    yield page
    assert [one for one in said if HARMLESS not in one] == []
    assert asked <= {urlsplit(stage.address()).netloc, ""}
