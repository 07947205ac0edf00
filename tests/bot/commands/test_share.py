"""A list that is shared: only then does anyone else see it."""

import pytest

from bot.playground import BEN, GENERAL, PERSON, RANDOM, LocalSlack, Refused
from shared.demo import DemoApi, many_assistants
from tests.bot.conftest import Ask, OpenBot
from tests.bot.reading import buttons, chosen, ids, names, title


async def test_a_shared_list_is_in_the_channel_with_who_shared_it(ask: Ask, slack: LocalSlack, bot: object) -> None:
    answer = await ask("outbound active sort:-updated")
    assert slack.workspace.messages(GENERAL) == []
    shared = await (await slack.press(answer, "Share to channel")).reply()
    assert slack.workspace.messages(GENERAL) == [shared]
    assert f"Shared by @{PERSON}" in shared.as_text()
    assert f"Shared by <@{PERSON}>" in shared.text
    assert ids(shared) == ids(answer)
    assert title(shared) == "9 of 12 outbound assistants"


async def test_the_button_asks_before_others_see_it(ask: Ask) -> None:
    for user, question in ((PERSON, "Share this list?"), (BEN, "Diese Liste teilen?")):
        answer = await ask("outbound", user=user)
        (confirm,) = [
            element["confirm"]["title"]["text"]
            for block in answer.blocks
            if block["type"] == "actions"
            for element in block["elements"]
            if element["action_id"] == "share:"
        ]
        assert confirm == question


async def test_nobody_can_turn_the_page_for_all_but_everybody_opens_it_for_themselves(
    ask: Ask, slack: LocalSlack, demo_api: DemoApi
) -> None:
    demo_api.assistants[:] = many_assistants(30)
    answer = await (await slack.press(await ask("outbound active"), "Next →")).reply()
    shared = await (await slack.press(answer, "Share to channel")).reply()
    assert list(buttons(shared)) == ["Open for me"]
    assert chosen(shared) == []
    opened = await slack.press(shared, "Open for me", user=BEN)
    await opened.view()
    view = await opened.view()
    assert view.user == BEN
    assert ids(view) == ids(shared) == ids(answer)
    assert list(buttons(view)) == ["← Zurück", "Weiter →", "Aktualisieren"]
    following = await (await slack.press(view, "Weiter →")).view()
    assert set(ids(following)).isdisjoint(ids(view))
    assert slack.workspace.messages(GENERAL) == [shared]


async def test_details_of_a_shared_list_open_for_who_presses(ask: Ask, slack: LocalSlack) -> None:
    shared = await (await slack.press(await ask("outbound"), "Share to channel")).reply()
    opened = await slack.press(shared, "open:default/42", user=BEN)
    await opened.view()
    view = await opened.view()
    assert view.user == BEN
    assert "Sales Follow-up" in view.as_text()


async def test_a_search_in_prompts_is_shared_with_its_places(ask: Ask, slack: LocalSlack) -> None:
    shared = await (await slack.press(await ask("find Preise"), "Share to channel")).reply()
    assert "prompts say it" in shared.as_text()
    assert "Preise" in shared.as_text()


async def test_prompts_that_are_for_admins_are_never_shared_not_even_by_an_old_button(
    open_bot: OpenBot, slack: LocalSlack
) -> None:
    await open_bot(slack_prompts="admins", slack_admins=PERSON)
    for text in ("find Preise", "outbound prompt:Preise"):
        button = {"type": "button", "text": {"type": "plain_text", "text": "x"}, "action_id": "share:", "value": text}
        old = slack.workspace.post(GENERAL, {"text": "x", "blocks": [{"type": "actions", "elements": [button]}]})
        told = await (await slack.press(old, "share:")).reply()
        assert told.ephemeral
        assert "Prompts are shown to admins of this app only." in told.as_text()


async def test_an_admin_s_search_is_shared_as_everybody_may_search(
    open_bot: OpenBot, ask_in: Ask, slack: LocalSlack
) -> None:
    await open_bot(slack_prompts="admins", slack_admins=PERSON)
    answer = await ask_in("outbound preise")
    assert "Solar-Erstberatung" in names(answer)
    shared = await (await slack.press(answer, "Share to channel")).reply()
    assert names(shared) == []
    assert "name:preise" in shared.as_text()


@pytest.mark.parametrize(
    ("channel", "code", "english", "german"),
    [
        (RANDOM, "", "I am not in this channel", "Ich bin nicht in diesem Kanal"),
        (GENERAL, "channel_not_found", "Invite me with /invite", "Lade mich mit /invite"),
        (GENERAL, "is_archived", "it is archived", "Er ist archiviert"),
        (GENERAL, "fatal_error", "Slack did not take it (fatal_error)", "Slack hat es nicht angenommen (fatal_error)"),
    ],
)
async def test_a_channel_that_takes_no_post_is_explained_to_who_pressed(
    bot: object, slack: LocalSlack, channel: str, code: str, english: str, german: str
) -> None:
    for user, words in ((PERSON, english), (BEN, german)):
        answer = await (await slack.type_command("/assistants outbound", user=user, channel=channel)).reply()
        if code:
            slack.next_answers(Refused(code), to="chat.postMessage")
        told = await (await slack.press(answer, "share:")).reply()
        assert told.ephemeral
        assert words in told.as_text()
    assert slack.workspace.messages(channel) == []


async def test_in_direct_messages_and_without_rows_there_is_nothing_to_share(
    bot: object, ask: Ask, slack: LocalSlack, demo_api: DemoApi
) -> None:
    direct = await (await slack.say("outbound")).reply()
    assert names(direct) != []
    assert "Share to channel" not in buttons(direct)
    assert "Share to channel" not in buttons(await ask("outbound xyz"))


async def test_a_list_of_a_thread_is_shared_in_the_thread(bot: object, slack: LocalSlack) -> None:
    head = slack.workspace.post(GENERAL, {"text": "Which are on?"}, author=PERSON)
    answer = await (await slack.mention("outbound active", thread_ts=head.ts)).reply()
    shared = await (await slack.press(answer, "Share to channel")).reply()
    assert slack.workspace.replies(GENERAL, head.ts)[-1] == shared


async def test_a_share_button_that_carries_no_list_is_told_to_be_of_another_version(
    bot: object, slack: LocalSlack
) -> None:
    for text in ("show 42", "", "xyz"):
        button = {"type": "button", "text": {"type": "plain_text", "text": "x"}, "action_id": "share:", "value": text}
        forged = slack.workspace.post(GENERAL, {"text": "x", "blocks": [{"type": "actions", "elements": [button]}]})
        told = await (await slack.press(forged, "share:")).reply()
        assert "of another version" in told.as_text()
