"""What is wrong with assistants before they call anyone."""

import re
import sqlite3
from pathlib import Path

import pytest

from bot.playground import BEN, PERSON, LocalSlack, Message
from bot.views.audits import IGNORED
from shared.audit import RULES, Finding, Ignore
from shared.demo import DemoApi, faults, many_assistants
from shared.models import Severity
from shared.query import AssistantQuery, Choice
from shared.runtime import Runtime
from shared.settings import SlackSettings
from tests.bot.conftest import Ask, OpenBot, See
from tests.bot.reading import buttons, title
from tests.clocks import ManualClock

Bot = Runtime[SlackSettings]

OUTBOUND = "/api/user/assistants/outbound"


async def found(bot: Bot, query: AssistantQuery | None = None) -> tuple[Finding, ...]:
    return (await bot.core.audit(query)).audit.findings


def said(one: Finding, user: str = PERSON) -> tuple[str, str]:
    """What is wrong and what to do, as the reader is told."""
    rule = RULES[one.rule]
    return rule.what[user == BEN].format(**one.facts), rule.cure[user == BEN].format(**one.facts)


async def pages(slack: LocalSlack, first: Message, label: str) -> list[Message]:
    """This page and all that the button leads to."""
    seen = [first]
    while label in buttons(seen[-1]):
        seen.append(await (await slack.press(seen[-1], label)).reply())
        assert seen[-1].replaced
    return seen


async def test_the_worst_comes_first_page_by_page_with_its_cure(
    ask: Ask, bot: Bot, slack: LocalSlack, demo_api: DemoApi
) -> None:
    demo_api.change(42, system_prompt="", initial_message="")
    every = await found(bot)
    assert {one.severity for one in every} == set(Severity)
    for user, text, following, back, cure in (
        (PERSON, "audit", "Next →", "← Back", "*Cure:*"),
        (BEN, "prüfe", "Weiter →", "← Zurück", "*Abhilfe:*"),
    ):
        shown = await pages(slack, await ask(text, user=user), following)
        whole = "".join(page.as_text() for page in shown).replace("\u200b", "")
        assert re.findall(r" · `([a-z-]+)`\n", whole) == [one.rule for one in every]
        places = [whole.index(said(one, user)[0]) for one in every]
        assert places == sorted(places)
        assert [one for one in every if f"{cure} {said(one, user)[1]}" not in whole] == []
        aloud = "".join(page.text for page in shown).replace("\u200b", "")
        assert [one for one in every if said(one, user)[0] not in aloud] == []
        backwards = await pages(slack, shown[-1], back)
        assert [page.as_text() for page in backwards] == [page.as_text() for page in reversed(shown)]


async def test_the_score_is_one_that_a_person_understands(ask: Ask, bot: Bot, demo_api: DemoApi) -> None:
    audit = (await bot.core.audit()).audit
    counts = audit.severities
    for user, score, counted in (
        (PERSON, "{} of 12 ready to call", f"{counts[Severity.WARNING]} warnings, {counts[Severity.INFO]} notes"),
        (BEN, "{} von 12 anrufbereit", f"{counts[Severity.WARNING]} Warnungen, {counts[Severity.INFO]} Hinweise"),
    ):
        answer = await ask("audit", user=user)
        assert title(answer) == score.format(audit.ready)
        assert answer.text.startswith(title(answer))
        assert f": {counted}" in answer.as_text()
    demo_api.assistants[:] = [one for one in demo_api.assistants if one["id"] == 42]
    assert title(await ask("audit")) == "1 of 1 ready to call"
    assert "Nothing was found." in (await ask("audit")).as_text()
    demo_api.assistants.clear()
    assert title(await ask("audit", user=BEN)) == "Es gibt keine Outbound-Assistenten"


async def test_findings_are_grouped_by_rule_or_by_assistant_with_a_button_between(
    ask: Ask, bot: Bot, slack: LocalSlack, demo_api: DemoApi
) -> None:
    demo_api.change(42, system_prompt="", initial_message="")
    every = await found(bot)
    by_rule = await (await slack.press(await ask("audit"), "By rule")).reply()
    assert "/assistants audit by:rule" in by_rule.as_text()
    whole = "".join(page.as_text() for page in await pages(slack, by_rule, "Next →"))
    for rule in {one.rule for one in every}:
        number = sum(1 for one in every if one.rule == rule)
        assert f"*{RULES[rule].title.en}* · `{rule}` · {number} finding" in whole
    by_assistant = await (await slack.press(by_rule, "By assistant")).reply()
    assert set(buttons(by_assistant)) >= {"By severity", "By rule", "Refresh"}
    whole = "".join(page.as_text() for page in await pages(slack, by_assistant, "Next →"))
    for bearer in {one.assistant for one in every}:
        mine = sum(1 for one in every if one.assistant == bearer)
        assert f"* `{bearer}` · {mine} finding" in whole
    german = await ask("prüfe je:assistent", user=BEN)
    again = await (await slack.press(german, "Nach Schwere")).reply()
    assert again.as_text() == (await ask("prüfe", user=BEN)).as_text()


async def test_details_open_and_tell_the_same(ask: Ask, bot: Bot, slack: LocalSlack, see: See) -> None:
    for text in ("audit", "audit 101 by:assistant"):
        answer = await ask(text)
        (button, *_others) = re.findall(r"open:default/101/\d+", str(answer.payload))
        pressed = await slack.press(answer, button)
        await pressed.view()
        shown = (await pressed.view()).as_text()
        mine = [one for one in await found(bot) if one.assistant == 101]
        assert mine
        assert "*Audit*" in shown
        assert [one for one in mine if not all(line in shown for line in said(one))] == []
    assert "*Prüfung*\nNichts zu beanstanden." in (await see("zeige 42", user=BEN)).as_text()


@pytest.mark.parametrize(
    ("text", "number", "rules"),
    [
        ("audit 118", 118, r"webhook-no-url"),
        ("prüfe regel:webhook-* ab:warnung je:assistent", None, r"webhook-.*"),
        ("audit lang:de min:warning", None, r".*"),
        ("prüfe Solar", None, r".*"),
    ],
)
async def test_what_is_asked_for_is_told_and_nothing_else(
    ask: Ask, bot: Bot, text: str, number: int | None, rules: str
) -> None:
    told = re.findall(r" · `([a-z-]+)`(?:\n| · )", (await ask(text)).as_text())
    assert told
    assert all(re.fullmatch(rules, rule) for rule in told)
    if number:
        mine = AssistantQuery(ids=Choice(include=(str(number),)))
        assert told == [one.rule for one in await found(bot, mine)]


async def test_where_nothing_matches_that_is_said(ask: Ask) -> None:
    assert "Nothing of this kind was found." in (await ask("audit rule:unreadable")).as_text()
    nobody = await ask("audit name:nobody-is-called-so")
    assert title(nobody) == "No assistant matches."
    assert "“promt-long” is no rule of the audit." in (await ask("audit rule:promt-long")).as_text()
    german = await ask("prüfe sortiere:name", user=BEN)
    assert "„sort:“ bedeutet in einer Prüfung nichts" in german.as_text()
    assert "/assistants prüfe" in (await ask(buttons(german)["Hilfe"], user=BEN)).as_text()


async def test_a_page_behind_what_was_put_right_leads_back_to_the_first(
    ask: Ask, slack: LocalSlack, demo_api: DemoApi
) -> None:
    first = await ask("audit min:warning")
    demo_api.assistants[:] = many_assistants(30)
    for record in demo_api.assistants:
        record["initial_message"] = ""
    long = await ask("audit rule:greeting-empty")
    last = (await pages(slack, long, "Next →"))[-2]
    for record in demo_api.assistants[1:]:
        record["initial_message"] = "Hi"
    gone = await (await slack.press(last, "Next →")).reply()
    assert "nothing comes after that page" in gone.as_text()
    again = await (await slack.press(gone, "First page")).reply()
    assert "· `greeting-empty`" in again.as_text()
    assert (await (await slack.press(first, "Refresh")).reply()).replaced
    assert "does not belong to this question" in (await ask("audit after:nonsense")).as_text()


async def test_what_a_prompt_says_is_told_to_nobody_who_may_not_read_it(open_bot: OpenBot, ask_in: Ask) -> None:
    await open_bot(slack_prompts="admins", slack_admins=PERSON)
    mine, others = (await ask_in("audit")).payload, (await ask_in("prüfe", user=BEN)).payload
    for word in ("customer_nme", "customer_telephone", "251", "TODO"):
        assert word in str(mine)
        assert word not in str(others)
    assert RULES["undeclared-variable"].title.de in str(others)
    # Nothing in these words is anybody's prompt.
    assert RULES["webhook-no-url"].cure.de in str(others)
    refused = await ask_in("prüfe prompt:refund", user=BEN)
    assert "Prompts sehen nur Admins" in refused.as_text()


async def test_accounts_are_told_apart_and_one_that_fails_is_named(
    open_bot: OpenBot, ask_in: Ask, demo_api: DemoApi
) -> None:
    demo_api.keys.add("other-key")
    accounts = {
        name: {"api_key": key, "base_url": demo_api.base_url}
        for name, key in (("agency", "other-key"), ("broken", "rejected"))
    }
    await open_bot(famulor_accounts=accounts)
    shown = (await ask_in("audit rule:webhook-no-url")).as_text()
    for account in ("default", "agency"):
        assert f"`118` · {account} · `webhook-no-url`" in shown
    assert "Nothing of the account broken" in shown
    grouped = (await ask_in("audit account:agency by:assistant 118")).as_text()
    assert "`118` · 1 finding" in grouped


async def test_a_record_that_can_not_be_read_is_one_finding_told_once(ask: Ask, demo_api: DemoApi) -> None:
    demo_api.assistants[0]["name"] = None
    del demo_api.assistants[1]["id"]
    for text in ("audit rule:unreadable", "audit rule:unreadable by:assistant"):
        answer = await ask(text)
        assert answer.as_text().count("Unreadable record") == 2
        assert "is missing here" not in answer.as_text()
        assert "open:" not in str(answer.payload)
    # Of who asks for some alone nobody knows whether these are among them.
    assert "2 records can't be read" in (await ask("audit 118")).as_text()
    assert "2 records can't be read" in (await ask("")).as_text()


async def test_old_data_is_marked_and_a_famulor_that_fails_is_told(ask: Ask, demo_api: DemoApi) -> None:
    await ask("audit")
    demo_api.always(faults.NotFound(), OUTBOUND)
    assert "*STALE*" in (await ask("audit")).as_text()
    demo_api.clear_faults()
    demo_api.assistants[:] = many_assistants(1)
    assert "of 1 ready to call" in title(await ask("audit"))


async def test_thousands_of_any_name_fit(ask: Ask, slack: LocalSlack, demo_api: DemoApi) -> None:
    hostile = ["<!channel>", "*a*", "=1+1", "\u202eRTL", "&" * 255]
    demo_api.assistants[:] = [
        record | {"name": f"{hostile[number % 5]} {number}"[:255], "initial_message": ""}
        for number, record in enumerate(many_assistants(5_000, 300))
    ]
    shown = await pages_by(slack, await ask("audit rule:greeting-empty"), 3)
    assert "5,000 of " in shown[0].as_text()
    assert "shown: 17 to 24" in shown[2].as_text()
    assert "<!channel>" not in str([page.payload for page in shown])
    assert "5,000 findings" in (await ask("audit by:rule rule:greeting-empty")).as_text()
    too_long = "audit " + " ".join(f'name:!"{"x" * 200}{number}"' for number in range(10))
    assert "narrow the list down" in (await ask(too_long)).as_text()


async def pages_by(slack: LocalSlack, first: Message, count: int) -> list[Message]:
    shown = [first]
    while len(shown) < count:
        shown.append(await (await slack.press(shown[-1], "Next →")).reply())
    return shown


async def test_what_is_ignored_is_told_apart_with_who_and_why(ask: Ask, bot: Bot, clock: ManualClock) -> None:
    every = await found(bot)
    for one in every:
        assert one.assistant is not None
        why = f"<!channel> reason {one.assistant}"
        standing = Ignore(account="default", assistant=one.assistant, rule=one.rule, reason=why, by=BEN, at=clock.now())
        await bot.store.ignores.add(standing)
    answer = await ask("audit")
    assert title(answer) == "12 of 12 ready to call"
    shown = answer.as_text()
    assert f"*{len(every)} findings are ignored*" in shown
    assert f"ignored by @{BEN} 2026-03-01 12:00 UTC: " in shown
    assert f"reason {every[0].assistant}" in shown
    assert f"and {len(every) - IGNORED} more" in shown
    assert "<!channel>" not in str(answer.payload)


async def test_without_the_store_everything_is_told(ask: Ask, bot: Bot, tmp_path: Path) -> None:
    before = [(await ask(text)).as_text() for text in ("audit", "")]
    with sqlite3.connect(tmp_path / "bot.sqlite3") as connection:
        connection.execute("DROP TABLE ignores")
    connection.close()
    assert [(await ask(text)).as_text() for text in ("audit", "")] == before
