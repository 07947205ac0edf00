"""The log: who called what, how it ended, how long it took; and no secret at any level."""

import re
from pathlib import Path

import pytest

from shared.demo import DEMO_KEY
from tests.mcp_server.access.conftest import TOKEN, Issuer, Served, caller, post
from tests.mcp_server.conftest import ERAS, Start

NAMES = {"tokens": "agency", "OAuth": "ada", "caller keys": "key-[0-9a-f]{8}"}


@pytest.mark.parametrize("way", NAMES)
@pytest.mark.parametrize("era", ERAS)
async def test_it_says_who_called_what_and_holds_no_secret(
    start: Start, environment: dict[str, str], issuer: Issuer, tokens: Path, way: str, era: str
) -> None:
    given, secret = {
        "tokens": ({"MCP_TOKENS_FILE": str(tokens)}, TOKEN),
        "OAuth": ({"MCP_OAUTH_ISSUER": issuer.url, "MCP_OAUTH_AUDIENCE": "us"}, issuer.token(aud="us")),
        "caller keys": ({"MCP_CALLER_KEYS": "true"}, DEMO_KEY),
    }[way]
    header, prefix = ("X-Famulor-Key", "") if way == "caller keys" else ("Authorization", "Bearer ")
    headers = {header: prefix + secret}
    async with start("--http", "--port", "0", **environment, **given, LOG_LEVEL="DEBUG") as program:
        address = await program.address()
        async with caller(f"{address}?token={secret}", headers, era) as agent:
            heard = [await agent.call(search="canary"), await agent.refused(status=True)]
            names = await agent.names()
        refusals = [
            await post(address, {"jsonrpc": "2.0", "id": 1, "method": secret, "params": {"name": secret}}, **headers),
            await post(
                address, {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": secret}}, **headers
            ),
            await post(address, [secret], **headers),
            await post(address, **headers, Host="canary.example"),
            await post(address, **headers, Origin="https://canary.example"),
            await post(address, **{header: f"{prefix}${secret}"}),
            await post(f"{address}/{secret}"),
        ]
        program.process.terminate()
        _code, stdout, log = await program.end()
    assert "[debug" in log
    assert re.search(rf"\[info +\] {NAMES[way]}: tools/call list_outbound_assistants → 200 in \d+ ms", log)
    assert "anonymous: POST → 401 " in log
    said = "".join([log, stdout, str(heard), *(refusal.text for refusal in refusals)])
    for word in (secret, DEMO_KEY, "canary"):
        assert word not in said
    for word in ("session ID", *names):
        assert word not in log


@pytest.mark.parametrize(
    ("message", "what"),
    [
        ({"method": "tools/list"}, "tools/list"),
        (
            {"method": "tools/call", "params": {"name": "list_outbound_assistants"}},
            "tools/call list_outbound_assistants",
        ),
        ({"method": "tools/call", "params": {"name": "Key-17"}}, "tools/call"),
        ({"method": "tools/call", "params": {"name": 17}}, "tools/call"),
        ({"method": "tools/call", "params": [17]}, "tools/call"),
        ({"method": "resources/read", "params": {"name": "secret", "uri": "famulor://secret"}}, "resources/read"),
        ({"method": "sk-canary-17"}, "unknown method"),
        ({"method": 17}, "unknown method"),
        ({"result": {}}, "response"),
    ],
)
async def test_of_what_was_asked_it_says_the_method_and_the_tool_alone(
    served: Served, message: dict[str, object], what: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "mcp_server.access.visits")
    async with served() as http:
        await http.post("/mcp", json={"jsonrpc": "2.0", "id": 1, **message})
    (line,) = [record.getMessage() for record in caplog.records if record.name == "mcp_server.access.visits"]
    assert re.fullmatch(rf"anonymous: {what} → \d+ in 0 ms", line)
