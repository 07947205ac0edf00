"""`famulor-bot demo` as a user starts it: everything on this machine, nothing of the user's, nothing left behind."""

import asyncio
import json
import re
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import aiohttp
import pytest

from bot import demo
from bot.demo import DemoFailed, demonstrate
from tests.bot.subprocesses import PATIENCE, started

HOSTILE = {
    "FAMULOR_API_KEY": "canary-key",
    "FAMULOR_ACCOUNTS": "{broken",
    "FAMULOR_BASE_URL": "https://canary.example.com",
    "SLACK_BOT_TOKEN": "canary-token",
    "SLACK_CLIENT_ID": "canary",
    "SLACK_CLIENT_SECRET": "canary",
    "DATABASE_URL": "postgresql://canary",
    "LOG_LEVEL": "DEBUG",
    **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), "http://127.0.0.1:9"),
}


@pytest.fixture
def taken_ports() -> Iterator[None]:
    """The usual ports are somebody's."""
    with ExitStack() as stack:
        for port in (demo.API_PORT, demo.SLACK_PORT, demo.MCP_PORT):
            taken = stack.enter_context(socket.socket())
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            # Somebody else's is as good.
            with suppress(OSError):
                taken.bind(("127.0.0.1", port))
                taken.listen()
        yield


async def test_it_shows_an_answer_and_what_to_try_next_whatever_the_environment_says(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("FAMULOR_API_KEY=canary-file\nCACHE_SECONDS=broken\n", encoding="utf-8")
    async with started("demo", "--once", environment=HOSTILE, folder=tmp_path) as program:
        status, out, err = await program.ended()
    assert (status, err) == (0, "")
    assert "9 of 12 outbound assistants" in out
    assert "Sales Follow-up" in out
    # Ben's Slack speaks German.
    assert "12 Outbound-Assistenten" in out
    assert re.search(r"curl -d '/assistants outbound inactive' http://127\.0\.0\.1:\d+/type", out)
    assert re.search(r"curl -X PATCH .* http://127\.0\.0\.1:\d+/demo/assistants/42", out)
    config = re.search(r"^ *(\{.*mcpServers.*\})$", out, re.MULTILINE)
    assert config is not None
    assert json.loads(config[1])["mcpServers"]["famulor-demo"]["type"] == "http"
    assert "canary" not in out


async def test_ports_that_are_taken_are_replaced_and_told(tmp_path: Path, taken_ports: None) -> None:
    async with started("demo", "--once", environment={}, folder=tmp_path) as program:
        status, out, err = await program.ended()
    assert (status, err) == (0, "")
    told = re.findall(r"Port (\d+) is taken: (.+) takes (\d+) instead\.", out)
    assert [(int(port), part) for port, part, _free in told] == [
        (demo.API_PORT, "the demo API"),
        (demo.SLACK_PORT, "the local Slack"),
        (demo.MCP_PORT, "the MCP server"),
    ]
    for _port, _part, free in told:
        assert f"http://127.0.0.1:{free}/" in out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_it_runs_until_it_is_told_to_stop_and_leaves_nothing_behind(
    tmp_path: Path, number: signal.Signals
) -> None:
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data"), "TMPDIR": str(tmp_path)}
    async with started("demo", environment=home, folder=tmp_path) as program:
        out = await _until(program.process, "Ctrl-C")
        agents = re.search(r'"(http://127\.0\.0\.1:(\d+)/mcp)"', out)
        assert agents is not None
        async with aiohttp.ClientSession() as http:
            # Whatever the tour says can be typed, and is answered; what Slack shows in a modal too.
            typed = re.findall(r"curl -d '([/@][^']*)' '?(http\S+/type[^\s']*)", out)
            assert len(typed) == 5
            answers = []
            for text, url in typed:
                async with http.post(url, data=text) as answer:
                    assert answer.status == 200
                    answers.append(await answer.text())
        assert all("One moment" not in text and "Einen Moment" not in text for text in answers)
        assert "2 of 12 outbound assistants" in answers[0]
        assert "America/New_York" in answers[1]
        assert "appointment" in answers[2]
        assert "Solar-Erstberatung" in answers[3]
        assert "Alles in Ordnung." in answers[4]
        program.process.send_signal(number)
        status, _rest, err = await program.ended()
    assert (status, err) == (0, "")
    # What it remembered was in a folder of its own, neither here nor where a user's own data is.
    assert await asyncio.to_thread(lambda: list(tmp_path.rglob("*.sqlite3*"))) == []
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(agents[2]))) != 0


async def test_an_assistant_that_is_switched_off_shows_as_an_alert(tmp_path: Path) -> None:
    async with started("demo", environment={}, folder=tmp_path) as program:
        said = await _until(program.process, "Ctrl-C")
        assert "#general has subscribed to every change" in said
        address = re.search(r"http://127\.0\.0\.1:\d+/demo/assistants/42", said)
        assert address is not None
        async with aiohttp.ClientSession() as http:
            await http.patch(address[0], json={"status": "inactive"})
            alert = await _until(program.process, "[Acknowledge]")
            assert "In #general:" in alert
            assert "`42` was switched off" in alert
            await http.patch(address[0], json={"status": "active"})
            assert "In the thread of an alert:" in await _until(program.process, "*Closed*")
        program.process.terminate()
        status, _out, err = await program.ended()
    assert (status, err) == (0, "")


@pytest.mark.parametrize("said", ["the demo API takes", "the MCP server takes", "Typed in the local Slack"])
async def test_it_can_be_stopped_while_it_starts(tmp_path: Path, said: str, taken_ports: None) -> None:
    async with started("demo", environment={}, folder=tmp_path) as program:
        await _until(program.process, said)
        program.process.terminate()
        status, _out, err = await program.ended()
    assert (status, err) == (0, "")


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
