"""`famulor-bot` as a user starts it: a program of its own, its exit status and its words."""

import asyncio
import re
import signal
from collections.abc import AsyncIterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from bot.playground import LocalSlack
from shared.demo import DEMO_KEY, DemoApi, faults
from tests.bot.subprocesses import PATIENCE, started


@pytest.fixture
async def slack(manifest: dict[str, Any]) -> AsyncIterator[LocalSlack]:
    """A local Slack on the machine's own time, as the programs are."""
    async with LocalSlack(manifest=manifest) as slack:
        yield slack
    assert slack.complaints == []


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


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_answers_until_it_is_told_to_stop(
    environment: dict[str, str], slack: LocalSlack, tmp_path: Path, number: signal.Signals
) -> None:
    # What would make Bolt warn that a token is not used, or check signatures.
    traps = {"SLACK_VERIFICATION_TOKEN": "", "SLACK_SIGNING_SECRET": "canary"}
    async with started("run", environment=environment | traps | {"LOG_LEVEL": "debug"}, folder=tmp_path) as program:
        async with asyncio.timeout(PATIENCE):
            await slack.connected()
        reply = await (await slack.type_command("/assistants outbound active")).reply()
        assert "9 of 12 outbound assistants" in reply.as_text()
        program.process.send_signal(number)
        status, out, err = await program.ended()
    assert (status, out) == (0, "")
    assert "Connected to the Slack workspace Local Slack" in err
    for unwanted in (
        "Traceback",
        "[warning",
        "[error",
        "OAuth",
        "canary",
        "xoxb-",
        "xapp-",
        "ticket=",
        "/response/",
        DEMO_KEY,
    ):
        assert unwanted not in err


async def test_what_would_switch_bolt_to_oauth_is_ignored_and_told(
    environment: dict[str, str], slack: LocalSlack, tmp_path: Path
) -> None:
    traps = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "canary"}
    async with started("run", environment=environment | traps, folder=tmp_path) as program:
        async with asyncio.timeout(PATIENCE):
            await slack.connected()
        reply = await (await slack.type_command("/assistants outbound active")).reply()
        assert "9 of 12 outbound assistants" in reply.as_text()
        err = await program.says("SLACK_CLIENT_ID, SLACK_CLIENT_SECRET: not used")
        program.process.terminate()
        status, _out, rest = await program.ended()
    assert status == 0
    assert "canary" not in err + rest


async def test_over_http_it_answers_until_it_is_told_to_stop(
    environment: dict[str, str], slack: LocalSlack, tmp_path: Path
) -> None:
    del environment["SLACK_APP_TOKEN"]
    http = {"SLACK_SIGNING_SECRET": slack.signing_secret, "SLACK_HTTP_PORT": "0"}
    async with started("run", environment=environment | http, folder=tmp_path) as program:
        said = await program.says("Listening at ")
        address = re.search(r"Listening at (\S+)", said)
        assert address is not None
        slack.deliver_to(address[1])
        assert await slack.verify_url()
        reply = await (await slack.type_command("/assistants outbound active")).reply()
        assert "9 of 12 outbound assistants" in reply.as_text()
        slack.deliver_to(address[1], signing_secret="another")
        assert (await slack.type_command("/assistants find canary")).failed_because == "http_client_error"
        program.process.terminate()
        status, out, err = await program.ended()
    assert (status, out) == (0, "")
    assert "Traceback" not in said + err
    assert "canary" not in said + err
    assert slack.signing_secret not in said + err


async def test_a_port_that_is_taken_is_told(environment: dict[str, str], slack: LocalSlack, tmp_path: Path) -> None:
    port = slack.url.rpartition(":")[2].rstrip("/")
    async with started("run", environment=environment | {"SLACK_HTTP_PORT": port}, folder=tmp_path) as program:
        status, _out, err = await program.ended()
    assert status == 1
    assert f"The app can't listen on port {port} of 127.0.0.1 (Address already in use)." in err
    assert "Traceback" not in err


async def test_a_store_that_cannot_be_used_is_told(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "bot.sqlite3").write_bytes(b"This is no database. " * 100)
    (tmp_path / "bot.sqlite3").chmod(0o600)
    async with started("run", environment=environment, folder=tmp_path) as program:
        status, _out, err = await program.ended()
    assert status == 1
    assert err.startswith("The database is damaged, or is no database")


async def test_it_finishes_what_it_has_taken_on(
    environment: dict[str, str], slack: LocalSlack, demo_api: DemoApi, tmp_path: Path
) -> None:
    async with started("run", environment=environment, folder=tmp_path) as program:
        async with asyncio.timeout(PATIENCE):
            await slack.connected()
        demo_api.always(faults.Hang())
        interaction = await slack.type_command("/assistants outbound active")
        program.process.terminate()
        reply = await interaction.reply()
        status, _out, err = await program.ended()
    assert "This app is being restarted" in reply.as_text()
    assert (status, "Traceback" in err) == (0, False)


async def test_settings_that_are_missing_are_told_one_in_a_line(tmp_path: Path) -> None:
    async with started("run", environment={}, folder=tmp_path) as program:
        status, out, err = await program.ended()
    assert (status, out) == (2, "")
    assert [line.split(":")[0] for line in err.splitlines()] == [
        "FAMULOR_API_KEY",
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
    ]


async def test_settings_that_are_wrong_are_told_without_their_values(
    environment: dict[str, str], tmp_path: Path
) -> None:
    swapped = {"SLACK_BOT_TOKEN": "xapp-canary", "SLACK_APP_TOKEN": "xoxb-canary", "LOG_LEVEL": "loud"}
    async with started("run", environment=environment | swapped, folder=tmp_path) as program:
        status, _out, err = await program.ended()
    assert status == 2
    assert err.count("the two are swapped") == 2
    assert "LOG_LEVEL" in err
    assert "canary" not in err


async def test_tokens_that_slack_does_not_take_are_told(environment: dict[str, str], tmp_path: Path) -> None:
    wrong = {"SLACK_BOT_TOKEN": "xoxb-canary", "SLACK_APP_TOKEN": "xapp-canary"}
    async with started("run", environment=environment | wrong, folder=tmp_path) as program:
        status, _out, err = await program.ended()
    assert status == 2
    assert [line.split(":")[0] for line in err.splitlines()] == ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]
    assert "canary" not in err


async def test_a_slack_that_is_not_there_is_told(environment: dict[str, str], tmp_path: Path) -> None:
    async with started(
        "run", environment=environment | {"SLACK_API_URL": "http://127.0.0.1:9/api"}, folder=tmp_path
    ) as program:
        status, _out, err = await program.ended()
    assert status == 1
    assert err.startswith("Slack can't be reached at 127.0.0.1:9 (Connection refused).")
    assert "Traceback" not in err


async def test_help_and_version_are_plain(tmp_path: Path) -> None:
    for arguments, words in (
        (["--version"], version("famulor-chatops")),
        (["--help"], "answer in your Slack workspace"),
        (["doctor", "--help"], "Exit status: 0 all is well"),
        (["manifest", "--help"], "--host bot.example.com"),
    ):
        async with started(*arguments, environment={}, folder=tmp_path) as program:
            status, out, err = await program.ended()
        assert (status, err) == (0, "")
        assert words in out
    async with started(environment={}, folder=tmp_path) as program:
        status, _out, err = await program.ended()
    assert status == 2
    assert "usage: famulor-bot" in err
