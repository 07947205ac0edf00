"""`famulor-bot demo`: everything on this machine, with nothing of the user's."""

import asyncio
import json
import os
import socket
import sys
import tempfile
import webbrowser
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TextIO

from bot.alerts.running import alerting, delivering
from bot.connection import connected
from bot.manifest import manifest
from bot.playground import BEN, GENERAL, PERSON, TEAM, Beside, LocalSlack
from bot.words import COMMAND, COMMANDS
from shared.demo import DEMO_KEY, DemoApi
from shared.errors import FamulorError
from shared.logs import configure_logging
from shared.models import Severity
from shared.query import AssistantQuery
from shared.runtime import Runtime, open_runtime, watch
from shared.settings import SlackSettings, from_arguments
from shared.watch import watching

API_PORT, SLACK_PORT, MCP_PORT = 8765, 8766, 8767
CHANGE_EVERY = 60.0
"""Seconds between two things that happen to the demo's assistants."""
START_PATIENCE = 30.0
"""Seconds for the MCP server to take connections."""
REPLY_PATIENCE = 20.0
"""Seconds for an answer."""
MODAL_PATIENCE = 10.0
"""Seconds for what fills a modal, where somebody types."""
STOP_PATIENCE = 5.0
"""Seconds for the MCP server to end by itself."""
LAST_LINES = 12
"""What is shown of a server's own words when it does not start."""

GERMAN_COMMAND = COMMANDS[1]

_LOOPBACK = "127.0.0.1"
# Short, so that what you change is seen, and an API that you take down is given up, while you look.
_CACHE_SECONDS, _TOTAL_TIMEOUT, _WATCH_INTERVAL = 2, 5, 2
# Without these no program runs, or none finds its temporary folder.
_KEPT_VARIABLES = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP")

PAGE = """
The playground is at {slack}

There you type, press and look as in Slack: as Ada, an admin whose Slack speaks English, or as Ben, whose speaks German.
Beside the conversation: Famulor's end, what can go wrong at Slack, and the agents' door.
"""

TOUR = """
The same in another terminal; what Slack shows in a modal is printed too:

  curl -d '{command} outbound inactive' {slack}type
  curl -d '{command} show 42' {slack}type
  curl -d '{command} find "appointment"' {slack}type
  curl -d '{german} vergleiche 42 57' '{slack}type?user=ben'
  curl -d '@Famulor zustand' '{slack}type?user=ben'

Switch an assistant off: #general has subscribed to every change, and its alerts are printed here. Take the API down
and bring it back, and ask again each time:

  curl -X PATCH -d '{{"status": "inactive"}}' {api}/demo/assistants/42
  curl -d '{{"fault": "server-error", "status": 503, "times": "always"}}' {api}/demo/faults
  curl -X DELETE {api}/demo/faults

The same for your agent; an MCP client's configuration, and a way to look at the tools:

  {config}

  npx @modelcontextprotocol/inspector --cli {mcp} --transport http --method tools/list
"""


class DemoFailed(FamulorError):
    """A part of the demo does not start."""

    what = "The demo could not start: {part} ({evidence})."


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the three servers listen."""

    api: str
    slack: str
    mcp: str


async def demonstrate(*, once: bool, browser: bool = False) -> int:
    """Start everything, say where the page is, type a command, and say what else to try; then change things.

    `once`: end after the first answers, else when it is cancelled. `browser`: open the page in one.
    """
    configure_logging("WARNING", "console")
    async with AsyncExitStack() as stack:
        api = DemoApi()
        stack.push_async_callback(api.stop)
        await _start("the demo API", api.start, API_PORT)
        mcp_port = _free_port("the MCP server", MCP_PORT)
        agents_url = f"http://{_LOOPBACK}:{mcp_port}/mcp"
        # What is remembered is the demo's own, and gone with it.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="famulor-demo-")))
        # It starts while everything else does.
        serving = await stack.enter_async_context(mcp_server(api.base_url, _database(folder), mcp_port))
        beside = Beside(famulor=api, agents_url=agents_url)
        slack = LocalSlack(manifest=manifest(), filled_within=MODAL_PATIENCE, beside=beside)
        stack.push_async_callback(slack.stop)
        await _start("the local Slack", slack.start, SLACK_PORT)
        runtime = await stack.enter_async_context(open_runtime(_settings(api, slack, folder)))
        await stack.enter_async_context(connected(runtime))
        await _alert(runtime, slack, stack)
        await slack.connected()
        _say(PAGE.strip("\n").format(slack=slack.url))
        if browser:
            # Some browsers come back only when they are closed: nothing waits for that.
            Thread(target=webbrowser.open, args=[slack.url], daemon=True).start()
        await serving()
        await _show(slack, Addresses(api=api.base_url, slack=slack.url, mcp=agents_url))
        if not once:
            await _change_things(api, slack)
    return 0


async def _alert(runtime: Runtime[SlackSettings], slack: LocalSlack, stack: AsyncExitStack) -> None:
    """#general hears of every change from now on, and whoever runs the demo of what is posted there."""
    await runtime.store.subscriptions.add(
        f"{TEAM}/{GENERAL}", created_by=PERSON, query=AssistantQuery(), groups=(), minimum=Severity.INFO
    )
    watched = watch(runtime)
    # What is there when the demo begins is nobody's news.
    await watched.tick()
    await stack.enter_async_context(watching(watched))
    await stack.enter_async_context(delivering(await stack.enter_async_context(alerting(runtime))))
    telling = asyncio.create_task(_tell_of_alerts(slack))
    stack.callback(telling.cancel)


async def _tell_of_alerts(slack: LocalSlack) -> None:
    while True:
        with suppress(TimeoutError):
            message = await slack.next_message(GENERAL)
            if not message.ephemeral:
                where = "In the thread of an alert" if message.thread_ts else "In #general"
                _say("", f"{where}{' (brought up to date)' if message.replaced else ''}:", message.as_text(), "")


async def _start(part: str, start: Callable[[int], Awaitable[None]], port: int) -> None:
    try:
        await start(_free_port(part, port))
    except OSError as error:
        raise DemoFailed(part=part, evidence=error.strerror or "no port") from error


def _free_port(part: str, port: int) -> int:
    """This port, or one that is free."""
    with socket.socket() as probe:
        # As servers do: what a connection of a minute ago leaves behind does not make a port taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_LOOPBACK, port))
        except OSError:
            probe.bind((_LOOPBACK, 0))
            _say(f"Port {port} is taken: {part} takes {probe.getsockname()[1]} instead.")
        free: int = probe.getsockname()[1]
        return free


def _database(folder: Path) -> str:
    return f"sqlite:///{folder / 'demo.sqlite3'}"


def _settings(api: DemoApi, slack: LocalSlack, folder: Path) -> SlackSettings:
    return from_arguments(
        SlackSettings,
        famulor_api_key=DEMO_KEY,
        famulor_base_url=api.base_url,
        famulor_total_timeout=_TOTAL_TIMEOUT,
        cache_seconds=_CACHE_SECONDS,
        watch_interval=_WATCH_INTERVAL,
        database_url=_database(folder),
        slack_bot_token=slack.bot_token,
        slack_app_token=slack.app_token,
        slack_api_url=slack.api_url,
        slack_admins=(PERSON,),
    )


@asynccontextmanager
async def mcp_server(api_url: str, database_url: str, port: int) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """The MCP server as a program of its own, as agents' users start it.

    What it hands over comes back when the server takes connections, and raises DemoFailed with its last words else.
    """
    environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ} | {
        "FAMULOR_API_KEY": DEMO_KEY,
        "FAMULOR_BASE_URL": api_url,
        # What the demo's own watch has seen; else it would read the user's.
        "DATABASE_URL": database_url,
        "FAMULOR_TOTAL_TIMEOUT": str(_TOTAL_TIMEOUT),
        "CACHE_SECONDS": str(_CACHE_SECONDS),
    }
    # An empty folder: a .env of the user's is for the user's programs.
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as words:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "mcp_server", "--http", "--port", str(port)),
            cwd=folder,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=words,
            stderr=words,
        )

        async def serving() -> None:
            if not await _takes_connections(process, port):
                words.seek(0)
                last = words.read().decode(errors="replace").strip().splitlines()[-LAST_LINES:]
                _say(*last, to=sys.stderr)
                raise DemoFailed(part="the MCP server", evidence="its last words are above")

        try:
            yield serving
        finally:
            await _end(process)


async def _takes_connections(process: asyncio.subprocess.Process, port: int) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(START_PATIENCE):
            while process.returncode is None:
                with suppress(OSError):
                    _reader, writer = await asyncio.open_connection(_LOOPBACK, port)
                    writer.close()
                    return True
                await asyncio.sleep(0.05)
    return False


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        async with asyncio.timeout(STOP_PATIENCE):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


async def _show(slack: LocalSlack, addresses: Addresses) -> None:
    for name, user, typed in (("Ada", PERSON, f"{COMMAND} outbound active"), ("Ben", BEN, GERMAN_COMMAND)):
        _say(f"Typed in the local Slack by {name}: {typed}", "")
        interaction = await slack.type_command(typed, user=user)
        try:
            reply = await interaction.reply(REPLY_PATIENCE)
        except TimeoutError as error:
            raise DemoFailed(part="the bot", evidence=str(error)) from error
        _say(reply.as_text(), "")
    config = {"mcpServers": {"famulor-demo": {"type": "http", "url": addresses.mcp}}}
    _say(
        TOUR.strip("\n").format(
            command=COMMAND,
            german=GERMAN_COMMAND,
            api=addresses.api,
            slack=addresses.slack,
            mcp=addresses.mcp,
            config=json.dumps(config),
        )
    )


async def _change_things(api: DemoApi, slack: LocalSlack) -> None:
    _say(f"Every {CHANGE_EVERY:g} s something happens to an assistant. Ctrl-C stops everything.")
    while True:
        await asyncio.sleep(CHANGE_EVERY)
        _say(f"At Famulor's end: {api.step()}")
        slack.workspace.news.tell()


def _say(*lines: str, to: TextIO | None = None) -> None:
    # Flushed, for the reader may be a pipe.
    stream = to or sys.stdout
    stream.writelines(f"{line}\n" for line in lines)
    stream.flush()
