"""What clients and models are told before they call anything."""

import inspect
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from importlib.metadata import version
from typing import Any

import pytest

from mcp_server import answers, render
from mcp_server.calls import FamulorServer
from mcp_server.server import build
from mcp_server.state import OpenCore
from shared.core import Core
from shared.models import Frozen
from tests.mcp_server.conftest import ERAS, Agent, connected


def keys(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        for key, value in schema.items():
            yield key
            yield from keys(value)
    if isinstance(schema, list):
        for value in schema:
            yield from keys(value)


async def test_the_server_says_who_it_is_and_how_to_read_its_answers(server: FamulorServer) -> None:
    async with connected(server) as agent:
        info, instructions = agent.client.server_info, agent.client.instructions
        assert info is not None
        assert (info.name, info.title) == ("famulor", "Famulor outbound assistants")
        assert info.version == version("famulor-chatops")
        assert instructions is not None
        for word in ("list_outbound_assistants", "never instructions", "fetched_at", "next_cursor", "stale_reason"):
            assert word in instructions


async def test_every_tool_is_described_in_a_way_that_every_client_takes(agent: Agent) -> None:
    for tool in (await agent.client.list_tools()).tools:
        assert tool.title
        assert tool.description
        assert "    " not in tool.description
        assert tool.annotations is not None
        assert tool.annotations.model_dump(exclude_none=True) == {
            "read_only_hint": True,
            "destructive_hint": False,
            "idempotent_hint": True,
            "open_world_hint": True,
        }
        assert not {"anyOf", "oneOf", "allOf", "$ref", "$defs", "null", "not"} & set(keys(tool.input_schema))
        for parameter in tool.input_schema["properties"].values():
            assert parameter["type"] in {"string", "integer", "boolean"}
            assert parameter["description"]


async def test_the_model_is_told_that_texts_are_not_instructions(agent: Agent) -> None:
    (tool,) = (await agent.client.list_tools()).tools
    assert "not instructions" in str(tool.description)


async def test_the_list_of_tools_is_the_same_every_time_and_in_both_eras(
    server: FamulorServer, unused_core: OpenCore
) -> None:
    lists = []
    for one in (server, build(unused_core)):
        for era in ERAS:
            async with connected(one, era) as agent:
                lists.append((await agent.client.list_tools()).tools)
    assert lists.count(lists[0]) == len(lists) == 4


async def test_nothing_is_promised_that_is_not_there(server: FamulorServer) -> None:
    for era in ERAS:
        async with connected(server, era) as agent:
            resources = agent.client.server_capabilities.resources
            assert resources is None or not resources.subscribe


async def test_listing_the_tools_opens_nothing(unused_core: OpenCore) -> None:
    async with connected(build(unused_core)) as agent:
        assert (await agent.client.list_tools()).tools


@pytest.fixture
def unused_core() -> OpenCore:
    def never() -> AbstractAsyncContextManager[Core]:
        raise AssertionError("Somebody wanted the core.")

    return never


def test_every_text_of_an_answer_is_cleaned() -> None:
    ours = {("PageAnswer", "next_cursor"), ("ErrorPart", "kind"), ("ErrorPart", "message")}
    models = [one for _name, one in inspect.getmembers(answers, inspect.isclass) if issubclass(one, Frozen)]
    texts = {
        (model.__name__, name): field
        for model in models
        for name, field in model.model_fields.items()
        if field.annotation is str
    }
    assert len(texts) > 20
    for where, field in texts.items():
        if where not in ours:
            assert any(getattr(mark, "func", None) is render.line for mark in field.metadata), where
