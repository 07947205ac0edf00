"""`make screenshots`: the pictures of the README anew, each of a world of its own in which the clock stands still.

They need fonts-noto-color-emoji, and look best with fonts-noto-core.
"""

import asyncio
import io
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, NamedTuple

from PIL import Image
from playwright.async_api import Browser, Page, ViewportSize, expect

from bot.playground import GENERAL
from bot.playground.people import BEN
from shared.clock import SystemClock
from tests.bot.playground.page.browser.people import answered, modal, newest
from tests.bot.playground.page.browser.world import MORNING, World, world
from tests.browsers import launched

FOLDER = Path(__file__).parents[5] / "docs" / "pictures"
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
COLOURS = 256
"""As many as a palette has: a third of the bytes, and nobody sees it."""


class StandingClock(SystemClock):
    """Stands still until it is put forward, so that no picture depends on how fast this machine is."""

    def __init__(self) -> None:
        self._now = MORNING

    def now(self) -> datetime:
        return self._now

    def advance(self, minutes: float) -> None:
        """Puts the hands forward; nobody's sleep ends earlier."""
        self._now += timedelta(minutes=minutes)


class Scene(NamedTuple):
    """What a picture is taken of."""

    page: Page
    world: World
    clock: StandingClock


class Picture(NamedTuple):
    """One picture: what happens before it is taken, and on which screen."""

    play: Callable[[Scene], Awaitable[None]]
    size: ViewportSize = DESK
    colours: Literal["light", "dark"] = "light"


async def _list(scene: Scene) -> None:
    await scene.world.slack.say("Which of the pipeline campaigns are calling today?", user=BEN, channel=GENERAL)
    scene.clock.advance(2)
    await answered(scene.page, "/assistants outbound active mode:pipeline", "6 of 12")


async def _details(scene: Scene) -> None:
    await _list(scene)
    await newest(scene.page, "6 of 12").get_by_role("button", name="Details of Sales Follow-up").click()
    await expect(modal(scene.page)).to_contain_text("America/New_York")


async def _alert(scene: Scene) -> None:
    preview = await answered(scene.page, "/assistants subscribe active on:status", "Preview for")
    await preview.get_by_role("button", name="Subscribe", exact=True).click()
    await expect(newest(scene.page, "Subscribed for")).to_be_visible()
    scene.clock.advance(5)
    await scene.page.locator("#famulor-switch-42").click()
    await expect(scene.page.locator("#famulor-switch-42")).to_contain_text("Switch on")
    # The watch is due again.
    scene.clock.advance(1)
    await expect(newest(scene.page, "was switched off")).to_be_visible()


async def _home(scene: Scene) -> None:
    await scene.page.goto(scene.world.address("as/ada/home"))
    await expect(scene.page.get_by_role("main")).to_contain_text("What you may do")


async def _audit(scene: Scene) -> None:
    found = await answered(scene.page, "/assistants audit min:warning", "ready to call")
    await found.evaluate("message => message.scrollIntoView({block: 'start'})")


PICTURES = {
    "channel-light": Picture(_list),
    "channel-dark": Picture(_list, colours="dark"),
    "details-light": Picture(_details),
    "alert-light": Picture(_alert),
    "home-light": Picture(_home),
    "phone-light": Picture(_list, PHONE),
    "audit-light": Picture(_audit),
}
"""By the name of their file."""


async def taken(browser: Browser, picture: Picture) -> bytes:
    """The picture as PNG."""
    clock = StandingClock()
    async with AsyncExitStack() as stack:
        stage = await stack.enter_async_context(world(clock))
        context = await browser.new_context(viewport=picture.size, color_scheme=picture.colours)
        stack.push_async_callback(context.close)
        page = await context.new_page()
        await page.goto(stage.address())
        await picture.play(Scene(page, stage, clock))
        # Where a mouse was, or the focus is, is not what the picture is about.
        await page.mouse.move(0, 0)
        await page.evaluate("document.activeElement?.blur()")
        return _smaller(await page.screenshot(animations="disabled"))


def _smaller(png: bytes) -> bytes:
    with io.BytesIO(png) as whole, io.BytesIO() as shrunk:
        image = Image.open(whole).convert("RGB")
        few = image.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.save(shrunk, "PNG", optimize=True)
        return shrunk.getvalue()


async def draw(folder: Path) -> None:
    """Takes all of them, into a folder that is there."""
    async with launched() as browser:
        for name, picture in PICTURES.items():
            (folder / f"{name}.png").write_bytes(await taken(browser, picture))


if __name__ == "__main__":
    asyncio.run(draw(FOLDER))
