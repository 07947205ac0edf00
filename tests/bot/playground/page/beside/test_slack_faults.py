"""The panel of what goes wrong at Slack; and that whatever Slack refuses is seen on the page."""

from collections.abc import Awaitable, Callable
from copy import deepcopy
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import PERSON, AnswerLost, Beside, Interaction, LocalSlack, RateLimited, Refused
from shared.runtime import Runtime
from shared.settings import SlackSettings
from tests.bot.playground.page.beside.visiting import Visitor
from tests.clocks import ManualClock

TIMED_OUT = '/assistants failed with the error "operation_timeout"'


async def test_the_bot_comes_through_what_is_ordered(
    ada: Visitor, ben: Visitor, slack: LocalSlack, bot: Runtime[SlackSettings]
) -> None:
    assert "You have done nothing yet." in (await ada.look("faults")).text
    typed = await _type(ada, slack, "/assistants outbound active")
    await typed.reply()

    # Delivered once more, it is acknowledged and not answered once more.
    seen = await ada.press("faults", "faults-redeliver")
    assert "Delivered again: /assistants outbound active" in seen.text
    assert typed.envelope["retry_attempt"] == 1
    assert "You have done nothing yet." not in seen.text
    assert "Du hast noch nichts getan." in (await ben.look("faults")).text

    seen = await ada.press("faults", "faults-lose")
    assert "The next acknowledgement will be lost." in seen.text
    lost = await _type(ada, slack, "/assistants show 42")
    assert TIMED_OUT in (await ada.look("faults")).text
    assert lost.failed_because == "operation_timeout"
    assert TIMED_OUT not in (await ben.look("faults")).text
    seen = await ada.press("faults", "faults-redeliver")
    assert "Delivered again: /assistants show 42" in seen.text

    await ada.press("faults", "faults-reconnect")
    await slack.connected()
    again = await _type(ada, slack, "/assistants outbound inactive")
    await again.reply()

    order = {"fault": "rate_limited", "method": "response_url", "times": "1"}
    seen = await ada.press("faults", "faults-order", order)
    assert "1 × 429, come back in a second: response_url" in seen.text
    assert list(slack.coming_faults) == [("response_url", RateLimited(1))]
    assert "1 × 429, in einer Sekunde wieder: response_url" in (await ben.look("faults")).text
    slow = await _type(ada, slack, "/assistants outbound inactive")
    await slow.reply()
    seen = await ada.look("faults")
    assert seen.text.count("response_url: ratelimited") == 1
    assert not slack.coming_faults
    assert len([one for one in (typed, again, slow) if one.messages]) == 3
    assert len(typed.messages) == 1


async def test_faults_are_listed_until_they_come_or_are_forgotten(ada: Visitor, slack: LocalSlack) -> None:
    slack.next_answers(Refused("is_archived"), to="chat.update")
    await ada.press("faults", "faults-order", {"fault": "answer_lost", "times": "20"})
    seen = await ada.press("faults", "faults-lose")
    assert seen.text.count("Done, but the answer is lost the next ones, whichever") == 20
    assert "Refused chat.update" in seen.text
    assert list(slack.coming_faults[1:]) == [("", AnswerLost())] * 20
    seen = await ada.press("faults", "faults-forget")
    assert not slack.coming_faults
    assert "Still to come" not in seen.text
    # What nobody did can't be delivered again.
    again = seen.form("faults-lose").action.replace("/lose", "/redeliver")
    assert await ada.post(again, seen.form("faults-lose").fields) == 200
    assert (await ada.look("faults")).text.count("You have done nothing yet.") == 2
    # Nor is an acknowledgement lost: that nobody is connected is told as it is.
    typed = await _type(ada, slack, "/assistants")
    assert typed.failed_because == "dispatch_failed"
    seen = await ada.press("faults", "faults-redeliver")
    assert 'Delivered again, in vain: /assistants failed with the error "dispatch_failed"' in seen.text

    form = seen.form("faults-order")
    for wrong in ({"times": "0"}, {"times": "21"}, {"times": "many"}, {"fault": "flood"}, {"method": "rm -rf"}):
        assert await ada.post(form.action, {**form.fields, **wrong}) == 200
    assert await ada.post(form.action.replace("/order", "/unplug"), form.fields) == 200
    assert not slack.coming_faults
    assert "There is no fault that is called unplug." in (await ada.look("faults")).text


@pytest.fixture
def client(slack: LocalSlack) -> AsyncWebClient:
    return AsyncWebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])


async def test_whatever_slack_refuses_is_seen_where_it_would_have_been_seen(
    ada: Visitor, slack: LocalSlack, client: AsyncWebClient, clock: ManualClock, http: aiohttp.ClientSession
) -> None:
    modal = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": []}
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "x"}}
    # Nobody is connected to hear it, but its trigger and response URL are as good.
    payload = (await slack.type_command("/assistants")).envelope["payload"]
    trigger, url = payload["trigger_id"], payload["response_url"]

    async def refused(call: Callable[..., Awaitable[Any]], **arguments: Any) -> str:
        with pytest.raises(SlackApiError) as raised:
            await call(**arguments)
        return str(raised.value.response["error"])

    said = [
        (
            await refused(client.chat_postMessage, channel="C0GENERAL1", text="x", blocks=[block] * 51),
            "no more than 50 items",
        ),
        (await refused(client.views_open, trigger_id="1.2.3", view=modal), ""),
    ]
    await client.views_open(trigger_id=trigger, view=modal)
    said.append((await refused(client.views_open, trigger_id=trigger, view=modal), ""))
    late = (await slack.type_command("/assistants")).envelope["payload"]["trigger_id"]
    clock.advance(3.1)
    said.append((await refused(client.views_open, trigger_id=late, view=modal), ""))
    for _ in range(10):
        await client.chat_postMessage(channel="C0GENERAL1", text="x")
    said.append((await refused(client.chat_postMessage, channel="C0GENERAL1", text="x"), ""))
    for _ in range(6):
        async with http.post(url, json={"text": "x"}) as answer:
            last = await answer.text()
    said.append((last, ""))
    clock.advance(1801)
    async with http.post(url, json={"text": "x"}) as answer:
        said.append((await answer.text(), ""))
    assert [error for error, _ in said] == [
        "invalid_blocks",
        "invalid_trigger_id",
        "exchanged_trigger_id",
        "expired_trigger_id",
        "ratelimited",
        "used_url",
        "expired_url",
    ]
    seen = (await ada.look("faults")).text
    for error, detail in said:
        assert f": {error}" in seen
        assert detail in seen


async def test_a_scope_that_the_manifest_lacks_is_seen(
    clock: ManualClock, manifest: dict[str, Any], http: aiohttp.ClientSession
) -> None:
    without = deepcopy(manifest)
    without["oauth_config"]["scopes"]["bot"].remove("chat:write")
    async with LocalSlack(manifest=without, clock=clock, beside=Beside()) as slack:
        client = AsyncWebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])
        with pytest.raises(SlackApiError, match="missing_scope"):
            await client.chat_postMessage(channel="C0GENERAL1", text="x")
        assert "chat.postMessage: missing_scope" in (await Visitor(http, slack.url).look("")).text


async def _type(visitor: Visitor, slack: LocalSlack, text: str) -> Interaction:
    """Types into the page's composer; what came of it."""
    form = (await visitor.look("")).form("/send")
    assert await visitor.post(form.action, {**form.fields, "text": text}) == 200
    typed = slack.last_of(PERSON)
    assert typed is not None
    return typed
