"""`/assistants find …`: which prompts say it."""

from typing import Any

import pytest

from bot.playground import BEN, PERSON, LocalSlack, Message
from shared.demo import DemoApi, many_assistants
from tests.bot.conftest import Ask, OpenBot
from tests.bot.reading import buttons, chosen, ids, names, title


def bold(answer: Message) -> list[str]:
    """What is marked in the snippets."""
    return [run["text"] for run in _runs(answer) if run.get("style") == {"bold": True}]


def snippets(answer: Message) -> str:
    """All snippets, a line each."""
    return "\n".join(
        "".join(run["text"] for run in item["elements"])
        for block in answer.blocks
        if block["type"] == "rich_text"
        for item in block["elements"][0]["elements"]
    )


def _runs(answer: Message) -> list[dict[str, Any]]:
    return [
        run
        for block in answer.blocks
        if block["type"] == "rich_text"
        for item in block["elements"][0]["elements"]
        for run in item["elements"]
    ]


@pytest.fixture
def prompts(demo_api: DemoApi) -> DemoApi:
    """Four assistants, of which three say it."""
    texts = [
        "Be kind.\nNever promise a REFUND.\nIf they insist on a refund, hand over.",
        "Refunds are for the office; a refund takes a week. Refund, refund, refund!",
        "Nothing of the kind.",
        "Rückerstattung? Then say: rueckerstattung.",
    ]
    demo_api.assistants[:] = [
        {**many_assistants(1)[0], "id": number, "name": f"No. {number}", "system_prompt": text}
        for number, text in enumerate(texts, 1)
    ]
    return demo_api


async def test_each_prompt_that_says_it_is_shown_with_the_places_marked(ask: Ask, prompts: DemoApi) -> None:
    answer = await ask('find "refund"')
    assert title(answer) == "2 of 4 prompts say it"
    assert names(answer) == ["No. 1", "No. 2"]
    assert bold(answer) == ["REFUND", "Refund", "refund"]
    assert "line 2: Be kind. Never promise a REFUND. If they insist on a refund, hand over." in snippets(answer)
    assert "line 1: Refunds are for" in snippets(answer)
    assert "and 1 more place in this prompt" in snippets(answer)
    assert "and 3 more places in this prompt" in snippets(answer)
    assert "No. 1 (1), active: Be kind. Never promise" in answer.text


async def test_umlauts_and_their_spelling_are_the_same_also_in_german(ask: Ask, prompts: DemoApi) -> None:
    answer = await ask("suche RUECKERSTATTUNG", user=BEN)
    assert title(answer) == "In 1 von 4 Prompts gefunden"
    assert bold(answer) == ["Rückerstattung"]
    assert "Zeile 1: Rückerstattung? Then say" in snippets(answer)
    assert "und 1 weitere Stelle in diesem Prompt" in snippets(answer)
    assert '`/assistants suche "RUECKERSTATTUNG"`' in answer.as_text()


async def test_what_stands_in_prompts_is_shown_literally(ask: Ask, prompts: DemoApi) -> None:
    prompts.assistants[0]["system_prompt"] = "before <!channel> & *refund* <https://evil.example|x>\u202e after"
    answer = await ask("find refund status:active")
    assert "before <!channel> & *refund* <https://evil.example|x> after" in snippets(answer)
    # Beyond rich text, in which nothing is read, it is escaped.
    assert "<!channel>" not in answer.text
    assert "<https://evil" not in answer.text


async def test_a_hit_of_any_length_and_prompts_of_one_long_line_fit(ask: Ask, prompts: DemoApi) -> None:
    prompts.assistants[:] = [
        {**many_assistants(1)[0], "id": number, "name": "&" * 255, "system_prompt": "<&>" * 20_000}
        for number in range(1, 31)
    ]
    answer = await ask(f'find "{"<&>" * 700}"')
    assert len(names(answer)) == 10
    assert bold(answer)[0].endswith("…")


async def test_a_search_for_what_is_not_there_shows_who_does_not_say_it(ask: Ask, prompts: DemoApi) -> None:
    answer = await ask("find !refund")
    assert names(answer) == ["No. 3", "No. 4"]
    assert snippets(answer) == ""


async def test_nothing_found_is_said(ask: Ask) -> None:
    answer = await ask("find gibberish")
    assert title(answer) == "0 of 12 prompts say it"
    assert "No assistant matches." in answer.as_text()


async def test_pages_order_status_and_details_work_as_in_a_list(ask: Ask, slack: LocalSlack, demo_api: DemoApi) -> None:
    demo_api.assistants[:] = many_assistants(33)
    pages = [await ask("find uhrzeit active")]
    while "Next →" in buttons(pages[-1]):
        pages.append(await (await slack.press(pages[-1], "Next →")).reply())
    active = [record["id"] for record in demo_api.assistants if record["status"] == "active"]
    assert sorted(number for one in pages for number in ids(one)) == sorted(active)
    assert all("Uhrzeit" in snippets(one) for one in pages)
    assert ids(await (await slack.press(pages[1], "← Back")).reply()) == ids(pages[0])
    sorted_one = await (await slack.choose(pages[1], "vary:sort", "id")).reply()
    assert ids(sorted_one) == sorted(active)[:10]
    assert chosen(sorted_one) == ["Sorted by ID", "Status: active"]
    assert "Uhrzeit" in snippets(await (await slack.press(sorted_one, "Refresh")).reply())
    opened = await slack.press(pages[0], f"open:default/{ids(pages[0])[3]}")
    await opened.view()
    assert names(pages[0])[3] in (await opened.view()).as_text()


async def test_five_thousand_prompts_are_searched(ask: Ask, demo_api: DemoApi) -> None:
    demo_api.assistants[:] = many_assistants(5_000)
    answer = await ask('find "wiederhole jede uhrzeit" !status:active')
    assert len(ids(answer)) == 10
    assert title(answer).endswith(" of 5,000 prompts say it")


async def test_who_does_not_see_prompts_is_refused(open_bot: OpenBot, ask_in: Ask) -> None:
    await open_bot(slack_prompts="admins", slack_admins=PERSON)
    assert "Prompts sehen nur Admins dieser App." in (await ask_in("suche Preise", user=BEN)).as_text()
    answer = await ask_in("find Preise")
    assert names(answer) != []
    # What only admins may read is for no channel.
    assert "Share to channel" not in buttons(answer)


async def test_find_alone_explains_itself(ask: Ask) -> None:
    assert '/assistants find "refund"' in (await ask("find")).as_text()
