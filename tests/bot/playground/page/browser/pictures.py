"""The pictures in docs/, made anew: `make screenshots`. An emoji font has to be installed (fonts-noto-color-emoji)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, Page, ViewportSize, expect

from bot.playground import GENERAL
from tests.bot.playground.page.browser.people import answered, modal, newest, types
from tests.bot.playground.page.browser.world import World, world
from tests.browsers import launched

PICTURES = Path(__file__).parents[5] / "docs" / "pictures"
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
LIST = "/assistants outbound active mode:pipeline"


async def draw() -> None:
    """Every picture, each of a world in which the same has happened."""
    PICTURES.mkdir(exist_ok=True)
    async with launched() as browser, world() as stage:
        async with opened(browser, stage) as page:
            await answered(page, "/assistants subscribe on:status", "Subscribe")
            await newest(page, "Subscribe").get_by_role("button", name="Subscribe", exact=True).click()
            await expect(newest(page, "Subscribed for")).to_be_visible()
            await types(page, LIST)
            await expect(newest(page, "of 12")).to_be_visible()
            panel = page.get_by_role("listitem").filter(has_text="Zahnarzt-Terminerinnerung")
            await panel.get_by_role("button", name="Switch off").click()
            await expect(newest(page, "was switched off")).to_be_visible()
            await taken(page, "channel-light")
            await answered(page, "/assistants audit", "ready to call")
            await taken(page, "audit-light")
            await types(page, "/assistants show 101")
            await expect(modal(page)).to_contain_text("Timezone")
            await taken(page, "details-light")
            await page.keyboard.press("Escape")
            await expect(modal(page)).to_have_count(0)
            await page.goto(stage.address("as/ada/home"))
            await expect(page.get_by_role("main")).to_contain_text("ready to call")
            await taken(page, "home-light")
        async with opened(browser, stage, dark=True) as page:
            await answered(page, LIST, "of 12")
            await taken(page, "channel-dark")
        async with opened(browser, stage, "ben", size=PHONE) as page:
            await answered(page, "/assistenten outbound aktiv", "von 12")
            await taken(page, "phone-light")


@asynccontextmanager
async def opened(
    browser: Browser, stage: World, who: Literal["ada", "ben"] = "ada", *, size: ViewportSize = DESK, dark: bool = False
) -> AsyncIterator[Page]:
    context = await browser.new_context(
        viewport=size, color_scheme="dark" if dark else "light", reduced_motion="reduce", locale="en-US"
    )
    page = await context.new_page()
    await page.goto(stage.address(f"as/{who}/{GENERAL}"))
    yield page
    await context.close()


async def taken(page: Page, name: str) -> None:
    """The page as it stands there, without what blinks."""
    await page.screenshot(path=PICTURES / f"{name}.png", animations="disabled", caret="hide")


if __name__ == "__main__":
    asyncio.run(draw())
