"""What people do at the page, in the words of who looks at it."""

from playwright.async_api import Locator, Page, expect


async def types(page: Page, text: str) -> None:
    """Writes into the composer, and sends it off."""
    await page.locator("#composer").fill(text)
    await page.locator("#composer").press("Enter")


def conversation(page: Page) -> Locator:
    return page.locator("[data-region=messages]")


def newest(page: Page, text: str) -> Locator:
    """The newest message that says this."""
    return conversation(page).locator("article.message").filter(has_text=text).last


async def answered(page: Page, command: str, text: str) -> Locator:
    """Types a command, and waits for a message that says this."""
    await types(page, command)
    message = newest(page, text)
    await expect(message).to_be_visible()
    return message


def modal(page: Page) -> Locator:
    return page.locator("dialog[open]")


async def fits_the_width(page: Page) -> bool:
    """Whether nothing sticks out at the side."""
    return bool(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
