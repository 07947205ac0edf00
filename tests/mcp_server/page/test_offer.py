"""What clients are told of the page, with and without a host that can show it."""

from base64 import b64encode
from hashlib import sha256

import pytest
from mcp.server.apps import APP_MIME_TYPE, EXTENSION_ID
from mcp.types import TextResourceContents

from mcp_server.calls import FamulorServer
from mcp_server.page import PAGE_URI
from tests.mcp_server.conftest import ERAS, Agent, connected

pytestmark = pytest.mark.asyncio(loop_scope="session")

TOOLS = ("list_outbound_assistants", "get_outbound_assistant")


async def contents(agent: Agent) -> TextResourceContents:
    (content,) = (await agent.client.read_resource(PAGE_URI)).contents
    assert isinstance(content, TextResourceContents)
    return content


async def test_the_page_is_offered_and_read_as_a_page_of_mcp_apps_that_needs_no_domain(server: FamulorServer) -> None:
    for era in ERAS:
        async with connected(server, era) as agent:
            offered = {str(one.uri): one for one in (await agent.client.list_resources()).resources}
            content = await contents(agent)
            for one in (offered[PAGE_URI], content):
                assert one.mime_type == APP_MIME_TYPE == "text/html;profile=mcp-app"
                assert one.meta is not None
                assert one.meta["ui"]["csp"] == {
                    "connectDomains": [],
                    "resourceDomains": [],
                    "frameDomains": [],
                    "baseUriDomains": [],
                }
            assert content.text.startswith("<!DOCTYPE html>")


async def test_the_server_says_that_it_has_pages_where_the_protocol_has_a_place_for_it(server: FamulorServer) -> None:
    async with connected(server, "auto") as agent:
        extensions = agent.client.server_capabilities.extensions
        assert extensions is not None
        assert EXTENSION_ID in extensions


async def test_both_tools_say_which_page_shows_their_answers(agent: Agent) -> None:
    tools = {tool.name: tool for tool in (await agent.client.list_tools()).tools}
    for name in TOOLS:
        meta = tools[name].meta
        assert meta is not None
        assert meta["ui"] == {"resourceUri": PAGE_URI}


async def test_answers_are_the_same_text_and_data_as_without_a_page(agent: Agent) -> None:
    for name in TOOLS:
        result = await agent.client.call_tool(name, {"assistant": "57"} if name == TOOLS[1] else {})
        assert PAGE_URI not in result.model_dump_json()
        assert result.meta is None or "ui" not in result.meta


async def test_the_policy_allows_the_pages_own_style_and_script_and_nothing_else(agent: Agent) -> None:
    text = (await contents(agent)).text
    policy = text.partition('Content-Security-Policy" content="')[2].partition('"')[0]
    directives = dict(directive.split(" ", 1) for directive in policy.split("; "))
    assert directives == {
        "default-src": "'none'",
        "style-src": hash_of(text, "<style>", "</style>"),
        "script-src": hash_of(text, '<script type="module">', "</script>"),
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }


def hash_of(text: str, start: str, end: str) -> str:
    assert text.count(start) == text.count(end) == 1
    inside = text.partition(start)[2].partition(end)[0]
    return f"'sha256-{b64encode(sha256(inside.encode()).digest()).decode()}'"


async def test_the_page_names_no_other_place_and_no_way_to_make_code_of_text(agent: Agent) -> None:
    text = (await contents(agent)).text
    for word in ("http:", "https:", "src=", "@import", "url(", "eval(", "innerHTML", "Storage", "document.cookie"):
        assert word not in text
