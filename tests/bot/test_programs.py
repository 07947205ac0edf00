"""`famulor-bot` as a user starts it: a program of its own, its exit status and its words."""

import asyncio
import signal
from importlib.metadata import version
from pathlib import Path

import pytest

from bot.playground import LocalSlack
from shared.demo import DEMO_KEY, DemoApi, faults
from tests.bot.subprocesses import PATIENCE, started


@pytest.fixture
def environment(demo_api: DemoApi, slack: LocalSlack) -> dict[str, str]:
    return {
        "FAMULOR_API_KEY": DEMO_KEY,
        "FAMULOR_BASE_URL": demo_api.base_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
    }


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_answers_until_it_is_told_to_stop(
    environment: dict[str, str], slack: LocalSlack, tmp_path: Path, number: signal.Signals
) -> None:
    # What would switch Bolt to OAuth, or make it warn that a token is not used.
    traps = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "canary", "SLACK_SIGNING_SECRET": "canary"}
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
        "WARNING",
        "ERROR",
        "OAuth",
        "canary",
        "xoxb-",
        "xapp-",
        "ticket=",
        "/response/",
        DEMO_KEY,
    ):
        assert unwanted not in err


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
    ):
        async with started(*arguments, environment={}, folder=tmp_path) as program:
            status, out, err = await program.ended()
        assert (status, err) == (0, "")
        assert words in out
    async with started(environment={}, folder=tmp_path) as program:
        status, _out, err = await program.ended()
    assert status == 2
    assert "usage: famulor-bot" in err
