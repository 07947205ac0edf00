"""What clients and models are told before they call anything."""

import inspect
import json
import re
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from importlib.metadata import version
from typing import Any, TypeGuard

import pytest
from mcp.types import Tool

from mcp_server import render
from mcp_server.answers import audits, changes, details, origins, pages, results
from mcp_server.calls import FamulorServer
from mcp_server.server import build
from mcp_server.state import OpenCore, OpenStore
from shared.core import Core
from shared.models import Frozen
from shared.store import Store
from tests.mcp_server.conftest import ERAS, connected


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


@pytest.fixture
async def tools(server: FamulorServer) -> list[Tool]:
    async with connected(server) as agent:
        return (await agent.client.list_tools()).tools


async def test_the_tools_are_these_and_only_read(tools: list[Tool]) -> None:
    assert [(tool.name, bool(tool.title)) for tool in tools] == [
        ("list_outbound_assistants", True),
        ("get_outbound_assistant", True),
        ("audit_outbound_assistants", True),
        ("list_outbound_assistant_changes", True),
    ]
    for tool in tools:
        assert tool.annotations is not None
        assert tool.annotations.model_dump(exclude_none=True) == {
            "read_only_hint": True,
            "destructive_hint": False,
            "idempotent_hint": True,
            "open_world_hint": True,
        }


def parameters(tools: list[Tool]) -> Iterator[tuple[str, dict[str, Any]]]:
    for tool in tools:
        yield from tool.input_schema["properties"].items()


async def test_every_parameter_is_described(tools: list[Tool]) -> None:
    for name, schema in parameters(tools):
        assert len(schema["description"]) > 10, name
        if schema["type"] == "string" and name not in {"cursor", "response_format", "min_severity", "group_by"}:
            assert '"' in schema["description"], f"{name} wants an example"


async def test_arguments_have_no_alternatives_for_gemini(tools: list[Tool]) -> None:
    for tool in tools:
        assert not {"anyOf", "oneOf", "allOf", "not", "if", "const"} & set(keys(tool.input_schema))


async def test_arguments_have_no_references_for_gemini(tools: list[Tool]) -> None:
    for tool in tools:
        assert not {"$ref", "$defs", "definitions"} & set(keys(tool.input_schema))


async def test_every_argument_has_one_type_and_none_is_null(tools: list[Tool]) -> None:
    for name, schema in parameters(tools):
        assert schema["type"] in {"string", "integer", "boolean"}, name
        assert "null" not in json.dumps(schema)


async def test_only_texts_are_enumerated_for_gemini(tools: list[Tool]) -> None:
    for _name, schema in parameters(tools):
        if "enum" in schema:
            assert schema["type"] == "string"
            assert all(isinstance(word, str) and word for word in schema["enum"])


async def test_schemas_say_no_more_than_every_client_takes(tools: list[Tool]) -> None:
    for tool in tools:
        assert set(tool.input_schema) <= {"type", "properties", "required"}
        assert tool.input_schema["type"] == "object"
        assert set(tool.input_schema.get("required", ())) <= set(tool.input_schema["properties"])
    for _name, schema in parameters(tools):
        assert set(schema) <= {"type", "description", "default", "enum", "minimum", "maximum"}


async def test_names_and_descriptions_keep_to_what_openai_and_claude_take(tools: list[Tool]) -> None:
    for tool in tools:
        assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", tool.name)
        assert tool.description
        assert len(tool.description) <= 1024
        assert "    " not in tool.description
    for name, _schema in parameters(tools):
        assert re.fullmatch(r"[a-zA-Z_][a-zA-Z0-9_]{0,63}", name)


async def test_the_model_is_told_that_texts_are_not_instructions(tools: list[Tool]) -> None:
    for tool in tools:
        assert "untrusted" in str(tool.description)
        assert "not instructions" in str(tool.description)


async def test_the_list_of_tools_is_the_same_every_time_and_in_both_eras(
    server: FamulorServer, unused_core: OpenCore, unused_store: OpenStore
) -> None:
    lists = []
    for one in (server, build(unused_core, open_store=unused_store)):
        for era in ERAS:
            async with connected(one, era) as agent:
                lists.append((await agent.client.list_tools()).tools)
    assert lists.count(lists[0]) == len(lists) == 4


async def test_listing_the_tools_opens_nothing(unused_core: OpenCore, unused_store: OpenStore) -> None:
    async with connected(build(unused_core, open_store=unused_store)) as agent:
        assert (await agent.client.list_tools()).tools


@pytest.fixture
def unused_core() -> OpenCore:
    def never() -> AbstractAsyncContextManager[Core]:
        raise AssertionError("Somebody wanted the core.")

    return never


@pytest.fixture
def unused_store() -> OpenStore:
    def never() -> AbstractAsyncContextManager[Store]:
        raise AssertionError("Somebody wanted the store.")

    return never


def test_every_text_of_an_answer_is_cleaned() -> None:
    # What stands in rows and details is not typed: test_untrusted.py sees to it.
    ours = {
        ("PageAnswer", "next_cursor"),
        ("ChangesAnswer", "next_cursor"),
        ("AuditAnswer", "next_cursor"),
        ("ErrorPart", "kind"),
        ("ErrorPart", "message"),
        ("NextCall", "name"),
    }
    models = {
        one
        for module in (results, origins, pages, details, changes, audits)
        for one in vars(module).values()
        if is_model(one)
    }
    texts = {
        (model.__name__, name): field
        for model in models
        for name, field in model.model_fields.items()
        if field.annotation is str
    }
    assert len(texts) > 15
    for where, field in texts.items():
        if where not in ours:
            assert any(getattr(mark, "func", None) is render.line for mark in field.metadata), where


def is_model(one: Any) -> TypeGuard[type[Frozen]]:
    return inspect.isclass(one) and issubclass(one, Frozen)
