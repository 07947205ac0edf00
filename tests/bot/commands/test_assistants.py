"""`/assistants …` as a person types it, and the answer as that person reads it."""

import re

import pytest

from bot.playground import LocalSlack, Message
from shared.demo import DEMO_KEY, DemoApi, faults, many_assistants
from tests.bot.conftest import Ask, OpenBot
from tests.clocks import ManualClock


def names(message: Message) -> list[str]:
    """The names of the rows."""
    return re.findall(r"^\S+ \*(.+)\* `\d+`$", message.as_text(), re.MULTILINE)


@pytest.mark.parametrize(
    "text", ["outbound active", "outbound aktiv", "ausgehend aktiv", "active", "AKTIV", "status:aktiv"]
)
async def test_active_assistants_are_listed_by_name_in_both_languages(ask: Ask, demo_api: DemoApi, text: str) -> None:
    answer = await ask(text)
    assert names(answer) == sorted(demo_api.active_names())
    assert "9 of 12 outbound assistants" in answer.as_text()


@pytest.mark.parametrize("text", ["outbound inactive", "outbound inaktiv", "inaktiv"])
async def test_inactive_assistants_are_listed_in_both_languages(ask: Ask, text: str) -> None:
    assert names(await ask(text)) == ["Event Invitation", "SOLAR-Erstberatung"]


@pytest.mark.parametrize("text", ["outbound", "ausgehend", " \u00a0Outbound\u3000", "“outbound”", "ｏｕｔｂｏｕｎｄ"])
async def test_all_of_them_are_listed_ten_at_a_time(ask: Ask, text: str) -> None:
    answer = await ask(text)
    assert len(names(answer)) == 10
    assert "12 outbound assistants" in answer.as_text()
    assert "10 of 12 shown" in answer.as_text()


async def test_the_command_for_the_next_page_can_be_copied_from_the_answer(ask: Ask, demo_api: DemoApi) -> None:
    demo_api.assistants[:] = many_assistants(117)
    seen: list[str] = []
    text = "outbound active,inactive mode:pipeline"
    pages = 0
    while text:
        answer = await ask(text)
        seen += names(answer)
        pages += 1
        following = re.search(r"The next ones: `/assistants (.+)`", answer.as_text())
        text = following[1] if following else ""
    expected = [
        record["name"]
        for record in demo_api.assistants
        if record["mode"] == "pipeline" and record["status"] in {"active", "inactive"}
    ]
    assert seen == sorted(expected)
    assert pages == -(-len(expected) // 10) > 3


async def test_a_row_says_what_matters_in_words(ask: Ask) -> None:
    answer = await ask("outbound mode:dualplex status:active")
    assert (
        "🟢 *Autohaus: Nachfassen nach Probefahrt* `101`\n"
        "active · dualplex · de · Europe/Berlin · webhook off · updated 2025-12-09 09:15 UTC\n"
    ) in answer.as_text()
    assert "Autohaus: Nachfassen nach Probefahrt (101), active" in answer.text


async def test_what_is_not_known_about_an_assistant_is_left_out(ask: Ask, demo_api: DemoApi) -> None:
    demo_api.assistants[:] = [
        {"id": 1, "name": "", "mode": "pipeline", "status": "", "language_id": 99},
        {"id": 2, "name": "Two", "mode": "", "status": "Paused"},
    ]
    assert "🟡 *(no name)* `1`\nno status · pipeline · language 99 · no webhook\n" in (await ask("outbound")).as_text()
    assert "🟡 *Two* `2`\nPaused · no webhook\n" in (await ask("outbound")).as_text()


async def test_one_assistant_is_one_assistant(ask: Ask, demo_api: DemoApi) -> None:
    del demo_api.assistants[1:]
    answer = await ask("outbound")
    assert answer.as_text().startswith("1 outbound assistant\n")
    assert "shown" not in answer.as_text()


async def test_eleven_assistants_make_a_second_page_of_one(ask: Ask, demo_api: DemoApi) -> None:
    demo_api.assistants[:] = many_assistants(11)
    assert "10 of 11 shown" in (await ask("outbound")).as_text()


async def test_an_account_without_assistants_says_so(ask: Ask, demo_api: DemoApi) -> None:
    demo_api.assistants.clear()
    answer = await ask("outbound active")
    assert answer.as_text().startswith("There are no outbound assistants\n")
    assert "As soon as somebody creates one in Famulor" in answer.as_text()


@pytest.mark.parametrize("text", ["outbound mode:telepathy", "outbound modus:telepathy"])
async def test_filters_that_nothing_matches_say_so(ask: Ask, text: str) -> None:
    answer = await ask(text)
    assert answer.as_text().startswith("None of 12 outbound assistants\n")
    assert "`/assistants outbound` lists all of them" in answer.as_text()


async def test_a_page_behind_the_end_of_a_list_that_shrank_says_so(ask: Ask, demo_api: DemoApi) -> None:
    following = re.search(r"/assistants (outbound after:\S+)`", (await ask("outbound")).as_text())
    assert following is not None
    demo_api.assistants[:] = [record for record in demo_api.assistants if record["name"].startswith("Autohaus")]
    assert "nothing comes after that page" in (await ask(following[1])).as_text()


async def test_a_cursor_of_another_list_is_explained(ask: Ask) -> None:
    assert "The cursor does not belong to this question" in (await ask("outbound after:abc")).as_text()


async def test_a_next_page_whose_command_would_not_fit_is_not_offered(ask: Ask, demo_api: DemoApi) -> None:
    demo_api.assistants[:] = [{"id": 1 + n, "name": "n" * 4_000, "mode": "m", "status": "s"} for n in range(11)]
    assert "There are more; narrow the list down" in (await ask("outbound")).as_text()


@pytest.mark.parametrize(
    "text", ["show 42", "zeige 42", "zeig #42", "SHOW Sales Follow-up", 'zeige  "sales follow-up"', "show „Sales“"]
)
async def test_one_assistant_is_shown_with_everything_in_both_languages(ask: Ask, text: str) -> None:
    shown = (await ask(text)).as_text()
    for part in (
        "Sales Follow-up\n",
        "*Status:* 🟢 active",
        "*ID:* `42`",
        "*Voice:* Alex (201)",
        "*Language:* English (2)",
        "*Timezone:* America/New_York",
        "*Created:* 2025-03-11 09:24 UTC",
        "*Webhook:* on `https://crm.example.com/hooks/famulor/sales`",
        "*Greeting*\nHi, this is Alex from Northwind Office Supply. Am I speaking with {customer_name}?",
        "*Prompt*\n# Who you are\nYou are Alex",
        'product: "standing desks"',
        'labels: ["US", "quotes"]',
        "fetched 2026-03-01 12:00 UTC",
    ):
        assert part in shown
    assert "✂️" not in shown


async def test_names_that_can_not_be_had_leave_the_numbers(ask: Ask, demo_api: DemoApi) -> None:
    for path in ("voices", "languages"):
        demo_api.always(faults.Forbidden(), path=f"/api/user/assistants/{path}")
    shown = (await ask("show 42")).as_text()
    assert "*Voice:* 201" in shown
    assert "*Language:* 2\n" in shown


async def test_what_an_assistant_lacks_is_a_dash(ask: Ask, demo_api: DemoApi) -> None:
    demo_api.assistants[:] = [{"id": 1, "name": " ", "mode": "pipeline", "status": "active"}]
    shown = (await ask("show 1")).as_text()
    assert shown.startswith("(no name)\n")
    for part in ("*Voice:* –", "*User:* –", "*Created:* –", "*Webhook:* none"):
        assert part in shown
    assert "Prompt" not in shown


async def test_what_people_keep_secret_in_an_assistant_is_not_shown(ask: Ask, demo_api: DemoApi) -> None:
    demo_api.change(
        42,
        webhook_url="https://user:canary1@hooks.example.com/a?token=canary2#canary3",
        variables={"crm_token": "canary4", "city": "Berlin"},
        integration={"api_key": "canary5"},
    )
    answer = await ask("show 42")
    assert "*Webhook:* on `https://•••@hooks.example.com/a?token=•••#•••`" in answer.as_text()
    assert 'crm_token: "•••"\ncity: "Berlin"' in answer.as_text()
    assert 'integration: {"api_key": "•••"}' in answer.as_text()
    assert "canary" not in str(answer.payload)


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"is_webhook_active": False}, "*Webhook:* off `https://crm.example.com/hooks/famulor/sales`"),
        ({"webhook_url": None}, "*Webhook:* switched on, but without a URL"),
        ({"webhook_url": "https://[bad"}, "*Webhook:* on `•••`"),
    ],
)
async def test_every_state_of_a_webhook_is_told(
    ask: Ask, demo_api: DemoApi, fields: dict[str, object], shown: str
) -> None:
    demo_api.change(42, **fields)
    assert shown in (await ask("show 42")).as_text()


async def test_a_prompt_that_does_not_fit_says_how_much_is_left_out(ask: Ask, demo_api: DemoApi) -> None:
    demo_api.change(42, system_prompt="word & " * 5_000, initial_message="hello " * 1_000)
    answer = await ask("show 42")
    shown = answer.as_text()
    left_out = re.search(r"✂️ ([\d,]+) more characters: the whole prompt does not fit", shown)
    assert left_out is not None
    literal = "".join(
        block["text"]["text"] for block in answer.blocks if block["type"] == "section" and "text" in block
    )
    prompt = "".join(re.findall(r"word |&amp; ", literal)).replace("&amp;", "&")
    assert len(prompt) + int(left_out[1].replace(",", "")) == len("word & " * 5_000)
    assert "the whole greeting does not fit" in shown


async def test_a_name_that_several_have_is_asked_back(ask: Ask) -> None:
    shown = (await ask("zeige solar")).as_text()
    assert "Ask again with one of their ids" in shown
    assert "(57)" in shown
    assert "(312)" in shown


async def test_a_name_that_nobody_has_is_answered_with_near_ones(ask: Ask) -> None:
    assert "Did you mean “Event Invitation” (140)?" in (await ask("show Event Invitaton")).as_text()


@pytest.mark.parametrize("text", ["", "help", "hilfe", "?", "Hilfe!help"])
async def test_help_lists_the_commands_in_both_languages(ask: Ask, text: str) -> None:
    shown = (await ask(text)).as_text()
    if text == "Hilfe!help":
        assert "Did you mean `/assistants hilfe`?" in shown
    else:
        assert "/assistants outbound active" in shown
        assert "/assistants zeige" in shown


@pytest.mark.parametrize("text", ["show", "zeige", "help show", "hilfe zeige", "show account:default"])
async def test_help_for_one_command_shows_that_one(ask: Ask, text: str) -> None:
    shown = (await ask(text)).as_text()
    assert "/assistants show 42" in shown
    assert "/assistants outbound" not in shown


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("outbond activ", "Did you mean `/assistants outbound active`?"),
        ("outbound inaktif", "Did you mean `/assistants outbound inaktiv`?"),
        ("outbound mod:dualplex", "Did you mean `/assistants outbound mode:dualplex`?"),
        ("shwo 42", "Did you mean `/assistants show 42`?"),
        ("hilfee", "Did you mean `/assistants hilfe`?"),
        ("outbound and something else entirely", "`/assistants help` lists what I understand."),
        ("outbound activ activ activ activ", "`/assistants help` lists what I understand."),
        ("xyz", "I don't understand “xyz”. `/assistants help` lists what I understand."),
    ],
)
async def test_what_is_not_understood_is_answered_with_what_was_probably_meant(ask: Ask, text: str, meant: str) -> None:
    assert meant in (await ask(text)).as_text()


async def test_four_thousand_characters_of_anything_get_an_answer(ask: Ask) -> None:
    for text in ("x" * 4_000, "`*<!channel>&" * 300, "show " + "<y> " * 1_000, 'outbound mode:"' + "z" * 4_000):
        await ask(text)


HOSTILE = [
    "<!channel>",
    "*a*",
    "`x`",
    "~x~ _y_",
    "a\nb\r\nc",
    "\u202eesrever\u2066",
    "\x00\x1b[31mred",
    "@here @channel #general",
    "https://evil.example.com www.example.org mail@example.com",
    "<https://evil.example.com|Famulor>",
    "&lt;!here&gt;",
    "n" * 255,
    "&" * 255,
    "> quoted",
    ":smile: :skull:",
    "\u200b",
]


async def test_hostile_names_are_shown_as_they_are_and_do_nothing(ask: Ask, demo_api: DemoApi) -> None:
    for start in range(0, len(HOSTILE), 10):
        demo_api.assistants[:] = [
            {
                "id": 1 + number,
                "name": name,
                "mode": name[:255],
                "status": name,
                "timezone": name,
                "initial_message": name,
                "system_prompt": name,
                "variables": {name: name},
                "webhook_url": f"https://example.com/{name}",
                "extra<!here>": name,
            }
            for number, name in enumerate(HOSTILE[start : start + 10])
        ]
        answers = [await ask("outbound")] + [await ask(f"show {record['id']}") for record in demo_api.assistants]
        for answer in answers:
            sent = str([answer.text, answer.blocks])
            # Nothing but our own dates may be written between < and >.
            assert set(re.findall(r"<(.)[^>]", sent)) <= {"!"}
            assert set(re.findall(r"<!(\w+)", sent)) <= {"date"}
            assert not re.search(r"[\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f]", "".join(_texts(answer)))
            formatted = re.sub(r"`[^`]*`", "``", "\n".join(_texts(answer, "mrkdwn")))
            assert not re.search(r"@(here|channel)|#general|https?://|:smile:", formatted)


def _texts(answer: Message, *kinds: str) -> list[str]:
    """All that Slack would show, or only what it would format."""
    texts = [answer.text]
    for block in answer.blocks:
        parts = [block.get("text"), *block.get("fields", []), *block.get("elements", [])]
        texts += [part["text"] for part in parts if part and part["type"] in (kinds or {"mrkdwn", "plain_text"})]
    return texts


async def test_accounts_are_told_apart(open_bot: OpenBot, demo_api: DemoApi) -> None:
    demo_api.keys.add("other-key")
    del demo_api.assistants[4:]
    accounts = {"agency": {"api_key": "other-key", "base_url": demo_api.base_url}}
    ask = await open_bot(famulor_accounts=accounts)
    everything = (await ask("outbound")).as_text()
    assert "8 outbound assistants" in everything
    assert "active · default · pipeline" in everything
    assert "active · agency · pipeline" in everything
    assert "(default); 2026" in everything
    only = (await ask("outbound konto:agency")).as_text()
    assert "4 outbound assistants" in only
    assert "· agency ·" not in only
    assert "*Account:* agency" in (await ask("show 42 account:agency")).as_text()
    assert "Ask again with one of their ids" in (await ask("show 42")).as_text()
    assert "There is no account “nobody”. Known: default, agency." in (await ask("outbound account:nobody")).as_text()


async def test_an_account_that_fails_is_named_beside_the_others(open_bot: OpenBot, demo_api: DemoApi) -> None:
    accounts = {
        name: {"api_key": "rejected-key", "base_url": demo_api.base_url}
        for name in ("one", "two", "three", "four", "five")
    }
    ask = await open_bot(famulor_accounts=accounts)
    answer = await ask("outbound active")
    assert "Nothing of the account one: Famulor does not accept the API key" in answer.as_text()
    assert "2 more problems in other accounts" in answer.as_text()
    assert "Nothing of the account one" in answer.text


async def test_records_that_can_not_be_read_are_told(ask: Ask, demo_api: DemoApi) -> None:
    demo_api.next_answers(faults.BadRecords(), path="/api/user/assistants/outbound")
    answer = await ask("outbound")
    assert "6 records are not shown: they can't be read. No. 1: `id` should be" in answer.as_text()
    assert "and 3 more" in answer.as_text()
    demo_api.assistants[0]["name"] = None
    shown = (await ask("outbound")).as_text()
    assert "1 record is not shown: it can't be read. No. 1 (id 42): `name` should be a valid string." in shown


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (faults.Unauthorized(), "Famulor does not accept the API key of the account “default”"),
        (faults.LoginPage(), "Create a new key in Famulor under API Keys"),
        (faults.LoginRedirect(), "Create a new key in Famulor under API Keys"),
        (faults.Forbidden(), "may not read assistants"),
        (faults.NotFound(), "Check FAMULOR_BASE_URL"),
        (faults.ServerError(status=503), "Famulor has a fault of its own (503). Try again in a moment."),
        (faults.TooManyRequests(retry_after=90), "Try again in 90 s."),
        (faults.Body(content=b"<html>*nope*</html>", content_type="text/html"), "API Keys"),
        (faults.Body(content=b"nope"), "is not JSON"),
        (faults.Reset(), "can't be reached"),
        (faults.EchoedKey(), "Famulor has a fault of its own (500"),
    ],
)
async def test_every_failure_of_famulor_is_answered_in_words(
    ask: Ask, demo_api: DemoApi, fault: faults.Fault, words: str
) -> None:
    demo_api.always(fault)
    for text in ("outbound active", "show 42"):
        answer = await ask(text)
        assert words in re.sub("\u200b", "", answer.as_text())
        assert DEMO_KEY not in str(answer.payload)
        assert "<html>" not in str(answer.payload)


async def test_a_famulor_that_hangs_is_given_up_and_told(open_bot: OpenBot, demo_api: DemoApi) -> None:
    ask = await open_bot(famulor_read_timeout=0.2, famulor_total_timeout=0.5)
    demo_api.always(faults.Hang())
    assert "did not answer in time" in (await ask("outbound")).as_text()


async def test_old_data_is_marked_with_its_age_and_the_reason(ask: Ask, demo_api: DemoApi, clock: ManualClock) -> None:
    await ask("outbound")
    for seconds, age in ((300, "5 min"), (3 * 3_600, "3 h"), (2 * 86_400, "2 days")):
        clock.advance(seconds)
        demo_api.always(faults.NotFound())
        answer = await ask("outbound active")
        assert f"*STALE*: the data is {age} old. 127.0.0.1 has nothing at" in answer.as_text()
        assert "STALE" in answer.text
        assert "STALE" in (await ask("show 42")).as_text()
        demo_api.clear_faults()
        await ask("outbound")
    demo_api.always(faults.NotFound())
    assert "the data is 0 s old" in (await ask("outbound")).as_text()


async def test_only_who_asked_sees_the_answer(ask: Ask, slack: LocalSlack) -> None:
    answer = await ask("help")
    assert slack.workspace.messages(answer.channel) == []
    assert slack.workspace.messages(answer.channel, seen_by=answer.user) == [answer]
