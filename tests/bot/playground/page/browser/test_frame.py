"""What is around the conversation stays where it is, whatever is said."""

import pytest
from playwright.async_api import Page

from tests.bot.playground.page.browser.people import answered

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_long_answers_scroll_in_their_place_and_never_the_page(page: Page) -> None:
    found = await answered(page, "/assistants audit", "ready to call")
    # What a find in the page, or a screen reader, does.
    await found.get_by_role("button", name="Details").first.evaluate(
        "button => button.scrollIntoView({block: 'start'})"
    )
    assert await page.evaluate("[scrollY, document.documentElement.scrollHeight - innerHeight]") == [0, 0]
