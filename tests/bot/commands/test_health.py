"""`health` typed in Slack: every account, the app itself, and what to do where something is wrong; never a secret."""

import json
import re
from typing import Any

import pytest

from bot.playground import LocalSlack
from bot.playground.limits import advice, problems
from bot.playground.people import BEN
from bot.translation import Say
from bot.views import health as view
from bot.views.health import AppHealth
from shared.answers import AccountHealth
from shared.demo import DEMO_KEY, DemoApi, faults
from shared.errors import KeyRejected
from shared.models import Owner
from shared.runtime import Runtime
from shared.settings import SlackSettings
from tests.bot.conftest import Ask, OpenBot
from tests.clocks import ManualClock

OWNER = Owner(name="Demo Agency", email="hidden@example.com", total_balance=12.5)


def accounts(*names: str, **given: Any) -> list[AccountHealth]:
    usual = {
        "host": "app.famulor.de",
        "owner": OWNER,
        "failure": None,
        "latency": 0.123,
        "requests_left": {10: 19, 60: 99},
        "origin": None,
    }
    return [AccountHealth(**{**usual, **given, "account": name}) for name in names]


def app(**given: Any) -> AppHealth:
    usual = {
        "version": "1.2.3",
        "uptime": 3_600.0,
        "socket_mode": True,
        "listening": False,
        "database": "SQLite",
        "store": None,
    }
    return AppHealth(**{**usual, **given})


async def test_everything_is_told_of_an_app_that_is_well(ask: Ask, clock: ManualClock) -> None:
    await ask("outbound")
    clock.advance(60)
    shown = (await ask("health")).as_text()
    assert "All is well." in shown
    assert "*default* · `127.0.0.1`" in shown
    assert "Key accepted; it belongs to Demo Agency." in shown
    assert re.search(r"Answer after \d+ ms", shown)
    assert re.search(r"still be made: \d+ in 10 seconds, \d+ in 1 minute", shown)
    assert "12 assistants, fetched 2026-03-01 12:00 UTC (1 minute ago)" in shown
    assert "version `" in shown
    assert "Connected by: Socket Mode" in shown
    assert "Store: SQLite, answers" in shown
    assert "Running for 1 minute" in shown


async def test_it_is_told_in_german_too(ask: Ask) -> None:
    shown = (await ask("zustand", user=BEN)).as_text()
    for words in (
        "Alles in Ordnung.",
        "Schlüssel angenommen; er gehört Demo Agency.",
        "Assistenten: seit dem Start dieser App noch nicht abgerufen",
        "Verbunden über: Socket Mode",
        "Datenbank: SQLite, antwortet",
        "[Noch einmal prüfen]",
    ):
        assert words in shown


async def test_it_is_checked_again_in_place(bot: Runtime[SlackSettings], slack: LocalSlack, demo_api: DemoApi) -> None:
    first = await (await slack.type_command("/assistants health")).reply()
    demo_api.always(faults.ServerError(503))
    again = await (await slack.press(first, "Check again")).reply()
    assert (again.ts, again.replaced) == (first.ts, True)
    assert "1 of 1 account has a problem." in again.as_text()


@pytest.mark.parametrize(
    ("user", "words"),
    [
        ("U0LOCALADA", ("Key not accepted.", "Famulor does not accept the API key", "Create a new key")),
        (BEN, ("Schlüssel nicht angenommen.", "1 von 1 Konto hat ein Problem.")),
    ],
)
async def test_a_rejected_key_is_told_with_its_cure(
    open_bot: OpenBot, ask_in: Ask, user: str, words: tuple[str, ...]
) -> None:
    await open_bot(famulor_api_key="canary-key")
    answer = await ask_in("health", user=user)
    for expected in words:
        assert expected in answer.as_text()
    assert "canary" not in json.dumps(answer.payload)


async def test_a_famulor_that_is_down_leaves_the_key_open_and_the_stale_data_marked(
    open_bot: OpenBot, ask_in: Ask, demo_api: DemoApi, clock: ManualClock
) -> None:
    await open_bot(famulor_total_timeout=1)
    await ask_in("outbound")
    clock.advance(3_600)
    demo_api.always(faults.ServerError(503))
    await ask_in("outbound")
    shown = (await ask_in("health")).as_text()
    assert "Whether the key is accepted can't be told now." in shown
    assert "Famulor has a fault of its own (503" in shown
    assert "12 assistants, fetched 2026-03-01 12:00 UTC (1 hour ago)" in shown
    assert "STALE" in shown


async def test_of_several_accounts_those_with_troubles_come_first(
    open_bot: OpenBot, ask_in: Ask, demo_api: DemoApi
) -> None:
    named = {
        "agency": {"api_key": DEMO_KEY, "base_url": demo_api.base_url},
        "client": {"api_key": "wrong", "base_url": demo_api.base_url},
    }
    await open_bot(famulor_api_key=None, famulor_accounts=json.dumps(named))
    shown = (await ask_in("health")).as_text()
    assert "1 of 2 accounts has a problem." in shown
    assert shown.index("*client*") < shown.index("*agency*")


async def test_the_way_in_is_named(open_bot: OpenBot, ask_in: Ask) -> None:
    await open_bot(slack_http_port=0)
    assert "Connected by: Socket Mode, and HTTP for health checks" in (await ask_in("health")).as_text()


async def test_a_store_that_is_gone_is_told_while_famulor_answers(
    open_bot: OpenBot, ask_in: Ask, postgresql_url: str, postgresql_server: Any
) -> None:
    await open_bot(database_url=postgresql_url)
    name = postgresql_url.partition("?")[0].rpartition("/")[2]
    postgresql_server.psql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false;")
    postgresql_server.psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid();")
    shown = (await ask_in("health")).as_text()
    assert "Famulor answers; what this app remembers can't be read or written." in shown
    assert "Store: PostgreSQL, " in shown
    assert "Key accepted" in shown


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("number", [1, 2, 11, 40, 500])
@pytest.mark.parametrize("failing", [False, True])
def test_any_number_of_accounts_and_any_names_fit_into_a_message(language: str, number: int, *, failing: bool) -> None:
    hostile = Owner(name="<!channel> *a* :smile: " * 30, email="", total_balance=0)
    failure = KeyRejected(account="<!here>" * 100, evidence="401") if failing else None
    given = accounts(
        *(f"a{index}-{'x' * 36}" for index in range(number)),
        owner=None if failing else hostile,
        failure=failure,
        host="h" * 253,
    )
    message = view.health(given, app(), Say(language), "health")
    assert [*problems(message), *advice(message)] == []
    assert "<!" not in json.dumps(message).replace("<!date", "")
    assert "*a*" not in json.dumps(message)


def test_the_owners_address_and_balance_are_nobodys_business() -> None:
    said = json.dumps(view.health(accounts("default"), app(), Say("en"), "health"))
    assert "Demo Agency" in said
    assert "hidden@example.com" not in said
    assert "12.5" not in said


def test_an_owner_without_a_name_is_one_all_the_same() -> None:
    nameless = accounts("default", owner=OWNER.model_copy(update={"name": "  "}))
    assert "(no name)" in json.dumps(view.health(nameless, app(), Say("en"), "health"))
