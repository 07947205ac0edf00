from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import BEN, BOT_USER, GENERAL, OPERATORS, OTHER_TEAM, OUTSIDER, PARTNERS, PERSON, TEAM, LocalSlack
from bot.playground.people import User


async def error_of(client: AsyncWebClient, method: str, **arguments: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as raised:
        await client.api_call(method, params=arguments)
    answer = raised.value.response.data
    assert isinstance(answer, dict)
    return answer


async def test_a_locale_is_told_only_to_who_asks_for_it(client: AsyncWebClient) -> None:
    assert "locale" not in (await client.users_info(user=BEN))["user"]
    assert "locale" not in (await client.users_info(user=BEN, include_locale=False))["user"]
    assert (await client.users_info(user=BEN, include_locale=True))["user"]["locale"] == "de-DE"
    ada = (await client.users_info(user=PERSON, include_locale=True))["user"]
    assert (ada["locale"], ada["tz"], ada["team_id"]) == ("en-US", "Europe/Berlin", TEAM)


async def test_people_change_their_language(slack: LocalSlack, client: AsyncWebClient) -> None:
    slack.workspace.set_locale(PERSON, "de-AT")
    assert (await client.users_info(user=PERSON, include_locale=True))["user"]["locale"] == "de-AT"


async def test_an_outsider_is_of_another_team_and_no_stranger_in_a_shared_channel(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    outsider = (await client.users_info(user=OUTSIDER, include_locale=True))["user"]
    assert (outsider["team_id"], outsider["is_stranger"]) == (OTHER_TEAM, False)
    assert not {"locale", "is_restricted"} & outsider.keys()
    slack.workspace.channels[PARTNERS].members.remove(BOT_USER)
    assert (await client.users_info(user=OUTSIDER))["user"]["is_stranger"] is True


async def test_a_guest_is_restricted(slack: LocalSlack, client: AsyncWebClient) -> None:
    slack.workspace.add_user(User("U0GUEST001", "guy", is_restricted=True), channels=[GENERAL])
    guest = (await client.users_info(user="U0GUEST001"))["user"]
    assert (guest["team_id"], guest["is_restricted"], guest["is_ultra_restricted"]) == (TEAM, True, False)
    assert "U0GUEST001" in (await client.conversations_members(channel=GENERAL))["members"]


async def test_user_groups_have_members(slack: LocalSlack, client: AsyncWebClient) -> None:
    slack.workspace.usergroups["S0BOTH0001"] = {PERSON, BEN}
    assert (await client.usergroups_users_list(usergroup=OPERATORS))["users"] == [PERSON]
    assert (await client.usergroups_users_list(usergroup="S0BOTH0001"))["users"] == sorted([PERSON, BEN])
    listed = (await client.usergroups_list())["usergroups"]
    assert {group["id"]: group["user_count"] for group in listed} == {OPERATORS: 1, "S0BOTH0001": 2}
    assert (await error_of(client, "usergroups.users.list", usergroup="S0NOBODY"))["error"] == "no_such_subteam"


async def test_user_groups_need_their_scope() -> None:
    async with LocalSlack(manifest={"oauth_config": {"scopes": {"bot": ["users:read"]}}}) as slack:
        client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
        answer = await error_of(client, "usergroups.users.list", usergroup=OPERATORS)
    assert (answer["error"], answer["needed"]) == ("missing_scope", "usergroups:read")


async def test_channels_are_listed_page_by_page(slack: LocalSlack, client: AsyncWebClient) -> None:
    slack.workspace.add_channel("C0SECRET01", "secret", is_private=True)
    slack.workspace.add_channel("C0PRIVATE1", "private", members=[BOT_USER], is_private=True)
    slack.workspace.add_channel("C0OLD00001", "old", members=[BOT_USER]).is_archived = True
    first = await client.conversations_list(limit=2)
    rest = await client.conversations_list(limit=2, cursor=first["response_metadata"]["next_cursor"])
    assert [channel["name"] for answer in (first, rest) for channel in answer["channels"]] == [
        *("general", "random", "partners", "old"),
    ]
    assert rest["response_metadata"]["next_cursor"] == ""
    mine = await client.users_conversations(types="public_channel,private_channel", exclude_archived=True)
    assert {channel["name"] for channel in mine["channels"]} == {"general", "partners", "private"}
    assert [channel["is_ext_shared"] for channel in first["channels"]] == [False, False]
    assert (await error_of(client, "conversations.list", cursor="broken"))["error"] == "invalid_cursor"


async def test_each_kind_of_channel_needs_its_scope() -> None:
    async with LocalSlack(manifest={"oauth_config": {"scopes": {"bot": ["channels:read"]}}}) as slack:
        slack.workspace.add_channel("C0PRIVATE1", "private", members=[BOT_USER], is_private=True)
        client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
        answer = await error_of(client, "conversations.info", channel="C0PRIVATE1")
        assert (answer["error"], answer["needed"]) == ("missing_scope", "groups:read")
        listed = await error_of(client, "conversations.list", types="public_channel,im")
        assert (listed["error"], listed["needed"]) == ("missing_scope", "im:read")


async def test_the_bot_knows_itself(client: AsyncWebClient) -> None:
    assert (await client.bots_info(bot="B0LOCAL001"))["bot"]["user_id"] == BOT_USER
    assert (await error_of(client, "bots.info", bot="B0NOBODY"))["error"] == "bot_not_found"
