"""One assistant in full, as people see it in a host, in a real browser."""

import pytest
from playwright.async_api import Browser, expect

from shared.demo import DemoApi
from tests.clocks import ManualClock
from tests.mcp_server.conftest import Agent
from tests.mcp_server.page.stage import staged

pytestmark = pytest.mark.asyncio(loop_scope="session")

SOLAR = "Solar-Erstberatung"


async def test_a_row_opens_everything_about_its_assistant_and_the_list_comes_back(
    browser: Browser, agent: Agent, demo_api: DemoApi
) -> None:
    (record,) = [one for one in demo_api.assistants if one["id"] == 57]
    async with staged(browser, agent) as stage:
        await stage.view.get_by_label("Search").fill("solar")
        await stage.view.locator("#rows tr").first.locator("td.mode").click()
        await expect(stage.view.get_by_role("heading", name=SOLAR)).to_be_visible()
        greeting, prompt = await stage.view.locator("pre").all()
        await expect(greeting).to_have_text(record["initial_message"])
        assert await prompt.inner_text() == record["system_prompt"]
        facts = dict(
            zip(
                await stage.view.locator("dt").all_inner_texts(),
                await stage.view.locator("dd").all_inner_texts(),
                strict=True,
            )
        )
        assert facts["Mode"] == "multimodal"
        assert facts["Language"] == "de (ID 1)"
        assert facts["Webhook URL"] == record["webhook_url"]
        assert facts["Created"] == "2 Apr 2025, 09:55"
        variables = stage.view.get_by_role("table", name="Variables")
        assert await variables.locator("tbody th").all_inner_texts() == list(record["variables"])
        assert await variables.locator("td").all_inner_texts() == [one or "–" for one in record["variables"].values()]
        assert "+493023125014" in await stage.view.get_by_role("table", name="Further fields").inner_text()
        await stage.view.get_by_role("button", name="Back to the list").click()
        assert await stage.names() == [SOLAR, SOLAR.replace("Solar", "SOLAR")]
        assert [call["name"] for call in stage.calls] == ["get_outbound_assistant"]


async def test_an_answer_about_one_assistant_is_shown_at_once(browser: Browser, agent: Agent) -> None:
    async with staged(browser, agent, "get_outbound_assistant", {"assistant": "305"}) as stage:
        shown = await stage.text()
        assert shown.split()[:4] == ["Membership", "Renewal", "processing", "#305"]
        assert "Data from 1 Mar 2026, 13:00" in shown
        await expect(stage.view.get_by_role("button")).to_have_count(0)
        assert stage.calls == []


async def test_with_the_keyboard_alone_an_assistant_is_opened_and_left(browser: Browser, agent: Agent) -> None:
    async with staged(browser, agent) as stage:
        await stage.view.get_by_label("Search").focus()
        for _filter_and_head in range(3 + 8):
            await stage.page.keyboard.press("Tab")
        await stage.page.keyboard.press("Tab")
        first = (await stage.names())[0]
        await expect(stage.view.locator(":focus")).to_have_text(first)
        await stage.page.keyboard.press("Enter")
        await expect(stage.view.locator(":focus")).to_have_text(first)
        await expect(stage.view.locator("pre")).to_have_count(2)
        await expect(stage.view.locator("h1:focus")).to_have_count(1)
        await stage.page.keyboard.press("Escape")
        await expect(stage.view.locator("button.open:focus")).to_have_text(first)
        await stage.page.keyboard.press("Space")
        await expect(stage.view.locator("h1:focus")).to_have_text(first)


async def test_an_assistant_that_is_gone_is_told_in_words_beside_what_the_row_said(
    browser: Browser, agent: Agent, demo_api: DemoApi, clock: ManualClock
) -> None:
    async with staged(browser, agent) as stage:
        demo_api.assistants[:] = [one for one in demo_api.assistants if one["id"] != 57]
        clock.advance(3600)
        await stage.view.get_by_role("button", name=SOLAR, exact=True).click()
        await expect(stage.view.get_by_role("alert")).to_contain_text("There is no outbound assistant “57”.")
        assert "Europe/Berlin" in await stage.text()
        await stage.view.get_by_role("button", name="Back to the list").click()
        await expect(stage.view.get_by_role("alert")).to_be_hidden()


async def test_a_later_answer_of_the_host_replaces_what_is_shown(browser: Browser, agent: Agent) -> None:
    result = await agent.client.call_tool("get_outbound_assistant", {"assistant": "42"})
    async with staged(browser, agent) as stage:
        await stage.tell("ui/notifications/tool-result", **result.model_dump(mode="json", by_alias=True))
        await expect(stage.view.get_by_role("heading", name="Sales Follow-up")).to_be_visible()
        await stage.tell("ui/notifications/tool-result", content=[], structuredContent={"something": "else"})
        await expect(stage.view.get_by_role("alert")).to_have_text("This page cannot show this answer.")


LONG = "".join(f"Rule {number}: be brief, and say so in few words.\n" for number in range(2_000)).strip()


@pytest.mark.parametrize("tokens", [500, 8_000])
async def test_a_prompt_that_has_no_room_in_one_answer_is_shown_in_full(
    browser: Browser, agent: Agent, demo_api: DemoApi, tokens: int
) -> None:
    demo_api.change(57, system_prompt=LONG[: 12 * tokens])
    arguments = {"assistant": "57", "max_tokens": tokens}
    async with staged(browser, agent, "get_outbound_assistant", arguments) as stage:
        prompt = stage.view.locator("pre").last
        await expect(prompt).to_have_text(LONG[: 12 * tokens].strip(), use_inner_text=True)
        assert "Left out" not in await stage.text()
        assert len(stage.calls) >= 2


async def test_a_prompt_that_changes_while_it_is_loaded_is_not_put_together_from_two(
    browser: Browser, agent: Agent, demo_api: DemoApi, clock: ManualClock
) -> None:
    demo_api.change(57, system_prompt=LONG)
    result = await agent.client.call_tool("get_outbound_assistant", {"assistant": "57"})
    clock.advance(3600)
    demo_api.change(57, system_prompt=LONG.upper())
    given = result.model_dump(mode="json", by_alias=True)
    async with staged(browser, agent, result=given) as stage:
        await stage.page.wait_for_function("heard.some(message => message.method === 'tools/call')")
        await expect(stage.view.get_by_text("Left out for lack of room")).to_be_visible()
        shown = await stage.view.locator("pre").last.inner_text()
        assert shown == given["structuredContent"]["assistant"]["system_prompt"].strip()


async def test_where_the_rest_cannot_be_loaded_it_is_told_what_is_missing(
    browser: Browser, agent: Agent, demo_api: DemoApi
) -> None:
    demo_api.change(57, system_prompt=LONG)
    arguments = {"assistant": "57"}
    async with staged(browser, agent, "get_outbound_assistant", arguments, capabilities={}) as stage:
        await expect(stage.view.get_by_text("Left out for lack of room: system_prompt: ")).to_be_visible()
