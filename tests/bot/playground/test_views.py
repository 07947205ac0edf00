from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import LocalSlack
from tests.clocks import ManualClock

NewTrigger = Callable[[], Awaitable[str]]

ADA = "U0LOCALADA"
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "Filter"}, "blocks": [{"type": "divider"}]}
HOME = {"type": "home", "blocks": [{"type": "divider"}]}


@pytest.fixture
def new_trigger(slack: LocalSlack) -> NewTrigger:
    async def new_trigger() -> str:
        return str((await slack.type_command("/assistants")).envelope["payload"]["trigger_id"])

    return new_trigger


async def error_of(client: AsyncWebClient, method: str, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as raised:
        await client.api_call(method, json=arguments)
    return str(raised.value.response["error"])


async def test_a_trigger_opens_one_view(slack: LocalSlack, client: AsyncWebClient, new_trigger: NewTrigger) -> None:
    trigger_id = await new_trigger()
    opened = await client.views_open(trigger_id=trigger_id, view=MODAL)
    assert slack.views.stacks[ADA][0].id == opened["view"]["id"]
    assert await error_of(client, "views.open", trigger_id=trigger_id, view=MODAL) == "exchanged_trigger_id"


async def test_a_trigger_lasts_three_seconds(
    client: AsyncWebClient, clock: ManualClock, new_trigger: NewTrigger
) -> None:
    in_time, late = await new_trigger(), await new_trigger()
    clock.advance(3)
    assert (await client.views_open(trigger_id=in_time, view=MODAL))["ok"]
    clock.advance(0.001)
    assert await error_of(client, "views.open", trigger_id=late, view=MODAL) == "expired_trigger_id"
    assert await error_of(client, "views.open", trigger_id="1.2.3", view=MODAL) == "invalid_trigger_id"


async def test_views_are_pushed_three_high(client: AsyncWebClient, new_trigger: NewTrigger) -> None:
    assert await error_of(client, "views.push", trigger_id=await new_trigger(), view=MODAL) == "not_found"
    await client.views_open(trigger_id=await new_trigger(), view=MODAL)
    await client.views_push(trigger_id=await new_trigger(), view=MODAL)
    await client.views_push(trigger_id=await new_trigger(), view=MODAL)
    error = await error_of(client, "views.push", trigger_id=await new_trigger(), view=MODAL)
    assert error == "push_limit_reached"


async def test_a_view_is_updated_unless_it_has_changed_meanwhile(
    slack: LocalSlack, client: AsyncWebClient, new_trigger: NewTrigger
) -> None:
    first = (await client.views_open(trigger_id=await new_trigger(), view=MODAL))["view"]
    second = (await client.views_update(view_id=first["id"], hash=first["hash"], view=MODAL))["view"]
    assert second["id"] == first["id"]
    stale = {"view_id": first["id"], "hash": first["hash"], "view": MODAL}
    assert await error_of(client, "views.update", **stale) == "hash_conflict"
    assert (await client.views_update(view_id=first["id"], view={**MODAL, "callback_id": "new"}))["ok"]
    assert slack.views.stacks[ADA][0].payload["callback_id"] == "new"
    assert await error_of(client, "views.update", view_id="V0", view=MODAL) == "not_found"


async def test_a_home_is_published_to_one_person(slack: LocalSlack, client: AsyncWebClient) -> None:
    await client.views_publish(user_id=ADA, view=HOME)
    home = slack.views.homes[ADA]
    assert home.payload["blocks"] == HOME["blocks"]
    again = (await client.views_publish(user_id=ADA, hash=home.hash, view=HOME))["view"]
    assert (again["id"], again["hash"] != home.hash) == (home.id, True)
    assert await error_of(client, "views.publish", user_id=ADA, hash=home.hash, view=HOME) == "hash_conflict"
    assert await error_of(client, "views.publish", user_id="U0NOBODY01", view=HOME) == "user_not_found"


async def test_a_view_may_be_too_large(client: AsyncWebClient) -> None:
    section = {"type": "section", "text": {"type": "plain_text", "text": "x" * 3_000}}
    view = {"type": "home", "blocks": [section] * 90}
    assert await error_of(client, "views.publish", user_id=ADA, view=view) == "view_too_large"


@pytest.mark.parametrize("view", [None, "x", HOME, {**MODAL, "title": {"type": "plain_text", "text": "x" * 25}}])
async def test_a_view_that_slack_would_not_open_does_not_use_the_trigger_up(
    client: AsyncWebClient, new_trigger: NewTrigger, view: Any
) -> None:
    trigger_id = await new_trigger()
    assert await error_of(client, "views.open", trigger_id=trigger_id, view=view) == "invalid_arguments"
    assert (await client.views_open(trigger_id=trigger_id, view=MODAL))["ok"]
