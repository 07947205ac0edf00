"""The list as people see it in a host, in a real browser."""

from operator import itemgetter
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from shared.demo import DemoApi, faults
from shared.demo.many import many_assistants
from tests.clocks import ManualClock
from tests.mcp_server.conftest import Agent
from tests.mcp_server.page.stage import Stage, staged

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def colours(stage: Stage) -> dict[str, str]:
    """The colour of each status in the table, by its word."""
    badges = await stage.view.locator("#rows .badge").all()
    return {await badge.inner_text(): await badge.evaluate("e => getComputedStyle(e).color") for badge in badges}


async def test_rows_show_what_the_answer_says_with_the_status_by_word_and_by_colour(
    browser: Browser, agent: Agent
) -> None:
    rows = (await agent.call())["assistants"]
    async with staged(browser, agent) as stage:
        assert await stage.names() == [row["name"] for row in rows]
        assert await stage.column("id") == [str(row["id"]) for row in rows]
        for key in ("status", "mode", "language", "timezone", "webhook"):
            assert await stage.column(key) == [row[key] for row in rows]
        assert (await stage.column("updated"))[0] == "9 Dec 2025"
        words = await colours(stage)
        assert set(words) == {"active", "inactive", "processing"}
        assert len(set(words.values())) == 3
        heads = stage.view.get_by_role("columnheader")
        assert [(await head.inner_text()).strip() for head in await heads.all()] == [
            *("Name", "ID", "Status", "Mode", "Language", "Time zone", "Webhook", "Updated")
        ]


async def test_freshness_and_counts_are_shown(browser: Browser, agent: Agent) -> None:
    async with staged(browser, agent, arguments={"status": "active"}) as stage:
        shown = await stage.text()
        assert "9 of 12 assistants match." in shown
        assert "Data from 1 Mar 2026, 13:00" in shown
        assert "Not up to date" not in shown


async def test_stale_data_is_shown_with_the_reason_and_broken_records_with_theirs(
    browser: Browser, agent: Agent, demo_api: DemoApi, clock: ManualClock
) -> None:
    demo_api.next_answers(faults.BadRecords(), path="/api/user/assistants/outbound")
    answer = await agent.call()
    clock.advance(3600)
    demo_api.always(faults.ServerError(503))
    async with staged(browser, agent) as stage:
        shown = await stage.text()
        assert "Data from 1 Mar 2026, 13:00" in shown
        assert "Not up to date: Famulor has a fault of its own (503)." in shown
        await stage.view.get_by_text(f"{len(answer['rejected'])} records could not be read").click()
        for record in answer["rejected"]:
            await expect(stage.view.get_by_text(record["reason"]).first).to_be_visible()
            await expect(stage.view.get_by_text(f"Record {record['position']} ").first).to_be_visible()


async def test_text_and_choices_filter_the_loaded_rows_together(browser: Browser, agent: Agent) -> None:
    async with staged(browser, agent) as stage:
        await stage.view.get_by_label("Search").fill("SOLAR")
        assert await stage.names() == ["Solar-Erstberatung", "SOLAR-Erstberatung"]
        await stage.view.get_by_label("Status").select_option("inactive")
        assert await stage.names() == ["SOLAR-Erstberatung"]
        await stage.view.get_by_label("Mode").select_option("pipeline")
        assert await stage.names() == []
        await expect(stage.view.get_by_text("No loaded row fits these filters.")).to_be_visible()
        await stage.view.get_by_label("Mode").select_option("")
        await stage.view.get_by_label("Status").select_option("")
        await stage.view.get_by_label("Search").fill("")
        await stage.view.get_by_label("Webhook").select_option("off")
        assert await stage.names() == ["Autohaus: Nachfassen nach Probefahrt"]
        await expect(stage.view.get_by_text("1 of 12 loaded rows shown")).to_be_visible()
        assert stage.calls == []


async def test_a_head_sorts_by_its_column_and_then_the_other_way(browser: Browser, agent: Agent) -> None:
    rows = (await agent.call())["assistants"]
    async with staged(browser, agent) as stage:
        for key, name in (("id", "ID"), ("updated", "Updated")):
            head = stage.view.get_by_role("columnheader", name=name)
            ordered = [row["name"] for row in sorted(rows, key=itemgetter(key))]
            await head.get_by_role("button").click()
            assert await stage.names() == ordered
            await expect(head).to_have_attribute("aria-sort", "ascending")
            await head.get_by_role("button").click()
            assert await stage.names() == ordered[::-1]
            await expect(head).to_have_attribute("aria-sort", "descending")


async def test_more_pages_are_loaded_with_the_same_question(browser: Browser, agent: Agent, demo_api: DemoApi) -> None:
    demo_api.assistants[:] = many_assistants(120, prompt_bytes=50)
    question = {"status": "active", "limit": 30, "sort": "id"}
    everything = await agent.names(status="active", limit=100, sort="id")
    assert 60 < len(everything) < 90
    async with staged(browser, agent, arguments=question) as stage:
        more = stage.view.get_by_role("button", name="Load more")
        for pages in (1, 2):
            await expect(stage.view.locator("#rows .open")).to_have_count(30 * pages)
            assert (
                f"{30 * pages} of {30 * pages} loaded rows shown; {len(everything)} match in all." in await stage.text()
            )
            await more.click()
        await expect(stage.view.locator("#rows .open")).to_have_count(len(everything))
        assert await stage.names() == everything
        await expect(more).to_be_hidden()
        assert [call["arguments"].keys() - {"cursor"} for call in stage.calls] == [question.keys()] * 2
        # Whoever pressed it with the keyboard goes on with the first row that is new.
        await expect(stage.view.locator(":focus")).to_have_text(everything[60])


async def test_a_page_that_cannot_be_loaded_is_told_in_words_and_can_be_asked_for_again(
    browser: Browser, agent: Agent
) -> None:
    async with staged(browser, agent, arguments={"limit": 10}) as stage:
        more = stage.view.get_by_role("button", name="Load more")
        await stage.tell("ui/notifications/tool-input", arguments={"limit": 10, "status": "inactive"})
        await more.click()
        await expect(stage.view.get_by_role("alert")).to_contain_text("The cursor does not belong to this question.")
        await stage.tell("ui/notifications/tool-input", arguments={"limit": 10})
        await more.click()
        await expect(stage.view.locator("#rows .open")).to_have_count(12)
        await expect(stage.view.get_by_role("alert")).to_be_hidden()


async def test_a_host_that_passes_no_calls_on_gets_no_buttons_that_would_need_them(
    browser: Browser, agent: Agent
) -> None:
    async with staged(browser, agent, arguments={"limit": 5}, capabilities={}) as stage:
        await expect(stage.view.get_by_role("button", name="Load more")).to_be_hidden()
        assert "This host cannot load more; ask for the next page in the chat." in await stage.text()
        await stage.view.get_by_role("button", name="Event Invitation").click()
        shown = await stage.text()
        assert "This host cannot load the rest, such as the prompt; ask for it in the chat." in shown
        assert "multimodal" in shown
        assert "Data from 1 Mar 2026, 13:00" in shown
        assert stage.calls == []


@pytest.mark.parametrize("arguments", [{"status": "active", "statsu": "x"}, {"updated_since": "yesterday"}])
async def test_an_error_is_shown_in_the_servers_words(
    browser: Browser, agent: Agent, arguments: dict[str, Any]
) -> None:
    error = await agent.refused(**arguments)
    async with staged(browser, agent, arguments=arguments) as stage:
        await expect(stage.view.get_by_role("alert")).to_have_text(error["message"])
        await expect(stage.view.get_by_role("table")).to_be_hidden()


async def test_an_answer_whose_host_passes_on_the_text_alone_is_shown_all_the_same(
    browser: Browser, agent: Agent
) -> None:
    result = (await agent.client.call_tool("list_outbound_assistants", {})).model_dump(
        mode="json", by_alias=True, exclude={"structured_content"}
    )
    async with staged(browser, agent, result=result) as stage:
        assert len(await stage.names()) == 12


async def test_several_accounts_are_told_apart(browser: Browser, agent: Agent) -> None:
    row = {"name": "Same", "status": "active", "mode": "pipeline", "webhook": "on"}
    rows = [{"id": 1, "account": "agency", **row}, {"id": 2, "account": "client", **row}]
    data = {
        "assistants": rows,
        "total": 2,
        "of": 2,
        "fetched_at": "2026-03-01T12:00:00Z",
        "stale": False,
        "accounts": [
            {"account": "agency", "fetched_at": "2026-03-01T12:00:00Z"},
            {"account": "client", "fetched_at": "2026-03-01T11:00:00Z", "stale": True, "stale_reason": "Down."},
            {"account": "third", "error": "Key rejected."},
        ],
    }
    async with staged(browser, agent, result={"content": [], "structuredContent": data}) as stage:
        assert await stage.column("account") == ["agency", "client"]
        await stage.view.get_by_text("Accounts").click()
        shown = await stage.text()
        assert "client: Data from 1 Mar 2026, 12:00 · Not up to date: Down." in shown
        assert "third: Key rejected." in shown
        await stage.view.get_by_role("button", name="Same").nth(1).click()
        await expect(stage.view.get_by_role("alert")).to_be_visible()
        assert stage.calls[0]["arguments"] == {"assistant": "2", "account": "client"}


async def test_detailed_rows_are_shown_as_the_same_table(browser: Browser, agent: Agent) -> None:
    rows = (await agent.call())["assistants"]
    arguments = {"response_format": "detailed", "max_tokens": 100_000}
    async with staged(browser, agent, arguments=arguments, capabilities={}) as stage:
        assert await stage.names() == [row["name"] for row in rows]
        assert await stage.column("status") == [row["status"] for row in rows]
        # Such a row says it all, so nothing has to be asked for.
        await stage.view.get_by_role("button", name="Event Invitation").click()
        await expect(stage.view.get_by_role("heading", name="System prompt")).to_be_visible()
        await expect(stage.view.locator(".note")).to_have_count(0)


async def test_chosen_fields_are_columns_and_those_that_were_not_chosen_are_not(
    browser: Browser, agent: Agent, demo_api: DemoApi
) -> None:
    arguments = {"fields": "voice,created,system_prompt,status", "limit": 3}
    async with staged(browser, agent, arguments=arguments, width=1000) as stage:
        heads = await stage.view.get_by_role("columnheader").all_inner_texts()
        assert [head.strip() for head in heads] == ["Name", "ID", "Status", "Voice", "Created", "system_prompt"]
        assert await stage.names() == ["#101", "#118", "#140"]
        assert await stage.column("created") != ["", "", ""]
        prompts = {record["id"]: record["system_prompt"] for record in demo_api.assistants}
        for shown, number in zip(await stage.column("system_prompt"), (101, 118, 140), strict=True):
            assert " ".join(prompts[number].split()).startswith(shown.removesuffix("…")[:80])
        await expect(stage.view.get_by_label("Mode")).to_be_hidden()
        await expect(stage.view.get_by_label("Status")).to_be_visible()


async def test_what_was_left_out_and_what_no_assistant_has_is_told(
    browser: Browser, agent: Agent, demo_api: DemoApi
) -> None:
    demo_api.assistants[:] = many_assistants(40, prompt_bytes=50)
    answer = await agent.call(max_tokens=500, limit=100)
    async with staged(browser, agent, arguments={"max_tokens": 500, "limit": 100}) as stage:
        assert f"Left out for lack of room: {answer['left_out']}" in await stage.text()
        while await stage.view.get_by_role("button", name="Load more").is_visible():
            loaded = len(await stage.names())
            await stage.view.get_by_role("button", name="Load more").click()
            await expect(stage.view.locator("#rows .open").nth(loaded)).to_be_visible()
        assert len(await stage.names()) == 40
    answer = await agent.call(status="actve")
    async with staged(browser, agent, arguments={"status": "actve"}) as stage:
        assert answer["hint"] in await stage.text()
        await expect(stage.view.get_by_text("There are no assistants to show.")).to_be_visible()


async def test_a_day_is_the_same_day_everywhere(browser: Browser, agent: Agent) -> None:
    async with staged(browser, agent, context={"timeZone": "Pacific/Honolulu"}) as stage:
        assert (await stage.column("updated"))[0] == "9 Dec 2025"
