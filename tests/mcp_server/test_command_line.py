"""`famulor-mcp`'s arguments, settings and exit codes."""

import json
import re
from importlib.metadata import version

import pytest

from tests.mcp_server.conftest import Start


async def test_it_tells_its_version(start: Start) -> None:
    async with start("--version") as program:
        assert await program.end() == (0, f"famulor-mcp {version('famulor-chatops')}\n", "")


@pytest.mark.parametrize(
    ("environment", "lines"),
    [
        ({}, ["FAMULOR_API_KEY: is missing."]),
        (
            {"FAMULOR_API_KEY": "Bearer canary", "FAMULOR_BASE_URL": "http://canary.example", "LOG_LEVEL": "loud"},
            ["FAMULOR_API_KEY: begins with “Bearer”.", "FAMULOR_BASE_URL: is plain http://", "LOG_LEVEL: should be"],
        ),
        ({"FAMULOR_ACCOUNTS": '{"agency": "canary"}'}, ["FAMULOR_ACCOUNTS: has another shape."]),
    ],
)
async def test_wrong_settings_are_one_line_each_and_no_secret(
    start: Start, environment: dict[str, str], lines: list[str]
) -> None:
    async with start(**environment) as program:
        code, stdout, stderr = await program.end()
    assert (code, stdout) == (2, "")
    problems = stderr.splitlines()
    assert len(problems) == len(lines)
    for problem, line in zip(problems, lines, strict=True):
        assert problem.startswith(f"famulor-mcp: {line}")
    assert "canary" not in stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--http", "--host", "0.0.0.0"], "--host 0.0.0.0: other machines could call then"),  # noqa: S104 # refused
        (["--http", "--host", "example.com"], "so callers must prove who they are. Set MCP_TOKENS_FILE"),
        (["--http", "--host", "::"], "or MCP_OAUTH_ISSUER, or MCP_CALLER_KEYS=true"),
        (["--http", "--path", "healthz"], "--path /healthz: that is where the server says how it is."),
        (["--http", "--caller-keys"], "--caller-keys: the demo has one key, its own"),
        (["--http", "--port", "70000"], "70000 is no port: 0 to 65535"),
        (["--http", "--port", "http"], "http is no port: 0 to 65535"),
        (["--serve"], "unrecognized arguments: --serve"),
    ],
)
async def test_wrong_arguments_are_refused_in_words(start: Start, arguments: list[str], words: str) -> None:
    async with start("--demo", *arguments) as program:
        code, stdout, stderr = await program.end()
    assert (code, stdout) == (2, "")
    assert words in stderr
    assert "Traceback" not in stderr


async def test_logs_may_be_json(start: Start, environment: dict[str, str]) -> None:
    async with start(**{**environment, "FAMULOR_API_KEY": "rejected"}, LOG_FORMAT="json") as program:
        await program.greet()
        await program.ask("tools/call", name="list_outbound_assistants")
        code, _stdout, stderr = await program.end()
    assert code == 0
    line = json.loads(stderr.splitlines()[0])
    assert (line["level"], line["logger"], line["tool"]) == ("warning", "mcp_server.calls", "list_outbound_assistants")


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (
            {"MCP_TOKENS_FILE": "tokens", "MCP_OAUTH_ISSUER": "https://id.example.com/"},
            "MCP_OAUTH_ISSUER: is set beside MCP_TOKENS_FILE. Keep one of them.",
        ),
        (
            {"MCP_OAUTH_ISSUER": "https://id.example.com/", "MCP_CALLER_KEYS": "yes"},
            "MCP_CALLER_KEYS: is set beside MCP_OAUTH_ISSUER. Keep one of them.",
        ),
        (
            {"MCP_OAUTH_ISSUER": "https://id.example.com/"},
            "MCP_PUBLIC_URL: is missing. Tokens are issued for the address under which clients know this server.",
        ),
        (
            {"MCP_OAUTH_ISSUER": "http://id.example.com/"},
            "MCP_OAUTH_ISSUER: is plain http:// to another machine: the key would travel unencrypted. Use https://.",
        ),
        (
            {"MCP_ALLOWED_HOSTS": "https://mcp.example.com"},
            "MCP_ALLOWED_HOSTS: takes host names with commas between them, such as mcp.example.com:8443.",
        ),
        (
            {"MCP_ALLOWED_ORIGINS": "app.example.com"},
            "MCP_ALLOWED_ORIGINS: takes origins with commas between them, such as https://app.example.com.",
        ),
        ({"MCP_CALLS_PER_MINUTE": "0"}, "MCP_CALLS_PER_MINUTE: should be greater than or equal to 1"),
    ],
)
async def test_wrong_settings_for_http_are_one_line_each(
    start: Start, environment: dict[str, str], given: dict[str, str], problem: str
) -> None:
    async with start("--http", "--host", "0.0.0.0", "--port", "0", **environment, **given) as program:  # noqa: S104 # refused
        code, stdout, stderr = await program.end()
    assert (code, stdout, stderr) == (2, "", f"famulor-mcp: {problem}\n")


async def test_other_machines_may_call_where_callers_prove_who_they_are(
    start: Start, environment: dict[str, str]
) -> None:
    arguments = ("--http", "--host", "0.0.0.0", "--port", "0", "--caller-keys")  # noqa: S104 # it demands keys
    for given, warned in (({}, True), ({"MCP_ALLOWED_HOSTS": "mcp.example.com"}, False)):
        async with start(*arguments, **environment, **given) as program:
            first = (await program.stderr.readline()).decode()
        assert ("Only requests for localhost are answered" in first) is warned


async def test_the_help_names_what_can_be_done(start: Start) -> None:
    async with start("--help") as program:
        code, stdout, stderr = await program.end()
    assert (code, stderr) == (0, "")
    for word in ("--http", "--stateless", "--json", "--caller-keys", "--demo", "token", "MCP_TOKENS_FILE", "TLS"):
        assert word in stdout


@pytest.mark.parametrize("arguments", [[], ["--http", "--port", "0"]])
async def test_only_what_is_needed_is_imported(start: Start, environment: dict[str, str], arguments: list[str]) -> None:
    async with start(*arguments, **environment, PYTHONPROFILEIMPORTTIME="1") as program:
        said = ""
        while arguments and "serving at" not in said:
            said += (await program.stderr.readline()).decode()
        if arguments:
            program.process.terminate()
        _code, _stdout, stderr = await program.end()
    imported = set(re.findall(r"\| +([\w.]+)$", said + stderr, flags=re.MULTILINE))
    assert "mcp_server.server" in imported
    assert not imported & {"mcp_server.access.oauth", "mcp_server.access.tokens", "mcp_server.access.caller_keys"}
    assert not imported & {"structlog", "prometheus_client"}
    assert ("mcp_server.access.gate" in imported) is bool(arguments)
    assert ("shared.settings.http" in imported) is bool(arguments)
