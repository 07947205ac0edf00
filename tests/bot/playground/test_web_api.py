import json
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import LocalSlack
from tests.clocks import ManualClock

GENERAL, RANDOM, ADA = "C0GENERAL1", "C0RANDOM01", "U0LOCALADA"
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "x"}}


async def error_of(client: AsyncWebClient, method: str, **arguments: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as raised:
        await client.api_call(method, json=arguments)
    answer = raised.value.response.data
    assert isinstance(answer, dict)
    return answer


async def test_a_token_says_whose_it_is(client: AsyncWebClient) -> None:
    answer = await client.auth_test()
    assert (answer["team_id"], answer["user_id"], answer["bot_id"]) == ("T0LOCAL001", "U0LOCALBOT", "B0LOCAL001")
    assert "chat:write" in answer.headers["X-OAuth-Scopes"].split(",")


@pytest.mark.parametrize(
    ("token", "method", "error"),
    [
        ("", "auth.test", "not_authed"),
        ("xoxb-other", "auth.test", "invalid_auth"),
        ("xapp-local", "chat.postMessage", "not_allowed_token_type"),
        ("xoxb-local", "apps.connections.open", "not_allowed_token_type"),
        ("xoxb-local", "admin.users.list", "unknown_method"),
    ],
)
async def test_a_call_without_the_right_token_is_refused(
    slack: LocalSlack, http: aiohttp.ClientSession, token: str, method: str, error: str
) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with http.post(f"{slack.api_url}{method}", headers=headers) as response:
        assert response.status == 200
        answer = await response.json()
    assert (answer["ok"], answer["error"]) == (False, error)


async def test_a_token_may_stand_in_the_body(slack: LocalSlack, http: aiohttp.ClientSession) -> None:
    async with http.post(f"{slack.api_url}auth.test", data={"token": slack.bot_token}) as response:
        assert (await response.json())["ok"]


@pytest.mark.parametrize(("body", "error"), [("{", "invalid_json"), ("[]", "json_not_object")])
async def test_json_that_is_none_is_refused(
    slack: LocalSlack, http: aiohttp.ClientSession, body: Any, error: str
) -> None:
    headers = {"Authorization": f"Bearer {slack.bot_token}", "Content-Type": "application/json"}
    async with http.post(f"{slack.api_url}auth.test", data=body, headers=headers) as response:
        assert (await response.json())["error"] == error


async def test_a_message_is_posted_changed_and_deleted(slack: LocalSlack, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="#general", text="before", blocks=[SECTION])
    assert posted["channel"] == GENERAL
    assert posted["message"]["blocks"] == [SECTION]
    changed = await client.chat_update(channel=GENERAL, ts=posted["ts"], text="after")
    [message] = slack.workspace.messages(GENERAL)
    assert (message.text, message.ts, message.replaced) == ("after", changed["ts"], True)
    await client.chat_delete(channel=GENERAL, ts=posted["ts"])
    assert slack.workspace.messages(GENERAL) == []
    gone = await error_of(client, "chat.update", channel=GENERAL, ts=posted["ts"], text="again")
    assert gone["error"] == "message_not_found"


async def test_a_form_carries_blocks_as_json(slack: LocalSlack, http: aiohttp.ClientSession) -> None:
    form = {"channel": GENERAL, "blocks": json.dumps([SECTION]), "token": slack.bot_token}
    async with http.post(f"{slack.api_url}chat.postMessage", data=form) as response:
        assert (await response.json())["message"]["blocks"] == [SECTION]
    for name, error in (("blocks", "invalid_blocks_format"), ("metadata", "invalid_arguments")):
        broken = {"channel": GENERAL, "token": slack.bot_token, "text": "x", name: "{"}
        async with http.post(f"{slack.api_url}chat.postMessage", data=broken) as response:
            assert (await response.json())["error"] == error


async def test_an_ephemeral_message_is_seen_by_one_person(slack: LocalSlack, client: AsyncWebClient) -> None:
    await client.chat_postEphemeral(channel=GENERAL, user=ADA, text="psst")
    assert slack.workspace.messages(GENERAL) == []
    [message] = slack.workspace.messages(GENERAL, seen_by=ADA)
    assert (message.ephemeral, message.user) == (True, ADA)
    hidden = await error_of(client, "chat.update", channel=GENERAL, ts=message.ts, text="x")
    stranger = await error_of(client, "chat.postEphemeral", channel=GENERAL, user="U0NOBODY01", text="x")
    assert (hidden["error"], stranger["error"]) == ("message_not_found", "user_not_in_channel")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C0NOWHERE1", "text": "x"}, "channel_not_found"),
        ({"text": "x"}, "channel_not_found"),
        ({"channel": RANDOM, "text": "x"}, "not_in_channel"),
        ({"channel": "C0ARCHIVE1", "text": "x"}, "is_archived"),
        ({"channel": "C0SECRET01", "text": "x"}, "channel_not_found"),
        ({"channel": GENERAL}, "no_text"),
        ({"channel": GENERAL, "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": GENERAL, "blocks": [SECTION] * 51}, "invalid_blocks"),
        ({"channel": GENERAL, "blocks": [{**SECTION, "text": {"type": "mrkdwn", "text": "x" * 2_601}}] * 5},
         "msg_blocks_too_long"),
    ],
)  # fmt: skip
async def test_a_message_that_cannot_be_posted_is_refused_in_slacks_words(
    slack: LocalSlack, client: AsyncWebClient, arguments: dict[str, Any], error: str
) -> None:
    slack.workspace.add_channel("C0ARCHIVE1", "old", members=["U0LOCALBOT"]).is_archived = True
    slack.workspace.add_channel("C0SECRET01", "secret", is_private=True)
    assert (await error_of(client, "chat.postMessage", **arguments))["error"] == error


async def test_invalid_blocks_come_with_where_and_why(client: AsyncWebClient) -> None:
    answer = await error_of(client, "chat.postMessage", channel=GENERAL, blocks=[{"type": "new_kind"}])
    assert answer["response_metadata"] == {
        "messages": ["[ERROR] unsupported type: new_kind [json-pointer:/blocks/0/type]"]
    }


async def test_a_bot_that_leaves_a_channel_notices_at_the_next_post(slack: LocalSlack, client: AsyncWebClient) -> None:
    slack.workspace.channels[GENERAL].members.remove("U0LOCALBOT")
    assert (await error_of(client, "chat.postMessage", channel=GENERAL, text="x"))["error"] == "not_in_channel"


async def test_the_manifest_decides_what_a_bot_may_do() -> None:
    manifest = {"oauth_config": {"scopes": {"bot": ["chat:write", "chat:write.public"]}}}
    async with LocalSlack(manifest=manifest) as slack:
        client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
        answer = await error_of(client, "users.info", user=ADA)
        assert (answer["error"], answer["needed"]) == ("missing_scope", "users:read")
        assert answer["provided"] == "chat:write,chat:write.public"
        assert (await client.chat_postMessage(channel=RANDOM, text="x"))["ok"]


async def test_more_than_a_burst_in_a_channel_waits_for_its_seconds(client: AsyncWebClient, clock: ManualClock) -> None:
    for _ in range(10):
        await client.chat_postMessage(channel=GENERAL, text="x")
    with pytest.raises(SlackApiError) as raised:
        await client.chat_postMessage(channel=GENERAL, text="x")
    assert raised.value.response.status_code == 429
    assert raised.value.response["error"] == "ratelimited"
    assert raised.value.response.headers["Retry-After"] == "1"
    assert (await client.chat_postMessage(channel=ADA, text="another channel"))["ok"]
    for rest, allowed in ((1, 1), (3_600, 10)):
        clock.advance(rest)
        for _ in range(allowed):
            assert (await client.chat_postMessage(channel=GENERAL, text="x"))["ok"]
        assert (await error_of(client, "chat.postMessage", channel=GENERAL, text="x"))["error"] == "ratelimited"


async def test_a_message_to_a_person_arrives_in_their_direct_messages(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    opened = await client.conversations_open(users=ADA)
    posted = await client.chat_postMessage(channel=ADA, text="hello")
    assert posted["channel"] == opened["channel"]["id"]
    assert [message.text for message in slack.workspace.messages(posted["channel"])] == ["hello"]
    assert (await error_of(client, "conversations.open", users="U0NOBODY01"))["error"] == "user_not_found"


async def test_channels_users_and_the_team_introduce_themselves(client: AsyncWebClient) -> None:
    general = (await client.conversations_info(channel=GENERAL))["channel"]
    random = (await client.conversations_info(channel=RANDOM))["channel"]
    assert (general["name"], general["is_member"], random["is_member"]) == ("general", True, False)
    assert (await client.users_info(user=ADA))["user"]["name"] == "ada"
    assert (await client.team_info())["team"]["domain"] == "local"
    assert (await error_of(client, "users.info", user="U0NOBODY01"))["error"] == "user_not_found"


async def test_hostile_arguments_are_refused_and_never_break_the_server(slack: LocalSlack, http: Any) -> None:
    hostile: list[Any] = [None, 1, "x", [], {}, [[]], {"a": {"b": []}}, "\x00", "é" * 9]
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    for method in ("chat.postMessage", "chat.update", "views.open", "views.publish", "conversations.info"):
        for value in hostile:
            names = ("channel", "text", "blocks", "view", "ts", "trigger_id", "user_id", "attachments")
            body = dict.fromkeys(names, value)
            async with http.post(f"{slack.api_url}{method}", json=body, headers=headers) as response:
                assert response.status == 200
                assert (await response.json())["ok"] is False


async def test_a_message_with_odd_values_is_posted_or_refused_but_answered(slack: LocalSlack, http: Any) -> None:
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    for value in (None, 1, "x", [1], {"a": 1}):
        body = {"channel": GENERAL, "text": value, "attachments": value, "blocks": value}
        async with http.post(f"{slack.api_url}chat.postMessage", json=body, headers=headers) as response:
            assert response.status == 200
            assert isinstance((await response.json())["ok"], bool)


async def test_reading_works_with_get(slack: LocalSlack, http: aiohttp.ClientSession) -> None:
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    async with http.get(f"{slack.api_url}users.info?user={ADA}", headers=headers) as response:
        assert (await response.json())["ok"]
