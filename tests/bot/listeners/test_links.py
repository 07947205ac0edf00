"""Links to assistants: a small card below the message, for everybody there to see."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from bot.connection import connected
from bot.playground import BEN, OUTSIDER, ConnectionLost, LocalSlack, Refused
from bot.playground.faults import Fault
from bot.playground.people import PERSON
from bot.playground.workspace import GENERAL, PARTNERS, RANDOM
from shared.demo import DemoApi, faults
from shared.runtime import Runtime, open_runtime
from shared.settings import SlackSettings
from tests.bot.conftest import MakeSettings
from tests.clocks import ManualClock

Bot = Runtime[SlackSettings]
Page = Callable[[int], str]
Running = Callable[..., AbstractAsyncContextManager[None]]


@pytest.fixture
def manifest(manifest: dict[str, Any]) -> dict[str, Any]:
    """The app as for a white-label host on this machine."""
    manifest["features"]["unfurl_domains"] = ["127.0.0.1"]
    return manifest


@pytest.fixture
def page(demo_api: DemoApi) -> Page:
    return lambda assistant: f"{demo_api.base_url}/assistants/{assistant}"


def cards(slack: LocalSlack) -> list[dict[str, Any]]:
    """What was unfurled, message by message: blocks by link."""
    return [dict(one.payload["unfurls"]) for one in slack.sent if one.how == "chat.unfurl"]


@pytest.fixture
def running(settings: MakeSettings, slack: LocalSlack, clock: ManualClock) -> Running:
    """A bot for a while; whoever leaves the block has waited for all that it owed."""

    @asynccontextmanager
    async def run(**given: Any) -> AsyncIterator[None]:
        async with open_runtime(settings(**given), clock) as runtime, connected(runtime):
            await slack.connected()
            yield

    return run


async def test_a_link_to_an_assistant_gets_a_card_in_the_posters_language(
    bot: Bot, slack: LocalSlack, page: Page
) -> None:
    english = (await (await slack.share_link(f"Look: {page(42)}")).reply()).as_text()
    assert "🟢 *Sales Follow-up* `42`\nactive · pipeline · webhook on · English" in english
    assert "fetched 2026-03-01 12:00 UTC" in english
    german = (await (await slack.share_link(page(42), BEN)).reply()).as_text()
    assert "aktiv · pipeline · Webhook an · English" in german


async def test_a_card_holds_no_prompt_and_no_secret(bot: Bot, slack: LocalSlack, demo_api: DemoApi, page: Page) -> None:
    demo_api.change(
        42,
        system_prompt="canary",
        initial_message="canary",
        variables={"token": "canary"},
        webhook_url="https://a.example/canary?x=canary",
        extra="canary",
    )
    await (await slack.share_link(page(42))).reply()
    assert "canary" not in str(cards(slack))


async def test_the_button_of_a_card_shows_the_rest(bot: Bot, slack: LocalSlack, page: Page) -> None:
    await (await slack.share_link(page(42))).reply()
    (card,) = cards(slack)
    assert card[page(42)]["blocks"][0]["accessory"]["value"] == "show 42 account:default"


async def test_several_links_of_one_message_get_a_card_each_and_unknown_ids_none(
    bot: Bot, slack: LocalSlack, page: Page
) -> None:
    text = f"{page(42)} {page(57)}?tab=calls {page(42)} {page(999)} {page(42)}/edit {page(42)[:-2]}solar"
    await (await slack.share_link(text)).reply()
    (card,) = cards(slack)
    assert list(card) == [page(42), f"{page(57)}?tab=calls"]


async def test_a_channel_without_the_app_gets_the_card_too(bot: Bot, slack: LocalSlack, page: Page) -> None:
    shared = await slack.share_link(page(42), channel=RANDOM)
    assert "Sales Follow-up" in (await shared.reply()).as_text()


async def test_a_link_in_a_thread_is_unfurled_in_it(bot: Bot, slack: LocalSlack, page: Page) -> None:
    first = slack.workspace.post(GENERAL, {"text": "Hello"}, author=BEN)
    changed = await (await slack.share_link(page(42), thread_ts=first.ts)).reply()
    assert changed.thread_ts == first.ts


async def test_unknown_ids_are_left_alone(running: Running, slack: LocalSlack, page: Page) -> None:
    async with running():
        await slack.share_link(f"{page(999)} {page(0)}")
    assert cards(slack) == []


async def test_an_assistant_whose_name_is_the_number_is_not_meant(
    running: Running, slack: LocalSlack, demo_api: DemoApi, page: Page
) -> None:
    demo_api.change(57, name="999 days")
    async with running():
        await slack.share_link(page(999))
    assert cards(slack) == []


async def test_who_may_not_use_the_app_gets_no_card_and_no_word(
    running: Running, slack: LocalSlack, page: Page, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(slack_allowed_users=PERSON):
        await slack.share_link(page(42), BEN)
    assert slack.sent == []
    assert f"Refused {BEN}" in caplog.text


async def test_nothing_is_shown_where_other_organisations_would_read_it(
    running: Running, slack: LocalSlack, page: Page
) -> None:
    async with running():
        for user in (PERSON, OUTSIDER):
            await slack.share_link(page(42), user, PARTNERS)
    assert slack.sent == []


@pytest.mark.parametrize("fault", [faults.ServerError(status=503), faults.Unauthorized()])
async def test_a_famulor_that_fails_means_no_card_and_a_line_in_the_log(
    running: Running,
    slack: LocalSlack,
    demo_api: DemoApi,
    page: Page,
    caplog: pytest.LogCaptureFixture,
    fault: faults.Fault,
) -> None:
    demo_api.always(fault)
    async with running():
        await slack.share_link(page(42))
    assert slack.sent == []
    assert "A link to an assistant gets no card" in caplog.text


async def test_stale_data_is_called_stale(bot: Bot, slack: LocalSlack, demo_api: DemoApi, page: Page) -> None:
    await (await slack.share_link(page(42))).reply()
    demo_api.always(faults.NotFound(), path="/api/user/assistants/outbound")
    assert "the data is stale · fetched" in (await (await slack.share_link(page(42))).reply()).as_text()


@pytest.mark.parametrize(
    ("fault", "words"),
    [(Refused("cannot_unfurl_url"), "cannot_unfurl_url"), (ConnectionLost(), "The card of a link could not be sent")],
)
async def test_a_card_that_slack_does_not_take_is_logged(
    running: Running, slack: LocalSlack, page: Page, caplog: pytest.LogCaptureFixture, fault: Fault, words: str
) -> None:
    async with running():
        slack.next_answers(fault, fault, to="chat.unfurl")
        await slack.share_link(page(42))
    assert words in caplog.text


async def test_hostile_assistants_make_harmless_cards(
    bot: Bot, slack: LocalSlack, demo_api: DemoApi, page: Page
) -> None:
    for name in ("<!channel>", "*a*" * 80, "\u202e" + "&" * 255, ""):
        demo_api.change(42, name=name, mode=name, status=name)
        await (await slack.share_link(page(42))).reply()
        shown = cards(slack)[-1][page(42)]["blocks"][0]["text"]["text"]
        assert "<" not in shown
        assert "\u202e" not in str(cards(slack)[-1])
        assert len(shown) < 2_000
