"""`compare` as a person sees it: two assistants side by side, their texts as a difference."""

import re

import pytest

from bot.connection import connected
from bot.playground import BEN, LocalSlack, View
from bot.playground.people import PERSON
from shared.demo import DemoApi, faults
from shared.runtime import Runtime, open_runtime
from shared.settings import SlackSettings
from tests.bot.conftest import MakeSettings, OpenBot, See
from tests.clocks import ManualClock

Bot = Runtime[SlackSettings]

PROMPT = "# Role\nYou are Alex.\n\n# Steps\n1. Say hello.\n2. Ask for {customer_name}.\n3. Say goodbye.\n"


@pytest.fixture
def twins(demo_api: DemoApi) -> DemoApi:
    """42 and 57 with the same texts."""
    for number in (42, 57):
        demo_api.change(
            number, system_prompt=PROMPT, initial_message="Hello {customer_name}.", variables={"customer_name": ""}
        )
    return demo_api


def runs(view: View, style: str) -> list[str]:
    """What is shown in a style."""
    return [
        run["text"]
        for block in view.payload["blocks"]
        if block["type"] == "rich_text"
        for run in block["elements"][0]["elements"]
        if run.get("style", {}).get(style)
    ]


@pytest.mark.parametrize(
    "text",
    ["compare 42 57", "vergleiche 42 57", "compare Sales Follow-up and Solar-Erstberatung", "vergleiche #42 mit #57"],
)
async def test_two_are_shown_side_by_side_with_what_differs_said_in_words(see: See, text: str) -> None:
    shown = (await see(text)).as_text()
    for part in (
        "*Different*: Mode, Language, Voice, Timezone, Webhook, Created, Updated",
        "*Mode*\npipeline\n*Mode*\nmultimodal",
        "*Voice*\nAlex (201)\n*Voice*\nMia Live (151)",
        "*The same*: Status: 🟢 active · Account: default · Type: outbound · User: `7`",
        "[Details of 42] [Details of 57] [Open 42 in Famulor]",
        "fetched 2026-03-01 12:00 UTC",
        '\nproduct       "standing desks"  –\n',
        '\nlead_date     –                 "letzter Woche"\n',
        "1 other is the same.",
        "− Hi, this is Alex",
        "+ Guten Tag, hier ist Mia",
    ):
        assert part in shown


async def test_it_is_german_for_who_speaks_german(see: See) -> None:
    shown = (await see("compare 42 57", user=BEN)).as_text()
    for part in (
        "Vergleich\n",
        "*Verschieden*: Modus, Sprache, Stimme, Zeitzone, Webhook, Erstellt, Geändert",
        "*Gleich*: Status: 🟢 aktiv",
        "[Details zu 42]",
        "Im ersten ",
        "Wörter nur im ersten",
        "Zeile 1 / 1",
    ):
        assert part in shown


async def test_a_changed_word_stands_out_in_its_line(see: See, twins: DemoApi) -> None:
    twins.change(57, system_prompt=PROMPT.replace("Say hello.", "Say good morning."))
    view = await see("compare 42 57")
    assert (
        "Line 4 / 4\n  # Steps\n− 1. Say hello.\n+ 1. Say good morning.\n  2. Ask for {customer_name}."
        in view.as_text()
    )
    assert runs(view, "strike") == ["hello"]
    assert runs(view, "bold") == ["good morning"]
    assert "1 word only in the first, 2 words only in the second" in view.as_text()
    assert "goodbye" not in view.as_text()


async def test_lines_that_are_only_in_one_are_whole(see: See, twins: DemoApi) -> None:
    twins.change(57, system_prompt=PROMPT + "4. Hang up.\n\n")
    view = await see("compare 42 57")
    assert "+ 4. Hang up.\n+ \n" in view.as_text()
    assert "".join(runs(view, "bold")) == "4. Hang up."
    assert runs(view, "strike") == []
    turned = await see("compare 57 42")
    assert "− 4. Hang up.\n− \n" in turned.as_text()


async def test_a_line_that_has_become_two_is_told_word_by_word(see: See, twins: DemoApi) -> None:
    twins.change(57, system_prompt=PROMPT.replace("Ask for {customer_name}.", "Ask\nfor {customer_name} kindly."))
    view = await see("compare 42 57")
    assert "− 2. Ask for {customer_name}.\n+ 2. Ask\n+ for {customer_name} kindly.\n" in view.as_text()
    assert "kindly" in "".join(runs(view, "bold"))


async def test_equal_texts_are_said_to_be_equal(see: See, twins: DemoApi) -> None:
    for user, same in (("", "Both are the same."), (BEN, "Beide sind gleich.")):
        shown = (await see("compare 42 57", user=user or PERSON)).as_text()
        assert f"*Prompt*\n{same}" in shown
        assert shown.count(same) == 2
    assert "The same in both: 1." in (await see("compare 42 57")).as_text()


async def test_nothing_is_nothing(see: See, twins: DemoApi) -> None:
    for number in (42, 57):
        twins.change(number, system_prompt="", initial_message="", variables=[], folder=None, labels=None)
    shown = (await see("compare 42 57")).as_text()
    assert "*Prompt*\nNeither has one." in shown
    assert "*Variables*\nNeither has any." in shown
    twins.change(57, system_prompt="New.")
    assert "+ New." in (await see("compare 42 57")).as_text()


async def test_what_can_not_be_seen_is_told(see: See, twins: DemoApi) -> None:
    twins.change(57, system_prompt=PROMPT + "\u202e")
    twins.change(42, webhook_url="https://a.example/h?key=canary1", variables={"api_key": "canary2"})
    twins.change(57, webhook_url="https://a.example/h?key=canary3", variables={"api_key": "canary4"})
    view = await see("compare 42 57")
    assert "They differ in characters only that can't be seen." in view.as_text()
    assert view.as_text().count("on: `https://a.example/h?key=•••`") == 2
    assert "(what is masked differs)" in view.as_text()
    assert 'api_key  "•••"         "•••" (differs)' in view.as_text()
    assert "canary" not in str(view.payload)


async def test_one_with_itself_is_one(see: See, slack: LocalSlack) -> None:
    view = await see('compare 42 "Sales Follow-up"')
    assert "one and the same assistant" in view.as_text()
    assert "[Details of 42] [Open 42 in Famulor]" in view.as_text()


async def test_a_button_opens_the_details_on_top(bot: Bot, see: See, slack: LocalSlack) -> None:
    view = await see("compare 42 57")
    pressed = await slack.press(view, "Details of 57")
    await pressed.view()
    assert "*Voice*\nMia Live (151)" in (await pressed.view()).as_text()
    await slack.close()
    assert slack.views.top(PERSON).id == view.id


async def test_huge_prompts_are_compared_over_pages_that_can_be_turned_after_a_restart(
    settings: MakeSettings, slack: LocalSlack, twins: DemoApi, clock: ManualClock
) -> None:
    old = [f"Line {number} says <{number}> & more." for number in range(600)]
    new = [line.replace("says", "tells") if number % 3 == 0 else line for number, line in enumerate(old)]
    twins.change(42, system_prompt="\n".join(old))
    twins.change(57, system_prompt="\n".join(new))
    async with open_runtime(settings(), clock) as runtime, connected(runtime):
        await slack.connected()
        interaction = await slack.type_command("/assistants compare 42 57")
        await interaction.view()
        view = await interaction.view()
    text = view.as_text()
    async with open_runtime(settings(), clock) as runtime, connected(runtime):
        await slack.connected()
        while "Next" in view.as_text():
            view = await (await slack.press(view, "Next")).view()
            text += f"\n{view.as_text()}"
    assert re.findall(r"^− (.*)$", text, re.MULTILINE) == [line for line in old if line not in new]
    assert re.findall(r"^\+ (.*)$", text, re.MULTILINE) == [line for line in new if line not in old]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x" * 50_000, "y" * 50_000),
        ("a\n" * 4_000, "b\n" * 4_000),
        ("word " * 10_000, "words " * 10_000),
        ("a b " * 10_000, "a c " * 10_000),
        ("<!channel> *a* \u202e\x00 =1+1", "`<!here>` @here"),
    ],
    ids=["one word", "short lines", "one long line", "every other word", "hostile"],
)
async def test_whatever_differs_fits_into_what_slack_takes(
    bot: Bot, see: See, slack: LocalSlack, twins: DemoApi, one: str, other: str
) -> None:
    twins.change(42, system_prompt=one, name=one[:255], timezone=one[:100], variables={one[:100]: one[:300]})
    twins.change(57, system_prompt=other, name=other[:255], timezone=other[:100], variables={other[:100]: other[:300]})
    view = await see("compare 42 57")
    for _page in range(3):
        if "Next" in view.as_text():
            view = await (await slack.press(view, "Next")).view()
    assert "fetched" in view.as_text()
    message = await (await slack.say("compare 42 57")).reply()
    assert "compared. Different: " in message.text
    assert slack.refused == []


async def test_who_may_not_see_prompts_sees_no_difference_of_prompts(
    open_bot: OpenBot, see_in: See, twins: DemoApi
) -> None:
    await open_bot(slack_admins=PERSON, slack_prompts="admins")
    twins.change(57, system_prompt="canary")
    assert "canary" in (await see_in("compare 42 57")).as_text()
    shown = (await see_in("compare 42 57", user=BEN)).as_text()
    assert "canary" not in shown
    assert "Alex." not in shown
    assert "*Prompt*\nPrompts sehen nur Admins dieser App." in shown


async def test_the_same_id_of_two_accounts_is_compared_where_both_are_named(
    open_bot: OpenBot, see_in: See, slack: LocalSlack, demo_api: DemoApi
) -> None:
    demo_api.keys.add("other-key")
    await open_bot(famulor_accounts={"agency": {"api_key": "other-key", "base_url": demo_api.base_url}})
    demo_api.change(42, system_prompt="A long line of words.\n" * 2_000)
    shown = (await see_in("compare 42 42 account:agency,default")).as_text()
    assert "*Different*: Account" in shown
    assert "*Account*\nagency\n*Account*\ndefault" in shown
    assert "(agency); 2026" in shown
    assert "one and the same" in (await see_in("compare 42 42 account:agency")).as_text()
    assert "Ask again with one of their ids" in (await see_in("compare 42 42")).as_text()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("compare 42 nobody", "There is no outbound assistant “nobody”"),
        ("compare solar 42", "Several outbound assistants answer to “solar”"),
        ("compare 42 57 account:nobody", "There is no account “nobody”"),
    ],
)
async def test_a_name_that_is_none_or_several_is_told(see: See, text: str, words: str) -> None:
    assert words in (await see(text)).as_text()


async def test_who_may_have_been_meant_is_compared_with_a_button(bot: Bot, see: See, slack: LocalSlack) -> None:
    view = await see("compare solar 42")
    compared = await (await slack.press(view, "SOLAR-Erstberatung (312)")).view()
    assert "[Details of 312] [Details of 42]" in compared.as_text()
    view = await see("compare 42 Solar-Erstberatng")
    compared = await (await slack.press(view, "SOLAR-Erstberatung (312)")).view()
    assert "[Details of 42] [Details of 312]" in compared.as_text()


async def test_stale_data_and_none_are_told(see: See, demo_api: DemoApi, clock: ManualClock, slack: LocalSlack) -> None:
    await see("compare 42 57")
    clock.advance(600)
    demo_api.always(faults.NotFound(), path="/api/user/assistants/outbound")
    assert "*STALE*: the data is 10 minutes old" in (await see("compare 42 57")).as_text()
    message = await (await slack.say("compare 42 57")).reply()
    assert "STALE" in message.text
    demo_api.clear_faults()
    demo_api.always(faults.Unauthorized())
    assert "does not accept the API key" in (await see("compare 42 57")).as_text()
