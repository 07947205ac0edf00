"""`subscribe`, `subscriptions` and `unsubscribe` as people see them: first what it would have told, then a choice."""

import asyncio
import json
from dataclasses import replace

import pytest

from bot.connection import connected
from bot.playground import BEN, GENERAL, PARTNERS, PERSON, RANDOM, TEAM, LocalSlack, Message, Refused
from bot.words import GROUPS
from shared.alerts import Subscription
from shared.demo import DEMO_KEY, DemoApi, faults, many_assistants
from shared.models import Severity
from shared.query import AssistantQuery, Choice
from shared.runtime import Runtime, open_runtime
from shared.settings import SlackSettings
from tests.bot.alerts.conftest import PLACE, OpenWorld, World
from tests.bot.conftest import Ask, MakeSettings, OpenBot
from tests.bot.reading import buttons
from tests.clocks import ManualClock

Bot = Runtime[SlackSettings]


@pytest.fixture
async def watched(open_world: OpenWorld) -> World:
    """The baseline is taken, and nobody has subscribed."""
    world: World = await open_world()
    return world


async def there(runtime: Bot, channel: str = GENERAL) -> list[Subscription]:
    return await runtime.store.subscriptions.of(f"{TEAM}/{channel}")


async def pressed(slack: LocalSlack, where: Message, action: str, **given: str) -> Message:
    return await (await slack.press(where, action, **given)).reply()


async def test_it_shows_first_what_it_would_have_told_and_writes_nothing(
    watched: World, ask_in: Ask, slack: LocalSlack
) -> None:
    watched.clock.advance(8 * 24 * 3600)
    watched.api.change(42, status="inactive")
    watched.api.change(57, name="Neuer Name")
    await watched.poll()
    for user, words in (
        (PERSON, ("it would hear of `active`", "told *2 changes*: switched off 1, renamed 1", "Nothing is subscribed")),
        (BEN, ("gemeldet würde `aktiv`", "*2 Änderungen* (ausgeschaltet 1, umbenannt 1)", "Noch ist nichts abonniert")),
    ):
        shown = await ask_in("subscribe active", user=user)
        text = shown.as_text()
        for part in (*words, "`42`", "*Neuer Name", "8 of 12" if user == PERSON else "8 von 12"):
            assert part in text
        assert "history begins" not in text
        assert "Verlauf beginnt" not in text
    assert await there(watched.runtime) == []
    assert "told *nothing*" in (await ask_in("subscribe on:account")).as_text()


async def test_confirmed_it_tells_the_channel_of_what_happens_from_then_on(
    watched: World, ask_in: Ask, slack: LocalSlack
) -> None:
    done = await pressed(slack, await ask_in("subscribe active on:status min:warning"), "Subscribe")
    assert done.replaced
    assert "Subscribed for #C0GENERAL1: `active on:status min:warning`. It is subscription 1" in done.as_text()
    (kept,) = await there(watched.runtime)
    assert (kept.created_by, kept.groups, kept.minimum) == (PERSON, frozenset({"status"}), Severity.WARNING)
    assert kept.query.status == Choice(include=("active",))
    (alert,) = await watched.changed(42, status="inactive")
    assert "`42` was switched off" in alert.as_text()
    assert await watched.changed(42, initial_message="Good day!") == [alert]
    log = (await ask_in("log")).as_text()
    assert f"@{PERSON} subscribed · #C0GENERAL1 · `1: subscribe active on:status min:warning #C0GENERAL1`" in log


async def test_pressed_twice_by_two_people_at_once_it_is_one_subscription(
    watched: World, ask_in: Ask, slack: LocalSlack
) -> None:
    previews = [await ask_in("subscribe lang:de", user=user) for user in (PERSON, BEN) * 4]
    presses = await asyncio.gather(*(slack.press(preview, "subscribe:") for preview in previews))
    answers = [(await one.reply()).as_text() for one in presses]
    (kept,) = await there(watched.runtime)
    assert all(f"{kept.id}" in answer for answer in answers)
    assert len([answer for answer in answers if "already" in answer or "Schon abonniert" in answer]) == 7
    log = (await ask_in("log")).as_text()
    assert log.count("subscribed") == 1
    again = await ask_in("abonniere sprache:de", user=BEN)
    assert f"hat die Nummer {kept.id}" in again.as_text()
    assert list(buttons(again)) == ["Alle Abonnements"]


async def test_the_button_works_after_a_restart(
    settings: MakeSettings, slack: LocalSlack, clock: ManualClock, ask_in: Ask
) -> None:
    async with open_runtime(settings(), clock) as runtime, connected(runtime):
        await slack.connected()
        preview = await ask_in('subscribe "lead, follow" on:prompt min:critical')
    async with open_runtime(settings(), clock) as runtime, connected(runtime):
        await slack.connected()
        await pressed(slack, preview, "Subscribe")
        (kept,) = await there(runtime)
    assert kept.query.search == (Choice(include=("lead, follow",)),)
    assert (kept.groups, kept.minimum) == (frozenset({"prompt"}), Severity.CRITICAL)


async def test_boxes_and_a_menu_narrow_it_down_without_writing(watched: World, ask_in: Ask, slack: LocalSlack) -> None:
    shown = await ask_in("abonniere aktiv", user=BEN)
    interaction = await slack.choose(shown, "vary:on", ["webhook", "account"], user=BEN)
    shown = await interaction.reply()
    assert shown.replaced
    assert "`aktiv bei:webhook,konto`" in shown.as_text()
    shown = await (await slack.choose(shown, "vary:min", "critical", user=BEN)).reply()
    assert "`aktiv bei:webhook,konto ab:kritisch`" in shown.as_text()
    wide = await (await slack.choose(shown, "vary:on", list(GROUPS), user=BEN)).reply()
    assert "`aktiv ab:kritisch`" in wide.as_text()
    none = await (await slack.choose(wide, "vary:on", [], user=BEN)).reply()
    assert "`aktiv ab:kritisch`" in none.as_text()
    assert await there(watched.runtime) == []
    await pressed(slack, shown, "Abonnieren", user=BEN)
    (kept,) = await there(watched.runtime)
    assert (kept.groups, kept.minimum) == (frozenset({"webhook", "account"}), Severity.CRITICAL)


async def test_an_order_that_is_too_long_for_menus_says_what_to_type(ask: Ask, slack: LocalSlack) -> None:
    long = (await ask("subscribe " + " ".join(f'"{"x" * 60}{number}"' for number in range(8)))).as_text()
    assert "put words such as `on:webhook` or `min:warning` into it" in long
    assert "[Subscribe]" in long
    longer = (await ask("subscribe " + " ".join(f'"{"x" * 60}{number}"' for number in range(40)))).as_text()
    assert "too long for a button" in longer
    assert "[Subscribe]" not in longer


async def test_before_anything_was_watched_and_with_a_short_history_it_says_so(
    ask_in: Ask, open_world: OpenWorld
) -> None:
    await open_world()
    text = (await ask_in("subscribe")).as_text()
    assert "every change of every assistant" in text
    assert "The history begins 2026-03-01 12:00 UTC; what was before is not known." in text


async def test_without_a_watch_there_is_no_telling(ask: Ask) -> None:
    assert "Nothing has been watched yet, so there is no telling" in (await ask("subscribe")).as_text()
    assert "Bisher ist nichts beobachtet worden" in (await ask("abonniere", user=BEN)).as_text()


async def test_many_changes_are_counted_and_the_newest_few_are_told(watched: World, ask_in: Ask) -> None:
    watched.api.assistants[:] = many_assistants(300)
    await watched.poll()
    await watched.poll()  # nearly everything is gone: that must be confirmed
    text = (await ask_in("subscribe")).as_text()
    assert "*312 changes*: created 300, deleted 12" in text
    assert "and 307 more changes" in text
    assert text.count("was created") + text.count("was deleted") == 5


async def test_of_several_accounts_it_says_which_are_not_watched_yet(
    open_world: OpenWorld, ask_in: Ask, demo_api: DemoApi
) -> None:
    one = {"api_key": DEMO_KEY, "base_url": demo_api.base_url}
    other = {"api_key": "unknown", "base_url": demo_api.base_url}
    await open_world(famulor_api_key=None, famulor_accounts=json.dumps({"agency": one, "client": other}))
    text = (await ask_in("subscribe")).as_text()
    assert "Not watched yet: client." in text
    assert "Nothing of the account client" in text


async def test_while_famulor_is_down_it_can_be_subscribed_all_the_same(
    watched: World, ask_in: Ask, slack: LocalSlack
) -> None:
    watched.api.next_answers(*[faults.ServerError()] * 50)
    shown = await ask_in("subscribe lang:de active")
    text = shown.as_text()
    assert "Famulor does not answer" in text or "STALE" in text
    await pressed(slack, shown, "Subscribe")
    assert len(await there(watched.runtime)) == 1


async def test_an_order_that_nobody_meets_is_warned_of(ask: Ask) -> None:
    text = (await ask("subscribe lang:xx name:nobody")).as_text()
    assert "No assistant matches now" in text
    assert "No assistant has `lang:xx`" in text


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("subscribe account:nowhere", "There is no account “nowhere”"),
        (
            "subscribe on:weather",
            "“weather” is no kind of change. Valid: status, prompt, webhook, config, audit, account.",
        ),
        ("subscribe on:!status,!prompt,!webhook,!config,!audit,!account", "is no kind of change"),
        ("subscribe min:huge", "“huge” is no severity. Valid: info, warning, critical."),
        ("subscribe updated:7d", "“updated:” means nothing in a subscription"),
        ("subscribe sort:name", "“sort:” means nothing in a subscription"),
        ("subscribe activ", "Did you mean `/assistants subscribe active`?"),
        ("suscribe", "Did you mean `/assistants subscribe`?"),
    ],
)
async def test_what_can_t_be_ordered_is_explained(ask: Ask, bot: Bot, text: str, english: str) -> None:
    assert english in (await ask(text)).as_text()
    assert await there(bot) == []


async def test_another_channel_is_named_by_its_name_or_as_slack_writes_it(bot: Bot, slack: LocalSlack) -> None:
    slack.workspace.add_channel("C0VERTRIEB", "vertrieb", members=(PERSON, "U0LOCALBOT"))
    for number in range(250):
        slack.workspace.add_channel(f"C0M{number:05}", f"a{number}", members=("U0LOCALBOT",))
    for text in ("subscribe active #vertrieb", "subscribe active #Vertrieb"):
        reply = await (await slack.type_command(f"/assistants {text}")).reply()
        assert "for #C0VERTRIEB" in reply.as_text()
    said = await (await slack.mention("subscribe active <#C0VERTRIEB|vertrieb>")).reply()
    await pressed(slack, said, "Subscribe")
    assert len(await there(bot, "C0VERTRIEB")) == 1
    assert await there(bot) == []


async def test_a_direct_message_subscribes_itself(bot: Bot, slack: LocalSlack) -> None:
    direct = slack.workspace.direct_channel(BEN).id
    said = await (await slack.say("abonniere aktiv hier", user=BEN)).reply()
    assert "Vorschau für diesen direkten Chat" in said.as_text()
    await pressed(slack, said, "Abonnieren", user=BEN)
    (kept,) = await there(bot, direct)
    assert kept.created_by == BEN
    shown = (await (await slack.say("abonnements", user=BEN)).reply()).as_text()
    assert "*1 Abonnement* für diesen direkten Chat" in shown


async def test_nobody_subscribes_somebody_else_s_direct_messages(bot: Bot, slack: LocalSlack) -> None:
    direct = slack.workspace.direct_channel(BEN).id
    reply = await (await slack.type_command(f"/assistants subscribe #{direct}")).reply()
    assert "I am not in that channel" in reply.as_text()
    own = slack.workspace.direct_channel(PERSON).id
    assert (
        "Preview for this direct"
        in (await (await slack.type_command(f"/assistants subscribe #{own}")).reply()).as_text()
    )


@pytest.mark.parametrize(
    ("text", "channel", "refusal", "english", "german"),
    [
        ("subscribe", RANDOM, "", "Invite me there with /invite", "Lade mich dort mit /invite"),
        (f"subscribe #{RANDOM}", GENERAL, "", "I am not in that channel", "Ich bin nicht in diesem Kanal"),
        ("subscribe #random", GENERAL, "", "I am in no channel called", "Ich bin in keinem Kanal, der"),
        ("subscribe #nowhere", GENERAL, "", "nowhere. Invite me there", "nowhere heißt. Lade mich dort"),
        ("subscribe", GENERAL, "channel_not_found", "I am not in that channel", "Ich bin nicht in diesem Kanal"),
        ("subscribe", GENERAL, "fatal_error", "Slack does not tell (?)", "gerade keine Auskunft (fatal_error)"),
    ],
)
async def test_a_channel_that_can_t_be_told_is_explained(
    bot: Bot, slack: LocalSlack, text: str, channel: str, refusal: str, english: str, german: str
) -> None:
    english = english.replace("tell (?)", "tell about that channel at the moment (fatal_error)")
    for user, words in ((PERSON, english), (BEN, german)):
        if refusal:
            slack.next_answers(Refused(refusal), to="conversations.info")
        reply = await (await slack.type_command(f"/assistants {text}", user=user, channel=channel)).reply()
        assert words in reply.as_text()
    assert await there(bot, channel) == []


async def test_an_archived_channel_and_one_with_strangers_say_so(bot: Bot, slack: LocalSlack) -> None:
    reply = await (await slack.type_command("/assistants subscribe", channel=PARTNERS)).reply()
    assert "People of other organisations read this channel too." in reply.as_text()
    closed = slack.workspace.channels[PARTNERS]
    slack.workspace.channels[PARTNERS] = replace(closed, is_archived=True)
    reply = await (await slack.type_command(f"/assistants subscribe #{PARTNERS}")).reply()
    assert "That channel is archived" in reply.as_text()


async def test_where_there_are_admins_they_alone_decide(open_bot: OpenBot, ask_in: Ask, slack: LocalSlack) -> None:
    bot = await open_bot(slack_admins=PERSON)
    preview = await ask_in("subscribe")
    await pressed(slack, preview, "Subscribe")
    for text in (
        "subscribe",
        "unsubscribe 1",
        "unsubscribe all",
        "subscriptions all",
        "mute 42",
        "unmute 42",
        "quiet 20-8",
        "digest daily 9",
        "test",
        "log",
    ):
        assert "Das dürfen nur Admins dieser App" in (await ask_in(text, user=BEN)).as_text(), text
    assert "*1 Abonnement*" in (await ask_in("subscriptions", user=BEN)).as_text()
    shared = slack.workspace.post(GENERAL, preview.payload)
    assert "dürfen nur Admins" in (await pressed(slack, shared, "Subscribe", user=BEN)).as_text()
    assert len(await there(bot)) == 1


async def test_a_channel_that_is_not_allowed_is_not_subscribed(
    open_bot: OpenBot, ask_in: Ask, slack: LocalSlack
) -> None:
    slack.workspace.add_channel("C0VERTRIEB", "vertrieb", members=(PERSON, "U0LOCALBOT"))
    await open_bot(slack_allowed_channels=GENERAL)
    assert "does not answer in this channel" in (await ask_in("subscribe #vertrieb")).as_text()


async def test_no_channel_learns_what_prompts_say_where_they_are_for_admins(open_bot: OpenBot, ask_in: Ask) -> None:
    await open_bot(slack_prompts="admins", slack_admins=PERSON)
    assert "Prompts are shown to admins" in (await ask_in("subscribe prompt:preise")).as_text()
    assert "`name:preise`" in (await ask_in('subscribe "preise"')).as_text()


async def test_a_button_that_carries_no_order_is_told_to_be_of_another_version(bot: Bot, slack: LocalSlack) -> None:
    for text in ("show 42", "", "subscribe on:nothing"):
        button = {
            "type": "button",
            "text": {"type": "plain_text", "text": "x"},
            "action_id": "subscribe:",
            "value": text,
        }
        forged = slack.workspace.post(GENERAL, {"text": "x", "blocks": [{"type": "actions", "elements": [button]}]})
        assert "of another version" in (await pressed(slack, forged, "subscribe:")).as_text()


# --- what a channel hears of


async def test_fifty_subscriptions_are_turned_page_by_page_with_who_made_each(
    world: World, ask_in: Ask, slack: LocalSlack
) -> None:
    for number in range(2, 55):
        query = AssistantQuery(ids=Choice(include=(str(number),)))
        await world.subscribe(query=query, by=(PERSON, BEN)[number % 2])
    shown, seen = await ask_in("subscriptions"), ""
    assert "*54 subscriptions* for #C0GENERAL1" in shown.as_text()
    while True:
        seen += shown.as_text()
        if "Next →" not in buttons(shown):
            break
        shown = await pressed(slack, shown, "Next →")
    assert all(f"*{number}* · " in seen for number in range(1, 55))
    assert seen.count(f"by @{BEN}") == 26
    for _page in range(6):
        shown = await pressed(slack, shown, "← Back")
    assert "*1* · every change of every assistant" in shown.as_text()
    assert "← Back" not in buttons(shown)
    beyond = (await ask_in("subscriptions after:9000")).as_text()
    assert "*54* · " in beyond


async def test_one_is_removed_by_its_button_and_by_its_number(world: World, ask_in: Ask, slack: LocalSlack) -> None:
    await world.subscribe(query=AssistantQuery(status=Choice(include=("active",))))
    shown = await ask_in("abonnements", user=BEN)
    removed = await pressed(slack, shown, "run:remove2", user=BEN)
    assert removed.replaced
    assert "Beendet für #C0GENERAL1: `aktiv` (Abonnement 2)" in removed.as_text()
    assert "*1 Abonnement*" in removed.as_text()
    assert "gibt kein Abonnement 2" in (await pressed(slack, shown, "run:remove2", user=BEN)).as_text()
    assert "Ended for #C0GENERAL1: every change" in (await ask_in("unsubscribe 1")).as_text()
    assert await there(world.runtime) == []
    assert await world.changed(42, status="inactive") == []
    assert (await ask_in("log")).as_text().count("ended a subscription") == 2


async def test_all_of_a_channel_end_and_no_other_s(world: World, ask_in: Ask) -> None:
    await world.subscribe(groups={"status"})
    await world.subscribe(PARTNERS)
    assert "2 subscriptions have ended" in (await ask_in("unsubscribe all")).as_text()
    assert "There was nothing to end here." in (await ask_in("unsubscribe all")).as_text()
    assert len(await there(world.runtime, PARTNERS)) == 1
    assert "*unsubscribe* · " in (await ask_in("unsubscribe")).as_text()


async def test_everywhere_shows_every_channel_s_and_removes_them_too(
    world: World, ask_in: Ask, slack: LocalSlack
) -> None:
    await world.subscribe(PARTNERS, by=BEN)
    await world.runtime.store.subscriptions.add("T9/C9", PERSON, AssistantQuery(), (), Severity.INFO)
    shown = await ask_in("subscriptions all")
    assert "*2 subscriptions* in all" in shown.as_text()
    assert f"#{PARTNERS} · by @{BEN}" in shown.as_text()
    assert "C9" not in shown.as_text()
    assert "There is no subscription 3" in (await ask_in("unsubscribe 3")).as_text()
    removed = await pressed(slack, shown, "run:remove2")
    assert f"Ended for #{PARTNERS}" in removed.as_text()
    assert await there(world.runtime, PARTNERS) == []


async def test_a_paused_channel_says_why_and_is_told_again_at_a_press(
    world: World, ask_in: Ask, slack: LocalSlack
) -> None:
    await world.runtime.store.subscriptions.pause(PLACE, "not_in_channel")
    shown = await ask_in("subscriptions")
    assert "*Paused* since 2026-03-01 12:00 UTC. I am not in this channel. Invite me there" in shown.as_text()
    resumed = await pressed(slack, shown, "Resume")
    assert "1 subscription is told again" in resumed.as_text()
    assert "Paused" not in resumed.as_text()
    assert "Nothing was paused here" in (await pressed(slack, shown, "Resume")).as_text()
    assert len(await world.changed(42, status="inactive")) == 1
    assert "had it told again" in (await ask_in("log")).as_text()


async def test_a_channel_that_hears_of_nothing_says_so(ask: Ask) -> None:
    assert "This channel hears of nothing." in (await ask("subscriptions")).as_text()
    assert "No channel hears of anything." in (await ask("subscriptions all")).as_text()
    assert "In keinem Kanal wird etwas gemeldet" in (await ask("abonnements alle", user=BEN)).as_text()


async def test_hostile_words_in_an_order_do_nothing_here(watched: World, ask_in: Ask, slack: LocalSlack) -> None:
    shown = await ask_in('subscribe "<!channel>" name:"*a* `b` &amp;" account:"default"')
    await pressed(slack, shown, "Subscribe")
    (kept,) = await there(watched.runtime)
    assert kept.query.search == (Choice(include=("@channel",)),)
    shown = await ask_in("subscriptions")
    assert "<!channel>" not in shown.text


async def test_the_help_tells_of_kinds_and_severities(ask: Ask) -> None:
    assert "`on:webhook` Webhook" in (await ask("help subscribe")).as_text()
    assert "`ab:kritisch` Nur kritische" in (await ask("hilfe abonniere", user=BEN)).as_text()
