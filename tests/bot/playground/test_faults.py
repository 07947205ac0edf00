import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import AnswerLost, ConnectionLost, LocalSlack, RateLimited, Refused, ServerError

GENERAL = "C0GENERAL1"


async def test_a_call_is_rate_limited_on_request(slack: LocalSlack, client: AsyncWebClient) -> None:
    slack.next_answers(RateLimited(retry_after=7))
    with pytest.raises(SlackApiError) as raised:
        await client.auth_test()
    assert (raised.value.response.status_code, raised.value.response["error"]) == (429, "ratelimited")
    assert raised.value.response.headers["Retry-After"] == "7"
    assert (await client.auth_test())["ok"]


async def test_faults_wait_for_the_method_they_are_meant_for(slack: LocalSlack, client: AsyncWebClient) -> None:
    slack.next_answers(Refused("is_archived"), Refused("fatal_error"), to="chat.postMessage")
    assert (await client.auth_test())["ok"]
    errors = []
    for _ in range(2):
        with pytest.raises(SlackApiError) as raised:
            await client.chat_postMessage(channel=GENERAL, text="x")
        errors.append(raised.value.response["error"])
    assert errors == ["is_archived", "fatal_error"]
    assert slack.workspace.messages(GENERAL) == []


async def test_a_server_error_comes_as_a_page(slack: LocalSlack, http: aiohttp.ClientSession) -> None:
    slack.next_answers(ServerError(status=503))
    async with http.post(f"{slack.api_url}auth.test") as response:
        assert (response.status, response.content_type) == (503, "text/html")


async def test_a_connection_is_lost_before_anything_is_done(slack: LocalSlack, client: AsyncWebClient) -> None:
    slack.next_answers(ConnectionLost())
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.chat_postMessage(channel=GENERAL, text="x")
    assert slack.workspace.messages(GENERAL) == []


async def test_an_answer_is_lost_after_the_message_was_posted(slack: LocalSlack, client: AsyncWebClient) -> None:
    slack.next_answers(AnswerLost())
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.chat_postMessage(channel=GENERAL, text="x")
    assert [message.text for message in slack.workspace.messages(GENERAL)] == ["x"]


async def test_a_refusal_may_be_lost_too(slack: LocalSlack, client: AsyncWebClient) -> None:
    slack.next_answers(AnswerLost(), RateLimited(retry_after=0))
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.chat_postMessage(channel="C0NOWHERE1", text="x")
    with pytest.raises(SlackApiError) as raised:
        await client.chat_postMessage(channel="C0NOWHERE1", text="x")
    assert (raised.value.response.status_code, raised.value.response.headers["Retry-After"]) == (429, "0")


async def test_a_response_url_fails_on_request(slack: LocalSlack, http: aiohttp.ClientSession) -> None:
    url = (await slack.type_command("/assistants")).envelope["payload"]["response_url"]
    slack.next_answers(RateLimited(retry_after=3), ServerError(), to="response_url")
    async with http.post(url, json={"text": "x"}) as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "3")
    async with http.post(url, json={"text": "x"}) as response:
        assert response.status == 500
    async with http.post(url, json={"text": "x"}) as response:
        assert response.status == 200
