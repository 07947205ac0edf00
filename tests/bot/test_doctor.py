"""`famulor-bot doctor`: a line for each check, with its cure and without a secret; and the same at the start."""

import logging
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot import doctor
from bot.connection import connected
from bot.doctor import report
from bot.playground import ConnectionLost, LocalSlack, Refused, ServerError
from bot.playground.people import BEN, BOT_USER, OUTSIDER, PERSON, User
from bot.playground.workspace import GENERAL, OPERATORS, RANDOM
from shared.clock import Clock, SystemClock
from shared.core import Core
from shared.demo import DEMO_KEY, DemoApi, faults
from shared.runtime import open_runtime
from tests.bot.conftest import MakeSettings
from tests.bot.subprocesses import started
from tests.clocks import ManualClock

CANARY = "canary-4711"
Examine = Callable[..., Awaitable[tuple[int, list[str]]]]


@pytest.fixture
def environment(demo_api: DemoApi, slack: LocalSlack, tmp_path: Path) -> dict[str, str]:
    return {
        "FAMULOR_API_KEY": DEMO_KEY,
        "FAMULOR_BASE_URL": demo_api.base_url,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'doctor.sqlite3'}",
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
    }


@pytest.fixture
def examine(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Examine:
    """The exit status and the lines, with these settings instead of the usual ones; None leaves one out."""

    async def run(clock: Clock | None = None, **given: str | None) -> tuple[int, list[str]]:
        monkeypatch.chdir(tmp_path)
        for name in [name for name in os.environ if name.startswith(("SLACK_", "FAMULOR_"))]:
            monkeypatch.delenv(name)
        for name, value in {**environment, **given}.items():
            if value is not None:
                monkeypatch.setenv(name, value)
        lines: list[str] = []
        status = await report(lines.append, os.environ, clock)
        assert all("\n" not in line for line in lines)
        assert not any(CANARY in line for line in lines)
        return status, lines

    return run


def about(lines: list[str], subject: str) -> str:
    (line,) = [line for line in lines if line.split(maxsplit=2)[2].startswith(subject)]
    return line


async def test_all_is_well_line_by_line(examine: Examine, slack: LocalSlack, demo_api: DemoApi) -> None:
    status, lines = await examine()
    assert status == 0
    assert [line.split()[:2] for line in lines] == [["✓", "ok"]] * len(lines)
    subjects = [line.split(maxsplit=2)[2].partition(": ")[0] for line in lines]
    assert subjects == [
        "Settings",
        "Way in",
        "Slack, bot token",
        "Clock",
        "Slack, scopes",
        "Slack, app-level token and socket",
        "Famulor, account default at 127.0.0.1",
        "Store",
    ]
    assert "famulor in the workspace Local Slack" in about(lines, "Slack, bot token")
    assert "Demo Agency" in about(lines, "Famulor")


async def test_the_program_says_the_same_and_its_status_is_the_exit_status(
    environment: dict[str, str], tmp_path: Path
) -> None:
    async with started("doctor", environment=environment, folder=tmp_path) as program:
        status, out, err = await program.ended()
    assert (status, err) == (0, "")
    assert out.count("✓ ok") == 8
    async with started("doctor", environment=environment | {"FAMULOR_API_KEY": CANARY}, folder=tmp_path) as program:
        status, out, err = await program.ended()
    assert (status, err) == (1, "")
    assert "✗ problem Famulor, account default" in out
    assert "Create a new key" in out
    assert CANARY not in out
    async with started("doctor", environment={}, folder=tmp_path) as program:
        status, out, err = await program.ended()
    assert (status, err) == (2, "")
    assert "✗ problem Settings: FAMULOR_API_KEY: is missing." in out


async def test_everything_that_is_wrong_is_told_at_once(examine: Examine) -> None:
    status, lines = await examine(
        FAMULOR_API_KEY=CANARY, SLACK_BOT_TOKEN=f"xoxb-{CANARY}", SLACK_APP_TOKEN=f"xapp-{CANARY}"
    )
    assert status == 1
    assert "✗ problem" in about(lines, "Slack, bot token")
    assert "OAuth & Permissions" in about(lines, "Slack, bot token")
    assert "– skipped" in about(lines, "Slack, scopes")
    assert "✗ problem" in about(lines, "Slack, app-level")
    assert "connections:write" in about(lines, "Slack, app-level")
    assert "✗ problem" in about(lines, "Famulor")
    assert "✓ ok" in about(lines, "Store")


async def test_a_setting_that_is_wrong_costs_only_the_checks_that_need_it(examine: Examine) -> None:
    status, lines = await examine(LOG_LEVEL="loud", FAMULOR_API_KEY=None)
    assert status == 2
    settings = [line for line in lines if " Settings: " in line]
    assert [line.split(": ")[1] for line in settings] == ["FAMULOR_API_KEY", "LOG_LEVEL"]
    assert about(lines, "Famulor") == "– skipped Famulor: FAMULOR_API_KEY first"
    assert "✓ ok" in about(lines, "Slack, bot token")
    assert "✓ ok" in about(lines, "Store")
    _status, lines = await examine(SLACK_BOT_TOKEN="xapp-swapped", SLACK_APP_TOKEN="xoxb-swapped")
    assert about(lines, "Slack") == "– skipped Slack: SLACK_BOT_TOKEN first"
    assert about(lines, "Way in") == "– skipped Way in: SLACK_APP_TOKEN first"
    assert "✓ ok" in about(lines, "Famulor")
    _status, lines = await examine(DATABASE_URL="mysql://canary")
    assert about(lines, "Store") == "– skipped Store: DATABASE_URL first"


async def test_settings_that_cannot_be_read_at_all_are_told_alone(examine: Examine, tmp_path: Path) -> None:
    status, lines = await examine(FAMULOR_API_KEY=None, FAMULOR_API_KEY_FILE=str(tmp_path / "nowhere"))
    assert status == 2
    assert "FAMULOR_API_KEY_FILE: the file can't be read" in lines[0]
    assert lines[1:] == ["– skipped Slack, Famulor and store: the settings come first"]


async def test_each_account_is_tried_at_its_host(examine: Examine, demo_api: DemoApi) -> None:
    accounts = (
        f'{{"good": {{"api_key": "{DEMO_KEY}", "base_url": "{demo_api.base_url}"}},'
        f' "bad": {{"api_key": "{CANARY}", "base_url": "{demo_api.base_url}"}},'
        ' "gone": {"api_key": "x", "base_url": "http://127.0.0.1:9"}}'
    )
    status, lines = await examine(FAMULOR_API_KEY=None, FAMULOR_ACCOUNTS=accounts, FAMULOR_TOTAL_TIMEOUT="1")
    assert status == 1
    assert "✓ ok" in about(lines, "Famulor, account good")
    assert "does not accept the API key" in about(lines, "Famulor, account bad")
    assert "can't be reached" in about(lines, "Famulor, account gone")


async def test_a_famulor_with_a_fault_is_told(examine: Examine, demo_api: DemoApi) -> None:
    demo_api.always(faults.ServerError(503))
    status, lines = await examine(FAMULOR_TOTAL_TIMEOUT="1")
    assert status == 1
    assert "a fault of its own (503" in about(lines, "Famulor")


@pytest.mark.parametrize(
    ("fault", "times", "words"),
    [
        (ServerError(502), 1, "no usable answer"),
        (ConnectionLost(), 2, "the connection was closed"),
        (Refused("internal_error"), 1, "internal_error"),
    ],
)
async def test_a_slack_with_troubles_of_its_own_costs_no_other_check(
    examine: Examine, slack: LocalSlack, fault: Refused, times: int, words: str
) -> None:
    slack.next_answers(*[fault] * times, to="auth.test")
    status, lines = await examine(SLACK_ADMINS=PERSON)
    assert status == 1
    assert words in about(lines, "Slack, bot token")
    assert "– skipped" in about(lines, f"Slack, person {PERSON}")
    assert "✓ ok" in about(lines, "Slack, app-level")
    slack.next_answers(*[fault] * times, to="apps.connections.open")
    assert words in about((await examine())[1], "Slack, app-level")


async def test_a_slack_that_is_not_there_is_told(examine: Examine) -> None:
    status, lines = await examine(SLACK_API_URL="http://127.0.0.1:9/api")
    assert status == 1
    assert "Connection refused" in about(lines, "Slack, bot token")
    assert about(lines, "Clock") == "– skipped Clock: Slack did not say what time it is"


async def test_missing_scopes_are_named(examine: Examine, manifest: dict[str, Any]) -> None:
    manifest["oauth_config"]["scopes"]["bot"].remove("files:write")
    async with LocalSlack(manifest=manifest) as slack:
        status, lines = await examine(SLACK_API_URL=slack.api_url)
    assert status == 1
    assert "lacks the scope files:write" in about(lines, "Slack, scopes")
    assert "✓ ok" in about(lines, "Slack, bot token")


class Ahead(SystemClock):
    """The machine's own time, and so many seconds more."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self._seconds)


@pytest.mark.parametrize(
    ("seconds", "over_http", "begins", "words"),
    [
        (30, True, "✓ ok", "within 60 s"),
        (120, False, "! warning", "s ahead of Slack's"),
        (-120, True, "! warning", "s behind Slack's"),
        (-400, True, "✗ problem", "s behind Slack's"),
        (400, False, "! warning", "NTP"),
    ],
)
async def test_a_clock_that_is_wrong_is_told(
    examine: Examine, seconds: float, begins: str, words: str, *, over_http: bool
) -> None:
    given = {"SLACK_APP_TOKEN": None, "SLACK_SIGNING_SECRET": "secret"} if over_http else {}
    _status, lines = await examine(Ahead(seconds), **given)
    assert about(lines, "Clock").startswith(begins)
    assert words in about(lines, "Clock")


@pytest.fixture
async def terse_slack() -> Any:
    """A Slack that says neither what time it is nor which scopes there are."""

    async def answer(_request: web.Request) -> web.Response:
        said = {"ok": True, "url": "wss://slack.example", "team": "T", "user": "famulor"}
        return web.json_response(said, headers={"Date": "soon"})

    application = web.Application()
    application.add_routes([web.route("*", "/api/{method}", answer)])
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    await runner.cleanup()


async def test_what_slack_does_not_say_is_left_open(examine: Examine, terse_slack: str) -> None:
    status, lines = await examine(SLACK_API_URL=terse_slack)
    assert status == 0
    assert "– skipped" in about(lines, "Clock")
    assert "– skipped" in about(lines, "Slack, scopes")


async def test_channels_groups_and_people_are_looked_up(examine: Examine, slack: LocalSlack) -> None:
    slack.workspace.usergroups["S0EMPTY001"] = set()
    slack.workspace.usergroups["S0BOTH0001"] = {PERSON, BEN}
    slack.workspace.channels[GENERAL].is_archived = False
    slack.workspace.add_channel("C0ARCHIVED", "old", members=(BOT_USER,)).is_archived = True
    slack.workspace.add_user(User("U0LEFT0001", "left", deleted=True))
    status, lines = await examine(
        SLACK_ALLOWED_CHANNELS=f"{GENERAL}, {RANDOM}, C0ARCHIVED, C0UNKNOWN1",
        SLACK_ALLOWED_USERGROUPS=f"{OPERATORS} S0EMPTY001 S0BOTH0001 S0UNKNOWN1",
        SLACK_ADMINS=f"{PERSON},U0UNKNOWN1",
        SLACK_ALLOWED_USERS=f"{BEN},U0LEFT0001",
    )
    assert status == 1
    found = {line.split()[4].rstrip(":"): (line.split()[1], line) for line in lines if "Slack, channel" in line}
    assert {name: level for name, (level, _line) in found.items()} == {
        GENERAL: "ok",
        RANDOM: "warning",
        "C0ARCHIVED": "warning",
        "C0UNKNOWN1": "problem",
    }
    assert "/invite @Famulor" in found[RANDOM][1]
    assert "1 member" in about(lines, f"Slack, user group {OPERATORS}")
    assert "2 members" in about(lines, "Slack, user group S0BOTH0001")
    assert "nobody is in it" in about(lines, "Slack, user group S0EMPTY001")
    assert "SLACK_ALLOWED_USERGROUPS" in about(lines, "Slack, user group S0UNKNOWN1")
    assert "Ada, in SLACK_ADMINS" in about(lines, f"Slack, person {PERSON}")
    assert "SLACK_ADMINS" in about(lines, "Slack, person U0UNKNOWN1")
    assert "SLACK_ALLOWED_USERS" in about(lines, "Slack, person U0LEFT0001")
    assert "✓ ok" in about(lines, f"Slack, person {BEN}")


async def test_a_lookup_that_fails_costs_no_other(examine: Examine, slack: LocalSlack) -> None:
    slack.next_answers(ServerError(502), to="conversations.info")
    _status, lines = await examine(SLACK_ALLOWED_CHANNELS=GENERAL, SLACK_ADMINS=OUTSIDER)
    assert "no usable answer" in about(lines, f"Slack, channel {GENERAL}")
    assert "✓ ok" in about(lines, f"Slack, person {OUTSIDER}")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Socket Mode"),
        ({"SLACK_HTTP_PORT": "3001"}, "Socket Mode; /healthz and /readyz at 127.0.0.1:3001"),
        ({"SLACK_SIGNING_SECRET": "secret"}, "Socket Mode; SLACK_SIGNING_SECRET is not used in it"),
        ({"SLACK_APP_TOKEN": None, "SLACK_SIGNING_SECRET": "secret"}, "HTTP, signed, at 127.0.0.1:3000"),
    ],
)
async def test_the_way_in_is_named(examine: Examine, given: dict[str, str | None], words: str) -> None:
    status, lines = await examine(**given)
    assert status == 0
    assert words in about(lines, "Way in")


@pytest.mark.parametrize("secret", ["", "  "])
async def test_http_without_a_signing_secret_is_a_wrong_setting(examine: Examine, secret: str) -> None:
    status, lines = await examine(SLACK_APP_TOKEN=None, SLACK_SIGNING_SECRET=secret)
    assert status == 2
    assert any("Settings: SLACK_" in line for line in lines)


async def test_what_would_mislead_bolt_is_told(examine: Examine) -> None:
    status, lines = await examine(SLACK_CLIENT_ID=f"1.{CANARY}", SLACK_CLIENT_SECRET=CANARY)
    assert status == 0
    assert about(lines, "Environment").startswith("! warning Environment: SLACK_CLIENT_ID, SLACK_CLIENT_SECRET: not")


async def test_a_proxy_that_takes_everything_is_told(examine: Examine) -> None:
    # The proxy is not there, so that Slack is not reached; what it is called holds a password.
    _status, lines = await examine(HTTPS_PROXY=f"http://user:{CANARY}@127.0.0.1:9")
    assert "HTTPS_PROXY" in about(lines, "Proxy")
    assert "NO_PROXY" in about(lines, "Proxy")
    assert about(lines, "Proxy").startswith("! warning")
    given = {"SLACK_API_URL": "https://slack.invalid/api", "HTTPS_PROXY": "http://127.0.0.1:9"}
    _status, lines = await examine(**given)
    assert about(lines, "Proxy").startswith("✓ ok")
    _status, lines = await examine(**given, NO_PROXY="slack.invalid")
    assert about(lines, "Proxy").startswith("! warning")


async def test_a_store_that_is_none_or_cannot_be_reached_is_told(examine: Examine, tmp_path: Path) -> None:
    (tmp_path / "no.sqlite3").write_bytes(b"This is no database. " * 100)
    status, lines = await examine(DATABASE_URL=f"sqlite:///{tmp_path / 'no.sqlite3'}")
    assert status == 1
    assert "is no database" in about(lines, "Store")
    _status, lines = await examine(DATABASE_URL=f"postgresql://user:{CANARY}@127.0.0.1:9/nowhere")
    assert "✗ problem" in about(lines, "Store")


async def test_a_check_with_a_bug_costs_no_other_check(
    examine: Examine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(_core: Core) -> None:
        raise RuntimeError("the bug")

    monkeypatch.setattr(Core, "health", broken)
    status, lines = await examine()
    assert status == 1
    assert "could not be checked" in about(lines, "Famulor")
    assert "✓ ok" in about(lines, "Store")
    assert "the bug" in caplog.text


async def test_at_the_start_only_what_is_not_well_is_logged(
    settings: MakeSettings, slack: LocalSlack, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    clock = SystemClock()
    async with open_runtime(settings(), clock) as runtime, connected(runtime):
        await doctor.warn(runtime, {})
    assert [record for record in caplog.records if record.name == "bot.doctor"] == []
    given = settings(slack_allowed_channels=RANDOM, famulor_api_key=CANARY)
    async with open_runtime(given, clock) as runtime, connected(runtime):
        await doctor.warn(runtime, {"SLACK_CLIENT_ID": CANARY})
    warnings = [record.getMessage() for record in caplog.records if record.name == "bot.doctor"]
    assert [warning.partition(":")[0] for warning in warnings] == [
        "Environment",
        f"Slack, channel {RANDOM}",
        "Famulor, account default at 127.0.0.1",
    ]
    assert CANARY not in caplog.text


async def test_a_clock_of_another_year_is_told_at_the_start(
    settings: MakeSettings, slack: LocalSlack, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    assert abs(clock.now() - datetime.now(UTC)) > timedelta(days=1)
    async with open_runtime(settings(), clock) as runtime, connected(runtime):
        await doctor.warn(runtime, {})
    assert "Clock: this machine's is" in caplog.text
