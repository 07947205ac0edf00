"""What stands between the network and the protocol, seen from outside: who gets in, and what others are told."""

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx2
import pytest

from shared.demo import DemoApi
from shared.demo.api import OUTBOUND
from tests.mcp_server.access.conftest import HELLO, JSON, TOKEN, Served, bearer, post, refused
from tests.mcp_server.conftest import ERAS, MODERN, Start


async def test_how_it_is_can_be_asked_by_anybody_and_asks_nobody(
    start: Start, environment: dict[str, str], demo_api: DemoApi, tokens: Path
) -> None:
    async with start("--http", "--port", "0", **environment, MCP_TOKENS_FILE=str(tokens)) as program:
        address = await program.address()
        async with httpx2.AsyncClient() as http:
            answer = await http.get(address.replace("/mcp", "/healthz"), headers={"Host": "10.0.0.7"})
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "version": version("famulor-chatops")}
    assert demo_api.count() == 0


async def test_nothing_else_answers_without_a_token(start: Start, environment: dict[str, str], tokens: Path) -> None:
    paths = (
        "/mcp",
        "/mcp/",
        "//mcp",
        "/%6dcp",
        "/healthz/",
        "//healthz",
        "/healthz/../mcp",
        "/healthz%2f..%2fmcp",
        "/healthz;/mcp",
        "/.well-known/oauth-protected-resource",
        "/",
    )
    async with start("--http", "--port", "0", **environment, MCP_TOKENS_FILE=str(tokens)) as program:
        address = httpx2.URL(await program.address())
        async with httpx2.AsyncClient() as http:
            for path in paths:
                for method in ("GET", "POST", "DELETE", "OPTIONS", "HEAD"):
                    response = await http.request(method, address.copy_with(raw_path=path.encode()))
                    assert response.status_code == 401, (method, path)
            assert (await http.post(address.copy_with(raw_path=b"/healthz"))).status_code == 401


@pytest.mark.parametrize(
    "credentials",
    [
        {},
        {"Authorization": TOKEN},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer another"},
        {"Authorization": f"Bearer {TOKEN} {TOKEN}"},
        {"Authorization": f"Bearer {TOKEN.upper()}"},
        {"X-Famulor-Key": TOKEN},
    ],
)
async def test_who_does_not_prove_who_they_are_is_told_what_to_do(
    served: Served, tokens: Path, credentials: dict[str, str]
) -> None:
    async with served(mcp_tokens_file=tokens) as http:
        response = await http.post("/mcp", json=HELLO, headers=credentials)
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer")
    error = refused(response)
    assert error["data"]["kind"] in {"CredentialsMissing", "TokenRejected"}
    assert "token" in error["message"]
    assert TOKEN not in response.text


async def test_two_tokens_at_once_are_none(served: Served, tokens: Path) -> None:
    async with served(mcp_tokens_file=tokens) as http:
        both = [*JSON.items(), *bearer(TOKEN).items(), *bearer(TOKEN).items()]
        assert (await http.post("/mcp", json=HELLO, headers=both)).status_code == 401


async def test_a_batch_is_no_way_around(served: Served, tokens: Path) -> None:
    batch = [HELLO, {"jsonrpc": "2.0", "id": 2, "method": "tools/list"}]
    async with served(mcp_tokens_file=tokens) as http:
        assert (await http.post("/mcp", json=batch)).status_code == 401
        response = await http.post("/mcp", json=batch, headers=bearer(TOKEN))
    assert response.status_code == 400
    assert "batches are not taken" in refused(response)["message"]


@pytest.mark.parametrize("body", [b"", b"null", b"17", b"{", b'"x"', b"\xff", b"[" * 100_000, b'{"id": 1e999}'])
async def test_a_body_that_is_no_message_is_refused(served: Served, body: bytes) -> None:
    async with served() as http:
        assert (await http.post("/mcp", content=body)).status_code == 400


@pytest.mark.parametrize(
    ("host", "passes"),
    [
        ("127.0.0.1:8767", True),
        ("localhost", True),
        ("LOCALHOST:1", True),
        ("[::1]:8767", True),
        ("mcp.example.com", True),
        ("MCP.example.com:443", True),
        ("ports.example.com:8443", True),
        ("public.example.com", True),
        ("ports.example.com", False),
        ("evil.example", False),
        ("mcp.example.com.evil.example", False),
        ("evil@127.0.0.1", False),
        ("127.0.0.1.evil.example", False),
        ("mcp.example.com:http", False),
        ("", False),
    ],
)
async def test_it_answers_under_its_names_only(served: Served, host: str, passes: bool) -> None:  # noqa: FBT001 # a column
    settings: dict[str, Any] = {
        "mcp_allowed_hosts": "mcp.example.com, Ports.example.com:8443",
        "mcp_public_url": "https://public.example.com/mcp",
    }
    async with served(**settings) as http:
        response = await http.post("/mcp", json=HELLO, headers={"Host": host})
    assert response.status_code == (200 if passes else 421)
    if not passes:
        assert "MCP_ALLOWED_HOSTS" in refused(response)["message"]


@pytest.mark.parametrize(
    ("origin", "passes"),
    [
        ("https://app.example.com", True),
        ("http://localhost:6274", True),
        ("http://127.0.0.1", True),
        ("http://[::1]:3000", True),
        ("https://evil.example", False),
        ("http://app.example.com", False),
        ("https://app.example.com.evil.example", False),
        ("http://localhost.evil.example", False),
        ("null", False),
        ("", False),
    ],
)
async def test_it_answers_pages_of_allowed_origins_only(served: Served, origin: str, passes: bool) -> None:  # noqa: FBT001 # a column
    async with served(mcp_allowed_origins="https://app.example.com") as http:
        response = await http.post("/mcp", json=HELLO, headers={"Origin": origin})
    assert response.status_code == (200 if passes else 403)
    if not passes:
        assert refused(response)["data"]["kind"] == "OriginRefused"


async def test_a_wrong_host_or_origin_learns_nothing_about_tokens(served: Served, tokens: Path) -> None:
    async with served(mcp_tokens_file=tokens) as http:
        assert (await http.post("/mcp", headers={"Host": "evil.example"})).status_code == 421
        assert (await http.post("/mcp", headers={"Origin": "https://evil.example"})).status_code == 403


async def test_a_page_of_an_allowed_origin_may_ask_with_its_token(served: Served, tokens: Path) -> None:
    page = {"Origin": "https://app.example.com"}
    async with served(mcp_tokens_file=tokens, mcp_allowed_origins="https://app.example.com") as http:
        asking = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
        preflight = await http.options("/mcp", headers={**page, **asking})
        refusal = await http.post("/mcp", json=HELLO, headers=page)
        answer = await http.post("/mcp", json=HELLO, headers={**page, **bearer(TOKEN)})
        stranger = await http.options("/mcp", headers={**asking, "Origin": "https://evil.example"})
    assert preflight.status_code == 200
    assert answer.status_code == 200
    for response in (preflight, refusal, answer):
        assert response.headers["access-control-allow-origin"] == page["Origin"]
    assert "access-control-allow-origin" not in stranger.headers


@pytest.mark.parametrize("chunked", [False, True])
async def test_five_megabytes_are_refused_in_words(start: Start, tokens: Path, chunked: bool) -> None:  # noqa: FBT001 # both
    async def pieces() -> Any:
        for _ in range(5):
            yield b" " * 1_000_000

    async with start("--demo", "--http", "--port", "0") as program:
        address = await program.address()
        async with httpx2.AsyncClient() as http:
            content = pieces() if chunked else b" " * 5_000_000
            response = await http.post(address, content=content, headers=JSON)
        assert response.status_code == 413
        assert "larger than 1048576 bytes" in refused(response)["message"]
        assert (await post(address)).status_code == 200


async def test_the_limit_on_bodies_can_be_set(served: Served) -> None:
    async with served(mcp_body_limit=1024) as http:
        assert (await http.post("/mcp", content=json.dumps(HELLO).ljust(1024))).status_code == 200
        assert (await http.post("/mcp", content=json.dumps(HELLO).ljust(1025))).status_code == 413


@pytest.mark.parametrize(
    "reference", ["../../users/me", "57/../../users", "..%2f..%2fusers", "57?x=1", "57#", "57\x00", "//evil.example/57"]
)
async def test_tricks_in_ids_reach_nothing(
    start: Start, environment: dict[str, str], demo_api: DemoApi, reference: str
) -> None:
    async with start("--http", "--port", "0", "--stateless", "--json", **environment) as program:
        address = await program.address()
        asked: list[tuple[str, dict[str, Any]]] = [
            ("tools/call", {"name": "get_outbound_assistant", "arguments": {"assistant": reference}}),
            ("tools/call", {"name": "list_outbound_assistants", "arguments": {"ids": reference}}),
            ("resources/read", {"uri": f"famulor://assistants/outbound/{reference}"}),
        ]
        for method, params in asked:
            answer = (await post(address, {"jsonrpc": "2.0", "id": 1, "method": method, "params": params})).json()
            assert "error" in answer or answer["result"]["isError"]
    assert {one.path for one in demo_api.requests} <= {OUTBOUND, "/api/user/assistants/languages"}


async def test_a_session_that_nobody_opened_is_none(start: Start) -> None:
    async with start("--demo", "--http", "--port", "0") as program:
        address = await program.address()
        for session in ("../other", "0" * 32, "*"):
            assert (await post(address, HELLO, **{"Mcp-Session-Id": session})).status_code == 404


async def test_blanks_around_a_header_are_no_part_of_its_value(served: Served) -> None:
    question = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": MODERN}
    headers = {"MCP-Protocol-Version": ERAS[1], "Mcp-Method": "tools/list \t"}
    async with served() as http:
        answer = await http.post("/mcp", json=question, headers=headers)
    assert answer.status_code == 200
    assert answer.json()["result"]["tools"]
