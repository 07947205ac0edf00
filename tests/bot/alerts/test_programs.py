"""`famulor-bot run` and its parts as programs of their own: what each needs, does, and finishes."""

import asyncio
import signal
from pathlib import Path

import pytest

from bot.parts import Part
from bot.playground import GENERAL, PERSON, TEAM, LocalSlack
from shared.clock import SystemClock
from shared.demo import DEMO_KEY, DemoApi
from shared.models import Severity
from shared.query import AssistantQuery
from shared.store import Store, open_store
from tests.bot.subprocesses import PATIENCE, Program, started

Environment = dict[str, str]


@pytest.fixture
def environment(demo_api: DemoApi, slack: LocalSlack, sqlite_url: str) -> Environment:
    return {
        "FAMULOR_API_KEY": DEMO_KEY,
        "FAMULOR_BASE_URL": demo_api.base_url,
        "WATCH_INTERVAL": "1",
        "DATABASE_URL": sqlite_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
    }


async def subscribed(url: str) -> None:
    async with open_store(url, SystemClock()) as store:
        await store.subscriptions.add(f"{TEAM}/{GENERAL}", PERSON, AssistantQuery(), (), Severity.INFO)


async def baseline(url: str) -> None:
    """Comes back when the account has been looked at once."""
    async with open_store(url, SystemClock()) as store, asyncio.timeout(PATIENCE):
        while await _unknown(store):  # noqa: ASYNC110 # a database of another process's tells nobody
            await asyncio.sleep(0.05)


async def _unknown(store: Store) -> bool:
    return (await store.history.state("default")).succeeded_at is None


async def ended_well(program: Program) -> str:
    program.process.send_signal(signal.SIGTERM)
    status, out, err = await program.ended()
    assert (status, out) == (0, "")
    assert "Traceback" not in err
    return err


async def test_one_process_answers_watches_and_delivers(
    environment: Environment, slack: LocalSlack, demo_api: DemoApi, tmp_path: Path
) -> None:
    await subscribed(environment["DATABASE_URL"])
    async with started("run", environment=environment, folder=tmp_path) as program:
        await slack.connected()
        await baseline(environment["DATABASE_URL"])
        demo_api.change(42, status="inactive")
        post = await slack.next_message(within=PATIENCE)
        assert "`42` was switched off" in post.as_text()
        interaction = await slack.press(post, "Acknowledge")
        assert interaction.acknowledged
        assert "Acknowledged" in (await slack.next_message(within=PATIENCE)).as_text()
        await ended_well(program)


async def test_three_processes_do_the_same_each_with_what_it_needs(
    environment: Environment, slack: LocalSlack, demo_api: DemoApi, tmp_path: Path
) -> None:
    await subscribed(environment["DATABASE_URL"])
    tokens = {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"}
    needs = {
        Part.SLACK: environment,
        Part.DELIVER: {name: value for name, value in environment.items() if name != "SLACK_APP_TOKEN"},
        Part.WATCH: {name: value for name, value in environment.items() if name not in tokens},
    }
    async with (
        started("run", "--only", "slack", environment=needs[Part.SLACK], folder=tmp_path) as answering,
        started("run", "--only", "deliver", environment=needs[Part.DELIVER], folder=tmp_path) as delivering,
        started("run", "--only", "watch", environment=needs[Part.WATCH], folder=tmp_path) as watching,
    ):
        await slack.connected()
        await baseline(environment["DATABASE_URL"])
        demo_api.change(42, status="inactive")
        post = await slack.next_message(within=PATIENCE)
        assert (await slack.press(post, "Acknowledge")).acknowledged
        assert "Acknowledged" in (await slack.next_message(within=PATIENCE)).as_text()
        for program in (answering, delivering, watching):
            await ended_well(program)


@pytest.mark.parametrize(
    ("only", "missing"),
    [
        (("--only", "slack"), ["FAMULOR_API_KEY", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]),
        (("--only", "deliver,watch"), ["FAMULOR_API_KEY", "SLACK_BOT_TOKEN"]),
        (("--only", "watch"), ["FAMULOR_API_KEY"]),
        (("--only", "watch", "--only", "deliver"), ["FAMULOR_API_KEY", "SLACK_BOT_TOKEN"]),
    ],
)
async def test_each_part_asks_for_its_own_settings_alone(
    tmp_path: Path, only: tuple[str, ...], missing: list[str]
) -> None:
    async with started("run", *only, environment={}, folder=tmp_path) as program:
        status, _out, err = await program.ended()
    assert status == 2
    assert [line.split(":")[0] for line in err.splitlines()] == missing


async def test_a_part_that_is_none_is_told(tmp_path: Path) -> None:
    for wrong in ("slak", "", ","):
        async with started("run", "--only", wrong, environment={}, folder=tmp_path) as program:
            status, _out, err = await program.ended()
        assert status == 2
        assert "slack, watch, deliver" in err


async def test_a_token_that_slack_does_not_take_ends_the_delivery_with_a_word(
    environment: Environment, tmp_path: Path
) -> None:
    wrong = environment | {"SLACK_BOT_TOKEN": "xoxb-canary"}
    async with started("run", "--only", "deliver", environment=wrong, folder=tmp_path) as program:
        status, _out, err = await program.ended()
    assert status == 2
    assert err.startswith("SLACK_BOT_TOKEN: Slack does not accept it (invalid_auth).")
