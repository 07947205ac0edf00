"""`famulor-bot demo`: everything on this machine, with nothing of the user's."""

import asyncio
import json
import os
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TextIO

from bot.connection import connected
from bot.playground import LocalSlack
from bot.words import COMMAND
from shared.demo import DEMO_KEY, DemoApi
from shared.errors import FamulorError
from shared.logs import configure_logging
from shared.runtime import open_core
from shared.settings import SlackSettings, from_arguments

API_PORT, SLACK_PORT, MCP_PORT = 8765, 8766, 8767
CHANGE_EVERY = 60.0
"""Seconds between two things that happen to the demo's assistants."""
START_PATIENCE = 30.0
"""Seconds for the MCP server to take connections."""
REPLY_PATIENCE = 20.0
"""Seconds for the first answer."""
STOP_PATIENCE = 5.0
"""Seconds for the MCP server to end by itself."""
LAST_LINES = 12
"""What is shown of a server's own words when it does not start."""

_LOOPBACK = "127.0.0.1"
# Short, so that what you change is seen, and an API that you take down is given up, while you look.
_CACHE_SECONDS, _TOTAL_TIMEOUT = 2, 5
# Without these no program runs, or none finds its temporary folder.
_KEPT_VARIABLES = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP")

TOUR = """
Try next, in another terminal:

  curl -d '{command} outbound inactive' {slack}type
  curl -d '{command} zeige 42' {slack}type

Switch an assistant off, take the API down and bring it back, and ask again each time:

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


async def demonstrate(*, once: bool) -> None:
    """Start everything, type a command, and say what to try next; then change things until cancelled."""
    configure_logging("WARNING", "console")
    async with AsyncExitStack() as stack:
        api, slack = DemoApi(), LocalSlack()
        stack.push_async_callback(api.stop)
        await _start("the demo API", api.start, API_PORT)
        stack.push_async_callback(slack.stop)
        await _start("the local Slack", slack.start, SLACK_PORT)
        settings = _settings(api, slack)
        core = await stack.enter_async_context(open_core(settings))
        await stack.enter_async_context(connected(settings, core))
        mcp_port = _free_port("the MCP server", MCP_PORT)
        await stack.enter_async_context(mcp_server(api.base_url, mcp_port))
        addresses = Addresses(api=api.base_url, slack=slack.url, mcp=f"http://{_LOOPBACK}:{mcp_port}/mcp")
        await _show(slack, addresses)
        if not once:
            await _change_things(api)


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


def _settings(api: DemoApi, slack: LocalSlack) -> SlackSettings:
    return from_arguments(
        SlackSettings,
        famulor_api_key=DEMO_KEY,
        famulor_base_url=api.base_url,
        famulor_total_timeout=_TOTAL_TIMEOUT,
        cache_seconds=_CACHE_SECONDS,
        slack_bot_token=slack.bot_token,
        slack_app_token=slack.app_token,
        slack_api_url=slack.api_url,
    )


@asynccontextmanager
async def mcp_server(api_url: str, port: int) -> AsyncIterator[None]:
    """The MCP server as a program of its own, as agents' users start it. Raises DemoFailed with its last words."""
    environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ} | {
        "FAMULOR_API_KEY": DEMO_KEY,
        "FAMULOR_BASE_URL": api_url,
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
        try:
            if not await _takes_connections(process, port):
                words.seek(0)
                last = words.read().decode(errors="replace").strip().splitlines()[-LAST_LINES:]
                _say(*last, to=sys.stderr)
                raise DemoFailed(part="the MCP server", evidence="its last words are above")
            yield
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
    command = f"{COMMAND} outbound active"
    _say(f"Typed in the local Slack: {command}", "")
    await slack.connected()
    interaction = await slack.type_command(command)
    try:
        reply = await interaction.reply(REPLY_PATIENCE)
    except TimeoutError as error:
        raise DemoFailed(part="the bot", evidence=str(error)) from error
    _say(reply.as_text())
    config = {"mcpServers": {"famulor-demo": {"type": "http", "url": addresses.mcp}}}
    _say(
        TOUR.format(
            command=COMMAND, api=addresses.api, slack=addresses.slack, mcp=addresses.mcp, config=json.dumps(config)
        )
    )


async def _change_things(api: DemoApi) -> None:
    _say(f"Every {CHANGE_EVERY:g} s something happens to an assistant. Ctrl-C stops everything.")
    while True:
        await asyncio.sleep(CHANGE_EVERY)
        _say(f"At Famulor's end: {api.step()}")


def _say(*lines: str, to: TextIO | None = None) -> None:
    # Flushed, for the reader may be a pipe.
    stream = to or sys.stdout
    stream.writelines(f"{line}\n" for line in lines)
    stream.flush()
