"""The browser of whoever runs the tests: what is seen in it is what people see."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

from tests.programs import found

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    *("--disable-gpu", "--disable-quic", "--disable-sync", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update"),
)
"""A browser of its own accord asks for nothing then."""


def found_browser() -> str:
    """The path of a browser; without one the tests are skipped, but never in CI."""
    return found(*BROWSERS)


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """A browser without windows that asks for nothing of its own accord."""
    path = found_browser()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=QUIET, chromium_sandbox=False)
        yield browser
        await browser.close()
