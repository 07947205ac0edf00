import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond, AsyncSay
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import BEN, BOT_USER, GENERAL, PERSON, RANDOM, LocalSlack, RateLimited
from tests.bot.playground.bots import RunBot, actions, button, field, home, menu, modal, option, plain
from tests.bot.playground.page.looking import Browser, region, words
from tests.bot.playground.page.rendering.markup import Element
from tests.clocks import ManualClock

WAITING = modal(
    field("name", menu("plain_text_input", "name")),
    field("days", menu("checkboxes", "days", options=[option("mon"), option("tue")]), optional=True),
    actions(button("deeper"), menu("static_select", "colour", options=[option("red"), option("blue")])),
    callback_id="form",
    close=plain("Never mind"),
)


class Bot:
    """A bot that shows what it was told. `told`: what people did, oldest first."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Any]] = []

    def listens(self, app: AsyncApp) -> None:
        app.command("/assistants")(self.command)
        app.event("app_mention")(self.said)
        app.event("message")(self.said)
        app.event("link_shared")(self.linked)
        app.shortcut("lookup")(self.shortcut)
        app.shortcut("lookup_in_message")(self.shortcut)
        app.action("deeper")(self.deeper)
        app.action("boom")(self.fail)
        for action in ("go", "colour", "more", "suggested"):
            app.action(action)(self.acted)
        app.options("suggested")(self.suggest)
        app.view("form")(self.submitted)
        app.view("second")(self.cleared)

    async def command(self, ack: AsyncAck, command: dict[str, Any], client: AsyncWebClient) -> None:
        self.told.append(("command", command["text"]))
        if command["text"] == "form":
            await client.views_open(trigger_id=command["trigger_id"], view=WAITING)
        await ack("" if command["text"] == "form" else f"You typed {command['text']}.")

    async def said(self, event: dict[str, Any], say: AsyncSay) -> None:
        self.told.append((event["type"], (event["text"], event.get("thread_ts", ""))))
        if not event.get("bot_id"):
            await say(f"Heard: {event['text']}", thread_ts=event.get("thread_ts"))

    async def linked(self, event: dict[str, Any]) -> None:
        self.told.append(("link_shared", [link["url"] for link in event["links"]]))

    async def shortcut(self, ack: AsyncAck, shortcut: dict[str, Any]) -> None:
        await ack()
        self.told.append((shortcut["callback_id"], shortcut.get("message", {}).get("text", "")))

    async def acted(self, ack: AsyncAck, action: dict[str, Any], body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        chosen = action.get("value") or (action.get("selected_option") or {}).get("value")
        self.told.append((action["action_id"], (body["user"]["id"], chosen)))
        if action["action_id"] == "go":
            await respond("Gone", replace_original=True)

    async def deeper(self, ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        self.told.append(("deeper", body["view"]["state"]["values"]["name"]["name"]["value"]))
        await client.views_push(trigger_id=body["trigger_id"], view=modal(callback_id="second", title=plain("Deeper")))

    async def fail(self) -> None:
        """Says nothing in time."""
        await asyncio.sleep(60)

    async def suggest(self, ack: AsyncAck, payload: dict[str, Any]) -> None:
        await ack(options=[option(f"{payload['value']}{end}") for end in ("en", "er")])

    async def submitted(self, ack: AsyncAck, view: dict[str, Any]) -> None:
        values = view["state"]["values"]
        name = values["name"]["name"]["value"]
        self.told.append(("submit", (name, [day["value"] for day in values["days"]["days"]["selected_options"]])))
        if name == "wrong":
            await ack(response_action="errors", errors={"name": "Nobody is called that."})
        else:
            await ack()

    async def cleared(self, ack: AsyncAck) -> None:
        await ack(response_action="clear")


@pytest.fixture
async def slack(clock: ManualClock, manifest: dict[str, Any]) -> AsyncIterator[LocalSlack]:
    # Slack's three seconds are real ones: a machine that is busy with other tests may take longer.
    async with LocalSlack(manifest=manifest, clock=clock, acknowledge_within=60) as slack:
        yield slack


@pytest.fixture
async def bot(slack: LocalSlack, run_bot: RunBot) -> Bot:
    bot = Bot()
    await run_bot(slack, bot.listens)
    return bot


def log(page: Element, name: str = "messages") -> str:
    return words(region(page, name))


def dialog(page: Element) -> str:
    return words(region(page, "dialog"))


async def test_what_is_typed_reaches_the_bot_as_what_it_is(ada: Browser, bot: Bot, slack: LocalSlack) -> None:
    assert "You typed outbound active." in log(await ada.say("/assistants outbound active"))
    await ada.say("@famulor, is <this> A & B?")
    await ada.say("  @Famulor   health  ")
    await ada.say("Look at https://app.famulor.de/assistants/42")
    await ada.say("Only https://elsewhere.example, and nobody hears")
    await ada.say('/assistants\r\nfind  "a & b" ')
    await ada.say("   ")
    assert bot.told == [
        ("command", "outbound active"),
        ("app_mention", (f"<@{BOT_USER}> is &lt;this&gt; A &amp; B?", "")),
        ("app_mention", (f"<@{BOT_USER}> health", "")),
        ("link_shared", ["https://app.famulor.de/assistants/42"]),
        ("command", 'find  "a & b"'),
    ]
    assert "nobody hears" in log(await ada.look())
    await ada.say("help", "messages")
    assert bot.told[-1] == ("message", ("help", ""))


async def test_in_a_thread_one_talks_in_it_and_there_are_no_commands(ada: Browser, bot: Bot, slack: LocalSlack) -> None:
    head = slack.workspace.post(GENERAL, {"text": "Look here"}, author=BEN)
    path = f"C0GENERAL1?thread={head.ts}"
    await ada.say("@Famulor 42", path)
    assert bot.told == [("app_mention", (f"<@{BOT_USER}> 42", head.ts))]
    page = await ada.say("/assistants help", path)
    assert "/assistants is not supported in threads" in log(page, "thread")
    assert "not supported" not in log(page)
    assert len(bot.told) == 1


async def test_what_the_bot_can_not_do_slack_says_to_whoever_tried_and_they_can_put_it_away(
    ada: Browser, ben: Browser, slack: LocalSlack
) -> None:
    assert "/nonsense is not a valid command" in log(await ada.say("/nonsense"))
    page = await ada.say("/assistants")
    assert 'failed with the error "dispatch_failed"' in log(page)
    assert len([one for one in page if "error" in one.classes]) == 2
    assert "dispatch_failed" not in log(await ben.look())
    assert "dispatch_failed" not in log(await ada.look("C0RANDOM01"))
    page = await ada.press("Dismiss")
    assert "dispatch_failed" not in log(page)
    assert "/nonsense" in log(page)


async def test_what_slack_refuses_is_shown_where_it_would_have_stood(
    ada: Browser, ben: Browser, slack: LocalSlack, client: AsyncWebClient
) -> None:
    slack.next_answers(RateLimited(), to="chat.postMessage")
    with pytest.raises(SlackApiError, match="ratelimited"):
        await client.chat_postMessage(channel=GENERAL, text="Too fast")
    for browser in (ada, ben):
        assert "chat.postMessage: ratelimited" in log(await browser.look())
    assert "ratelimited" not in log(await ada.look("C0RANDOM01"))


async def test_a_bot_that_is_not_there_can_be_added(ada: Browser, bot: Bot, slack: LocalSlack) -> None:
    page = await ada.say("@Famulor hello", "C0RANDOM01")
    assert "Famulor is not in this channel." in log(page)
    assert bot.told == []
    page = await ada.press("Add Famulor", "C0RANDOM01")
    assert "Famulor was added to the channel." in log(page)
    assert "Add Famulor" not in words(page)
    await ada.say("@Famulor hello", "C0RANDOM01")
    assert bot.told == [("app_mention", (f"<@{BOT_USER}> hello", ""))]


async def test_buttons_and_menus_tell_the_bot_who_chose_what(
    ada: Browser, ben: Browser, bot: Bot, slack: LocalSlack, client: AsyncWebClient
) -> None:
    blocks = [
        actions(
            button("go", "Go", value="42"),
            menu("static_select", "colour", options=[option("red"), option("blue")]),
            menu("overflow", "more", options=[option("first"), option("second")]),
            menu("external_select", "suggested", min_query_length=1),
            block_id="here",
        )
    ]
    message = await client.chat_postMessage(channel=GENERAL, text="Choose", blocks=blocks)
    where = {"where": str(message["ts"])}
    await ada.press("Go")
    assert "Gone" in log(await ada.look())
    message = await client.chat_postMessage(channel=GENERAL, text="Choose", blocks=blocks)
    where, page = {"where": str(message["ts"])}, await ben.look()
    token = page.all("input", name="token")[0].attributes["value"]
    chosen = next(one for one in page.all("select") if "colour" in one.attributes["name"])
    fields: dict[str, str | list[str]] = {**where, "token": token, chosen.attributes["name"]: "blue"}
    page = await ben.post("C0GENERAL1/press", {**fields, "action": chosen.attributes["data-dispatch"]})
    assert page.one("option", value="blue").attributes.keys() >= {"selected"}
    await ben.press("Second")
    search = page.one("input", type="search")
    typed = {"suggest": search.attributes["data-suggest"], search.attributes["name"]: "grün"}
    page = await ben.post("C0GENERAL1/press", {**fields, **typed})
    offered = next(one for one in page.all("select") if "suggested" in one.attributes["name"])
    assert [one.attributes["value"] for one in offered.all("option")][-2:] == ["grünen", "grüner"]
    fields[offered.attributes["name"]] = "grüner"
    await ben.post("C0GENERAL1/press", {**fields, "action": offered.attributes["data-dispatch"]})
    assert bot.told == [
        ("go", (PERSON, "42")),
        ("colour", (BEN, "blue")),
        ("more", (BEN, "second")),
        ("suggested", (BEN, "grüner")),
    ]


async def test_boxes_and_homes_tell_the_bot_too(
    ada: Browser, bot: Bot, slack: LocalSlack, client: AsyncWebClient
) -> None:
    boxes = menu("checkboxes", "colour", options=[option("mon"), option("tue")])
    message = await client.chat_postMessage(channel=GENERAL, text="When?", blocks=[actions(boxes)])
    await client.views_publish(user_id=PERSON, view=home(actions(button("more", "Go", value="home"))))
    page = await ada.look()
    box = page.all("input", type="checkbox")[0]
    token = page.all("input", name="token")[0].attributes["value"]
    fields: dict[str, str | list[str]] = {"token": token, "where": str(message["ts"])}
    dispatch: dict[str, str | list[str]] = {
        "action": box.attributes["data-dispatch"],
        box.attributes["name"]: ["mon", "tue"],
    }
    await ada.post("C0GENERAL1/press", {**fields, **dispatch})
    await ada.press("Go", "home")
    assert bot.told == [("colour", (PERSON, None)), ("more", (PERSON, "home"))]
    assert slack.state(slack.workspace.message(GENERAL, str(message["ts"])))["controls"]["colour"][
        "selected_options"
    ] == [*(option("mon"), option("tue"))]
    # A Home has no shortcuts, and nobody can be added to it.
    view = slack.views.homes[PERSON]
    page = await ada.post("home/shortcut", {"token": token, "where": view.id, "callback_id": "lookup_in_message"})
    assert "Only messages have shortcuts." in log(page, "home")
    await ada.post("home/invite", {"token": token})


async def test_what_is_not_there_any_more_is_said_and_does_nothing(
    ada: Browser, ben: Browser, bot: Bot, slack: LocalSlack, client: AsyncWebClient
) -> None:
    await client.chat_postEphemeral(channel=GENERAL, user=PERSON, text="Well?", blocks=[actions(button("go"))])
    token = (await ben.look()).all("input", name="token")[0].attributes["value"]
    secret = slack.workspace.messages(GENERAL, seen_by=PERSON)[-1].ts
    tries: list[dict[str, str | list[str]]] = [
        {"where": secret, "action": "b0|go"},
        {"where": "1.1", "action": "b0|go"},
        {"where": "V000000009", "action": ""},
        {},
    ]
    for fields in tries:
        page = await ben.post("C0GENERAL1/press", {"token": token, **fields})
        assert [one for one in page if "error" in one.classes]
    mine: list[dict[str, str | list[str]]] = [
        {"where": secret, "action": "b0|other"},
        {"where": secret, "action": "go"},
    ]
    for fields in mine:
        page = await ada.post("C0GENERAL1/press", {"token": token, **fields})
        assert "nothing named" in log(page)
    assert bot.told == []
    for act in ("submit", "close"):
        assert "no modal open" in log(await ada.post(f"C0GENERAL1/{act}", {"token": token}))
    assert "error" not in log(await ada.post("home/send", {"token": token, "text": "Hello"}), "home")
    await ada.post("home/press", {"token": token, "where": "1.1"})


async def test_a_modal_is_filled_corrected_deepened_and_sent(ada: Browser, bot: Bot, slack: LocalSlack) -> None:
    page = await ada.say("/assistants form")
    assert "Form" in dialog(page)
    assert "open" in page.one("dialog").attributes
    # Slack's own check comes before the bot's.
    page = await ada.press("Send")
    assert "Please complete this required field." in dialog(page)
    assert bot.told == [("command", "form")]
    page = await ada.press("Send", **{"name|name": "wrong"})
    assert "Nobody is called that." in dialog(page)
    page = await ada.press("Deeper", **{"name|name": ["Grace"], "days|days": ["tue"]})
    assert dialog(page).startswith("Deeper")
    assert "Back" in dialog(page)
    page = await ada.press("Back")
    # What was filled in is still there.
    assert page.one("input", name="name|name").attributes["value"] == "Grace"
    page = await ada.press("Send")
    assert dialog(page) == ""
    assert "open" not in page.one("dialog").attributes
    assert bot.told[1:] == [
        ("submit", ("wrong", [])),
        ("deeper", "Grace"),
        ("submit", ("Grace", ["tue"])),
    ]


async def test_modals_are_closed_one_by_one_or_all_at_once_and_are_only_their_users(
    ada: Browser, ben: Browser, bot: Bot, slack: LocalSlack
) -> None:
    await ada.say("/assistants form")
    assert dialog(await ben.look()) == ""
    assert dialog(await ada.look("home")).startswith("Form")
    await ada.press("Deeper")
    assert dialog(await ada.press("Close")) == ""
    await ada.say("/assistants form")
    assert dialog(await ada.press("Never mind")) == ""
    await ada.say("/assistants form")
    await ada.press("Deeper")
    # "clear" is what the second modal answers with.
    assert dialog(await ada.press("Send")) == ""


async def test_what_fails_in_a_modal_is_said_in_it(
    http: aiohttp.ClientSession, clock: ManualClock, run_bot: RunBot
) -> None:
    bot = Bot()
    async with LocalSlack(clock=clock, acknowledge_within=5) as slack:
        handler = await run_bot(slack, bot.listens)
        ada = Browser(http, slack)
        await ada.say("/assistants form")
        await handler.close_async()  # type: ignore[no-untyped-call]
        page = await ada.press("Send", **{"name|name": "Grace"})
        assert 'failed with the error "' in dialog(page)
        assert "failed" not in log(page)


async def test_shortcuts_are_those_of_the_manifest(ada: Browser, bot: Bot, slack: LocalSlack) -> None:
    slack.workspace.post(GENERAL, {"text": "Where is 42?"}, author=BEN)
    await ada.press("lookup")
    await ada.press("lookup_in_message")
    assert bot.told == [("lookup", ""), ("lookup_in_message", "Where is 42?")]
    token = (await ada.look()).all("input", name="token")[0].attributes["value"]
    page = await ada.post("C0GENERAL1/shortcut", {"token": token, "callback_id": "nonsense"})
    assert 'nonsense failed with the error "unknown_shortcut"' in log(page)


async def test_messages_are_dismissed_by_those_who_see_them(
    ada: Browser, ben: Browser, slack: LocalSlack, client: AsyncWebClient
) -> None:
    for user in (PERSON, BEN):
        await client.chat_postEphemeral(channel=GENERAL, user=user, text="Between us")
    await ada.press("Dismiss")
    assert "Between us" not in log(await ada.look())
    assert "Between us" in log(await ben.look())


@pytest.mark.parametrize(
    ("headers", "fields", "path", "status"),
    [
        ({}, {}, "C0GENERAL1/send", 403),
        ({}, {"token": "guessed"}, "C0GENERAL1/send", 403),
        ({}, {"token": "gu\u00e9ssed"}, "C0GENERAL1/send", 403),
        ({"Origin": "https://evil.example"}, None, "C0GENERAL1/send", 403),
        ({"Host": "evil.example"}, None, "C0GENERAL1/send", 403),
        ({}, None, "C0GENERAL1/send", 204),
        ({}, None, "C0GENERAL1/nonsense", 404),
        ({}, None, "C0NOWHERE/send", 404),
        ({}, None, "C0GENERAL1/panel/nonsense/act", 404),
    ],
)
async def test_only_the_pages_own_forms_are_taken(
    ada: Browser, slack: LocalSlack, headers: dict[str, str], fields: dict[str, str] | None, path: str, status: int
) -> None:
    token = (await ada.look()).all("input", name="token")[0].attributes["value"]
    sent = {"text": "Hello", **({"token": token} if fields is None else fields)}
    async with ada.http.post(ada.address(path), data=sent, headers=headers) as answer:
        assert answer.status == status
    said = [message.text for message in slack.workspace.messages(GENERAL)]
    assert said == (["Hello"] if status == 204 else [])


async def test_a_file_in_a_form_is_nothing_that_was_typed(ada: Browser, slack: LocalSlack) -> None:
    token = (await ada.look()).all("input", name="token")[0].attributes["value"]
    data = aiohttp.FormData({"token": token})
    data.add_field("text", b"Hello", filename="a.txt")
    async with ada.http.post(ada.address("C0GENERAL1/send"), data=data) as answer:
        assert answer.status == 204
    assert slack.workspace.messages(GENERAL) == []


async def test_many_people_act_at_once(ada: Browser, ben: Browser, bot: Bot, slack: LocalSlack) -> None:
    await asyncio.gather(*(one.say(f"Number {number}.", "C0RANDOM01") for number in range(10) for one in (ada, ben)))
    assert len(slack.workspace.messages(RANDOM)) == 20
