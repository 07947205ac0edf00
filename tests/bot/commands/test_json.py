"""The JSON of an assistant: a button in its details, a modal on top, to be copied whole."""

import json
from typing import Any

from bot.connection import connected
from bot.playground import BEN, LocalSlack, Refused, View
from bot.playground.people import PERSON
from bot.playground.workspace import GENERAL
from shared.demo import DemoApi
from shared.runtime import Runtime, open_runtime
from shared.settings import SlackSettings
from tests.bot.conftest import Ask, MakeSettings, OpenBot, See
from tests.clocks import ManualClock

Bot = Runtime[SlackSettings]


async def opened(slack: LocalSlack, details: View) -> View:
    """The modal that the button opens, once it is filled."""
    pressed = await slack.press(details, "JSON")
    waiting, filled = await pressed.view(), await pressed.view()
    assert waiting.id == filled.id != details.id
    return filled


async def whole(slack: LocalSlack, view: View, label: str = "Next") -> str:
    """What can be copied from all pages."""
    text = copied(view)
    while label in view.as_text():
        view = await (await slack.press(view, label)).view()
        text += copied(view)
    return text


def copied(view: View) -> str:
    return "".join(
        block["elements"][0]["elements"][0]["text"] for block in view.payload["blocks"] if block["type"] == "rich_text"
    )


async def test_the_json_is_what_famulor_says_of_the_assistant_but_for_secrets(
    bot: Bot, see: See, slack: LocalSlack, demo_api: DemoApi
) -> None:
    demo_api.change(42, variables={"token": "canary", "name": "Ada"}, webhook_url="https://a.example/x?key=canary")
    view = await opened(slack, await see("show 42"))
    assert "canary" not in str(view.payload)
    assert "Secrets are masked." in view.as_text()
    written = json.loads(await whole(slack, view))
    record = next(record for record in demo_api.assistants if record["id"] == 42)
    for name in ("id", "name", "mode", "status", "timezone", "voice_id", "initial_message", "system_prompt"):
        assert written[name] == record[name]
    assert written["variables"] == {"token": "•••", "name": "Ada"}
    assert written["webhook_url"] == "https://a.example/x?key=•••"
    assert written["extra"] == {"folder": record["folder"], "labels": record["labels"]}
    assert written["account"] == "default"


async def test_a_huge_assistant_is_json_over_many_pages_and_back(
    bot: Bot, see: See, slack: LocalSlack, demo_api: DemoApi
) -> None:
    prompt = 'Say "<!channel>" & \\n\t \u202e\x85\x07 näher 🙂.\n' * 3_000
    demo_api.change(42, system_prompt=prompt, variables={f"v{number}": number for number in range(1_000)})
    view = await opened(slack, await see("show 42", user=BEN))
    assert "Geheimnisse sind verdeckt." in view.as_text()
    text = await whole(slack, view, "Weiter")
    assert not set(text) & set("\u202e\x85\x07\x00")
    assert json.loads(text)["system_prompt"] == prompt
    last = slack.views.top(BEN)
    back = await (await slack.press(last, "← Zurück")).view()
    assert back.id == last.id
    await slack.close(BEN)
    assert "*Status*" in slack.views.top(BEN).as_text()


async def test_its_pages_can_be_turned_after_a_restart(
    settings: MakeSettings, slack: LocalSlack, demo_api: DemoApi, clock: ManualClock
) -> None:
    demo_api.change(42, system_prompt="A long line of words.\n" * 2_000)
    async with open_runtime(settings(), clock) as runtime, connected(runtime):
        await slack.connected()
        interaction = await slack.type_command("/assistants show 42")
        await interaction.view()
        first = await opened(slack, await interaction.view())
    async with open_runtime(settings(), clock) as runtime, connected(runtime):
        await slack.connected()
        second = await (await slack.press(first, "Next")).view()
    assert second.id == first.id
    assert "Page 2 of" in second.as_text()
    assert copied(first) != copied(second) != ""


async def test_the_prompt_is_not_in_it_for_who_may_not_see_prompts(
    open_bot: OpenBot, see_in: See, slack: LocalSlack, demo_api: DemoApi
) -> None:
    await open_bot(slack_admins=PERSON, slack_prompts="admins")
    demo_api.change(42, system_prompt="canary")
    view = await opened(slack, await see_in("show 42", user=BEN))
    assert "canary" not in str(view.payload)
    assert "Prompts sehen nur Admins dieser App." in view.as_text()
    assert "system_prompt" not in json.loads(copied(view))


async def test_it_opens_from_a_message_too_and_is_a_message_where_nothing_opens(
    ask: Ask, slack: LocalSlack, demo_api: DemoApi
) -> None:
    slack.next_answers(Refused("expired_trigger_id"), to="views.open")
    details = await ask("show 42")
    pressed = await slack.press(details, "JSON")
    await pressed.view()
    assert json.loads(copied(await pressed.view()))["id"] == 42
    await slack.close()
    slack.next_answers(Refused("expired_trigger_id"), to="views.open")
    answer = await (await slack.press(details, "JSON")).reply()
    assert '"id": 42' in answer.as_text()
    again = await slack.press(answer, "Open")
    await again.view()
    assert json.loads(copied(await again.view()))["id"] == 42


async def test_a_third_modal_takes_the_place_of_the_second(bot: Bot, slack: LocalSlack, see: See) -> None:
    details = await see("show 42")
    first: Any = await opened(slack, details)
    slack.next_answers(Refused("push_limit_reached"), to="views.push")
    replaced = await (await slack.press(details, "JSON")).view()
    assert replaced.id == details.id != first.id
    assert '"id": 42' in replaced.as_text()


async def test_an_assistant_that_is_deleted_meanwhile_is_told(
    bot: Bot, see: See, slack: LocalSlack, demo_api: DemoApi
) -> None:
    details = await see("show 42")
    demo_api.assistants.clear()
    assert "There is no outbound assistant “42”" in (await opened(slack, details)).as_text()


async def test_a_button_that_shows_no_assistant_is_of_another_version(bot: Bot, slack: LocalSlack) -> None:
    button = {
        "type": "button",
        "text": {"type": "plain_text", "text": "JSON"},
        "action_id": "json:",
        "value": "outbound",
    }
    message = slack.workspace.post(GENERAL, {"text": "!", "blocks": [{"type": "actions", "elements": [button]}]})
    answer = await (await slack.press(message, "JSON", user=PERSON)).reply()
    assert "This button is of another version" in answer.as_text()
