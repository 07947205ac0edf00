"""axe finds nothing serious on any view, in light, in dark and on a phone."""

from importlib.resources import files

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from bot.playground import GENERAL
from tests.bot.playground.page.browser.people import answered, modal
from tests.bot.playground.page.browser.watching import watched
from tests.bot.playground.page.browser.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
LOOKS: dict[str, tuple[ViewportSize, bool]] = {
    "light": ({"width": 1440, "height": 900}, False),
    "dark": ({"width": 1440, "height": 900}, True),
    "phone": ({"width": 390, "height": 844}, False),
}


async def serious(page: Page) -> list[str]:
    """What axe calls serious or critical, each with the places."""
    await page.evaluate(AXE)
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {[node['target'] for node in one['nodes']]} {one['nodes'][0]['failureSummary']}"
        for one in found["violations"]
        if one["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("look", LOOKS)
async def test_nothing_shuts_anybody_out(browser: Browser, stage: World, look: str) -> None:
    size, dark = LOOKS[look]
    context = await browser.new_context(
        viewport=size, color_scheme="dark" if dark else "light", reduced_motion="reduce"
    )
    async with watched(await context.new_page(), stage) as page:
        await page.goto(stage.address())
        listed = await answered(page, "/assistants outbound active", "of 12")
        await answered(page, "/assistants audit", "ready to call")
        assert await serious(page) == [], "a channel"
        await listed.get_by_role("button", name="Details").first.click()
        await expect(modal(page)).to_contain_text("Timezone")
        assert await serious(page) == [], "a modal"
        await page.keyboard.press("Escape")
        await expect(modal(page)).to_have_count(0)
        await stage.slack.say("Who knows?", channel=GENERAL)
        asked = stage.slack.workspace.messages(GENERAL)[-1]
        for path, what in (
            (f"as/ada/{GENERAL}?thread={asked.ts}", "a thread"),
            ("as/ada/home", "the Home"),
            ("as/ben/messages", "direct messages"),
            (f"as/ada/{GENERAL}?panel=faults", "the faults"),
            (f"as/ada/{GENERAL}?panel=agents", "the agents"),
            (f"as/ben/{GENERAL}?panel=famulor", "Famulor's end, in German"),
        ):
            await page.goto(stage.address(path))
            await expect(page.get_by_role("main")).to_be_visible()
            assert await serious(page) == [], what
        await answered(page, "/assistenten hilfe", "Tippe einen dieser Befehle")
        assert await serious(page) == [], "help"
    await context.close()
