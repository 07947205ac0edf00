"""How the page gets on with its host: greeting, language, looks, size, farewell."""

from itertools import pairwise
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, expect

from tests.browsers import found_browser
from tests.mcp_server.conftest import Agent
from tests.mcp_server.page.stage import Stage, staged

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def widths(stage: Stage) -> tuple[int, int]:
    """How wide the page is, and what it needs."""
    return tuple(await stage.view.locator("html").evaluate("e => [e.clientWidth, e.scrollWidth]"))


async def style(stage: Stage, what: str) -> str:
    return str(await stage.view.locator("html").evaluate(f"e => getComputedStyle(e).{what}"))


async def test_the_page_greets_its_host_as_the_specification_says(browser: Browser, agent: Agent) -> None:
    async with staged(browser, agent) as stage:
        (greeting,) = await stage.heard("ui/initialize")
        assert greeting["protocolVersion"] == "2026-01-26"
        assert greeting["appInfo"].keys() == {"name", "version"}
        assert greeting["appCapabilities"] == {"availableDisplayModes": ["inline", "fullscreen"]}
        assert await stage.heard("ui/notifications/initialized") == [{}]


async def test_the_page_speaks_german_where_the_host_does(browser: Browser, agent: Agent) -> None:
    async with staged(browser, agent, context={"locale": "de-AT"}) as stage:
        shown = await stage.text()
        assert "12 von 12 Assistenten passen." in shown
        assert "Daten vom 01.03.2026, 13:00" in shown
        assert {"aktiv", "inaktiv", "in Arbeit"} == set(await stage.column("status"))
        await expect(stage.view.locator("html")).to_have_attribute("lang", "de")
        await stage.view.get_by_label("Suche").fill("inaktiv")
        assert len(await stage.names()) == 2
        await stage.view.locator("#rows .open").first.click()
        await expect(stage.view.get_by_role("heading", name="System-Prompt")).to_be_visible()
        await stage.tell("ui/notifications/host-context-changed", locale="en_US")
        await expect(stage.view.get_by_role("heading", name="System prompt")).to_be_visible()


@pytest.mark.parametrize("locale", ["", "tlh", "x", "not a locale"])
async def test_a_host_with_any_other_language_or_zone_is_shown_english(
    browser: Browser, agent: Agent, locale: str
) -> None:
    async with staged(browser, agent, context={"locale": locale, "timeZone": "Mars/Base"}) as stage:
        assert "12 of 12 assistants match." in await stage.text()


async def test_the_page_is_light_or_dark_as_the_host_is_and_changes_with_it(browser: Browser, agent: Agent) -> None:
    async with staged(browser, agent) as stage:
        light = (await style(stage, "backgroundColor"), await style(stage, "color"))
        await stage.tell("ui/notifications/host-context-changed", theme="dark")
        await expect(stage.view.locator("html")).to_have_css("color-scheme", "dark")
        dark = (await style(stage, "backgroundColor"), await style(stage, "color"))
        assert light == ("rgb(255, 255, 255)", "rgb(27, 28, 30)")
        assert dark == ("rgb(29, 30, 32)", "rgb(240, 240, 238)")


async def test_a_host_that_says_nothing_of_its_theme_leaves_it_to_the_browser(browser: Browser, agent: Agent) -> None:
    async with staged(browser, agent, context={"theme": None}) as stage:
        assert await style(stage, "backgroundColor") == "rgb(255, 255, 255)"
        await stage.page.emulate_media(color_scheme="dark")
        assert await style(stage, "backgroundColor") == "rgb(29, 30, 32)"


COLOURS = {
    "--color-background-primary": "rgb(10, 20, 30)",
    "--color-text-primary": "rgb(200, 210, 220)",
    "--color-text-secondary": "rgb(180, 190, 200)",
    "--color-border-primary": "rgb(90, 90, 90)",
}


@pytest.mark.parametrize(
    ("variables", "ground"), [(COLOURS, "rgb(10, 20, 30)"), (dict([*COLOURS.items()][:2]), "rgb(255, 255, 255)")]
)
async def test_the_hosts_colours_are_taken_over_where_all_are_given(
    browser: Browser, agent: Agent, variables: dict[str, str], ground: str
) -> None:
    async with staged(browser, agent, context={"styles": {"variables": variables}}) as stage:
        assert await style(stage, "backgroundColor") == ground


@pytest.mark.parametrize("width", [320, 500, 720, 1000])
async def test_nothing_has_to_be_scrolled_sideways(browser: Browser, agent: Agent, width: int) -> None:
    async with staged(browser, agent, width=width, arguments={"search": "a"}) as stage:
        assert await widths(stage) == (width, width)
        # What a column has no room for stands under the name, each thing once.
        row = await stage.view.locator("#rows tr").filter(has_text="Solar-Erstberatung").first.inner_text()
        for value in ("57", "active", "multimodal", "Europe/Berlin", "on", "3 Feb 2026"):
            assert row.count(value) >= 1
        assert row.count("57") == row.count("multimodal") == row.count("Europe/Berlin") == 1
        await stage.view.get_by_role("button", name="Solar-Erstberatung", exact=True).click()
        await expect(stage.view.locator("pre")).to_have_count(2)
        assert await widths(stage) == (width, width)


async def test_on_a_phone_the_list_is_sorted_by_what_has_no_column_there(browser: Browser, agent: Agent) -> None:
    names = await agent.names(sort="-updated")
    async with staged(browser, agent, width=320) as stage:
        await stage.view.get_by_label("Sort by").select_option("Updated")
        assert await stage.names() == names


async def test_the_host_is_told_the_size_whenever_it_changes(browser: Browser, agent: Agent) -> None:
    async with staged(browser, agent) as stage:
        frame = stage.page.locator("#view")
        content = stage.view.locator("html")
        heights = []
        for number in (1, 2):
            if number == 2:
                await stage.view.locator("#rows .open").first.click()
                await expect(stage.view.locator("pre")).to_have_count(2)
            height = await content.evaluate("e => Math.ceil(e.getBoundingClientRect().height)")
            await expect(frame).to_have_css("height", f"{height}px")
            heights.append(height)
        assert heights[0] != heights[1]
        sizes = await stage.heard("ui/notifications/size-changed")
        assert {size["width"] for size in sizes} == {1000}
        assert all(one != other for one, other in pairwise(sizes))


async def test_a_cancelled_call_is_told(browser: Browser, agent: Agent) -> None:
    async with staged(browser, agent) as stage:
        await stage.tell("ui/notifications/tool-cancelled", reason="You pressed stop.")
        await expect(stage.view.get_by_role("alert")).to_have_text("The call was cancelled. You pressed stop.")


async def test_the_hosts_requests_are_answered_its_farewell_too(browser: Browser, agent: Agent) -> None:
    async def answer(stage: Stage, method: str) -> dict[str, Any]:
        return dict(await stage.page.evaluate("method => request(method)", method))

    async with staged(browser, agent) as stage:
        assert await answer(stage, "ping") == {"result": {}}
        assert (await answer(stage, "tools/list"))["error"]["code"] == -32601
        assert await answer(stage, "ui/resource-teardown") == {"result": {}}


async def test_a_host_that_refuses_the_page_is_heard(browser: Browser, agent: Agent) -> None:
    async with staged(browser, agent, refusal="No pages today.") as stage:
        await expect(stage.view.get_by_role("alert")).to_have_text("No pages today.")


@pytest.mark.parametrize("way", ["srcdoc", "write"])
async def test_the_page_works_in_whatever_way_a_host_brings_it_into_its_frame(
    browser: Browser, agent: Agent, way: Literal["srcdoc", "write"]
) -> None:
    async with staged(browser, agent, way=way) as stage:
        await stage.view.get_by_role("button", name="Event Invitation").click()
        await expect(stage.view.locator("pre")).to_have_count(2)


async def test_without_a_browser_these_tests_are_skipped_with_a_notice_but_never_in_ci(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"There is no chromium or .* here"):
        found_browser()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="There is no chromium"):
        found_browser()
