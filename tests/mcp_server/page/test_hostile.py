"""Names and prompts are other people's: whatever they hold stays text, runs nothing, and asks nobody for anything."""

from typing import Any

import pytest
from playwright.async_api import Browser, Error, expect

from shared.demo import DemoApi
from tests.mcp_server.conftest import Agent
from tests.mcp_server.page.stage import Stage, staged

pytestmark = pytest.mark.asyncio(loop_scope="session")

OVERRIDE = "\u202egnissecorp\u2066"
HOSTILE = (
    "<img src=/leak onerror=\"parent.postMessage('ran', '*')\">",
    "</script><script>parent.postMessage('ran', '*')</script>",
    "<style>@import '/leak'</style><link rel=stylesheet href=/leak>",
    "{total} ${document.title} {{constructor}} &lt;b&gt;",
    "constructor",
    "A" * 290,
    f"Friendly {OVERRIDE}",
)


def everything(text: str) -> dict[str, Any]:
    """An assistant all of whose texts are this one."""
    one = dict.fromkeys(
        ["name", "type", "mode", "status", "voice", "language", "timezone", "initial_message", "system_prompt"], text
    )
    more = dict.fromkeys(["webhook", "webhook_url", "created", "updated", "account", "snippet", "new_field"], text)
    return {"id": 1, **one, **more, "variables": {text: text}, "extra": {text: {text: [text]}}}


def page_of(text: str) -> dict[str, Any]:
    """A list's answer that is that text wherever it can be."""
    return {
        "assistants": [everything(text)],
        "total": text,
        "of": text,
        "fetched_at": text,
        "stale": True,
        "stale_reason": text,
        "rejected": [{"position": text, "id": text, "field": text, "reason": text, "account": text}],
        "accounts": [{"account": text, "error": text, "fetched_at": text}],
    }


@pytest.mark.parametrize("width", [320, 1000])
async def test_hostile_text_is_shown_as_it_is_in_every_place(browser: Browser, agent: Agent, width: int) -> None:
    async with staged(browser, agent, width=width, capabilities={}) as stage:
        for text in HOSTILE:
            await stage.tell("ui/notifications/tool-result", content=[], structuredContent=page_of(text))
            await expect(stage.view.locator(".open")).to_have_count(1)
            for folded in await stage.view.locator("summary").all():
                await folded.click()
            assert await stage.view.locator(".open").text_content() == text
            assert await stage.view.locator("#rows .badge").text_content() == text
            await stage.view.get_by_label("Status").select_option(text)
            assert await scroll_width(stage) == width
            await stage.view.locator(".open").click()
            assert await stage.view.locator("h1#name").text_content() == text
            for place in await stage.view.locator("pre, tbody:not(#rows) th").all():
                assert await place.text_content() == text
            assert await stage.view.locator("img, link, script:not([type]), main style").count() == 0
            assert await scroll_width(stage) == width
            await stage.tell("ui/notifications/tool-result", isError=True, content=[{"type": "text", "text": text}])
            await expect(stage.view.get_by_role("alert")).to_have_text(text)
        assert await stage.page.evaluate("heard.filter(message => message === 'ran')") == []


async def scroll_width(stage: Stage) -> int:
    return int(await stage.view.locator("html").evaluate("e => e.scrollWidth"))


async def test_hostile_names_from_famulor_stay_text_on_their_whole_way(
    browser: Browser, agent: Agent, demo_api: DemoApi
) -> None:
    for record, text in zip(demo_api.assistants, HOSTILE, strict=False):
        record.update(name=text, system_prompt=text, variables={text: text})
    async with staged(browser, agent) as stage:
        assert HOSTILE[0] in await stage.names()
        await stage.view.get_by_role("button", name="<img").click()
        await expect(stage.view.locator("pre").last).to_have_text(HOSTILE[0])


async def test_a_name_cannot_turn_around_what_stands_beside_it(browser: Browser, agent: Agent) -> None:
    result = {"content": [], "structuredContent": page_of(f"Friendly {OVERRIDE}")}
    async with staged(browser, agent, result=result) as stage:
        for place in await stage.view.locator("#rows bdi").all():
            assert await place.evaluate("e => getComputedStyle(e).unicodeBidi") == "isolate"


ATTEMPTS = (
    "fetch('/leak').then(yes, no)",
    "Object.assign(new Image(), { onload: yes, onerror: no, src: '/leak' })",
    "document.body.innerHTML = '<b>x</b>'; yes()",
    "yes(eval('1'))",
    "yes(localStorage.length)",
    "document.body.append(Object.assign(document.createElement('script'), { text: 'parent.x' })); yes()",
)


async def test_even_a_script_that_got_in_could_send_nothing_and_make_nothing(browser: Browser, agent: Agent) -> None:
    async with staged(browser, agent) as stage:
        for attempt in ATTEMPTS:
            # In a task of the page's own: what comes through the debugger is allowed more.
            code = f"() => new Promise((yes, no) => setTimeout(() => {{ try {{ {attempt} }} catch (e) {{ no(e); }} }}))"
            with pytest.raises(Error):
                await stage.view.locator("html").evaluate(code)
        # The browser told of each, which a stage takes for complaints; and it counts what it didn't let out.
        assert len(stage.complaints) >= len(ATTEMPTS) - 1
        stage.complaints.clear()
        stage.requested.clear()
