"""`ignore` and `unignore`: a rule says nothing of one assistant any more; everybody reads whose decision that is."""

import pytest

from bot.playground import BEN, GENERAL, PERSON, LocalSlack, Refused, View
from bot.views.ignoring import LONGEST
from shared.audit import RULES, Ignore
from shared.demo import DemoApi, faults
from shared.runtime import Runtime
from shared.settings import SlackSettings
from tests.bot.conftest import Ask, OpenBot
from tests.bot.reading import buttons, title
from tests.clocks import ManualClock

Bot = Runtime[SlackSettings]

NO_URL = RULES["webhook-no-url"]


async def standing(bot: Bot) -> list[Ignore]:
    return await bot.store.ignores.all()


async def details(slack: LocalSlack, text: str = "show 118", user: str = PERSON) -> View:
    interaction = await slack.type_command(f"/assistants {text}", user=user)
    await interaction.view()
    return await interaction.view()


async def test_what_is_ignored_is_told_no_more_until_somebody_takes_it_back(
    bot: Bot, ask: Ask, slack: LocalSlack, clock: ManualClock
) -> None:
    reason = "@channel: the campaign *needs* it, `really`"
    ready = int(title(await ask("audit")).split()[0])
    done = await ask(f'ignore 118 webhook-no-url "{reason}"')
    assert f"Ignored from now on, for everybody: {NO_URL.title.en}" in done.as_text()
    (ignore,) = await standing(bot)
    assert ignore == Ignore(
        account="default", assistant=118, rule="webhook-no-url", reason=reason, by=PERSON, at=clock.now()
    )
    audited = await ask("audit", user=BEN)
    assert title(audited) == f"{ready + 1} von 12 anrufbereit"
    assert f"{NO_URL.title.de} · ignoriert von @{PERSON} 2026-03-01 12:00 UTC: " in audited.as_text()
    assert NO_URL.what.de not in audited.as_text()
    assert "*needs*" not in str(audited.payload) + str(done.payload)
    opened = await slack.press(done, "Details")
    await opened.view()
    assert f"{NO_URL.title.en}\nignored by @{PERSON}" in (await opened.view()).as_text()
    clock.advance(60)
    await ask("ignoriere 118 webhook-no-url weil es so ist", user=BEN)
    assert [(one.by, one.reason) for one in await standing(bot)] == [(BEN, "weil es so ist")]
    back = await (await slack.press(done, "Stop ignoring")).reply()
    assert f"Told again from now on: {NO_URL.title.en}" in back.as_text()
    assert f"It was ignored by @{BEN} 2026-03-01 12:01 UTC: weil es so ist" in back.as_text()
    assert await standing(bot) == []
    assert title(await ask("audit")).startswith(f"{ready} of 12")
    assert "Nobody ignores this at *" in (await ask("unignore 118 webhook-no-url")).as_text()
    log = (await ask("log")).as_text()
    assert f"@{PERSON} had a finding told again · #{GENERAL} · `unignore 118 webhook-no-url account:default`" in log
    assert log.count(" ignored a finding · ") == 2
    assert log.count(" had a finding told again · ") == 1


async def test_a_reason_is_asked_for_and_nothing_is_ignored_by_a_guess(
    bot: Bot, ask: Ask, slack: LocalSlack, demo_api: DemoApi
) -> None:
    for text, words in (
        ("ignore 118 webhook-no-url", "An ignored finding needs a reason"),
        ("ignore 118 webhook-no-ulr why", "is no rule of the audit. Valid: webhook-no-url, "),
        ("ignore 118", "• `webhook-no-url` "),
        ("ignore nobody webhook-no-url why", "There is no outbound assistant “nobody”."),
        ("unignore nobody webhook-no-url", "There is no outbound assistant “nobody”."),
    ):
        assert words in (await ask(text)).as_text()
    offered = await ask("ignoriere solar name-shared „sind zwei Kampagnen“", user=BEN)
    assert "SOLAR-Erstberatung (312)" in buttons(offered)
    assert await standing(bot) == []
    done = await (await slack.press(offered, "SOLAR-Erstberatung (312)", user=BEN)).reply()
    assert "Ab jetzt für alle ignoriert" in done.as_text()
    assert [(one.assistant, one.reason) for one in await standing(bot)] == [(312, "sind zwei Kampagnen")]
    again = await ask("beachte solar name-shared", user=BEN)
    assert (await (await slack.press(again, "SOLAR-Erstberatung (312)", user=BEN)).reply()).replaced
    assert await standing(bot) == []
    # What is gone is known by its number, also while nobody can say which it was.
    await ask("ignore 118 webhook-no-url so it is")
    demo_api.always(faults.ServerError())
    assert "Told again from now on" in (await ask("unignore #118 webhook-no-url")).as_text()


async def test_in_the_details_a_form_asks_why_and_the_details_below_are_shown_anew(bot: Bot, slack: LocalSlack) -> None:
    for user, ignore, again in ((PERSON, "Ignore …", "Stop ignoring"), (BEN, "Ignorieren …", "Nicht mehr ignorieren")):
        shown = await details(slack, user=user)
        assert NO_URL.what[user == BEN] in shown.as_text()
        assert f"[{ignore}]" in shown.as_text()
        pressed = await slack.press(shown, "ignore:0")
        form = await pressed.view()
        assert form.previous_id == shown.id
        assert "`webhook-no-url`" in form.as_text()
        refused = await slack.submit(user, {"reason": "  "})
        assert list(refused.form_errors) == ["reason"]
        assert await standing(bot) == []
        sent = await slack.submit(user, {"reason": "<!here> " + "x" * (LONGEST - 8)})
        assert sent.acknowledged
        renewed = await pressed.view()
        assert renewed.id == slack.views.top(user).id == shown.id
        assert NO_URL.what[user == BEN] not in renewed.as_text()
        assert f"@{user}" in renewed.as_text()
        assert "<!here>" not in str(renewed.payload)
        assert [(one.rule, one.by) for one in await standing(bot)] == [("webhook-no-url", user)]
        taken_back = await slack.press(renewed, "heed:0")
        heeded = await taken_back.view()
        assert (heeded.id, await standing(bot)) == (shown.id, [])
        assert f"[{ignore}]" in heeded.as_text()
        assert again not in heeded.as_text()
        await slack.close(user, everything=True)


async def test_details_in_a_message_have_the_form_become_the_details(bot: Bot, slack: LocalSlack) -> None:
    shown = await (await slack.say("show 118")).reply()
    form = await (await slack.press(shown, "ignore:0")).view()
    sent = await slack.submit(PERSON, {"reason": "so it is"})
    waiting, filled = await sent.view(), await sent.view()
    assert waiting.id == filled.id == form.id
    assert f"{NO_URL.title.en}\nignored by @{PERSON}" in filled.as_text()


async def test_where_admins_are_named_nobody_else_decides(open_bot: OpenBot, ask_in: Ask, slack: LocalSlack) -> None:
    bot = await open_bot(slack_admins=PERSON)
    mine = await details(slack)
    assert "[Ignore …]" in mine.as_text()
    others = await details(slack, user=BEN)
    assert NO_URL.what.de in others.as_text()
    assert "[Ignorieren …]" not in others.as_text()
    refused = [
        (await ask_in(text, user=BEN)).as_text()
        for text in ("ignore 118 webhook-no-url so", "unignore 118 webhook-no-url")
    ]
    assert all("Das dürfen nur Admins" in text for text in refused), refused
    assert await standing(bot) == []
    # Who was one when the button was shown is told the same.
    posted = slack.workspace.post(GENERAL, {"text": "x", "blocks": mine.payload["blocks"]})
    told = await (await slack.press(posted, "ignore:0", user=BEN)).reply()
    assert "Das dürfen nur Admins" in told.as_text()
    assert await standing(bot) == []


@pytest.mark.parametrize("verb", ["ignore", "heed"])
async def test_a_button_of_another_version_does_nothing(bot: Bot, slack: LocalSlack, verb: str) -> None:
    button = {"type": "button", "action_id": f"{verb}:0", "text": {"type": "plain_text", "text": "x"}, "value": "help"}
    posted = slack.workspace.post(GENERAL, {"text": "x", "blocks": [{"type": "actions", "elements": [button]}]})
    told = await (await slack.press(posted, f"{verb}:0")).reply()
    assert "another version" in told.as_text()
    assert await standing(bot) == []


async def test_a_form_of_another_version_does_nothing_either(bot: Bot, slack: LocalSlack) -> None:
    pressed = await slack.press(await details(slack), "ignore:0")
    form = await pressed.view()
    slack.views.update({"view_id": form.id, "view": {**form.payload, "private_metadata": "en help"}})
    await slack.submit(PERSON, {"reason": "so it is"})
    while "another version" not in (await pressed.view()).as_text():
        pass
    assert await standing(bot) == []


async def test_a_form_that_slack_does_not_open_is_told(bot: Bot, slack: LocalSlack) -> None:
    shown = await details(slack)
    slack.next_answers(Refused("expired_trigger_id"), to="views.push")
    told = await slack.press(shown, "ignore:0")
    assert "did not open the form" in (await told.view()).as_text()
