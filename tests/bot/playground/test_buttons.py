from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import LocalSlack
from tests.bot.playground.bots import RunBot

BUTTONS: list[dict[str, Any]] = [
    {"type": "divider"},
    {"type": "section", "text": {"type": "mrkdwn", "text": "Page 1"}, "accessory": {
        "type": "button", "action_id": "drop", "text": {"type": "plain_text", "text": "Drop"}}},
    {"type": "actions", "block_id": "pages", "elements": [
        {"type": "button", "action_id": "next", "value": "2", "text": {"type": "plain_text", "text": "Next"}}]},
]  # fmt: skip


def turns_pages(app: AsyncApp) -> None:
    @app.command("/assistants")
    async def first(ack: AsyncAck) -> None:
        await ack({"text": "Page 1", "blocks": BUTTONS})

    @app.action("next")
    async def following(ack: AsyncAck, respond: AsyncRespond, action: dict[str, Any]) -> None:
        await ack({"text": "not shown: a button's acknowledgement carries nothing"})
        await respond(text=f"Page {action['value']}", replace_original=True)

    @app.action("drop")
    async def drop(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack()
        await respond(delete_original=True)


async def test_a_pressed_button_may_replace_its_message(slack: LocalSlack, run_bot: RunBot) -> None:
    await run_bot(slack, turns_pages)
    page = await (await slack.type_command("/assistants")).reply()
    interaction = await slack.press(page, "next")
    following = await interaction.reply()
    assert interaction.acknowledged
    assert (following.text, following.ts, following.replaced) == ("Page 2", page.ts, True)
    assert slack.workspace.messages(page.channel, seen_by=page.user) == [following]


async def test_a_pressed_button_may_delete_its_message(slack: LocalSlack, run_bot: RunBot) -> None:
    await run_bot(slack, turns_pages)
    page = await (await slack.type_command("/assistants")).reply()
    gone = await (await slack.press(page, "drop")).reply()
    assert (gone.deleted, gone.as_text()) == (True, "(deleted)")
    assert slack.workspace.messages(page.channel, seen_by=page.user) == []


async def test_the_payload_of_a_press_names_the_button_and_the_message(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    posted = await client.chat_postMessage(channel="C0GENERAL1", text="Page 1", blocks=BUTTONS)
    page = slack.workspace.message("C0GENERAL1", posted["ts"])
    payload = (await slack.press(page, "next")).envelope["payload"]
    assert payload["type"] == "block_actions"
    assert payload["message"]["ts"] == payload["container"]["message_ts"] == posted["ts"]
    [action] = payload["actions"]
    assert action["action_ts"]
    assert (action["block_id"], action["action_id"], action["value"]) == ("pages", "next", "2")


async def test_a_press_on_an_ephemeral_message_does_not_carry_it(slack: LocalSlack, run_bot: RunBot) -> None:
    await run_bot(slack, turns_pages)
    page = await (await slack.type_command("/assistants")).reply()
    payload = (await slack.press(page, "drop")).envelope["payload"]
    assert "message" not in payload
    assert payload["container"]["is_ephemeral"]
    assert payload["actions"][0]["block_id"] == "b1"


async def test_only_a_button_that_is_there_can_be_pressed(slack: LocalSlack, run_bot: RunBot) -> None:
    await run_bot(slack, turns_pages)
    page = await (await slack.type_command("/assistants")).reply()
    with pytest.raises(LookupError, match="no button 'previous'"):
        await slack.press(page, "previous")
