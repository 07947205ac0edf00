"""Programs that are told to stop, or killed, at the worst moment: the next one goes on as if nothing had been."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.playground import LocalSlack
from shared.demo import DEMO_KEY, DemoApi
from shared.demo.faults import Hang
from tests.bot.subprocesses import PATIENCE, started
from tests.mcp_server.conftest import Start, start, until_asked

__all__ = ["start"]

SIGNALLED = """
import os, sys

class Signalled:
    def find_spec(self, name, path=None, target=None):
        if name == {library!r}:
            try:
                os.kill(os.getpid(), {number:d})
            except BaseException as error:
                raise ImportError("Some libraries take whatever happens for an error of their own.") from error

sys.meta_path.insert(0, Signalled())
"""
"""For Python to run when it starts."""
CALL = {"name": "list_outbound_assistants", "arguments": {"status": "inactive"}}


@pytest.fixture
async def slack(manifest: dict[str, Any]) -> AsyncIterator[LocalSlack]:
    """A local Slack on the machine's own time, as the programs are."""
    async with LocalSlack(manifest=manifest) as slack:
        yield slack


@asynccontextmanager
async def silence() -> AsyncIterator[tuple[str, asyncio.Event]]:
    """The address of a server that never answers, and whether somebody has come."""
    somebody = asyncio.Event()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        somebody.set()
        await reader.read(-1)
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1")
    async with server:
        host, port = server.sockets[0].getsockname()[:2]
        yield f"http://{host}:{port}/api/", somebody


@pytest.fixture
def environment(demo_api: DemoApi, slack: LocalSlack, tmp_path: Path) -> dict[str, str]:
    return {
        "FAMULOR_API_KEY": DEMO_KEY,
        "FAMULOR_BASE_URL": demo_api.base_url,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'bot.sqlite3'}",
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
    }


async def test_whenever_a_bot_is_stopped_or_killed_the_next_one_answers_from_the_same_database(
    environment: dict[str, str], slack: LocalSlack, demo_api: DemoApi, tmp_path: Path
) -> None:
    for number, status in ((signal.SIGKILL, -signal.SIGKILL), (signal.SIGTERM, 0)):
        async with (
            silence() as (address, somebody),
            started("run", environment=environment | {"SLACK_API_URL": address}, folder=tmp_path) as program,
        ):
            async with asyncio.timeout(PATIENCE):
                await somebody.wait()
            # Its database is open, and Slack does not answer: it is starting.
            program.process.send_signal(number)
            ended, _out, err = await program.ended()
        assert (ended, "Traceback" in err) == (status, False)
    demo_api.always(Hang())
    async with started("run", "--only", "slack", environment=environment, folder=tmp_path) as program:
        async with asyncio.timeout(PATIENCE):
            await slack.connected()
        unanswered = await slack.type_command("/assistants outbound active")
        assert unanswered.acknowledged
        await until_asked(demo_api)
        program.process.kill()
        assert (await program.ended())[0] == -signal.SIGKILL
    demo_api.clear_faults()
    async with started("run", "--only", "slack", environment=environment, folder=tmp_path) as program:
        async with asyncio.timeout(PATIENCE):
            await slack.connected()
        assert "9 of 12" in (await (await slack.type_command("/assistants outbound active")).reply()).as_text()
    # Slack had its acknowledgement and asks nobody else: the one who asked types it again.
    assert unanswered.messages == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize(
    ("program", "library"),
    [(("mcp_server",), "mcp"), (("mcp_server", "--http", "--port", "0"), "uvicorn"), (("bot", "run"), "slack_bolt")],
)
async def test_a_program_that_starts_ends_at_a_signal_without_a_word_whatever_it_loads_just_then(
    program: Sequence[str], library: str, number: int, environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(SIGNALLED.format(library=library, number=number))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *program),
        env={**os.environ, **environment, "PYTHONPATH": str(tmp_path)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(PATIENCE):
        assert await process.communicate() == (b"", b"")
    assert process.returncode == 0


async def test_an_mcp_server_that_is_killed_while_a_call_is_under_way_ends_the_conversation_and_can_be_started_anew(
    start: Start, environment: dict[str, str], demo_api: DemoApi
) -> None:
    ours = {name: environment[name] for name in ("FAMULOR_API_KEY", "FAMULOR_BASE_URL")}
    demo_api.always(Hang())
    async with start(**ours) as program:
        await program.greet()
        program.send({"jsonrpc": "2.0", "id": "cut off", "method": "tools/call", "params": CALL})
        await until_asked(demo_api)
        program.process.kill()
        assert await program.end() == (-signal.SIGKILL, "", "")
    demo_api.clear_faults()
    async with start(**ours) as program:
        await program.greet()
        answer = await program.ask("tools/call", **CALL)
        assert [row[0] for row in answer["result"]["structuredContent"]["assistants"]] == [140, 312]
