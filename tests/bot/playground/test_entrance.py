import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncSay
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import BEN, BOT_USER, PERSON, LocalSlack
from tests.bot.playground.bots import RunBot, modal, plain

Post = Callable[..., Awaitable[tuple[int, str]]]

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def open_modal(ack: AsyncAck, client: AsyncWebClient, body: dict[str, Any]) -> None:
    await ack()
    view = modal({"type": "divider"}, title=plain(body["user_name"]), close=plain("Close"))
    await client.views_open(trigger_id=body["trigger_id"], view=view)


async def greet(event: dict[str, Any], say: AsyncSay) -> None:
    await say(f"{event['user']} said {event['text']}")


async def echo(ack: AsyncAck, command: dict[str, Any]) -> None:
    await ack(f"{command['command']} got {command['text']}." if command["text"] else "")


@pytest.fixture
async def entrance(slack: LocalSlack, run_bot: RunBot, http: aiohttp.ClientSession) -> Post:
    def listens(app: AsyncApp) -> None:
        app.command("/assistants")(echo)
        app.command("/modal")(open_modal)
        app.event("app_mention")(greet)

    await run_bot(slack, listens)

    async def post(body: str, query: str = "", **headers: str) -> tuple[int, str]:
        async with http.post(f"{slack.url}type{query}", data=body, headers=headers or FORM) as response:
            assert response.content_type == "text/plain"
            return response.status, await response.text()

    return post


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("/assistants outbound active", "outbound active"),
        ("/assistants 100%20 a+b & c=d\n", "100%20 a+b & c=d"),
        ("text=%2Fassistants+outbound%20active", "outbound active"),
    ],
)
async def test_a_command_sent_with_curl_is_answered_as_text(entrance: Post, body: Any, text: str) -> None:
    assert await entrance(body) == (200, f"/assistants got {text}.\n")


async def test_a_plain_text_body_is_a_command_too(entrance: Post) -> None:
    status, text = await entrance("/assistants outbound", **{"Content-Type": "text/plain"})
    assert (status, text) == (200, "/assistants got outbound.\n")


async def test_a_modal_is_answered_as_text_too(entrance: Post) -> None:
    assert await entrance("/modal") == (200, f"ada\n===\n{'-' * 40}\n[Send] [Close]\n")


async def test_a_modal_that_is_filled_after_it_was_opened_is_shown_filled(
    http: aiohttp.ClientSession, run_bot: RunBot
) -> None:
    async def fill(ack: AsyncAck, client: AsyncWebClient, body: dict[str, Any]) -> None:
        await ack()
        opened = await client.views_open(trigger_id=body["trigger_id"], view=modal({"type": "divider"}))
        await client.views_update(view_id=opened["view"]["id"], view=modal({"type": "divider"}, title=plain("Filled")))

    async with LocalSlack(filled_within=10) as slack:
        await run_bot(slack, lambda app: app.command("/modal")(fill))
        async with http.post(f"{slack.url}type", data="/modal") as response:
            assert (await response.text()).startswith("Filled\n")


async def test_a_mention_begins_with_an_at_sign(entrance: Post) -> None:
    assert await entrance("@Famulor 42") == (200, f"{PERSON} said @{BOT_USER} 42\n")


@pytest.mark.parametrize("name", ["ben", BEN])
async def test_somebody_else_may_type(entrance: Post, name: str) -> None:
    assert (await entrance("/modal", f"?user={name}"))[1].splitlines()[0] == "ben"


@pytest.mark.parametrize("name", ["nobody", BOT_USER, ""])
async def test_only_people_type(entrance: Post, name: str) -> None:
    assert await entrance("/modal", f"?user={name}") == (400, "There is nobody of this name.\n")


@pytest.mark.parametrize("body", ["", "assistants", "text=assistants", "other=/assistants"])
async def test_what_is_no_command_is_answered_with_how_to_type_one(
    entrance: Post, slack: LocalSlack, body: Any
) -> None:
    assert await entrance(body) == (
        400,
        f"Type a command: curl -d '/assistants outbound active' {slack.url}type\n",
    )


async def test_without_a_bot_the_answer_says_what_slack_would_show(
    slack: LocalSlack, http: aiohttp.ClientSession
) -> None:
    async with http.post(f"{slack.url}type", data="/assistants") as response:
        assert response.status == 503
        assert await response.text() == '/assistants failed with the error "dispatch_failed"\n'


async def test_a_command_that_is_not_the_bots_is_not_found(http: aiohttp.ClientSession) -> None:
    async with LocalSlack(manifest={}) as slack, http.post(f"{slack.url}type", data="/other") as response:
        assert response.status == 404
        assert (await response.text()).startswith("/other is not a valid command.")


async def test_a_bot_that_says_nothing_is_not_waited_for_for_ever(http: aiohttp.ClientSession, run_bot: RunBot) -> None:
    async with LocalSlack(reply_within=0.01) as slack:
        await run_bot(slack, lambda app: app.command("/assistants")(echo))
        async with http.post(f"{slack.url}type", data="/assistants") as response:
            assert response.status == 504
            assert await response.text() == "No reply to '/assistants' within 0.01 s.\n"


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:8080"},
        {"Host": "127.0.0.1.evil.example"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost:1"},
        {"Origin": "null"},
    ],
)
@pytest.mark.parametrize("path", ["type", "api/auth.test", "response/x", "link/"])
async def test_other_web_pages_are_turned_away(
    slack: LocalSlack, http: aiohttp.ClientSession, headers: dict[str, str], path: str
) -> None:
    async with http.post(f"{slack.url}{path}", data="/assistants", headers=headers) as response:
        assert response.status == 403
        assert (await response.text()).startswith("This is ")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "localhost:99", "[::1]:99"])
async def test_this_machine_is_let_in_under_all_its_names(
    slack: LocalSlack, http: aiohttp.ClientSession, host: str
) -> None:
    async with http.post(f"{slack.url}api/auth.test", headers={"Host": host, "Origin": f"http://{host}"}) as answer:
        assert (await answer.json())["error"] == "not_authed"


async def test_a_host_that_is_none_is_refused(slack: LocalSlack) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(slack.url.split(":")[2].strip("/")))
    writer.write(b"POST /type HTTP/1.1\r\nHost: [::1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 403"))
