"""A newcomer at the page, in a real browser: what is typed, pressed, chosen and seen."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.bot.playground.page.browser.people import answered, conversation, fits_the_width, modal, newest, types
from tests.bot.playground.page.browser.watching import watched
from tests.bot.playground.page.browser.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_types_with_hints_filters_pages_and_opens_details(page: Page) -> None:
    composer = page.locator("#composer")
    await composer.press_sequentially("/ass")
    await expect(page.locator(".hints [role=option]").first).to_contain_text("/assistants")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(composer).to_have_value("/assistants ")
    await page.keyboard.press("Escape")
    await composer.press_sequentially("outbound")
    await page.keyboard.press("Enter")
    listed = newest(page, "12 outbound assistants")
    await expect(listed).to_be_visible()
    await listed.get_by_role("button", name="Next").click()
    await expect(newest(page, "12 outbound assistants")).to_contain_text("11 to 12")
    await newest(page, "12 outbound assistants").get_by_role("button", name="Back").click()
    # A menu of the message itself.
    await newest(page, "1 to 10").locator("select").nth(1).select_option(label="Status: inactive")
    listed = newest(page, "/assistants outbound inactive")
    await expect(listed).to_be_visible()
    await listed.get_by_role("button", name="Details").first.click()
    await expect(modal(page)).to_contain_text("Timezone")
    await page.keyboard.press("Escape")
    await expect(modal(page)).to_have_count(0)


async def test_subscribes_hears_of_an_assistant_that_is_switched_off_and_mutes_it(page: Page) -> None:
    preview = await answered(page, "/assistants subscribe status:active on:status", "Subscribe")
    await preview.get_by_role("button", name="Subscribe", exact=True).click()
    await expect(newest(page, "Subscribed for")).to_be_visible()
    panel = page.get_by_role("listitem").filter(has_text="Zahnarzt-Terminerinnerung")
    await panel.get_by_role("button", name="Switch off").click()
    alert = newest(page, "was switched off")
    await expect(alert).to_contain_text("Zahnarzt-Terminerinnerung")
    await alert.get_by_role("button", name="Mute for 2 hours").click()
    await expect(newest(page, "was switched off")).to_contain_text("Muted")
    await expect(panel.get_by_role("button", name="Switch on")).to_be_visible()


async def test_becomes_ben_and_everything_is_german(page: Page) -> None:
    await page.get_by_role("link", name="Ben").click()
    await expect(page.locator("html")).to_have_attribute("lang", "de")
    await answered(page, "/assistenten outbound inaktiv", "2 von 12 Outbound-Assistenten")
    await page.get_by_role("link", name="Home").click()
    await expect(page.get_by_role("main")).to_contain_text("Neueste Änderungen")


async def test_takes_famulor_down_and_the_answers_say_so(page: Page) -> None:
    await answered(page, "/assistants outbound", "12 outbound assistants")
    await page.get_by_role("button", name="Down (503)").click()
    stale = await answered(page, "/assistants outbound active", "STALE")
    await expect(stale).to_contain_text("503")
    await page.get_by_role("button", name="As it should").click()
    await expect(
        await answered(page, "/assistants outbound inactive", "/assistants outbound inactive")
    ).not_to_contain_text("STALE")


async def test_needs_no_mouse(page: Page) -> None:
    await page.locator("#composer").focus()
    await page.keyboard.type("/assistants show 42")
    await page.keyboard.press("Enter")
    await expect(modal(page)).to_contain_text("Sales Follow-up")
    # The focus is in the modal, cannot leave it, and goes back to where it was.
    for _step in range(40):
        await page.keyboard.press("Tab")
        assert await page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    await page.keyboard.press("Escape")
    await expect(modal(page)).to_have_count(0)
    await expect(page.locator("#composer")).to_be_focused()


async def test_reads_hostile_names_as_what_they_are(page: Page, stage: World) -> None:
    name = "<img src=x onerror=alert(1)> *b* <!channel> \u202etfel"
    stage.api.change(42, name=name, system_prompt="</pre><script>alert(1)</script>")
    listed = await answered(page, "/assistants outbound id:42", "1 of 12")
    await expect(listed).to_contain_text("<img src=x onerror=alert(1)>")
    assert await conversation(page).locator("img[src=x], script").count() == 0
    await types(page, "/assistants show 42")
    await expect(modal(page)).to_contain_text("</pre><script>alert(1)</script>")
    await page.keyboard.press("Escape")


async def test_finds_everything_on_a_phone(browser: Browser, stage: World) -> None:
    context = await browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    async with watched(await context.new_page(), stage) as page:
        await page.goto(stage.address())
        listed = await answered(page, "/assistants outbound active", "of 12")
        assert await fits_the_width(page)
        await listed.get_by_role("button", name="Details").first.tap()
        await expect(modal(page)).to_contain_text("Timezone")
        assert await fits_the_width(page)
        await modal(page).get_by_role("button", name="Close").last.tap()
        await page.goto(stage.address("as/ada/home"))
        await expect(page.get_by_role("main")).to_contain_text("ready to call")
        assert await fits_the_width(page)
    await context.close()
