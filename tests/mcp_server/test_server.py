"""What the server says of itself, in either era."""

import asyncio
import base64
import re
import sys
from contextlib import AbstractAsyncContextManager
from xml.etree import ElementTree as ET

import pytest
from mcp import Client
from mcp.types import Prompt, Resource, ResourceTemplate, Tool

from mcp_server.calls import FamulorServer
from mcp_server.server import build
from mcp_server.state import OpenCore
from shared.core import Core
from shared.demo import DemoApi
from shared.store import Store
from tests.mcp_server.conftest import ERAS, Agent, Start, connected

LINES_OF_A_SCREEN = 20
WIDTH_OF_A_SCREEN = 120


@pytest.fixture
def unused_core() -> OpenCore:
    def never() -> AbstractAsyncContextManager[Core]:
        raise AssertionError("Somebody wanted the core.")

    return never


@pytest.fixture
def unused(unused_core: OpenCore) -> FamulorServer:
    def never() -> AbstractAsyncContextManager[Store]:
        raise AssertionError("Somebody wanted the store.")

    return build(unused_core, open_store=never)


async def offered(client: Client) -> dict[str, list[object]]:
    """All that a client can list."""
    return {
        "tools": list((await client.list_tools()).tools),
        "prompts": list((await client.list_prompts()).prompts),
        "resources": list((await client.list_resources()).resources),
        "templates": list((await client.list_resource_templates()).resource_templates),
    }


async def test_both_eras_are_offered_the_same_in_the_same_order_and_at_no_cost(
    server: FamulorServer, unused: FamulorServer
) -> None:
    lists = []
    for one in (server, unused):
        for era in ERAS:
            async with connected(one, era) as agent:
                lists.append(await offered(agent.client))
    assert lists.count(lists[0]) == len(lists) == 4
    assert all(lists[0].values())


@pytest.mark.parametrize("mode", [ERAS[0], "auto"])
async def test_the_instructions_fit_on_a_screen_and_name_what_there_is(unused: FamulorServer, mode: str) -> None:
    async with Client(unused, mode=mode) as client:
        instructions = client.instructions
        assert instructions is not None
        assert len(instructions.splitlines()) <= LINES_OF_A_SCREEN
        assert max(map(len, instructions.splitlines())) <= WIDTH_OF_A_SCREEN
        everything = await offered(client)
        names = {getattr(one, "name", "") for kind in ("tools", "prompts") for one in everything[kind]}
        assert set(re.findall(r"\b[a-z]+_[a-z_]+\b", instructions)) >= names
        uris = set(re.findall(r"famulor://[\w/{}]*[\w}]", instructions))
        assert uris == {"famulor://assistants/outbound", "famulor://assistants/outbound/{id}"}


@pytest.mark.parametrize("mode", [ERAS[0], "auto"])
async def test_everything_has_the_same_small_icon(unused: FamulorServer, mode: str) -> None:
    async with Client(unused, mode=mode) as client:
        assert client.server_info is not None
        shown = [client.server_info.icons]
        for kind in (await offered(client)).values():
            shown += [one.icons for one in kind if isinstance(one, Tool | Prompt | ResourceTemplate)]
            shown += [one.icons for one in kind if isinstance(one, Resource) and one.uri.startswith("famulor:")]
    assert len(shown) == 1 + 4 + 6 + 2 + 4
    assert all(icons == shown[0] for icons in shown)
    assert shown[0] is not None
    (icon,) = shown[0]
    scheme, _comma, drawing = icon.src.partition(",")
    assert scheme == "data:image/svg+xml;base64"
    assert len(icon.src) < 1024
    svg = ET.fromstring(base64.b64decode(drawing))  # noqa: S314 # our own drawing
    assert {element.tag.rpartition("}")[2] for element in svg.iter()} == {"svg", "path"}


async def test_every_tool_has_a_title_and_is_marked_as_reading_only(agent: Agent) -> None:
    for tool in (await agent.client.list_tools()).tools:
        assert tool.title
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint


async def test_a_start_brings_nothing_that_only_a_call_needs() -> None:
    late = {
        "httpx",
        "tenacity",
        "shared.runtime",
        "shared.demo",
        "sqlalchemy",
        "alembic",
        "shared.store",
        "shared.watch",
    }
    program = f"import sys, mcp_server.server; sys.exit(', '.join({late} & set(sys.modules)))"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stderr=asyncio.subprocess.PIPE)
    _stdout, stderr = await process.communicate()
    assert stderr.decode().strip() == ""


async def test_a_program_tells_its_subscriber_over_standard_output(
    start: Start, environment: dict[str, str], demo_api: DemoApi
) -> None:
    uri = "famulor://assistants/outbound"
    async with start(**environment, CACHE_SECONDS="0") as program:
        await program.greet()
        await program.ask("resources/read", uri=uri)
        assert (await program.ask("resources/subscribe", uri=uri))["result"] == {}
        demo_api.change(42, status="inactive")
        program.send({"jsonrpc": "2.0", "id": "again", "method": "resources/read", "params": {"uri": uri}})
        told = {"jsonrpc": "2.0", "method": "notifications/resources/updated", "params": {"uri": uri}}
        assert told in [await program.hear(), await program.hear()]
        assert (await program.end())[:2] == (0, "")
