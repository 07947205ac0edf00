from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp, AsyncSay
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import BEN, BOT_USER, GENERAL, OTHER_TEAM, OUTSIDER, PARTNERS, PERSON, RANDOM, TEAM, LocalSlack
from tests.bot.playground.bots import RunBot, home

EVERY_EVENT = ["app_home_opened", "app_mention", "link_shared", "message.im", "message.channels"]
EVERY_SCOPE = ["app_mentions:read", "channels:history", "im:history", "links:read", "links:write", "chat:write"]


def manifest(*, events: list[str] = EVERY_EVENT, scopes: list[str] = EVERY_SCOPE, **features: Any) -> dict[str, Any]:
    return {
        "oauth_config": {"scopes": {"bot": scopes}},
        "settings": {"event_subscriptions": {"bot_events": events}},
        "features": {"unfurl_domains": ["famulor.example"], **features},
    }


def listens(app: AsyncApp) -> None:
    @app.event("app_mention")
    async def mentioned(event: dict[str, Any], say: AsyncSay) -> None:
        await say(f"You said {event['text']}", thread_ts=event.get("thread_ts"))

    @app.event("message")
    async def said(event: dict[str, Any], say: AsyncSay) -> None:
        await say(f"You wrote {event['text']}")

    @app.event("app_home_opened")
    async def opened(event: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_publish(user_id=event["user"], view=home({"type": "divider"}))

    @app.event("link_shared")
    async def linked(event: dict[str, Any], client: AsyncWebClient) -> None:
        unfurls = {link["url"]: {"text": f"All about {link['domain']}"} for link in event["links"]}
        await client.chat_unfurl(source=event["source"], unfurl_id=event["unfurl_id"], unfurls=unfurls)


async def test_a_mention_is_answered_where_it_was_made(slack: LocalSlack, run_bot: RunBot) -> None:
    await run_bot(slack, listens)
    interaction = await slack.mention("outbound active", user=BEN)
    reply = await interaction.reply()
    assert reply.text == f"You said <@{BOT_USER}> outbound active"
    assert [message.author for message in slack.workspace.messages(GENERAL)] == [BEN, BOT_USER]


async def test_a_mention_in_a_thread_is_answered_in_it(slack: LocalSlack, run_bot: RunBot) -> None:
    await run_bot(slack, listens)
    head = slack.workspace.post(GENERAL, {"text": "What about ours?"}, author=PERSON)
    reply = await (await slack.mention("42", thread_ts=head.ts)).reply()
    assert reply.thread_ts == head.ts
    assert slack.workspace.messages(GENERAL) == [head]
    assert [message.author for message in slack.workspace.replies(GENERAL, head.ts)] == [PERSON, BOT_USER]


async def test_an_event_comes_complete(slack: LocalSlack) -> None:
    interaction = await slack.mention("hello", channel=PARTNERS)
    envelope, payload = interaction.envelope, interaction.envelope["payload"]
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("events_api", False)
    assert (envelope["retry_attempt"], envelope["retry_reason"]) == (0, "")
    assert (payload["type"], payload["team_id"], payload["api_app_id"]) == ("event_callback", TEAM, "A0LOCAL001")
    assert payload["event_id"] != (await slack.mention("hello")).envelope["payload"]["event_id"]
    assert payload["authorizations"][0]["user_id"] == BOT_USER
    assert payload["is_ext_shared_channel"] is True
    event = payload["event"]
    assert (event["type"], event["user"], event["channel"]) == ("app_mention", PERSON, PARTNERS)
    assert event["text"].startswith(f"<@{BOT_USER}> ")
    assert event["ts"] == event["event_ts"]
    assert "user_team" not in event


async def test_an_outsiders_event_says_which_team_they_are_of(slack: LocalSlack) -> None:
    event = (await slack.mention("hi", user=OUTSIDER, channel=PARTNERS)).envelope["payload"]["event"]
    assert (event["user_team"], event["source_team"]) == (OTHER_TEAM, OTHER_TEAM)


async def test_a_direct_message_is_answered(slack: LocalSlack, run_bot: RunBot) -> None:
    await run_bot(slack, listens)
    interaction = await slack.say("hilfe", user=BEN)
    assert (await interaction.reply()).text == "You wrote hilfe"
    event = interaction.envelope["payload"]["event"]
    assert (event["type"], event["channel_type"], event["channel"][0]) == ("message", "im", "D")


async def test_what_is_said_in_a_channel_is_heard_where_the_bot_is(slack: LocalSlack, run_bot: RunBot) -> None:
    await run_bot(slack, listens)
    assert (await (await slack.say("hello", channel=GENERAL)).reply()).text == "You wrote hello"
    assert (await slack.say("hello", channel=RANDOM)).failed_because == "not_in_channel"
    assert (await slack.mention("hello", channel=RANDOM)).failed_because == "not_in_channel"


async def test_an_opened_home_is_filled_and_opened_again_as_it_is(slack: LocalSlack, run_bot: RunBot) -> None:
    await run_bot(slack, listens)
    first = await slack.open_home(BEN)
    view = await first.view()
    assert (view.user, view.is_home, first.views) == (BEN, True, [view])
    assert slack.views.homes[BEN] == view
    again = await slack.open_home(BEN)
    assert again.envelope["payload"]["event"]["view"]["hash"] == view.hash
    assert (await again.view()).id == view.id
    assert "view" not in (await slack.open_home(BEN, tab="messages")).envelope["payload"]["event"]


async def test_a_shared_link_unfurls(slack: LocalSlack, run_bot: RunBot) -> None:
    await run_bot(slack, listens)
    interaction = await slack.share_link("Look: https://app.famulor.example/assistants/42", BEN, RANDOM)
    shown = await interaction.reply()
    assert shown.as_text().splitlines()[1] == "All about app.famulor.example"
    event = interaction.envelope["payload"]["event"]
    assert event["links"] == [{"url": "https://app.famulor.example/assistants/42", "domain": "app.famulor.example"}]
    assert event["is_bot_user_member"] is False


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({}, "missing_unfurls"),
        ({"unfurls": ["x"]}, "invalid_unfurls_format"),
        ({"unfurls": {"https://famulor.example/1": "x"}}, "invalid_unfurls_format"),
        ({"unfurls": {"https://famulor.example/1": {"blocks": [{"type": "actions", "elements": []}]}}},
         "invalid_unfurls_format"),
        ({"unfurls": {"https://famulor.example/2": {"text": "x"}}}, "cannot_unfurl_url"),
        ({"unfurls": {"https://famulor.example/1": {"text": "x"}}, "ts": "1.2"}, "cannot_find_message"),
        ({"unfurls": {"https://famulor.example/1": {"text": "x"}}, "unfurl_id": "C0.1"}, "cannot_find_message"),
    ],
)  # fmt: skip
async def test_only_links_that_were_shared_unfurl(
    slack: LocalSlack, client: AsyncWebClient, arguments: dict[str, Any], error: str
) -> None:
    event = (await slack.share_link("https://famulor.example/1")).envelope["payload"]["event"]
    call = {"channel": GENERAL, "ts": event["message_ts"], **arguments}
    with pytest.raises(SlackApiError) as raised:
        await client.api_call("chat.unfurl", json=call)
    assert raised.value.response["error"] == error


async def test_a_bot_hears_only_what_its_manifest_asks_for() -> None:
    slack = LocalSlack(manifest=manifest(events=["message.im"]))
    assert (await slack.mention("x")).failed_because == "not_subscribed"
    assert (await slack.open_home()).failed_because == "not_subscribed"
    assert (await slack.say("x")).failed_because == "dispatch_failed"
    slack = LocalSlack(manifest=manifest(scopes=[]))
    assert (await slack.mention("x")).failed_because == "missing_scope"
    assert (await slack.open_home()).failed_because == "dispatch_failed"
    assert (await slack.mention("x")).error == 'x failed with the error "missing_scope"'


async def test_a_bot_hears_only_of_its_own_domains() -> None:
    slack = LocalSlack(manifest=manifest())
    assert (await slack.share_link("https://app.famulor.example/1")).failed_because == "dispatch_failed"
    for url in ("https://other.example", "https://notfamulor.example/1", "no link"):
        assert (await slack.share_link(url)).failed_because == "no_unfurl_domain"


@pytest.mark.parametrize(
    "app_home",
    [{"messages_tab_enabled": False}, {"messages_tab_enabled": True, "messages_tab_read_only_enabled": True}],
)
async def test_without_a_messages_tab_nobody_can_write_to_the_bot(app_home: dict[str, bool]) -> None:
    slack = LocalSlack(manifest=manifest(app_home=app_home))
    assert (await slack.say("x")).failed_because == "messages_tab_disabled"


async def test_without_a_home_tab_no_home_is_published() -> None:
    async with LocalSlack(manifest=manifest()) as slack:
        client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
        with pytest.raises(SlackApiError, match="not_enabled"):
            await client.views_publish(user_id=PERSON, view=home({"type": "divider"}))


async def test_an_event_that_is_delivered_again_is_the_same(slack: LocalSlack, run_bot: RunBot) -> None:
    await run_bot(slack, listens)
    interaction = await slack.mention("once")
    first = interaction.envelope
    await slack.redeliver(interaction)
    assert interaction.envelope["payload"] == first["payload"]
    assert (interaction.envelope["retry_attempt"], interaction.envelope["retry_reason"]) == (1, "timeout")
    assert [(await interaction.reply()).text for _ in range(2)] == [f"You said <@{BOT_USER}> once"] * 2
