"""`famulor-bot demo` as a user starts it: everything on this machine, nothing of the user's, nothing left behind."""

import asyncio
import json
import os
import pty
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import aiohttp
import pytest
import pytest_asyncio

from bot import demo
from bot.demo import DemoFailed, demonstrate
from bot.programs import opens_browser
from tests.bot.subprocesses import PATIENCE, Program, started

HOSTILE = {
    "FAMULOR_API_KEY": "canary-key",
    "FAMULOR_ACCOUNTS": "{broken",
    "FAMULOR_BASE_URL": "https://canary.example.com",
    "SLACK_BOT_TOKEN": "canary-token",
    "SLACK_CLIENT_ID": "canary",
    "SLACK_CLIENT_SECRET": "canary",
    "DATABASE_URL": "postgresql://canary",
    "LOG_LEVEL": "DEBUG",
    # Who sits at a machine with windows; but the demo's words go into a pipe.
    "DISPLAY": ":canary",
    **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), "http://127.0.0.1:9"),
}
IN_THE_MODULE = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Running:
    """A demo that runs: what it said when it had started, and the folder that is its home."""

    program: Program
    said: str
    home: Path

    def address(self, pattern: str) -> str:
        """The part of what it said that the pattern's group has."""
        found = re.search(pattern, self.said)
        assert found is not None, self.said
        return found[1]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """The demo as a user has started it, in a hostile environment, while the usual ports are somebody's."""
    home = tmp_path_factory.mktemp("home")
    (home / ".env").write_text("FAMULOR_API_KEY=canary-file\nCACHE_SECONDS=broken\n", encoding="utf-8")
    own = {"HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "TMPDIR": str(home)}
    with ExitStack() as stack:
        for port in (demo.API_PORT, demo.SLACK_PORT, demo.MCP_PORT):
            taken = stack.enter_context(socket.socket())
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            # Somebody else's is as good.
            with suppress(OSError):
                taken.bind(("127.0.0.1", port))
                taken.listen()
        async with started("demo", environment=HOSTILE | own, folder=home) as program:
            yield Running(program, await _until(program.process, "Ctrl-C"), home)


@IN_THE_MODULE
async def test_it_says_where_everything_is_whatever_the_environment_says(running: Running) -> None:
    told = re.findall(r"Port (\d+) is taken: (.+) takes (\d+) instead\.", running.said)
    assert sorted((int(port), part) for port, part, _free in told) == [
        (demo.API_PORT, "the demo API"),
        (demo.SLACK_PORT, "the local Slack"),
        (demo.MCP_PORT, "the MCP server"),
    ]
    for _port, _part, free in told:
        assert f"http://127.0.0.1:{free}/" in running.said
    # The page comes first.
    assert running.said.splitlines()[len(told)].startswith("The playground is at http://127.0.0.1:")
    assert "9 of 12 outbound assistants" in running.said
    # Ben's Slack speaks German.
    assert "12 Outbound-Assistenten" in running.said
    config = json.loads(running.address(r"(?m)^ *(\{.*mcpServers.*\})$"))
    assert config["mcpServers"]["famulor-demo"]["type"] == "http"
    assert "canary" not in running.said


@IN_THE_MODULE
async def test_whatever_it_says_can_be_typed_is_answered(running: Running) -> None:
    typed = re.findall(r"curl -d '([/@][^']*)' '?(http\S+/type[^\s']*)", running.said)
    assert len(typed) == 5
    answers = []
    async with aiohttp.ClientSession() as http:
        for text, url in typed:
            async with http.post(url, data=text) as answer:
                assert answer.status == 200
                answers.append(await answer.text())
    # What Slack shows in a modal too.
    assert all("One moment" not in text and "Einen Moment" not in text for text in answers)
    assert "2 of 12 outbound assistants" in answers[0]
    assert "America/New_York" in answers[1]
    assert "appointment" in answers[2]
    assert "Solar-Erstberatung" in answers[3]
    assert "Alles in Ordnung." in answers[4]


@IN_THE_MODULE
async def test_from_its_page_an_assistant_is_switched_off_and_its_alert_is_told(running: Running) -> None:
    start = running.address(r"The playground is at (\S+)")
    async with aiohttp.ClientSession(headers={"Accept": "text/html"}) as http:
        for said in ("In #general:", "In the thread of an alert:"):
            page = await _page(http, urljoin(start, "as/ada/C0GENERAL1?panel=famulor"))
            await _post(http, start, page, "panel/famulor/switch", id="42")
            assert said in await _until(running.program.process, "[Acknowledge]" if "#" in said else "*Closed*")
        page = await _page(http, urljoin(start, "as/ada/C0GENERAL1"))
        assert "switched off" in page
        # The agents' door is open too, and answers with the same.
        page = await _page(http, urljoin(start, "as/ada/C0GENERAL1?panel=agents"))
        assert running.address(r'"(http://\S+/mcp)"') in page
        call = {"round": "1", "tool-1": "list_outbound_assistant_changes", "arguments-1": "{}"}
        await _post(http, start, page, "panel/agents/call", **call)
        page = await _page(http, urljoin(start, "as/ada/C0GENERAL1?panel=agents"))
        assert re.search(r"About [1-9]\d* tokens", page)
        assert "The tool answers with an error" not in page
        assert "Sales Follow-up" in page[page.index("agents-text") :]


@IN_THE_MODULE
async def test_told_to_stop_it_ends_and_leaves_nothing_behind(running: Running) -> None:
    agents = int(running.address(r'"http://127\.0\.0\.1:(\d+)/mcp"'))
    running.program.process.send_signal(signal.SIGINT)
    status, _rest, err = await running.program.ended()
    assert (status, err) == (0, "")
    # What it remembered was in a folder of its own, neither here nor where a user's own data is.
    assert [path.name for path in running.home.iterdir()] == [".env"]
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", agents)) != 0


async def test_once_it_ends_with_the_first_answers(tmp_path: Path) -> None:
    async with started("demo", "--once", "--no-browser", environment={}, folder=tmp_path) as program:
        status, out, err = await program.ended()
    assert (status, err) == (0, "")
    assert "Sales Follow-up" in out
    assert "Ctrl-C" not in out


async def test_in_a_terminal_it_opens_a_browser_and_can_be_stopped_while_it_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = tmp_path / "browser"
    shown.write_text('#!/bin/sh\necho "A browser shows $1"\n', encoding="utf-8")
    shown.chmod(0o755)
    for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"):
        monkeypatch.delenv(name, raising=False)
    at_the_machine = {"DISPLAY": ":0", "BROWSER": f"{shown} %s"}
    ours, theirs = pty.openpty()
    said = ""
    async with started("demo", environment=at_the_machine, folder=tmp_path, stdout=theirs) as program:
        os.close(theirs)
        async with asyncio.timeout(PATIENCE):
            while not re.search(r"A browser shows http\S+\s", said):
                said += (await asyncio.to_thread(os.read, ours, 4096)).decode(errors="replace")
            program.process.terminate()
            assert program.process.stderr is not None
            assert await program.process.stderr.read() == b""
            assert await program.process.wait() == 0
    os.close(ours)
    (address,) = re.findall(r"The playground is at (\S+)", said)
    assert f"A browser shows {address}" in said


def test_a_browser_is_opened_only_where_somebody_would_see_it() -> None:
    windows = {"DISPLAY": ":0"}
    assert opens_browser(windows, "linux", is_terminal=True)
    assert opens_browser({"WAYLAND_DISPLAY": "wayland-0"}, "linux", is_terminal=True)
    assert opens_browser({}, "darwin", is_terminal=True)
    assert opens_browser({}, "win32", is_terminal=True)
    # A pipe, a terminal without windows, another machine's terminal.
    assert not opens_browser(windows, "linux", is_terminal=False)
    assert not opens_browser({}, "linux", is_terminal=True)
    assert not opens_browser({"DISPLAY": ""}, "linux", is_terminal=True)
    for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"):
        assert not opens_browser({**windows, name: "10.0.0.1 1 10.0.0.2 22"}, "linux", is_terminal=True)
        assert not opens_browser({name: ""}, "darwin", is_terminal=True)


async def test_a_server_that_does_not_start_is_told_with_its_last_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/cat")
    with pytest.raises(DemoFailed, match="the MCP server"):
        await demonstrate(once=True)
    assert "cat: " in capsys.readouterr().err


async def test_a_server_that_takes_no_connections_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    deaf = tmp_path / "deaf"
    deaf.write_text("#!/bin/sh\ntrap '' TERM\nwhile :; do sleep 0.1; done\n", encoding="utf-8")
    deaf.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(deaf))
    monkeypatch.setattr(demo, "START_PATIENCE", 0.3)
    monkeypatch.setattr(demo, "STOP_PATIENCE", 0.3)
    with pytest.raises(DemoFailed, match="the MCP server"):
        await demonstrate(once=True)


async def test_a_machine_on_which_nothing_can_listen_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    # An address for documentation: no machine has it.
    monkeypatch.setattr(demo, "_LOOPBACK", "192.0.2.1")
    with pytest.raises(DemoFailed, match="the demo API"):
        await demonstrate(once=True)


async def test_a_bot_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "REPLY_PATIENCE", 0.0)
    with pytest.raises(DemoFailed, match="the bot"):
        await demonstrate(once=True)


async def test_things_happen_while_it_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(demo, "CHANGE_EVERY", 0.01)
    seen = ""
    task = asyncio.create_task(demonstrate(once=False))
    async with asyncio.timeout(PATIENCE):
        while "was switched off" not in seen and not task.done():
            await asyncio.sleep(0)
            seen += capsys.readouterr().out
    task.cancel()
    await asyncio.wait([task])
    assert "At Famulor's end: Sales Follow-up was switched off." in seen


async def _until(process: asyncio.subprocess.Process, words: str) -> str:
    """What the program has said when it says this."""
    assert process.stdout is not None
    said = ""
    async with asyncio.timeout(PATIENCE):
        while words not in said:
            line = await process.stdout.readline()
            assert line, said
            said += line.decode()
    return said


async def _page(http: aiohttp.ClientSession, url: str) -> str:
    async with http.get(url) as answer:
        assert answer.status == 200
        return await answer.text()


async def _post(http: aiohttp.ClientSession, start: str, page: str, act: str, **fields: str) -> None:
    """Sends off a form of this page."""
    action, token = re.search(rf'action="([^"]*{act}[^"]*)"', page), re.search(r'name="token" value="([^"]+)"', page)
    assert action is not None
    assert token is not None
    async with http.post(urljoin(start, action[1]), data={"token": token[1], **fields}) as answer:
        assert answer.status == 200
