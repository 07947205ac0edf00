from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import BEN, GENERAL, PERSON, Interaction, LocalSlack, RateLimited
from tests.bot.playground.bots import RunBot, actions, button, home, modal

HOLOGRAM = [{"type": "hologram"}]
REFUSED = "unsupported type: hologram [json-pointer:/blocks/0/type]"


async def test_whatever_the_bot_sends_is_kept_and_checked(
    slack: LocalSlack, client: AsyncWebClient, http: aiohttp.ClientSession
) -> None:
    trigger_id = (interaction := await slack.shortcut("x")).envelope["payload"]["trigger_id"]
    posted = await client.chat_postMessage(channel=GENERAL, text="post")
    await client.chat_update(channel=GENERAL, ts=posted["ts"], text="update")
    await client.chat_postEphemeral(channel=GENERAL, user=PERSON, text="ephemeral")
    await client.views_open(trigger_id=trigger_id, view=modal({"type": "divider"}))
    await client.views_publish(user_id=PERSON, view=home({"type": "divider"}))
    url = (await slack.type_command("/x")).envelope["payload"]["response_url"]
    await http.post(url, json={"text": "response"})
    assert [one.how for one in slack.sent] == [
        *("chat.postMessage", "chat.update", "chat.postEphemeral", "views.open", "views.publish", "response_url"),
    ]
    assert slack.sent[0].payload == {"channel": GENERAL, "text": "post"}
    assert (slack.refused, slack.complaints, interaction.messages) == ([], [], [])


async def test_a_problem_is_kept_with_how_slack_refused_it(slack: LocalSlack, client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel=GENERAL, text="x", blocks=HOLOGRAM)
    [refused] = slack.refused
    assert (refused.error, refused.problems) == ("invalid_blocks", (REFUSED,))
    assert slack.complaints == [f"chat.postMessage: {REFUSED}"]


async def test_what_slack_takes_may_still_be_complained_of(slack: LocalSlack, client: AsyncWebClient) -> None:
    await client.api_call("chat.postMessage", json={"channel": GENERAL, "blocks": [{"type": "divider"}]})
    assert slack.refused == []
    [complaint] = slack.complaints
    assert complaint.startswith("chat.postMessage: without a text")


async def test_a_payload_is_checked_also_where_its_call_fails_on_request(
    slack: LocalSlack, client: AsyncWebClient, http: aiohttp.ClientSession
) -> None:
    slack.next_answers(RateLimited(), RateLimited())
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel=GENERAL, text="x", blocks=HOLOGRAM)
    url = (await slack.type_command("/x")).envelope["payload"]["response_url"]
    await http.post(url, json={"text": "x", "blocks": HOLOGRAM})
    assert [one.error for one in slack.refused] == ["ratelimited", "ratelimited"]
    assert slack.complaints == [f"{how}: {REFUSED}" for how in ("chat.postMessage", "response_url")]


@pytest.mark.parametrize(
    ("method", "arguments", "complaints"),
    [
        ("views.publish", {"user_id": PERSON, "view": home(*HOLOGRAM)}, 1),
        ("views.open", {"trigger_id": "1", "view": "{not json"}, 0),
        ("views.open", {"trigger_id": "1"}, 0),
        ("chat.unfurl", {"unfurls": {"https://x": {"blocks": HOLOGRAM}}}, 1),
        ("chat.update", {"channel": GENERAL, "ts": "1.2", "text": "x", "blocks": HOLOGRAM}, 1),
        ("files.completeUploadExternal", {"files": [], "initial_comment": "x" * 4_001}, 1),
        ("files.completeUploadExternal", {"files": [], "blocks": HOLOGRAM}, 2),
        ("files.completeUploadExternal", {"files": []}, 0),
        ("users.info", {"user": PERSON, "blocks": HOLOGRAM}, 0),
    ],
)
async def test_what_people_see_is_found_in_every_method(
    slack: LocalSlack, http: aiohttp.ClientSession, method: str, arguments: dict[str, Any], complaints: int
) -> None:
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    async with http.post(f"{slack.api_url}{method}", json=arguments, headers=headers) as response:
        assert response.status == 200
    assert len(slack.complaints) == complaints


async def test_an_acknowledgement_with_something_in_it_is_checked_too(
    slack: LocalSlack, client: AsyncWebClient, run_bot: RunBot
) -> None:
    def answers(app: AsyncApp) -> None:
        @app.command("/words")
        async def words(ack: AsyncAck) -> None:
            await ack("x" * 4_001)

        @app.command("/silence")
        async def silence(ack: AsyncAck) -> None:
            await ack()

        @app.view("form")
        async def sent(ack: AsyncAck) -> None:
            await ack(response_action="update", view=modal(*HOLOGRAM))

    await run_bot(slack, answers)
    await slack.type_command("/silence")
    assert slack.sent == []
    await slack.type_command("/words")
    assert slack.complaints == ["acknowledgement: should be at most 4000 characters [json-pointer:/text]"]
    trigger_id = (await slack.type_command("/silence")).envelope["payload"]["trigger_id"]
    await client.views_open(trigger_id=trigger_id, view=modal({"type": "divider"}, callback_id="form"))
    assert (await slack.submit()).failed_because == "invalid_view_response"
    assert slack.complaints[1:] == [f"acknowledgement: {REFUSED}"]


async def test_a_post_in_a_channel_belongs_to_what_happened_there_last(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    older, latest = await slack.type_command("/x"), await slack.type_command("/y", user=BEN)
    elsewhere = await slack.type_command("/z", channel="C0RANDOM01")
    await client.chat_postMessage(channel=GENERAL, text="for all")
    await client.chat_postEphemeral(channel=GENERAL, user=PERSON, text="for ada")
    direct = (await client.conversations_open(users=BEN))["channel"]["id"]
    await client.chat_postMessage(channel=direct, text="for ben")
    assert texts(latest) == ["for all", "for ben"]
    assert texts(older) == ["for ada"]
    assert texts(elsewhere) == []


async def test_a_reply_belongs_to_what_happened_in_its_thread(slack: LocalSlack, client: AsyncWebClient) -> None:
    in_thread = await slack.mention("42")
    other = await slack.mention("43")
    await client.chat_postMessage(channel=GENERAL, text="reply", thread_ts=in_thread.thread_ts)
    await client.chat_postEphemeral(channel=GENERAL, user=PERSON, text="psst", thread_ts=in_thread.thread_ts)
    await client.chat_postEphemeral(channel=GENERAL, user=BEN, text="nobody's", thread_ts=in_thread.thread_ts)
    assert (texts(in_thread), texts(other)) == (["reply", "psst"], [])


async def test_a_changed_message_belongs_to_who_used_it_last(slack: LocalSlack, client: AsyncWebClient) -> None:
    asked = await slack.type_command("/x")
    posted = await client.chat_postMessage(channel=GENERAL, text="x", blocks=[actions(button("go"))])
    await client.chat_update(channel=GENERAL, ts=posted["ts"], text="x", blocks=[actions(button("go"))])
    pressed = await slack.press(asked.messages[1], "go", user=BEN)
    await client.chat_update(channel=GENERAL, ts=posted["ts"], text="gone")
    await client.chat_delete(channel=GENERAL, ts=posted["ts"])
    assert (texts(asked), texts(pressed)) == (["x", "x"], ["gone", "gone"])
    assert pressed.messages[1].deleted


async def test_a_published_home_belongs_to_the_last_thing_done_and_to_the_last_at_home(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    opened = await slack.open_home()
    typed = await slack.type_command("/x")
    other = await slack.open_home(BEN)
    await client.views_publish(user_id=PERSON, view=home(actions(button("go"))))
    assert [len(one.views) for one in (opened, typed, other)] == [1, 1, 0]
    pressed = await slack.press(slack.views.homes[PERSON], "go")
    assert pressed.envelope["payload"]["view"]["type"] == "home"
    await client.views_publish(user_id=PERSON, view=home({"type": "divider"}))
    assert [len(one.views) for one in (opened, typed, pressed)] == [1, 1, 1]


async def test_messages_of_nobodys_doing_are_handed_out_by_channel(slack: LocalSlack, client: AsyncWebClient) -> None:
    await slack.say("not the bot's", channel=GENERAL)
    posted = await client.chat_postMessage(channel=GENERAL, text="alert")
    await client.chat_update(channel=GENERAL, ts=posted["ts"], text="closed")
    assert [(await slack.next_message()).text for _ in range(2)] == ["alert", "closed"]
    with pytest.raises(TimeoutError, match="No message in C0RANDOM01 within"):
        await slack.next_message("C0RANDOM01", within=0.01)


async def test_a_thread_needs_a_head(slack: LocalSlack, client: AsyncWebClient) -> None:
    head = await client.chat_postMessage(channel=GENERAL, text="head")
    reply = await client.chat_postMessage(channel=GENERAL, text="reply", thread_ts=head["ts"])
    assert reply["message"]["thread_ts"] == head["ts"]
    assert [message.text for message in slack.workspace.replies(GENERAL, head["ts"])] == ["reply"]
    for thread_ts, error in (("1.2", "thread_not_found"), (reply["ts"], "cannot_reply_to_message")):
        with pytest.raises(SlackApiError, match=error):
            await client.chat_postMessage(channel=GENERAL, text="x", thread_ts=thread_ts)


async def test_only_the_bots_own_messages_are_changed(slack: LocalSlack, client: AsyncWebClient) -> None:
    said = slack.workspace.post(GENERAL, {"text": "mine"}, author=PERSON)
    with pytest.raises(SlackApiError, match="cant_update_message"):
        await client.chat_update(channel=GENERAL, ts=said.ts, text="yours")
    with pytest.raises(SlackApiError, match="cant_delete_message"):
        await client.chat_delete(channel=GENERAL, ts=said.ts)
    link = (await client.chat_getPermalink(channel=GENERAL, message_ts=said.ts))["permalink"]
    assert link == f"https://local.slack.com/archives/{GENERAL}/p{said.ts.replace('.', '')}"


async def test_updates_have_a_pace_of_their_own(slack: LocalSlack, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel=GENERAL, text="x")
    for _ in range(50):
        await client.chat_update(channel=GENERAL, ts=posted["ts"], text="x")
    with pytest.raises(SlackApiError) as raised:
        await client.chat_update(channel=GENERAL, ts=posted["ts"], text="x")
    assert raised.value.response.headers["Retry-After"] == "2"


def texts(interaction: Interaction) -> list[str]:
    return [message.text for message in interaction.messages]
