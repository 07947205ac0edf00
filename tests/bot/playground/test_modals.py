from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.playground import BEN, BOT_USER, GENERAL, PERSON, Interaction, LocalSlack, View
from tests.bot.playground.bots import RunBot, actions, button, field, home, menu, modal, option, plain

NAME = field("name", menu("plain_text_input", "name", min_length=2, max_length=5))
FORM = modal(
    NAME,
    field("fruit", menu("static_select", "fruit", options=[option("apple"), option("pear")]), optional=True),
    field("where", menu("conversations_select", "where", response_url_enabled=True), optional=True),
    actions(button("again"), menu("static_select", "page", options=[option("1"), option("2")])),
    callback_id="form",
    private_metadata="kept",
    notify_on_close=True,
)


def asks(app: AsyncApp) -> None:
    @app.command("/form")
    async def form(ack: AsyncAck, client: AsyncWebClient, body: dict[str, Any]) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.action("again")
    async def again(ack: AsyncAck, client: AsyncWebClient, body: dict[str, Any]) -> None:
        await ack()
        await client.views_update(
            view_id=body["view"]["id"], hash=body["view"]["hash"], view={**FORM, "title": plain("2")}
        )

    @app.action("page")
    async def page(ack: AsyncAck, client: AsyncWebClient, body: dict[str, Any]) -> None:
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=modal({"type": "divider"}, title=plain("Pushed")))

    @app.view("form")
    async def sent(ack: AsyncAck, client: AsyncWebClient, body: dict[str, Any], view: dict[str, Any]) -> None:
        name = view["state"]["values"]["name"]["name"]["value"]
        answers: dict[str, Any] = {
            "error": {"response_action": "errors", "errors": {"name": "Not this one"}},
            "wrong": {"response_action": "errors", "errors": {"nowhere": "?"}},
            "new": {"response_action": "update", "view": {**FORM, "title": plain("Updated")}},
            "push": {"response_action": "push", "view": modal({"type": "divider"}, title=plain("On top"))},
            "clear": {"response_action": "clear"},
            "bad": {"response_action": "update", "view": modal(NAME, NAME)},
            "what": {"response_action": "dance"},
        }
        await ack(**answers.get(name, {}))
        if name not in answers:
            await client.chat_postEphemeral(channel=GENERAL, user=body["user"]["id"], text=f"Hello {name}")
            await client.views_publish(user_id=body["user"]["id"], view=home({"type": "divider"}))
            for url in body["response_urls"]:
                await AsyncWebhookClient(url["response_url"]).send(text="Here", response_type="in_channel")

    @app.view_closed("form")
    async def closed(ack: AsyncAck) -> None:
        await ack()


@pytest.fixture
async def opened(slack: LocalSlack, run_bot: RunBot) -> Interaction:
    await run_bot(slack, asks)
    interaction = await slack.type_command("/form")
    await interaction.view()
    return interaction


async def test_a_modal_that_a_command_opens_is_the_commands(slack: LocalSlack, opened: Interaction) -> None:
    [view] = opened.views
    assert slack.views.top(PERSON) == view
    assert (view.user, view.payload["callback_id"]) == (PERSON, "form")
    assert view.as_text().splitlines()[:3] == ["Form", "====", "Name: [plain_text_input]"]
    assert view.as_text().splitlines()[-1] == "[Send]"


async def test_a_form_is_sent_with_all_its_fields(slack: LocalSlack, opened: Interaction) -> None:
    sent = await slack.submit(values={"name": "Anna", "Fruit": "Pear"})
    payload = sent.envelope["payload"]
    assert (payload["type"], payload["view"]["private_metadata"]) == ("view_submission", "kept")
    assert payload["view"]["state"]["values"] == {
        "name": {"name": {"type": "plain_text_input", "value": "Anna"}},
        "fruit": {"fruit": {"type": "static_select", "selected_option": option("pear")}},
        "where": {"where": {"type": "conversations_select", "selected_conversation": None}},
        "controls": {"page": {"type": "static_select", "selected_option": None}},
    }
    assert payload["response_urls"] == []
    assert slack.views.stacks[PERSON] == []
    assert (await sent.reply()).text == "Hello Anna"
    assert (await sent.view()).is_home


async def test_a_form_answers_in_the_channel_that_was_chosen_in_it(slack: LocalSlack, opened: Interaction) -> None:
    sent = await slack.submit(values={"name": "Anna", "where": "C0RANDOM01"})
    [url] = sent.envelope["payload"]["response_urls"]
    assert (url["block_id"], url["action_id"], url["channel_id"]) == ("where", "where", "C0RANDOM01")
    await sent.reply()
    there = await sent.reply()
    assert (there.text, there.channel) == ("Here", "C0RANDOM01")


async def test_errors_keep_the_form_open_with_what_was_filled_in(slack: LocalSlack, opened: Interaction) -> None:
    sent = await slack.submit(values={"name": "error"})
    assert (sent.acknowledged, sent.form_errors) == (True, {"name": "Not this one"})
    assert len(slack.views.stacks[PERSON]) == 1
    again = await slack.submit()
    assert again.envelope["payload"]["view"]["state"]["values"]["name"]["name"]["value"] == "error"


async def test_an_update_keeps_the_view_and_a_push_lays_one_on_top(slack: LocalSlack, opened: Interaction) -> None:
    updated = await (await slack.submit(values={"name": "new"})).view()
    assert (updated.id, updated.payload["title"]["text"]) == (opened.views[0].id, "Updated")
    pushed = await (await slack.submit(values={"name": "push"})).view()
    assert [view.id for view in slack.views.stacks[PERSON]] == [updated.id, pushed.id]
    assert pushed.as_slack()["previous_view_id"] == pushed.as_slack()["root_view_id"] == updated.id


async def test_a_clear_closes_all(slack: LocalSlack, opened: Interaction) -> None:
    await slack.submit(values={"name": "push"})
    await slack.close()
    await slack.submit(values={"name": "clear"})
    assert slack.views.stacks[PERSON] == []


@pytest.mark.parametrize("name", ["wrong", "bad", "what"])
async def test_an_answer_that_slack_would_not_follow_leaves_the_form(
    slack: LocalSlack, opened: Interaction, name: str
) -> None:
    sent = await slack.submit(values={"name": name})
    assert sent.error == 'submit failed with the error "invalid_view_response"'
    assert slack.views.stacks[PERSON] == opened.views


@pytest.mark.parametrize("name", [None, "", "x", "xxxxxx"])
async def test_slack_itself_sends_no_form_that_is_not_filled_in(
    slack: LocalSlack, opened: Interaction, name: Any
) -> None:
    with pytest.raises(ValueError, match=r"^Name: "):
        await slack.submit(values={"name": name})


async def test_only_what_is_open_can_be_sent_or_closed(slack: LocalSlack, opened: Interaction) -> None:
    with pytest.raises(LookupError, match="no field 'nowhere'"):
        await slack.submit(values={"nowhere": "x"})
    with pytest.raises(LookupError, match="no modal open"):
        await slack.submit(BEN)
    await slack.choose(opened.views[0], "page", "1")
    await slack.close()
    await slack.close()
    with pytest.raises(LookupError, match="no modal open"):
        await slack.close()


async def test_a_modal_without_a_button_to_send_it_is_not_sent(slack: LocalSlack, client: AsyncWebClient) -> None:
    trigger_id = (await slack.shortcut("x")).envelope["payload"]["trigger_id"]
    await client.views_open(trigger_id=trigger_id, view=modal({"type": "divider"}, submit=None))
    with pytest.raises(LookupError, match="nothing to send it off with"):
        await slack.submit()


async def test_a_form_that_is_delivered_again_closes_nothing_more(slack: LocalSlack, opened: Interaction) -> None:
    sent = await slack.submit(values={"name": "Anna"})
    await sent.reply()
    other = await (await slack.type_command("/form")).view()
    await slack.redeliver(sent)
    assert slack.views.top(PERSON) == other


async def test_a_button_in_a_modal_updates_it(slack: LocalSlack, opened: Interaction) -> None:
    pressed = await slack.press(opened.views[0], "again")
    payload = pressed.envelope["payload"]
    assert payload["container"] == {"type": "view", "view_id": opened.views[0].id}
    assert payload["view"]["id"] == opened.views[0].id
    assert not {"response_url", "channel", "message", "state"} & payload.keys()
    assert (await pressed.view()).payload["title"] == plain("2")
    # Pressed on the view as it was, and yet on what is there now.
    assert (await (await slack.press(opened.views[0], "again")).view()).payload["title"] == plain("2")


async def test_a_menu_in_a_modal_pushes_another(slack: LocalSlack, opened: Interaction) -> None:
    chosen = await slack.choose(opened.views[0], "page", "2")
    pushed = await chosen.view()
    assert pushed.payload["title"] == plain("Pushed")
    with pytest.raises(LookupError, match="does not see"):
        await slack.press(opened.views[0], "again", user=BEN)


async def test_closing_is_told_where_it_was_asked_for(slack: LocalSlack, opened: Interaction) -> None:
    await (await slack.submit(values={"name": "push"})).view()
    quiet = await slack.close()
    assert quiet.failed_because == "not_subscribed"
    told = await slack.close()
    payload = told.envelope["payload"]
    assert (payload["type"], payload["is_cleared"], payload["view"]["callback_id"]) == ("view_closed", False, "form")
    assert "trigger_id" not in payload


@pytest.mark.parametrize("clear_on_close", [True, False])
async def test_everything_is_closed_at_once(
    slack: LocalSlack, client: AsyncWebClient, opened: Interaction, *, clear_on_close: bool
) -> None:
    view = modal({"type": "divider"}, callback_id="form", clear_on_close=clear_on_close, notify_on_close=True)
    trigger_id = (await slack.press(opened.views[0], "again")).envelope["payload"]["trigger_id"]
    await client.views_push(trigger_id=trigger_id, view=view)
    closed = await slack.close(everything=not clear_on_close)
    assert closed.envelope["payload"]["is_cleared"] is True
    assert slack.views.stacks[PERSON] == []


async def test_a_view_is_known_by_an_id_of_the_bots_own(slack: LocalSlack, client: AsyncWebClient) -> None:
    view = modal({"type": "divider"}, external_id="mine")
    first = (await slack.shortcut("x")).envelope["payload"]["trigger_id"]
    second = (await slack.shortcut("x", BEN)).envelope["payload"]["trigger_id"]
    await client.views_open(trigger_id=first, view=view)
    with pytest.raises(SlackApiError, match="duplicate_external_id"):
        await client.views_open(trigger_id=second, view=view)
    updated = await client.views_update(external_id="mine", view={**view, "title": plain("New")})
    assert updated["view"]["title"] == plain("New")


async def test_shortcuts_bring_a_trigger_and_a_message(slack: LocalSlack) -> None:
    payload = (await slack.shortcut("look_up", BEN)).envelope["payload"]
    assert (payload["type"], payload["callback_id"], payload["user"]["id"]) == ("shortcut", "look_up", BEN)
    assert payload["trigger_id"]
    assert not {"channel", "response_url"} & payload.keys()
    message = slack.workspace.post(GENERAL, {"text": "About Anna"}, author=PERSON)
    payload = (await slack.message_shortcut("look_up", message, BEN)).envelope["payload"]
    assert (payload["type"], payload["message"]["text"], payload["message"]["user"]) == (
        *("message_action", "About Anna", PERSON),
    )
    assert (payload["channel"]["id"], payload["message_ts"]) == (GENERAL, message.ts)
    assert payload["response_url"].startswith(slack.url)


async def test_only_registered_shortcuts_run() -> None:
    shortcuts = [{"type": "global", "callback_id": "look_up"}, {"type": "message", "callback_id": "about"}]
    manifest = {"features": {"shortcuts": shortcuts}, "oauth_config": {"scopes": {"bot": ["commands"]}}}
    slack = LocalSlack(manifest=manifest)
    message = slack.workspace.post(GENERAL, {"text": "x"}, author=BOT_USER)
    assert (await slack.shortcut("look_up")).failed_because == "dispatch_failed"
    assert (await slack.shortcut("about")).failed_because == "unknown_shortcut"
    assert (await slack.message_shortcut("about", message)).failed_because == "dispatch_failed"
    assert (await slack.message_shortcut("look_up", message)).failed_because == "unknown_shortcut"


async def test_the_answer_is_whatever_comes_first(slack: LocalSlack, opened: Interaction) -> None:
    sent = await slack.submit(values={"name": "Anna"})
    first, second = await sent.answer(), await sent.answer()
    assert {type(first).__name__, type(second).__name__} == {"Message", "View"}
    assert isinstance(second, View) == (sent.messages[0] is first)
    with pytest.raises(TimeoutError, match="No view to"):
        await sent.view(within=0.01)
