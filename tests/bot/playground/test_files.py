from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import GENERAL, PERSON, RANDOM, AnswerLost, LocalSlack, RateLimited, Refused, ServerError

CONTENT = "\ufeffid;name\n42;Änna\n".encode()


async def error_of(client: AsyncWebClient, method: str, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as raised:
        await client.api_call(method, params=arguments)
    return str(raised.value.response["error"])


async def announced(client: AsyncWebClient, length: int = 1) -> dict[str, Any]:
    answer = await client.files_getUploadURLExternal(filename="a.csv", length=length)
    assert isinstance(answer.data, dict)
    return answer.data


async def test_a_file_comes_whole_and_is_shown_where_it_is_shared(slack: LocalSlack, client: AsyncWebClient) -> None:
    interaction = await slack.type_command("/assistants export csv")
    await client.files_upload_v2(
        content=CONTENT, filename="assistants.csv", title="Assistants", channel=GENERAL, initial_comment="12 of 40"
    )
    message = await interaction.reply()
    assert message.as_text() == f"12 of 40\n[file: Assistants, {len(CONTENT)} bytes]"
    [named] = message.payload["files"]
    file = slack.workspace.files[named["id"]]
    assert (file.content, file.name, file.shares, file.is_complete) == (CONTENT, "assistants.csv", (GENERAL,), True)
    assert slack.complaints == []


async def test_a_file_may_go_into_a_thread_or_a_direct_message(slack: LocalSlack, client: AsyncWebClient) -> None:
    mention = await slack.mention("export json")
    await client.files_upload_v2(content=b"{}", filename="a.json", channel=GENERAL, thread_ts=mention.thread_ts)
    assert (await mention.reply()).thread_ts == mention.thread_ts
    command = await slack.type_command("/assistants export json", channel=RANDOM)
    direct = (await client.conversations_open(users=PERSON))["channel"]["id"]
    await client.files_upload_v2(content=b"{}", filename="a.json", channel=direct)
    assert (await command.reply()).channel == direct


async def test_a_file_that_is_not_shared_is_there_all_the_same(slack: LocalSlack, client: AsyncWebClient) -> None:
    await client.files_upload_v2(content=b"x", filename="a.txt")
    [file] = slack.workspace.files.values()
    assert (file.content, file.shares) == (b"x", ())
    assert slack.workspace.messages(GENERAL) == []


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("C0NOWHERE1", "channel_not_found"),
        ("general", "channel_not_found"),
        (PERSON, "channel_not_found"),
        (RANDOM, "not_in_channel"),
        ("C0OLD00001", "is_archived"),
    ],
)
async def test_a_file_is_shared_only_where_the_bot_may_write(
    slack: LocalSlack, client: AsyncWebClient, channel: str, error: str
) -> None:
    slack.workspace.add_channel("C0OLD00001", "old").is_archived = True
    with pytest.raises(SlackApiError) as raised:
        await client.files_upload_v2(content=b"x", filename="a.txt", channel=channel)
    assert raised.value.response["error"] == error
    [file] = slack.workspace.files.values()
    assert not file.is_complete


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"filename": "a", "length": 0}, "invalid_arguments"),
        ({"filename": "a", "length": "x"}, "invalid_arguments"),
        ({"filename": "", "length": 1}, "invalid_arguments"),
        ({"filename": "a", "length": 1_000_000_001}, "file_upload_size_restricted"),
    ],
)
async def test_a_file_is_announced_with_its_name_and_length(
    client: AsyncWebClient, arguments: dict[str, Any], error: str
) -> None:
    assert await error_of(client, "files.getUploadURLExternal", **arguments) == error


@pytest.mark.parametrize("files", [None, "[]", "x", "[7]", '[{"id": "F0"}]', '{"id": "F0"}'])
async def test_only_files_that_have_come_are_completed(client: AsyncWebClient, files: Any) -> None:
    assert await error_of(client, "files.completeUploadExternal", files=files) in {
        *("invalid_arguments", "file_not_found"),
    }


async def test_an_address_takes_one_upload_of_the_announced_length(
    client: AsyncWebClient, http: aiohttp.ClientSession
) -> None:
    file = await announced(client, 3)
    named = f'[{{"id": "{file["file_id"]}"}}]'
    assert await error_of(client, "files.completeUploadExternal", files=named) == "file_not_found"
    for content, answer in ((b"four", (400, "upload_incomplete")), (b"abc", (200, "OK - 3"))):
        async with http.post(file["upload_url"], data=content) as response:
            assert (response.status, await response.text()) == answer
    async with http.post(file["upload_url"], data=b"abc") as response:
        assert (response.status, await response.text()) == (400, "invalid_upload_url")
    assert (await client.api_call("files.completeUploadExternal", params={"files": named}))["ok"]
    assert await error_of(client, "files.completeUploadExternal", files=named) == "file_not_found"


async def test_an_upload_may_be_a_form(slack: LocalSlack, client: AsyncWebClient, http: aiohttp.ClientSession) -> None:
    file = await announced(client, 3)
    form = aiohttp.FormData({"other": "x"})
    form.add_field("file", b"abc", filename="a.csv")
    async with http.post(file["upload_url"], data=form) as response:
        assert response.status == 200
    assert slack.workspace.files[file["file_id"]].content == b"abc"
    empty = aiohttp.FormData({"other": "x"}, default_to_multipart=True)
    async with http.post(file["upload_url"], data=empty) as response:
        assert response.status == 400


async def test_uploads_fail_on_request(slack: LocalSlack, client: AsyncWebClient, http: aiohttp.ClientSession) -> None:
    slack.next_answers(ServerError(), to="upload")
    with pytest.raises(SlackRequestError, match="status: 500"):
        await client.files_upload_v2(content=b"x", filename="a.txt")
    file = await announced(client)
    slack.next_answers(RateLimited(retry_after=5), Refused("fatal_error"), AnswerLost(), to="upload")
    async with http.post(file["upload_url"], data=b"x") as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "5")
    async with http.post(file["upload_url"], data=b"x") as response:
        assert (response.status, await response.text()) == (400, "fatal_error")
    with pytest.raises(aiohttp.ClientConnectionError):
        await http.post(file["upload_url"], data=b"x")
    assert slack.workspace.files[file["file_id"]].content == b"x"
