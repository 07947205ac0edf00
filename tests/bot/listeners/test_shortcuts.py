"""Shortcuts: an assistant looked up from anywhere, and those that a message names."""

from typing import Any

import pytest

from bot.playground import BEN, OUTSIDER, LocalSlack, Refused, View
from bot.playground.people import PERSON
from bot.playground.workspace import GENERAL
from bot.views.lookup import LOOKUP, LOOKUP_IN_MESSAGE
from shared.demo import DemoApi, faults, many_assistants
from shared.runtime import Runtime
from shared.settings import SlackSettings
from tests.bot.conftest import OpenBot

Bot = Runtime[SlackSettings]


async def form_of(slack: LocalSlack, user: str = PERSON) -> View:
    return await (await slack.shortcut(LOOKUP, user)).view()


async def answered(slack: LocalSlack, typed: str, user: str = PERSON) -> View:
    """What the form becomes that is sent off with this."""
    form = await form_of(slack, user)
    sent = await slack.submit(user, {"asked": typed})
    assert sent.acknowledged, sent
    waiting = await sent.view()
    assert waiting.id == form.id
    filled = await sent.view()
    assert filled.id == form.id
    return filled


async def looked_up(slack: LocalSlack, text: str, user: str = PERSON, **message: Any) -> View:
    """What the shortcut in the menu of such a message shows in the end."""
    posted = slack.workspace.post(GENERAL, {"text": text, **message}, author=BEN)
    interaction = await slack.message_shortcut(LOOKUP_IN_MESSAGE, posted, user)
    assert interaction.acknowledged, interaction
    waiting = await interaction.view()
    filled = await interaction.view()
    assert filled.id == waiting.id
    return filled


def buttons(view: View) -> list[str]:
    """What the buttons of the rows say to who does not see the rows."""
    return [block["accessory"]["accessibility_label"] for block in view.payload["blocks"] if "accessory" in block]


async def test_the_form_is_in_the_language_of_who_asks(bot: Bot, slack: LocalSlack) -> None:
    english, german = await form_of(slack), await form_of(slack, BEN)
    assert "Look up assistant\n" in english.as_text()
    assert "Name, id or command: [Sales Follow-up · 42 · compare 42 57 · outbound active]" in english.as_text()
    assert "Assistent nachschlagen\n" in german.as_text()
    assert "Name, ID oder Befehl" in german.as_text()


@pytest.mark.parametrize("typed", ["42", "#42", "Sales Follow-up", "sales", "show 42", "zeige Sales"])
async def test_a_name_or_an_id_shows_the_assistant_in_the_forms_place(bot: Bot, slack: LocalSlack, typed: str) -> None:
    view = await answered(slack, typed)
    assert "*Voice*\nAlex (201)" in view.as_text()


async def test_its_pages_can_be_turned_there(bot: Bot, slack: LocalSlack, demo_api: DemoApi) -> None:
    demo_api.change(42, system_prompt="A long line of words.\n" * 2_000)
    view = await answered(slack, "Sales Follow-up", BEN)
    turned = await (await slack.press(view, "Weiter")).view()
    assert "Seite 2 von" in turned.as_text()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("compare 42 57", "*Different*: Mode"),
        ("outbound inactive", "Event Invitation"),
        ("nobody in the whole wide world", "There is no outbound assistant “nobody in the whole wide world”"),
        ("solar", "Solar-Erstberatung (57)"),
        ("<!channel> *a* `x`", "There is no outbound assistant"),
        ("x" * 300, "There is no outbound assistant"),
    ],
)
async def test_any_command_is_answered_there_too(bot: Bot, slack: LocalSlack, typed: str, shown: str) -> None:
    assert shown in (await answered(slack, typed)).as_text().replace("\u200b", "")


@pytest.mark.parametrize("typed", ["", "   "])
async def test_an_empty_form_says_what_to_type(bot: Bot, slack: LocalSlack, typed: str) -> None:
    for user, words in ((PERSON, "Type a name, an id or a command."), (BEN, "Gib einen Namen, eine ID")):
        form = await form_of(slack, user)
        sent = await slack.submit(user, {"asked": typed})
        assert sent.form_errors["asked"].startswith(words)
        assert slack.views.top(user).hash == form.hash


async def test_a_form_that_does_not_open_is_told_in_a_direct_message(bot: Bot, slack: LocalSlack) -> None:
    slack.next_answers(Refused("expired_trigger_id"), to="views.open")
    await slack.shortcut(LOOKUP)
    told = await slack.next_message(slack.workspace.direct_channel(PERSON).id)
    assert "Slack did not open the form in time" in told.as_text()


async def test_a_famulor_that_fails_is_told_in_the_forms_place(bot: Bot, slack: LocalSlack, demo_api: DemoApi) -> None:
    demo_api.always(faults.ServerError(status=503))
    assert "Famulor has a fault of its own (503)" in (await answered(slack, "42")).as_text()
    assert "Famulor has a fault of its own (503)" in (await looked_up(slack, "see #42")).as_text()


async def test_who_may_not_use_the_app_gets_no_form(open_bot: OpenBot, slack: LocalSlack) -> None:
    await open_bot(slack_allowed_users=BEN)
    await slack.shortcut(LOOKUP)
    told = await slack.next_message(slack.workspace.direct_channel(PERSON).id)
    assert "You are not among those who may use this app." in told.as_text()
    posted = slack.workspace.post(GENERAL, {"text": "see #42"}, author=BEN)
    refused = await (await slack.message_shortcut(LOOKUP_IN_MESSAGE, posted, OUTSIDER)).reply()
    assert "people of its own workspace only" in refused.as_text()


@pytest.mark.parametrize(
    "text",
    [
        "Please look at #42, thanks",
        "the sales FOLLOW-UP is down",
        "Sales&amp;Follow-up? No: Sales Follow-up!",
        "see <{page}42>",
        "see <{page}42?tab=calls|the page> and #42",
        "(#42)",
    ],
)
async def test_the_one_assistant_that_a_message_names_is_shown(
    bot: Bot, slack: LocalSlack, demo_api: DemoApi, text: str
) -> None:
    view = await looked_up(slack, text.replace("{page}", f"{demo_api.base_url}/assistants/"))
    assert "*Voice*\nAlex (201)" in view.as_text()


async def test_what_stands_in_blocks_and_attachments_counts_too(bot: Bot, slack: LocalSlack) -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "*Sales Follow-up* failed"}}
    assert "Alex (201)" in (await looked_up(slack, "", blocks=[section])).as_text()
    deep: Any = {"text": "#42"}
    for _level in range(100):
        deep = {"elements": [deep]}
    assert "names no assistant" in (await looked_up(slack, "!", blocks=[deep])).as_text()
    attachment = {"fallback": "Survey", "text": "about #42"}
    assert "Alex (201)" in (await looked_up(slack, "!", attachments=[attachment])).as_text()


async def test_several_are_offered_in_the_order_in_which_they_are_named(bot: Bot, slack: LocalSlack) -> None:
    view = await looked_up(slack, "Event Invitation, #42, Solar-erstberatung and again #42")
    assert "This message names 4 assistants." in view.as_text()
    # Two have the same name, but for the case.
    assert [label.split(" (")[-1] for label in buttons(view)] == ["140)", "42)", "57)", "312)"]
    pressed = await slack.press(view, "open:default/140")
    await pressed.view()
    assert "Event Invitation" in (await pressed.view()).as_text()
    await slack.close()
    assert slack.views.top(PERSON).id == view.id


async def test_a_name_within_another_name_is_not_meant(bot: Bot, slack: LocalSlack, demo_api: DemoApi) -> None:
    demo_api.assistants[:] = [
        {"id": number, "name": name, "mode": "m", "status": "active"}
        for number, name in ((1, "Sales"), (2, "Sales Follow-up"), (3, "US"), (4, "ale"))
    ]
    assert "*ID*\n`2`" in (await looked_up(slack, "US: Sales Follow-up")).as_text()
    both = await looked_up(slack, "Sales Follow-up, then Sales")
    assert [label.split(" (")[-1] for label in buttons(both)] == ["2)", "1)"]


async def test_ten_of_many_are_offered(bot: Bot, slack: LocalSlack, demo_api: DemoApi) -> None:
    demo_api.assistants[:] = many_assistants(5_000, prompt_bytes=100)
    view = await looked_up(slack, " ".join(f"#{record['id']}" for record in demo_api.assistants[:13]), BEN)
    assert "Diese Nachricht nennt 13 Assistenten." in view.as_text()
    assert len(buttons(view)) == 10
    assert "3 weitere werden nicht gezeigt." in view.as_text()


@pytest.mark.parametrize("text", ["Good morning <@U0LOCALBEN>, all well?", "#4242 #general 42", "", "x" * 20_000])
async def test_a_message_that_names_none_fills_the_form(bot: Bot, slack: LocalSlack, text: str) -> None:
    view = await looked_up(slack, text or "\u200b", BEN)
    assert "Diese Nachricht nennt keinen Assistenten." in view.as_text()
    sent = await slack.submit(BEN, {"asked": "42"})
    await sent.view()
    assert "*Stimme*\nAlex (201)" in (await sent.view()).as_text()


async def test_without_a_modal_the_answer_is_a_message(bot: Bot, slack: LocalSlack) -> None:
    for text, words in (
        ("#42", "*Voice*\nAlex (201)"),
        ("#42 #57", "This message names 2 assistants."),
        ("nothing", "Slack did not open the form in time"),
    ):
        slack.next_answers(Refused("expired_trigger_id"), to="views.open")
        posted = slack.workspace.post(GENERAL, {"text": text}, author=BEN)
        reply = await (await slack.message_shortcut(LOOKUP_IN_MESSAGE, posted)).reply()
        assert words in reply.as_text()
        assert reply.ephemeral


async def test_whoever_closes_the_form_while_it_loads_is_left_in_peace(
    open_bot: OpenBot, slack: LocalSlack, demo_api: DemoApi
) -> None:
    await open_bot(famulor_read_timeout=0.5, famulor_total_timeout=0.5)
    demo_api.always(faults.Hang())
    await form_of(slack)
    sent = await slack.submit(values={"asked": "42"})
    assert "One moment" in (await sent.view()).as_text()
    await slack.close()
    demo_api.clear_faults()
    assert "Alex (201)" in (await answered(slack, "42")).as_text()
