"""The configurations in docs/agents.md, held against the program: each is read as its client reads it, and tried."""

import json
import re
import shlex
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

from checks.servers import serving_with_token
from shared.demo import DEMO_KEY, DemoApi

DOCUMENT = (Path(__file__).parents[1] / "docs" / "agents.md").read_text(encoding="utf-8")
PROGRAM = "/path/to/famulor-chatops/.venv/bin/famulor-mcp"
ADDRESS = "https://mcp.example.com/mcp"
CLIENTS = {"Claude Desktop", "Claude Code", "Cursor", "VS Code", "Codex"}


@dataclass(frozen=True)
class Configuration:
    """What a client is told: what to start with which environment, or where to connect with which headers."""

    client: str
    command: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    url: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def configurations() -> list[Configuration]:
    """Every fenced block of the document, in its order."""
    found = []
    for section in DOCUMENT.split("\n## ")[1:]:
        client = section.partition("\n")[0]
        found += [read(client, *block) for block in re.findall(r"```(\w+)\n(.*?)```", section, re.DOTALL)]
    return found


def read(client: str, language: str, text: str) -> Configuration:
    if language == "sh":
        return from_command(client, shlex.split(text))
    whole: dict[str, Any] = tomllib.loads(text) if language == "toml" else json.loads(text)
    (key,) = whole.keys() & {"mcpServers", "servers", "mcp_servers"}
    assert key == {"VS Code": "servers", "Codex": "mcp_servers"}.get(client, "mcpServers")
    assert set(whole) <= {key, "inputs"}
    server = whole[key]["famulor"]
    asked = {f"${{input:{one['id']}}}" for one in whole.get("inputs", []) if one["password"]}
    assert asked == set(re.findall(r"\$\{input:[^}]*\}", text)), "every secret is asked for, and none in vain"
    known = {"type", "command", "args", "env", "env_vars", "url", "headers", "bearer_token_env_var"}
    assert set(server) <= known
    if "type" in server:
        assert server["type"] == ("http" if "url" in server else "stdio")
    headers = dict(server.get("headers", {}))
    if variable := server.get("bearer_token_env_var"):
        headers["Authorization"] = f"Bearer ${{{variable}}}"
    return Configuration(
        client,
        command=(server["command"], *server.get("args", ())) if "command" in server else (),
        environment={**server.get("env", {}), **{name: f"${{{name}}}" for name in server.get("env_vars", ())}},
        url=server.get("url", ""),
        headers=headers,
    )


def from_command(client: str, words: list[str]) -> Configuration:
    """`claude mcp add [--env NAME=VALUE] --transport KIND NAME (-- COMMAND … | URL [--header HEADER])`."""
    assert words[:3] == ["claude", "mcp", "add"]
    options, command = words[3:], list[str]()
    if "--" in options:
        at = options.index("--")
        options, command = options[:at], options[at + 1 :]
    given: dict[str, str] = {}
    rest = []
    while options:
        word = options.pop(0)
        if word.startswith("--"):
            given[word] = options.pop(0)
        else:
            rest.append(word)
    assert given["--transport"] == ("stdio" if command else "http")
    name, *url = rest
    assert name == "famulor"
    header, _colon, value = given.get("--header", "").partition(": ")
    variable, _equals, key = given.get("--env", "").partition("=")
    return Configuration(
        client,
        command=tuple(command),
        environment={variable: key} if variable else {},
        url="".join(url),
        headers={header: value} if header else {},
    )


def filled_in(text: str, secret: str) -> str:
    """The value with the user's secret in the place where the client, or the user, puts it."""
    places = (
        r"\$\{(env:)?FAMULOR_(API_KEY|MCP_TOKEN)\}",
        r"\$\{input:famulor-(key|token)\}",
        "YOUR-(FAMULOR-KEY|TOKEN)",
    )
    return re.sub("|".join(places), secret, text)


def test_every_client_is_there_and_all_but_one_may_connect_over_http() -> None:
    assert {one.client for one in configurations() if one.command} == CLIENTS
    assert {one.client for one in configurations() if one.url} == CLIENTS - {"Claude Desktop"}


def named(configuration: Configuration) -> str:
    return configuration.client


@pytest.mark.parametrize("configuration", [one for one in configurations() if one.command], ids=named)
async def test_the_configured_command_starts_and_its_key_reaches_famulor(configuration: Configuration) -> None:
    assert configuration.command == (PROGRAM,)
    assert list(configuration.environment) == ["FAMULOR_API_KEY"]
    async with DemoApi() as api:
        start = StdioServerParameters(
            command=str(Path(sys.executable).with_name("famulor-mcp")),
            env={
                "FAMULOR_BASE_URL": api.base_url,
                **{name: filled_in(value, DEMO_KEY) for name, value in configuration.environment.items()},
            },
        )
        async with Client(stdio_client(start)) as client:
            assert len((await client.list_tools()).tools) == 4
            answer = await client.call_tool("list_outbound_assistants", {"limit": 1})
    assert answer.structured_content is not None
    assert answer.structured_content["of"] == 12


async def test_every_configured_connection_is_let_in_with_its_token(tmp_path: Path) -> None:
    async with serving_with_token(tmp_path) as (address, token):
        for configuration in configurations():
            if configuration.url:
                assert configuration.url == ADDRESS
                headers = {name: filled_in(value, token) for name, value in configuration.headers.items()}
                assert headers == {"Authorization": f"Bearer {token}"}
                async with (
                    httpx2.AsyncClient(headers=headers) as http,
                    Client(streamable_http_client(address, http_client=http)) as client,
                ):
                    assert len((await client.list_tools()).tools) == 4
