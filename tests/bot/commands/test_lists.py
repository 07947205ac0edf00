"""`/assistants outbound …` as a person types it, and the list as that person reads and uses it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.connection import connected
from bot.playground import BEN, GENERAL, PERSON, LocalSlack, Message
from shared.demo import DEMO_KEY, DemoApi, faults, many_assistants
from shared.runtime import open_runtime
from tests.bot.conftest import Ask, MakeSettings, OpenBot
from tests.bot.reading import buttons, chosen, ids, names, title
from tests.clocks import ManualClock

OUTBOUND = "/api/user/assistants/outbound"


@pytest.mark.parametrize(
    "text", ["outbound active", "outbound aktiv", "ausgehend aktiv", "active", "AKTIV", "status:aktiv"]
)
async def test_active_assistants_are_listed_by_name_in_both_languages(ask: Ask, demo_api: DemoApi, text: str) -> None:
    answer = await ask(text)
    assert names(answer) == sorted(demo_api.active_names())
    assert title(answer) == "9 of 12 outbound assistants"


@pytest.mark.parametrize("text", ["outbound inactive", "outbound inaktiv", "inaktiv"])
async def test_inactive_assistants_are_listed_in_both_languages(ask: Ask, text: str) -> None:
    assert names(await ask(text)) == ["Event Invitation", "SOLAR-Erstberatung"]


@pytest.mark.parametrize("text", ["outbound", "ausgehend", " \u00a0Outbound\u3000", "ｏｕｔｂｏｕｎｄ"])
async def test_all_of_them_are_listed_ten_at_a_time(ask: Ask, text: str) -> None:
    answer = await ask(text)
    assert len(names(answer)) == 10
    assert title(answer) == "12 outbound assistants"
    assert "`/assistants outbound` · 12 of 12 match · shown: 1 to 10" in answer.as_text()


async def test_a_row_says_what_matters_and_leads_to_famulor(ask: Ask, demo_api: DemoApi) -> None:
    answer = await ask("outbound mode:dualplex status:active")
    assert (
        f"🟢 *Autohaus: Nachfassen nach Probefahrt ({demo_api.base_url}/assistants/101)* `101`\n"
        "active · dualplex · de · Europe/Berlin · webhook off · updated 2025-12-09 09:15 UTC\n"
        "[Details]"
    ) in answer.as_text()
    assert "Autohaus: Nachfassen nach Probefahrt (101), active" in answer.text


async def test_who_speaks_german_reads_german(ask: Ask, demo_api: DemoApi) -> None:
    answer = await ask("outbound mode:dualplex status:active sort:-updated", user=BEN)
    assert title(answer) == "2 von 12 Outbound-Assistenten"
    shown = answer.as_text()
    assert "`/assistants ausgehend aktiv modus:dualplex sortiere:-geändert` · 2 von 12 passen" in shown
    assert "aktiv · dualplex · de · Europe/Berlin · Webhook aus · geändert 2025-12-09 09:15 UTC" in shown
    assert list(buttons(answer)) == ["Aktualisieren", "Im Kanal teilen"]
    assert chosen(answer) == ["Zuletzt Geänderte zuerst", "Status: aktiv"]
    demo_api.assistants[:] = many_assistants(5_000)
    assert title(await ask("outbound", user=BEN)) == "5.000 Outbound-Assistenten"


async def test_what_is_not_known_about_an_assistant_is_left_out(ask: Ask, demo_api: DemoApi) -> None:
    demo_api.assistants[:] = [
        {"id": 1, "name": "", "mode": "pipeline", "status": "", "language_id": 99},
        {"id": 2, "name": "Two", "mode": "", "status": "Paused"},
    ]
    answer = await ask("outbound")
    assert names(answer) == ["(no name)", "Two"]
    assert "\nno status · pipeline · language 99 · no webhook\n" in answer.as_text()
    assert "\nPaused · no webhook\n" in answer.as_text()


@pytest.mark.parametrize(
    ("many", "headline", "rows"),
    [(1, "1 outbound assistant", 1), (11, "11 outbound assistants", 10), (5_000, "5,000 outbound assistants", 10)],
)
async def test_few_and_many_are_counted(ask: Ask, demo_api: DemoApi, many: int, headline: str, rows: int) -> None:
    demo_api.assistants[:] = many_assistants(many)
    answer = await ask("outbound")
    assert title(answer) == headline
    assert len(names(answer)) == rows
    assert ("Next →" in buttons(answer)) is (many > rows)


async def test_an_account_without_assistants_says_so(ask: Ask, demo_api: DemoApi) -> None:
    demo_api.assistants.clear()
    answer = await ask("outbound active")
    assert title(answer) == "There are no outbound assistants"
    assert "As soon as somebody creates one in Famulor" in answer.as_text()
    assert list(buttons(answer)) == ["Refresh"]


@pytest.mark.parametrize("text", ["outbound mode:telepathy", "outbound modus:telepathy"])
async def test_filters_that_nothing_matches_say_so_and_what_there_is_instead(
    ask: Ask, slack: LocalSlack, text: str
) -> None:
    answer = await ask(text)
    assert title(answer) == "0 of 12 outbound assistants"
    assert "No assistant has `mode:telepathy`. There are: pipeline, multimodal, dualplex." in answer.as_text()
    everything = await (await slack.press(answer, "All outbound")).reply()
    assert title(everything) == "12 outbound assistants"
    german = await ask("outbound status:pausiert,geloescht,a,b", user=BEN)
    assert "Kein Assistent hat `status:pausiert`. Es gibt: aktiv, inaktiv, processing." in german.as_text()
    assert "2 weitere Werte dieser Abfrage kommen nirgends vor." in german.as_text()


async def walk(slack: LocalSlack, first: Message, button: str) -> list[Message]:
    """The pages from this one on, until there is no such button."""
    pages = [first]
    while button in buttons(pages[-1]):
        pages.append(await (await slack.press(pages[-1], button)).reply())
    return pages


@pytest.mark.parametrize("order", ["", " sort:-updated", " sort:mode,-id", " sort:-name"])
async def test_pages_can_be_turned_to_the_end_and_back(
    ask: Ask, slack: LocalSlack, demo_api: DemoApi, order: str
) -> None:
    demo_api.assistants[:] = many_assistants(117)
    forth = await walk(slack, await ask(f"outbound active,inactive mode:pipeline{order}"), "Next →")
    wanted = [
        record["id"]
        for record in demo_api.assistants
        if record["mode"] == "pipeline" and record["status"] in {"active", "inactive"}
    ]
    seen = [number for one in forth for number in ids(one)]
    assert sorted(seen) == sorted(wanted)
    assert len(forth) == -(-len(wanted) // 10) > 3
    back = await walk(slack, forth[-1], "← Back")
    # Pages are made of ten from either end; together they are the same list.
    earlier = [number for one in reversed(back[1:]) for number in ids(one)]
    assert seen[: len(earlier)] == earlier
    assert earlier + ids(forth[-1]) == seen
    assert all(message.replaced for message in (*forth[1:], *back[1:]))
    assert "shown: 11 to 20" in forth[1].as_text()


async def test_assistants_that_come_and_go_between_two_pages_make_nobody_appear_twice(
    ask: Ask, slack: LocalSlack, demo_api: DemoApi
) -> None:
    demo_api.assistants[:] = many_assistants(40)
    first = await ask("outbound")
    del demo_api.assistants[:7]
    demo_api.assistants.append({**many_assistants(1)[0], "id": 1, "name": "0 new"})
    pages = await walk(slack, first, "Next →")
    seen = [number for one in pages for number in ids(one)]
    assert len(seen) == len(set(seen))
    assert set(seen) >= {record["id"] for record in demo_api.assistants} - {1}


async def test_a_button_that_is_pressed_twice_answers_twice_the_same(
    ask: Ask, slack: LocalSlack, demo_api: DemoApi
) -> None:
    demo_api.assistants[:] = many_assistants(25)
    first = await ask("outbound")
    once = await (await slack.press(first, "Next →")).reply()
    again = await (await slack.press(first, "Next →")).reply()
    assert ids(once) == ids(again) != ids(first)


async def test_a_page_behind_the_end_of_a_list_that_shrank_says_so(
    ask: Ask, slack: LocalSlack, demo_api: DemoApi
) -> None:
    first = await ask("outbound")
    demo_api.assistants[:] = [record for record in demo_api.assistants if record["name"].startswith("Autohaus")]
    second = await (await slack.press(first, "Next →")).reply()
    assert "nothing comes after that page" in second.as_text()
    assert len(names(await (await slack.press(second, "First page")).reply())) == 1


async def test_a_cursor_of_another_list_is_explained(ask: Ask) -> None:
    assert "The cursor does not belong to this question" in (await ask("outbound after:abc")).as_text()


async def test_the_order_is_chosen_from_a_menu_that_shows_the_present_one(
    ask: Ask, slack: LocalSlack, demo_api: DemoApi
) -> None:
    demo_api.assistants[:] = many_assistants(30)
    second = await (await slack.press(await ask("outbound active"), "Next →")).reply()
    assert chosen(second) == ["Sorted by name", "Status: active"]
    answer = await (await slack.choose(second, "vary:sort", "-updated")).reply()
    assert answer.replaced
    assert chosen(answer) == ["Sorted by change, latest first", "Status: active"]
    active = [record for record in demo_api.assistants if record["status"] == "active"]
    newest = sorted(active, key=lambda record: record["updated_at"], reverse=True)[:10]
    assert {record["updated_at"] for record in demo_api.assistants if record["id"] in ids(answer)} == {
        record["updated_at"] for record in newest
    }
    assert "shown: 1 to 10" in answer.as_text()


async def test_the_status_is_chosen_among_those_that_occur(ask: Ask, slack: LocalSlack) -> None:
    answer = await ask("outbound lang:en sort:id")
    for status in ("active", "inactive", "processing"):
        answer = await (await slack.choose(answer, "vary:status", f"Status: {status}")).reply()
        assert chosen(answer) == ["Sorted by ID", f"Status: {status}"]
        assert answer.as_text().count(f"\n{status} · ") == len(names(answer)) > 0
    answer = await (await slack.choose(answer, "vary:status", "Any status")).reply()
    assert chosen(answer) == ["Sorted by ID", "Any status"]
    assert "`/assistants outbound lang:en sort:id`" in answer.as_text()


async def test_an_order_and_a_status_that_no_menu_offers_are_shown_as_chosen(ask: Ask) -> None:
    answer = await ask("outbound !inactive sort:-mode,id")
    assert chosen(answer) == ["Sorted by -mode,id", "Status: !inactive"]


async def test_statuses_of_any_content_can_be_chosen(ask: Ask, slack: LocalSlack, demo_api: DemoApi) -> None:
    statuses = ["a, b", '"', "!x", "<!channel>", "s" * 300, " ", "*", "Active", "ä" * 100]
    demo_api.assistants[:] = [
        {"id": number, "name": f"{number}", "mode": "m", "status": status} for number, status in enumerate(statuses, 1)
    ]
    answer = await ask("outbound")
    (menu,) = [
        element
        for block in answer.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["action_id"].startswith("vary:status")
    ]
    offered = [option["value"] for option in menu["options"]]
    assert len(offered) == len(statuses) - 2  # any, and those that are not blank, nor too long, nor any
    found = [ids(await (await slack.choose(answer, "vary:status", value)).reply()) for value in offered]
    assert [1] in found
    assert [2] in found
    assert [3] in found
    assert [4] in found


async def test_buttons_and_menus_of_an_old_message_work_after_a_restart(
    settings: MakeSettings, slack: LocalSlack, clock: ManualClock, ask_in: Ask, demo_api: DemoApi
) -> None:
    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        async with open_runtime(settings(), clock) as runtime, connected(runtime):
            await slack.connected()
            yield

    async with running():
        old = await ask_in("outbound !lang:fr sort:name")
    async with running():
        following = await (await slack.press(old, "Next →")).reply()
        assert sorted([*ids(old), *ids(following)]) == sorted(record["id"] for record in demo_api.assistants)
        chosen_one = await (await slack.choose(old, "vary:sort", "-updated")).reply()
        assert chosen(chosen_one)[0] == "Sorted by change, latest first"
        opened = await slack.press(old, "open:default/42")
        await opened.view()
        assert "Sales Follow-up" in (await opened.view()).as_text()


async def test_each_row_opens_its_own_details(ask: Ask, slack: LocalSlack) -> None:
    answer = await ask("outbound")
    spoken = [block["accessory"]["accessibility_label"] for block in answer.blocks if "accessory" in block]
    assert len(set(spoken)) == len(spoken) == 10
    assert "Details of Sales Follow-up (42)" in spoken
    interaction = await slack.press(answer, "open:default/140")
    await interaction.view()
    assert "Event Invitation" in (await interaction.view()).as_text()


async def test_refresh_asks_famulor_also_where_the_answer_is_remembered(
    open_bot: OpenBot, ask_in: Ask, slack: LocalSlack, demo_api: DemoApi, clock: ManualClock
) -> None:
    await open_bot(cache_seconds=3_600)
    second = await (await slack.press(await ask_in("outbound"), "Next →")).reply()
    demo_api.assistants.append({**demo_api.assistants[0], "id": 7, "name": "Zzz"})
    assert "Zzz" not in names(await (await slack.press(await ask_in("outbound"), "Next →")).reply())
    refreshed = await (await slack.press(second, "Refresh")).reply()
    assert refreshed.replaced
    assert names(refreshed) == [*names(second), "Zzz"]


async def test_refresh_leaves_famulor_alone_as_long_as_it_asked_for(
    open_bot: OpenBot, ask_in: Ask, slack: LocalSlack, demo_api: DemoApi, clock: ManualClock
) -> None:
    await open_bot(cache_seconds=10)
    answer = await ask_in("outbound")
    demo_api.next_answers(faults.TooManyRequests(retry_after=90), path=OUTBOUND)
    stale = await (await slack.press(answer, "Refresh")).reply()
    assert "*STALE*" in stale.as_text()
    asked = len(demo_api.requests)
    again = await (await slack.press(stale, "Refresh")).reply()
    assert "*STALE*" in again.as_text()
    assert "Try again in 90 s" in again.as_text()
    assert len(demo_api.requests) == asked
    clock.advance(91)
    assert "*STALE*" not in (await (await slack.press(again, "Refresh")).reply()).as_text()


async def test_a_query_that_is_too_long_for_menus_says_how_to_go_on(ask: Ask, slack: LocalSlack) -> None:
    long = await ask(f'outbound !"{"x" * 600}" !inactive')
    assert chosen(long) == []
    assert "put words such as `sort:-updated` or `status:active` into it" in long.as_text()
    assert list(buttons(long)) == ["Refresh", "Share to channel"]
    assert len(names(long)) == 10
    longest = await ask(f'outbound !"{"x" * 2_500}"')
    assert buttons(longest) == {}
    assert "There are more; narrow the list down to see them." in longest.as_text()


async def test_a_next_page_whose_cursor_would_not_fit_is_not_offered(ask: Ask, demo_api: DemoApi) -> None:
    demo_api.assistants[:] = [{"id": 1 + n, "name": "n" * 4_000, "mode": "m", "status": "s"} for n in range(11)]
    answer = await ask("outbound")
    assert "Next →" not in buttons(answer)
    assert "There are more; narrow the list down to see them." in answer.as_text()


async def test_who_does_not_see_prompts_searches_names_alone(open_bot: OpenBot, ask_in: Ask, slack: LocalSlack) -> None:
    await open_bot(slack_prompts="admins", slack_admins=PERSON)
    everything = await ask_in("outbound preise")
    assert "Solar-Erstberatung" in names(everything)
    answer = await ask_in("outbound preise", user=BEN)
    assert names(answer) == []
    assert "`/assistants ausgehend name:preise`" in answer.as_text()
    assert names(await ask_in("outbound solar sort:id", user=BEN)) == ["Solar-Erstberatung", "SOLAR-Erstberatung"]
    refused = await ask_in("outbound prompt:preise", user=BEN)
    assert "Prompts sehen nur Admins dieser App." in refused.as_text()


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
    "=1+1",
    "|pipe|",
]


@pytest.mark.parametrize("user", [PERSON, BEN])
async def test_hostile_names_are_shown_as_they_are_and_do_nothing(ask: Ask, demo_api: DemoApi, user: str) -> None:
    for start in range(0, len(HOSTILE), 10):
        demo_api.assistants[:] = [
            {
                "id": 1 + number,
                "name": name,
                "mode": name[:255],
                "status": name,
                "timezone": name,
                "system_prompt": f"find me {name}",
                "initial_message": "{" + name + "}",
            }
            for number, name in enumerate(HOSTILE[start : start + 10])
        ]
        for text in ("outbound", 'find "find me"', ""):
            answer = await ask(text, user=user)
            texts = _texts(answer)
            sent = "\n".join(texts)
            # Nothing but our own dates and links may be written between < and >.
            assert set(re.findall(r"<(.)[^>]", sent)) <= {"!", "h"}
            assert set(re.findall(r"<!(\w+)", sent)) <= {"date"}
            assert all(link.startswith(demo_api.base_url) for link in re.findall(r"<(h[^|>]*)", sent))
            assert not re.search(r"[\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f]", sent)
            formatted = re.sub(r"`[^`]*`|<h[^|]*\|", "``", "\n".join(_texts(answer, "mrkdwn")))
            assert not re.search(r"@(here|channel)|#general|https?://|:smile:", formatted)


def _texts(answer: Message, *kinds: str) -> list[str]:
    """All that Slack would read mark-up or entities in, or only what it would format."""
    found = [answer.text]
    for block in answer.blocks:
        parts = [block.get("text"), *block.get("fields", []), *block.get("elements", [])]
        found += [part["text"] for part in parts if part and part["type"] in (kinds or {"mrkdwn", "plain_text"})]
    return found


async def test_accounts_are_told_apart(open_bot: OpenBot, ask_in: Ask, demo_api: DemoApi) -> None:
    demo_api.keys.add("other-key")
    del demo_api.assistants[4:]
    await open_bot(famulor_accounts={"agency": {"api_key": "other-key", "base_url": demo_api.base_url}})
    everything = (await ask_in("outbound")).as_text()
    assert "8 outbound assistants" in everything
    assert "active · default · pipeline" in everything
    assert "active · agency · pipeline" in everything
    assert "(default); 2026" in everything
    only = (await ask_in("outbound konto:agency")).as_text()
    assert "4 outbound assistants" in only
    assert "· agency ·" not in only
    assert (
        "There is no account “nobody”. Known: default, agency." in (await ask_in("outbound account:nobody")).as_text()
    )


async def test_an_account_that_fails_is_named_beside_the_others(
    open_bot: OpenBot, ask_in: Ask, demo_api: DemoApi
) -> None:
    names_of_accounts = ("one", "two", "three", "four", "five")
    accounts = {name: {"api_key": "rejected-key", "base_url": demo_api.base_url} for name in names_of_accounts}
    await open_bot(famulor_accounts=accounts)
    answer = await ask_in("outbound active")
    assert "Nothing of the account one: Famulor does not accept the API key" in answer.as_text()
    assert "2 more problems in other accounts" in answer.as_text()
    assert "Nothing of the account one" in answer.text
    german = (await ask_in("outbound active", user=BEN)).as_text()
    assert "Nichts vom Konto one: Famulor nimmt den API-Schlüssel" in german
    assert "2 weitere Probleme in anderen Konten" in german


async def test_records_that_can_not_be_read_are_told(ask: Ask, demo_api: DemoApi) -> None:
    demo_api.next_answers(faults.BadRecords(), path=OUTBOUND)
    answer = await ask("outbound")
    assert "6 records can't be read and are missing here. No. 1: `id` should be" in answer.as_text()
    assert "and 3 more" in answer.as_text()
    demo_api.assistants[0]["name"] = None
    shown = (await ask("outbound")).as_text()
    assert "1 record can't be read and is missing here. No. 1 (id 42): `name` should be a valid string." in shown
    german = (await ask("outbound", user=BEN)).as_text()
    assert "1 Datensatz ist nicht lesbar und fehlt hier. Nr. 1 (id 42)" in german


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
    for text in ("outbound active", "find preise", ""):
        answer = await ask(text)
        assert words in re.sub("\u200b", "", answer.as_text())
        assert DEMO_KEY not in str(answer.payload)
        assert "<html>" not in str(answer.payload)


async def test_a_famulor_that_hangs_is_given_up_and_told(open_bot: OpenBot, ask_in: Ask, demo_api: DemoApi) -> None:
    await open_bot(famulor_read_timeout=0.2, famulor_total_timeout=0.5)
    demo_api.always(faults.Hang())
    assert "did not answer in time" in (await ask_in("outbound")).as_text()


async def test_old_data_is_marked_with_its_age_and_the_reason(ask: Ask, demo_api: DemoApi, clock: ManualClock) -> None:
    await ask("outbound")
    for seconds, age, german in (
        (300, "5 minutes", "5 Minuten"),
        (3 * 3_600, "3 hours", "3 Stunden"),
        (2 * 86_400, "2 days", "2 Tage"),
    ):
        clock.advance(seconds)
        demo_api.always(faults.NotFound())
        answer = await ask("outbound active")
        assert f"*STALE*: the data is {age} old. 127.0.0.1 has nothing at" in answer.as_text()
        assert "STALE" in answer.text
        assert f"*VERALTET*: Die Daten sind {german} alt." in (await ask("outbound", user=BEN)).as_text()
        demo_api.clear_faults()
        await ask("outbound")


async def test_only_who_asked_sees_the_answer(ask: Ask, slack: LocalSlack) -> None:
    answer = await ask("outbound")
    assert slack.workspace.messages(GENERAL) == []
    assert slack.workspace.messages(GENERAL, seen_by=answer.user) == [answer]
