"""The bot over HTTP: Bolt's own signature check, and a server that answers as it is told."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncSay
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import LocalSlack
from tests.bot.playground.bots import button, menu
from tests.clocks import ManualClock

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Serve = Callable[[Handler], Awaitable[str]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    async with AsyncExitStack() as stack:

        async def start(handler: Handler) -> str:
            application = web.Application()
            application.add_routes([web.post("/slack/events", handler)])
            runner = web.AppRunner(application)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            return f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"

        yield start


@pytest.fixture
async def bolt(slack: LocalSlack, serve: Serve) -> str:
    client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
    app = AsyncApp(client=client, signing_secret=slack.signing_secret, process_before_response=True)

    @app.command("/assistants")
    async def command(ack: AsyncAck, command: dict[str, Any]) -> None:
        await ack(f"You typed {command['text']}")

    @app.action("go")
    async def action(ack: AsyncAck, say: AsyncSay) -> None:
        await ack()
        await say("Gone")

    @app.event("app_mention")
    async def mentioned(say: AsyncSay) -> None:
        await say("Here")

    @app.options("fruit")
    async def fruit(ack: AsyncAck) -> None:
        await ack(options=[])

    async def handle(request: web.Request) -> web.StreamResponse:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    return await serve(handle)


def answers(status: int = 200, **others: Any) -> Handler:
    async def handle(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, **others)

    return handle


async def test_everything_goes_by_signed_http(slack: LocalSlack, bolt: str) -> None:
    slack.deliver_to(bolt)
    assert await slack.verify_url()
    assert (await (await slack.type_command("/assistants outbound & “smart”")).reply()).text == (
        "You typed outbound & “smart”"
    )
    assert (await (await slack.mention("hello")).reply()).text == "Here"
    message = slack.workspace.post("C0GENERAL1", {"text": "x", "blocks": [{"type": "actions", "elements": [
        button("go"), menu("external_select", "fruit")]}]})  # fmt: skip
    assert (await (await slack.press(message, "go")).reply()).text == "Gone"
    assert (await slack.suggest(message, "fruit", "app")).options == []


@pytest.mark.parametrize("wrong", [{"signing_secret": "guessed"}, {"age": 600}, {"age": -600}])
async def test_a_bad_signature_is_turned_away(slack: LocalSlack, bolt: str, wrong: dict[str, Any]) -> None:
    slack.deliver_to(bolt, **wrong)
    interaction = await slack.type_command("/assistants x")
    assert (interaction.acknowledged, interaction.failed_because) == (False, "http_client_error")


async def test_a_signature_may_be_made_by_another_clock(slack: LocalSlack, bolt: str, clock: ManualClock) -> None:
    slack.deliver_to(bolt, clock=clock)
    assert (await slack.type_command("/assistants x")).failed_because == "http_client_error"


async def test_a_signature_of_some_minutes_ago_is_taken(slack: LocalSlack, bolt: str) -> None:
    slack.deliver_to(bolt, age=200)
    assert (await slack.type_command("/assistants x")).acknowledged


async def test_an_event_that_is_delivered_again_says_so(slack: LocalSlack, serve: Serve) -> None:
    seen: list[tuple[Any, ...]] = []

    async def note(request: web.Request) -> web.StreamResponse:
        headers = request.headers
        event = json.loads(await request.text())["event_id"]
        seen.append((event, headers.get("X-Slack-Retry-Num"), headers.get("X-Slack-Retry-Reason")))
        return web.Response(status=500 if len(seen) == 1 else 200)

    slack.deliver_to(await serve(note))
    interaction = await slack.mention("hello")
    assert interaction.failed_because == "http_service_error"
    await slack.redeliver(interaction)
    assert interaction.acknowledged
    assert [one[1:] for one in seen] == [(None, None), ("1", "http_timeout")]
    assert seen[0][0] == seen[1][0]


async def test_commands_and_interactions_come_as_forms(slack: LocalSlack, serve: Serve) -> None:
    seen = []

    async def note(request: web.Request) -> web.StreamResponse:
        assert request.content_type == "application/x-www-form-urlencoded"
        seen.append(parse_qs(await request.text()))
        return web.Response()

    slack.deliver_to(await serve(note))
    await slack.type_command("/assistants x")
    await slack.shortcut("look_up")
    assert seen[0]["command"] == ["/assistants"]
    assert json.loads(seen[1]["payload"][0])["callback_id"] == "look_up"


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ({"text": "Plain words", "content_type": "text/plain"}, "Plain words"),
        ({"text": '{"text": "JSON"}', "content_type": "application/json"}, "JSON"),
    ],
)
async def test_an_answer_to_a_command_may_be_words(
    slack: LocalSlack, serve: Serve, answer: dict[str, Any], text: str
) -> None:
    slack.deliver_to(await serve(answers(**answer)))
    assert (await (await slack.type_command("/assistants")).reply()).text == text


@pytest.mark.parametrize("body", ["", "{", "[]", "null"])
async def test_an_answer_that_says_nothing_is_no_message(slack: LocalSlack, serve: Serve, body: str) -> None:
    slack.deliver_to(await serve(answers(text=body, content_type="application/json")))
    interaction = await slack.type_command("/assistants")
    assert (interaction.acknowledged, interaction.messages) == (True, [])


@pytest.mark.parametrize(
    ("status", "error"), [(302, "http_client_error"), (404, "http_client_error"), (503, "http_service_error")]
)
async def test_only_success_acknowledges(slack: LocalSlack, serve: Serve, status: int, error: str) -> None:
    slack.deliver_to(await serve(answers(status)))
    assert (await slack.type_command("/assistants")).failed_because == error


async def test_nobody_who_listens_is_told(slack: LocalSlack) -> None:
    slack.deliver_to("http://127.0.0.1:9/slack/events")
    assert (await slack.type_command("/assistants")).failed_because == "dispatch_failed"
    slack.deliver_to("")
    with pytest.raises(LookupError, match="deliver_to"):
        await slack.verify_url()


async def test_an_answer_that_takes_too_long_is_none(impatient_slack: LocalSlack, serve: Serve) -> None:
    released = asyncio.Event()

    async def dawdle(_: web.Request) -> web.StreamResponse:
        await released.wait()
        return web.Response()

    impatient_slack.deliver_to(await serve(dawdle))
    assert (await impatient_slack.type_command("/assistants")).failed_because == "operation_timeout"
    released.set()


@pytest.mark.parametrize(
    ("body", "content_type", "verified"),
    [
        ("{challenge}", "text/plain", True),
        ('{"challenge": "CHALLENGE"}', "application/json", True),
        ('{"challenge": "other"}', "application/json", False),
        ("ok", "text/plain", False),
    ],
)
async def test_an_address_has_to_answer_the_challenge(
    slack: LocalSlack, serve: Serve, body: str, content_type: str, *, verified: bool
) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        challenge = (await request.json())["challenge"]
        text = body.replace("CHALLENGE", challenge).replace("{challenge}", challenge)
        return web.Response(text=text, content_type=content_type)

    slack.deliver_to(await serve(answer))
    assert await slack.verify_url() is verified
