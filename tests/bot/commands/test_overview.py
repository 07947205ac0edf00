"""Nothing typed: counts, what needs attention, what to type next."""

import pytest

from bot.playground import BEN, PERSON, LocalSlack
from bot.views.overview import FINDINGS
from shared.audit import RULES
from shared.demo import PLANTED, DemoApi, faults, many_assistants
from shared.runtime import Runtime
from shared.settings import SlackSettings
from tests.bot.conftest import Ask, OpenBot
from tests.bot.reading import buttons, names, title

Bot = Runtime[SlackSettings]


async def test_counts_by_status_and_mode_come_first(ask: Ask) -> None:
    answer = await ask("")
    assert title(answer) == "12 outbound assistants"
    assert "*Status:* 🟢 active 9 · ⚪ inactive 2 · 🟡 processing 1" in answer.as_text()
    assert "*Mode:* pipeline 6 · multimodal 3 · dualplex 3" in answer.as_text()
    assert "active 9" in answer.text
    german = await ask("", user=BEN)
    assert title(german) == "12 Outbound-Assistenten"
    assert "*Status:* 🟢 aktiv 9 · ⚪ inaktiv 2 · 🟡 processing 1" in german.as_text()
    assert "*Modus:* pipeline 6" in german.as_text()


async def test_the_worst_that_is_wrong_is_told_with_the_score(ask: Ask, bot: Bot, demo_api: DemoApi) -> None:
    demo_api.change(42, system_prompt=" ", initial_message="")
    audit = (await bot.core.audit()).audit
    hidden = len(audit.findings) - FINDINGS
    assert hidden > 0
    for user, score, total, more in (
        (PERSON, f"{audit.ready} of 12 ready to call", f"{len(audit.findings)} findings: ", f"and {hidden} more"),
        (BEN, f"{audit.ready} von 12 anrufbereit", f"{len(audit.findings)} Befunde: ", f"und {hidden} weitere"),
    ):
        answer = await ask("", user=user)
        shown = answer.as_text()
        told = [RULES[one.rule].what[user == BEN].format(**one.facts) for one in audit.findings]
        assert [one for one in (score, total, more, *told[:FINDINGS]) if one not in shown] == []
        assert score in answer.text
        assert told[0] == RULES["prompt-empty"].what[user == BEN]


async def test_every_finding_has_a_button_that_opens_its_assistant(
    ask: Ask, slack: LocalSlack, demo_api: DemoApi
) -> None:
    demo_api.change(42, system_prompt="", initial_message="")
    opened = await slack.press(await ask(""), "open:default/42/0")
    await opened.view()
    assert "Sales Follow-up" in (await opened.view()).as_text()


async def test_who_does_not_see_prompts_is_told_which_rule_is_broken_but_not_what_stands_there(
    open_bot: OpenBot, ask_in: Ask
) -> None:
    await open_bot(slack_prompts="admins", slack_admins=PERSON)
    assert "{customer_nme}" in (await ask_in("")).as_text()
    shown = (await ask_in("", user=BEN)).as_text()
    assert RULES["undeclared-variable"].title.de in shown
    assert "customer_nme" not in shown
    assert "customer_telephone" not in shown


async def test_where_all_is_well_that_is_said(ask: Ask, demo_api: DemoApi) -> None:
    demo_api.assistants[:] = [one for one in demo_api.assistants if one["id"] not in PLANTED]
    count = len(demo_api.assistants)
    assert f"{count} of {count} ready to call" in (await ask("")).as_text()


async def test_what_was_changed_last_is_shown_latest_first(ask: Ask, demo_api: DemoApi) -> None:
    demo_api.change(140, updated_at="2026-02-28T10:00:00.000000Z")
    shown = (await ask("")).as_text()
    (first, *_others) = shown.partition("*Changed last*\n")[2].splitlines()
    assert "Event Invitation" in first
    assert "2026-02-28 10:00 UTC" in first


async def test_what_to_type_next_is_a_button_that_does_it(ask: Ask, slack: LocalSlack) -> None:
    for user, active, headline in (
        (PERSON, "outbound active", "9 of 12 outbound assistants"),
        (BEN, "ausgehend aktiv", "9 von 12 Outbound-Assistenten"),
    ):
        answer = await ask("", user=user)
        assert buttons(answer)[active] == active
        listed = await (await slack.press(answer, active)).reply()
        assert listed.replaced
        assert title(listed) == headline
    for label in buttons(await ask("")):
        shown = await (await slack.press(await ask(""), label)).reply()
        assert names(shown) or f"/assistants {label}" in shown.as_text()


@pytest.mark.parametrize("count", [0, 1, 11, 5_000])
async def test_any_number_of_assistants_is_summed_up(ask: Ask, demo_api: DemoApi, count: int) -> None:
    demo_api.assistants[:] = [{**record, "system_prompt": "{undeclared}"} for record in many_assistants(count)]
    answer = await ask("")
    if not count:
        assert title(answer) == "There are no outbound assistants"
        assert "As soon as somebody creates one" in answer.as_text()
    else:
        assert f"{count:,}" in title(answer)
        assert f"of {count:,} ready to call" in answer.as_text()


async def test_statuses_and_modes_of_any_number_and_content_fit(ask: Ask, demo_api: DemoApi) -> None:
    demo_api.assistants[:] = [
        {
            "id": number,
            "name": "<!here>" * 40,
            "mode": f"mode {number} {'&' * 300}",
            "status": f"*{number}* {'<' * 300}",
        }
        for number in range(1, 100)
    ]
    shown = (await ask("")).as_text()
    assert "and 91 more" in shown


async def test_stale_data_and_failed_accounts_are_told(open_bot: OpenBot, ask_in: Ask, demo_api: DemoApi) -> None:
    await open_bot(famulor_accounts={"agency": {"api_key": "rejected", "base_url": demo_api.base_url}})
    await ask_in("")
    demo_api.always(faults.NotFound())
    shown = (await ask_in("", user=BEN)).as_text()
    assert "*VERALTET*: Die Daten von default sind" in shown
    assert "Nichts vom Konto agency" in shown
