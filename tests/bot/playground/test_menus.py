from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import BEN, BOT_USER, GENERAL, PERSON, RANDOM, LocalSlack, Message
from tests.bot.playground.bots import RunBot, actions, button, field, menu, option, plain

FRUIT = [option("apple"), option("pear"), option("plum")]
CONTROLS = [
    actions(
        button("next:active:2", "Next ▶", value="2"),
        button("previous:active:0", "◀ Previous"),
        menu("static_select", "sort", options=FRUIT, initial_option=FRUIT[0], placeholder=plain("Sort by")),
        menu("overflow", "more", options=FRUIT),
        menu("checkboxes", "several", options=FRUIT),
        menu("radio_buttons", "one", options=FRUIT),
    ),
    actions(
        menu("multi_static_select", "many", option_groups=[{"label": plain("Fruit"), "options": FRUIT}]),
        menu("conversations_select", "conversation", filter={"include": ["public"]}),
        menu("channels_select", "channel"),
        menu("users_select", "person"),
        menu("datepicker", "day"),
        block_id="others",
    ),
]


@pytest.fixture
async def posted(slack: LocalSlack, client: AsyncWebClient) -> Message:
    answer = await client.chat_postMessage(channel=GENERAL, text="Controls", blocks=CONTROLS)
    return slack.workspace.message(GENERAL, answer["ts"])


@pytest.mark.parametrize(
    ("action", "value", "told"),
    [
        ("sort", "pear", {"selected_option": FRUIT[1]}),
        ("Sort by", "Pear", {"selected_option": FRUIT[1]}),
        ("sort", None, {"selected_option": None}),
        ("more", "plum", {"selected_option": FRUIT[2]}),
        ("several", ["apple", "plum"], {"selected_options": [FRUIT[0], FRUIT[2]]}),
        ("several", "plum", {"selected_options": [FRUIT[2]]}),
        ("several", [], {"selected_options": []}),
        ("many", None, {"selected_options": []}),
        ("one", "apple", {"selected_option": FRUIT[0]}),
        ("many", ["pear"], {"selected_options": [FRUIT[1]]}),
        ("conversation", GENERAL, {"selected_conversation": GENERAL}),
        ("channel", RANDOM, {"selected_channel": RANDOM}),
        ("person", BEN, {"selected_user": BEN}),
        ("day", "2026-03-01", {"selected_date": "2026-03-01"}),
    ],
)
async def test_a_choice_is_told_as_slack_tells_it(
    slack: LocalSlack, posted: Message, action: str, value: Any, told: dict[str, Any]
) -> None:
    payload = (await slack.choose(posted, action, value)).envelope["payload"]
    assert payload["type"] == "block_actions"
    [happened] = payload["actions"]
    assert happened.items() >= told.items()
    state = payload["state"]["values"].get(happened["block_id"], {}).get(happened["action_id"])
    assert state == (None if action == "more" else {"type": happened["type"], **told})


async def test_the_state_holds_every_control_and_what_was_chosen_before(slack: LocalSlack, posted: Message) -> None:
    await slack.choose(posted, "several", "pear")
    values = (await slack.press(posted, "next")).envelope["payload"]["state"]["values"]
    assert values["controls"] == {
        "sort": {"type": "static_select", "selected_option": FRUIT[0]},
        "several": {"type": "checkboxes", "selected_options": [FRUIT[1]]},
        "one": {"type": "radio_buttons", "selected_option": None},
    }
    assert values["others"]["channel"] == {"type": "channels_select", "selected_channel": None}


@pytest.mark.parametrize(
    ("action", "value"),
    [
        ("sort", "banana"),
        ("more", None),
        ("several", ["apple", "banana"]),
        ("conversation", slack_direct := "D0LOCALADA"),
        ("channel", "C0NOWHERE1"),
        ("channel", slack_direct),
        ("person", "U0NOBODY01"),
        ("next", "2"),
        ("nothing", "2"),
    ],
)
async def test_only_what_is_offered_can_be_chosen(slack: LocalSlack, posted: Message, action: str, value: Any) -> None:
    with pytest.raises(LookupError):
        await slack.choose(posted, action, value)


@pytest.mark.parametrize("name", ["next:active:2", "next", "Next ▶", "next ", "controls/next:active:2"])
async def test_a_button_is_found_by_its_id_its_words_or_how_they_begin(
    slack: LocalSlack, posted: Message, name: str
) -> None:
    [action] = (await slack.press(posted, name)).envelope["payload"]["actions"]
    assert (action["action_id"], action["value"], action["text"]) == ("next:active:2", "2", plain("Next ▶"))


async def test_a_name_that_means_two_buttons_means_none(slack: LocalSlack, client: AsyncWebClient) -> None:
    blocks = [actions(button("show:1", "Details"), button("show:2", "Details"))]
    answer = await client.chat_postMessage(channel=GENERAL, text="x", blocks=blocks)
    message = slack.workspace.message(GENERAL, answer["ts"])
    for name in ("show", "Details"):
        with pytest.raises(LookupError, match="more than one button"):
            await slack.press(message, name)


async def test_an_ephemeral_message_is_there_for_one_person(slack: LocalSlack, client: AsyncWebClient) -> None:
    await client.chat_postEphemeral(channel=GENERAL, user=BEN, text="x", blocks=CONTROLS)
    [message] = slack.workspace.messages(GENERAL, seen_by=BEN)
    interaction = await slack.choose(message, "sort", "pear")
    payload = interaction.envelope["payload"]
    assert (interaction.user, payload["user"]["id"]) == (BEN, BEN)
    assert "message" not in payload
    assert payload["container"]["is_ephemeral"] is True
    assert payload["response_url"].startswith(slack.url)
    with pytest.raises(LookupError, match="does not see"):
        await slack.press(message, "next", user=PERSON)


async def test_a_message_comes_back_with_ids_in_every_block(slack: LocalSlack, client: AsyncWebClient) -> None:
    blocks = [{"type": "section", "text": plain("x"), "accessory": {"type": "button", "text": plain("Go")}}]
    answer = await client.chat_postMessage(channel=GENERAL, text="x", blocks=blocks)
    payload = (await slack.press(slack.workspace.message(GENERAL, answer["ts"]), "Go")).envelope["payload"]
    [block], [action] = payload["message"]["blocks"], payload["actions"]
    assert block["block_id"] == action["block_id"]
    assert block["accessory"]["action_id"] == action["action_id"]
    assert payload["message"]["user"] == BOT_USER


async def test_a_press_in_a_thread_names_it(slack: LocalSlack, client: AsyncWebClient) -> None:
    head = await client.chat_postMessage(channel=GENERAL, text="head")
    reply = await client.chat_postMessage(channel=GENERAL, text="x", blocks=CONTROLS, thread_ts=head["ts"])
    message = slack.workspace.message(GENERAL, reply["ts"])
    payload = (await slack.press(message, "next")).envelope["payload"]
    assert payload["container"]["thread_ts"] == payload["message"]["thread_ts"] == head["ts"]


async def test_without_interactivity_nothing_can_be_pressed(client: AsyncWebClient) -> None:
    slack = LocalSlack(manifest={})
    message = slack.workspace.post(GENERAL, {"text": "x", "blocks": CONTROLS})
    assert (await slack.press(message, "next")).failed_because == "interactivity_disabled"


async def test_a_field_that_tells_at_once_is_chosen_and_another_is_not(
    slack: LocalSlack, client: AsyncWebClient
) -> None:
    text = menu("plain_text_input", "text")
    blocks = [field("loud", text, dispatch_action=True), field("quiet", {**text, "action_id": "other"})]
    answer = await client.chat_postMessage(channel=GENERAL, text="x", blocks=blocks)
    message = slack.workspace.message(GENERAL, answer["ts"])
    [action] = (await slack.choose(message, "loud", "hello")).envelope["payload"]["actions"]
    assert (action["type"], action["value"]) == ("plain_text_input", "hello")
    with pytest.raises(LookupError, match="when the form is sent"):
        await slack.choose(message, "quiet", "hello")


def suggests(app: AsyncApp) -> None:
    @app.options("fruit")
    async def fruit(ack: AsyncAck, payload: dict[str, Any]) -> None:
        await ack(options=[one for one in FRUIT if one["value"].startswith(payload["value"])])

    @app.options("broken")
    async def broken(ack: AsyncAck) -> None:
        await ack(options=[option("x" * 151)])

    @app.action("fruit")
    async def chosen(ack: AsyncAck, respond: AsyncRespond, action: dict[str, Any]) -> None:
        await ack()
        await respond(f"You chose {action['selected_option']['value']}", replace_original=False)


async def test_a_menu_may_be_filled_by_the_bot(slack: LocalSlack, client: AsyncWebClient, run_bot: RunBot) -> None:
    await run_bot(slack, suggests)
    menus = actions(menu("external_select", "fruit", min_query_length=1), menu("external_select", "broken"))
    answer = await client.chat_postMessage(channel=GENERAL, text="x", blocks=[menus])
    message = slack.workspace.message(GENERAL, answer["ts"])
    with pytest.raises(LookupError, match="it offers nothing"):
        await slack.choose(message, "fruit", "plum")
    suggested = await slack.suggest(message, "fruit", "p")
    assert suggested.options == FRUIT[1:]
    assert suggested.envelope["payload"]["value"] == "p"
    assert (await (await slack.choose(message, "fruit", "plum")).reply()).text == "You chose plum"
    assert (await slack.suggest(message, "broken", "xxx")).failed_because == "invalid_suggestions"
    with pytest.raises(LookupError, match="at least 3 characters"):
        await slack.suggest(message, "broken", "xx")
