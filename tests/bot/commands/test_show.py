"""`show` as a person sees it: everything about one assistant, in a modal or as a message."""

import re
from typing import Any

import pytest

from bot.connection import connected
from bot.playground import BEN, LocalSlack, Refused, View
from bot.playground.people import PERSON
from bot.views.blocks import Block
from shared.demo import DEMO_KEY, DemoApi, faults
from shared.runtime import Runtime, open_runtime
from shared.settings import SlackSettings
from tests.bot.conftest import Ask, MakeSettings, OpenBot, See
from tests.clocks import ManualClock

Bot = Runtime[SlackSettings]

TURNING = re.compile(r"[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f]")


async def turned(slack: LocalSlack, view: View, label: str = "Next") -> View:
    """The page that the button leads to."""
    return await (await slack.press(view, label)).view()


async def all_pages(slack: LocalSlack, view: View, label: str = "Next") -> list[View]:
    """Every page of a modal, from this one to the last."""
    found = [view]
    while any(label in str(block) for block in found[-1].payload["blocks"] if block["type"] == "actions"):
        found.append(await turned(slack, found[-1], label))
    return found


def under(views: list[View], title: str) -> str:
    """The preformatted text under a title, over all pages."""
    text, inside = "", False
    for view in views:
        for block in view.payload["blocks"]:
            if block["type"] == "section" and str(block.get("text", {}).get("text", "")).startswith("*"):
                inside = block["text"]["text"] == f"*{title}*"
            elif block["type"] == "rich_text" and inside:
                text += block["elements"][0]["elements"][0]["text"]
    return text


@pytest.mark.parametrize(
    "text", ["show 42", "zeige 42", "zeig #42", "SHOW Sales Follow-up", 'zeige  "sales follow-up"', "show „Sales“"]
)
async def test_one_assistant_is_shown_with_everything(see: See, text: str) -> None:
    shown = (await see(text)).as_text()
    for part in (
        "Sales Follow-up\n",
        "*Status*\n🟢 active",
        "*ID*\n`42`",
        "*Voice*\nAlex (201)",
        "*Language*\nEnglish (2)",
        "*Timezone*\nAmerica/New_York\nlocal time: Mar 1, 2026, 7:00:00",
        "*User*\n`7`",
        "*Created*\n2025-03-11 09:24 UTC",
        "*Webhook*\non: `https://crm.example.com/hooks/famulor/sales`",
        "*Greeting*\nHi, this is Alex from Northwind Office Supply. Am I speaking with {customer_name}?",
        "*Prompt*\n# Who you are\nYou are Alex",
        'labels: ["US", "quotes"]',
        "fetched 2026-03-01 12:00 UTC",
        "`/assistants compare 42 …`",
        "/assistants/42 [JSON]",
    ):
        assert part in shown


async def test_it_is_german_for_who_speaks_german(see: See) -> None:
    shown = (await see("show 42", user=BEN)).as_text()
    for part in (
        "*Status*\n🟢 aktiv",
        "*Sprache*\nEnglish (2)",
        "*Zeitzone*\nAmerica/New_York\nOrtszeit: 01.03.2026, 07:00:00",
        "*Webhook*\nan: `https://crm",
        "*Begrüßung*\nHi, this is Alex",
        "*Variablen*\nName ",
        "{{current_date}}    (beim Anruf eingesetzt)  Prompt",
        "`/assistants vergleiche 42 …`",
        "[In Famulor öffnen]",
        "[Schließen]",
    ):
        assert part in shown


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"is_webhook_active": False}, "*Webhook*\noff: `https://crm.example.com/hooks/famulor/sales`"),
        ({"webhook_url": None}, "*Webhook*\n⚠️ switched on, but without a URL"),
        ({"webhook_url": None, "is_webhook_active": False}, "*Webhook*\nno webhook"),
        ({"webhook_url": "https://[bad"}, "*Webhook*\non: `•••`"),
        ({"webhook_url": "https://x.example/h?key=canary"}, "*Webhook*\non: `https://x.example/h?key=•••`"),
        ({"timezone": "America/Boston"}, "*Timezone*\nAmerica/Boston\n⚠️ No timezone of this name is known."),
        ({"timezone": "../../etc/passwd"}, "⚠️ No timezone of this name is known."),
        ({"timezone": "Europe"}, "⚠️ No timezone of this name is known."),
        ({"timezone": ""}, "*Timezone*\n–"),
        ({"voice_id": 999, "language_id": None}, "*Language*\n–\n*Voice*\n999"),
        ({"status": "processing"}, "*Status*\n🟡 processing"),
        ({"initial_message": "", "system_prompt": " \n"}, "*Greeting*\nThere is no greeting."),
        ({"initial_message": "", "system_prompt": " \n"}, "*Prompt*\nThere is no prompt."),
        ({"user_id": None, "updated_at": None}, "*User*\n–"),
    ],
)
async def test_whatever_is_set_or_not_is_told_in_words(
    see: See, demo_api: DemoApi, fields: dict[str, Any], shown: str
) -> None:
    demo_api.change(42, **fields)
    view = await see("show 42")
    assert shown in view.as_text()
    assert "canary" not in str(view.payload)


async def test_secrets_are_masked(see: See, demo_api: DemoApi) -> None:
    demo_api.change(
        42,
        webhook_url="https://user:canary1@crm.example.com/T0AB1234CD5678EF90?token=canary2",
        variables={"api_key": "canary3", "name": "Ada"},
        integration={"password": "canary4", "host": "crm"},
    )
    view = await see("show 42")
    assert "canary" not in str(view.payload)
    assert 'api_key             "•••"' in view.as_text()
    assert '"host": "crm"' in view.as_text()


async def test_variables_are_a_table_that_says_what_does_not_fit_together(see: See, demo_api: DemoApi) -> None:
    demo_api.change(
        42,
        variables={"customer_name": "", "unused_one": 7, "nested": {"a": ["b"]}},
        initial_message="Hello {customer_name}, it is {{current_time}}.",
        system_prompt="{nested} {customer_name} {missing_one} {{customer_telephone}} {missing_one}",
    )
    english, german = (await see("show 42")).as_text(), (await see("show 42", user=BEN)).as_text()
    rows = re.findall(r"^(\S+) {2,}(.+?) {2,}(.+)$", english, re.MULTILINE)
    assert rows == [
        ("Name", "Default", "Used in"),
        ("customer_name", '""', "greeting, prompt"),
        ("unused_one", "7", "–"),
        ("nested", '{"a": ["b"]}', "prompt"),
        ("missing_one", "(not declared)", "prompt"),
        ("{{current_time}}", "(filled in at the call)", "greeting"),
        ("{{customer_telephone}}", "(no system variable)", "prompt"),
    ]
    assert "Used, but not declared: `{missing_one}`." in english
    assert "No system variable: `{{customer_telephone}}`." in english
    assert "Declared, but not used: `unused_one`." in english
    assert "Verwendet, aber nicht deklariert: `{missing_one}`." in german
    assert "Keine Systemvariable: `{{customer_telephone}}`." in german


async def test_an_assistant_without_variables_says_so(see: See, demo_api: DemoApi) -> None:
    demo_api.change(42, variables=[], initial_message="Hello", system_prompt="Be kind.")
    assert "*Variables*\nNone is declared or used." in (await see("show 42")).as_text()
    demo_api.change(42, variables={"one": "1"})
    assert 'one   "1"      –' in (await see("show 42")).as_text()


async def test_a_thousand_variables_are_all_there(bot: Bot, see: See, slack: LocalSlack, demo_api: DemoApi) -> None:
    demo_api.change(42, variables={f"variable_{number}": f"value {number}" for number in range(1_000)})
    pages = await all_pages(slack, await see("show 42"))
    assert len(pages) > 3
    rows = under(pages, "Variables").splitlines()
    assert [row.split()[0] for row in rows if row.startswith("variable_")] == [f"variable_{n}" for n in range(1_000)]
    assert "and 980 more" in "".join(page.as_text() for page in pages)


HUGE = [
    "\n".join(f"{number}. Ask <{number}> & *wait*, then `go on`: {{customer_name}}" for number in range(1_700)),
    "word " * 20_000,
    "x" * 100_000,
    "🙂" * 30_000,
    "\n\n  indented\n\n" * 7_000,
    "مرحبا " * 15_000,
]


@pytest.mark.parametrize("prompt", HUGE, ids=["lines", "words", "one word", "emoji", "blank lines", "Arabic"])
async def test_a_huge_prompt_is_shown_whole_over_its_pages(
    bot: Bot, see: See, slack: LocalSlack, demo_api: DemoApi, prompt: str
) -> None:
    demo_api.change(42, system_prompt=prompt)
    pages = await all_pages(slack, await see("show 42", user=BEN), "Weiter")
    assert len(pages) > 3
    assert under(pages[:1], "Prompt") + _rest(pages[1:]) == prompt
    assert f"Seite {len(pages)} von {len(pages)}" in pages[-1].as_text()
    assert all("2026-03-01 12:00 UTC" in page.as_text() for page in pages)
    back = await turned(slack, pages[-1], "← Zurück")
    assert back.as_text() == pages[-2].as_text()


def _rest(pages: list[View]) -> str:
    """What the pages after the first one hold of the prompt, which is the last thing that is shown."""
    blocks: list[Block] = [block for page in pages for block in page.payload["blocks"]]
    return "".join(block["elements"][0]["elements"][0]["text"] for block in blocks if block["type"] == "rich_text")


async def test_a_page_can_be_turned_after_a_restart(
    settings: MakeSettings, slack: LocalSlack, demo_api: DemoApi, clock: ManualClock
) -> None:
    demo_api.change(42, system_prompt="A long line of words.\n" * 2_000)
    async with open_runtime(settings(), clock) as runtime, connected(runtime):
        await slack.connected()
        interaction = await slack.type_command("/assistants show Sales Follow-up")
        await interaction.view()
        first = await interaction.view()
    # By now it has another name; the page is of the same assistant.
    demo_api.change(42, name="Renamed")
    async with open_runtime(settings(), clock) as runtime, connected(runtime):
        await slack.connected()
        second = await turned(slack, first)
    assert "Page 2 of" in second.as_text()
    assert "Renamed\n" in second.as_text()


async def test_who_may_not_see_prompts_is_told_who_may(
    open_bot: OpenBot, see_in: See, slack: LocalSlack, demo_api: DemoApi
) -> None:
    await open_bot(slack_admins=PERSON, slack_prompts="admins")
    demo_api.change(42, system_prompt="canary {canary_variable} {{canary_system}}", variables={"spare": ""})
    assert "canary" in (await see_in("show 42")).as_text()
    shown = await see_in("show 42", user=BEN)
    assert "canary" not in str(shown.payload)
    assert "*Prompt*\nPrompts sehen nur Admins dieser App." in shown.as_text()
    assert "In der Begrüßung verwendet" in shown.as_text()
    # The prompt may use it.
    assert "Deklariert, aber nicht verwendet" not in shown.as_text()


async def test_a_page_behind_the_end_is_the_last_one(bot: Bot, see: See, slack: LocalSlack, demo_api: DemoApi) -> None:
    demo_api.change(42, system_prompt="A long line of words.\n" * 2_000)
    pages = await all_pages(slack, await see("show 42"))
    demo_api.change(42, system_prompt="Short.")
    shown = (await turned(slack, pages[-2])).as_text()
    assert "Short." in shown
    assert "Page" not in shown


async def test_an_assistant_that_is_deleted_meanwhile_is_told(
    bot: Bot, see: See, slack: LocalSlack, demo_api: DemoApi
) -> None:
    demo_api.change(42, system_prompt="A long line of words.\n" * 2_000)
    first = await see("show 42")
    demo_api.assistants[:] = [record for record in demo_api.assistants if record["id"] != 42]
    assert "There is no outbound assistant “42”" in (await turned(slack, first)).as_text()


async def test_two_presses_at_once_show_one_page(bot: Bot, see: See, slack: LocalSlack, demo_api: DemoApi) -> None:
    demo_api.change(42, system_prompt="A long line of words.\n" * 2_000)
    first = await see("show 42")
    await slack.press(first, "Next")
    last = await slack.press(first, "Next")
    assert "Page 2 of" in (await last.view()).as_text()
    assert "Page 2 of" in (await last.view()).as_text()
    assert "Page 2 of" in slack.views.top(PERSON).as_text()


async def test_whoever_closes_the_modal_while_it_loads_is_left_in_peace(
    open_bot: OpenBot, see_in: See, slack: LocalSlack, demo_api: DemoApi
) -> None:
    await open_bot(famulor_read_timeout=0.5, famulor_total_timeout=0.5)
    demo_api.always(faults.Hang())
    interaction = await slack.type_command("/assistants show 42")
    assert "One moment" in (await interaction.view()).as_text()
    await slack.close()
    demo_api.clear_faults()
    assert "Sales Follow-up" in (await see_in("show 42")).as_text()
    assert [one.error for one in slack.refused] in ([], ["not_found"])


async def test_an_expired_trigger_is_answered_with_a_message(ask: Ask, slack: LocalSlack) -> None:
    slack.next_answers(Refused("expired_trigger_id"), to="views.open")
    answer = await ask("show 42")
    assert "*Status*\n🟢 active" in answer.as_text()
    assert answer.text == "Sales Follow-up (42), active, pipeline, webhook on"
    opened = await slack.press(answer, "open:")
    await opened.view()
    assert "# Who you are" in (await opened.view()).as_text()


@pytest.mark.parametrize(
    ("text", "words", "button"),
    [
        ("show solar", "Ask again with one of their ids", "Solar-Erstberatung (57)"),
        ("zeige Event Invitaton", "Did you mean “Event Invitation” (140)?", "Event Invitation (140)"),
    ],
)
async def test_who_may_have_been_meant_is_shown_with_a_button(
    bot: Bot, see: See, slack: LocalSlack, text: str, words: str, button: str
) -> None:
    view = await see(text)
    assert words in view.as_text()
    pressed = await slack.press(view, button)
    await pressed.view()
    assert "*Status*" in (await pressed.view()).as_text()


@pytest.mark.parametrize("door", ["mention", "say"])
async def test_without_a_modal_as_much_as_fits_is_shown_with_a_button_for_the_rest(
    bot: Bot, slack: LocalSlack, demo_api: DemoApi, door: str
) -> None:
    demo_api.change(42, system_prompt="A long line of words.\n" * 5_000)
    interaction = await (slack.mention if door == "mention" else slack.say)("show 42", user=BEN)
    answer = await interaction.reply()
    assert "*Status*\n🟢 aktiv" in answer.as_text()
    assert "A long line of words." in answer.as_text()
    opened = await slack.press(answer, "Alles anzeigen", user=BEN)
    await opened.view()
    assert "Seite 1 von" in (await opened.view()).as_text()


async def test_stale_data_is_marked_on_every_page(
    bot: Bot, see: See, slack: LocalSlack, demo_api: DemoApi, clock: ManualClock
) -> None:
    demo_api.change(42, system_prompt="A long line of words.\n" * 2_000)
    await see("show 42")
    clock.advance(3_600)
    demo_api.always(faults.NotFound(), path="/api/user/assistants/outbound")
    pages = await all_pages(slack, await see("show 42"))
    assert len(pages) > 2
    assert all("*STALE*: the data is 1 hour old" in page.as_text() for page in pages)
    interaction = await slack.say("show 42")
    assert "STALE" in (await interaction.reply()).text


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (faults.Unauthorized(), "Famulor does not accept the API key of the account “default”"),
        (faults.ServerError(status=503), "Famulor has a fault of its own (503)"),
        (faults.Reset(), "can't be reached"),
    ],
)
async def test_a_famulor_that_fails_is_told_in_the_modal(
    see: See, demo_api: DemoApi, fault: faults.Fault, words: str
) -> None:
    demo_api.always(fault)
    view = await see("show 42")
    assert words in view.as_text()
    assert DEMO_KEY not in str(view.payload)


async def test_accounts_are_told_apart(open_bot: OpenBot, see_in: See, demo_api: DemoApi, slack: LocalSlack) -> None:
    demo_api.keys.add("other-key")
    await open_bot(famulor_accounts={"agency": {"api_key": "other-key", "base_url": demo_api.base_url}})
    shown = await see_in("show 42 account:agency")
    assert "*Account*\nagency" in shown.as_text()
    assert "Ask again with one of their ids" in (await see_in("show 42")).as_text()


HOSTILE = [
    "<!channel>",
    "*a*",
    "=1+1",
    "`x` ~y~ _z_",
    "a\nb\r\nc",
    "\u202eesrever\u2066",
    "\x00\x1b[31mred",
    "@here #general :smile:",
    "<https://evil.example.com|Famulor>",
    "&lt;!here&gt;",
    "n" * 255,
    "&" * 255,
    "\u05d0" * 255,
    "",
    "\u200b",
]


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_assistant_is_shown_as_it_is_and_does_nothing(
    bot: Bot, see: See, slack: LocalSlack, demo_api: DemoApi, name: str
) -> None:
    demo_api.assistants[:] = [
        {
            "id": 1,
            "name": name,
            "mode": name,
            "status": name,
            "timezone": name,
            "initial_message": name,
            "system_prompt": name * 50,
            "variables": {name: name, "{" + name + "}": [name]},
            "webhook_url": f"https://example.com/{name}",
            "extra<!here>": name,
        }
    ]
    views = await all_pages(slack, await see("show 1"))
    message = await (await slack.say("show 1")).reply()
    views += [await (await slack.press(views[0], "JSON")).view()]
    for payload in [*(view.payload for view in views), message.payload]:
        for kind, text in _texts(payload):
            assert not TURNING.search(text)
            if kind != "text":  # rich text is literal
                assert set(re.findall(r"<(.)", text)) <= {"!"}
                assert set(re.findall(r"<!(\w+)", text)) <= {"date"}
            if kind == "mrkdwn":
                formatted = re.sub(r"`[^`]*`", "``", text)
                assert not re.search(r"@(here|channel)|#general|:smile:|https?://evil", formatted)


def _texts(thing: Any) -> list[tuple[str, str]]:
    """Every text with its kind: mrkdwn, plain_text, or text in rich text."""
    if isinstance(thing, list):
        return [text for one in thing for text in _texts(one)]
    if not isinstance(thing, dict):
        return []
    own = [(str(thing.get("type")), thing["text"])] if isinstance(thing.get("text"), str) and "type" in thing else []
    return [*own, *(text for value in thing.values() for text in _texts(value))]
