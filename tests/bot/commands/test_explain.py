"""`explain`: which subscription told a change, and when, or why none did."""

import re

import pytest

from bot.playground import BEN, GENERAL, PARTNERS, PERSON, LocalSlack, Refused
from shared.models import Severity
from shared.query import AssistantQuery, Choice
from tests.bot.alerts.conftest import PLACE, OpenWorld, World
from tests.bot.conftest import Ask

ACTIVE = AssistantQuery(status=Choice(include=("active",)))
ONLY_57 = AssistantQuery(ids=Choice(include=("57",)))


async def test_of_an_alert_each_change_and_subscription_has_its_verdict(world: World, ask_in: Ask) -> None:
    await world.subscribe(query=ONLY_57)
    await world.subscribe(groups={"webhook"})
    await world.subscribe(minimum=Severity.CRITICAL)
    await world.subscribe(query=ACTIVE, groups={"status"})
    await world.changed(42, status="inactive")
    await world.changed(42, status="active")
    english = (await ask_in("explain A-1")).as_text()
    for part in (
        "*What came of it for #C0GENERAL1: A-1*",
        "was switched off",
        "was switched on",
        "Subscription 1 (every change of every assistant): posted 2026-03-01 12:01 UTC, as A-1",
        "Subscription 2 (`id:57`): not told: it asks for other assistants",
        "Subscription 3 (`on:webhook`): not told: it asks for other kinds of changes",
        "Subscription 4 (`min:critical`): not told: it asks for changes of at least “Critical”, and this one is “Warn",
        "Subscription 5 (`active on:status`): told once for the channel, by another subscription of it: posted",
    ):
        assert part in english
    german = (await ask_in("erkläre a17", user=BEN)).as_text()
    assert "Es gibt keine Meldung A-17." in german
    german = (await ask_in("erkläre Meldung A-1", user=BEN)).as_text()
    for part in (
        "Was daraus für #C0GENERAL1 geworden ist: A-1",
        "gemeldet 2026-03-01 12:01 UTC, als A-1",
        "ab „Kritisch“",
    ):
        assert part in german


async def test_why_nothing_was_told_is_said(world: World, ask_in: Ask) -> None:
    await ask_in('mute 42 2h "campaign *test*"')
    await world.changed(42, status="inactive")
    muted = (await ask_in("explain 1")).as_text()
    assert f"not told: the assistant was muted until 2026-03-01 14:00 UTC by @{PERSON} (campaign" in muted
    await ask_in("quiet 0-0 UTC")
    await world.changed(57, status="inactive")
    held = (await ask_in("explain change 2")).as_text()
    assert "held back by quiet hours or the digest until 2026-03-02 00:00 UTC; to be posted, in a digest" in held
    await ask_in("quiet off")
    await world.drain()
    assert "; posted 2026-03-01 12:0" in (await ask_in("explain #2")).as_text()
    await world.runtime.store.subscriptions.pause(PLACE, "not_in_channel")
    await world.changed(63, status="inactive")
    assert "not told: the subscription was paused" in (await ask_in("explain 3")).as_text()
    await world.poll()
    later = await world.subscribe(query=ONLY_57)
    assert f"Subscription {later.id} (`id:57`): not told: it was made later" in (await ask_in("explain 3")).as_text()


async def test_what_is_not_decided_yet_and_what_was_given_up_is_said(
    world: World, ask_in: Ask, slack: LocalSlack
) -> None:
    world.api.change(42, status="inactive")
    await world.poll()
    assert "not decided yet; that takes a moment" in (await ask_in("explain 1")).as_text()
    slack.next_answers(Refused("is_archived"), to="chat.postMessage")
    await world.drain()
    assert "given up, as A-1: is_archived" in (await ask_in("explain 1")).as_text()


async def test_a_removed_subscription_that_told_is_still_named(world: World, ask_in: Ask) -> None:
    await world.changed(42, status="inactive")
    await ask_in("unsubscribe 1")
    assert "posted 2026-03-01 12:01 UTC, as A-1" in (await ask_in("explain 1")).as_text()


async def test_what_was_owed_and_not_wanted_any_more_was_withdrawn(world: World, ask_in: Ask) -> None:
    world.api.change(42, status="inactive")
    await world.poll()
    await world.runtime.store.routing.route({})
    assert "to be posted, as A-1" in (await ask_in("explain 1")).as_text()
    await ask_in("unsubscribe 1")
    assert "withdrawn before it was posted" in (await ask_in("explain 1")).as_text()
    await world.drain()
    assert world.posts() == []


async def test_many_changes_at_once_are_told_in_a_summary(world: World, ask_in: Ask) -> None:
    for number in (42, 57, 63, 101, 118, 119):
        world.api.change(number, initial_message="Good day!")
    await world.told()
    assert "in a summary of many changes" in (await ask_in("explain 3")).as_text()


async def test_where_nobody_has_subscribed_it_says_how(open_world: OpenWorld, ask_in: Ask) -> None:
    world: World = await open_world()
    world.api.change(42, status="inactive")
    await world.poll()
    shown = (await ask_in("explain 1")).as_text()
    assert "nothing is subscribed here. `/assistants subscribe` changes that." in shown
    assert "*Before*\n🟢 active" in shown


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("explain 4711", "There is no change 4711, or it is no longer known."),
        ("explain 0", "There is no change 0"),
        ("explain 999999999999999999", "There is no change 999999999999999999"),
        ("explain A-999999999999999999", "There is no alert A-999999999999999999."),
        ("explain", "*explain* · why an alert came, or why not"),
        ("explain everything", "*explain* · "),
        ("explain A-" + "9" * 19, "*explain* · "),
    ],
)
async def test_what_nobody_knows_is_answered(ask: Ask, text: str, english: str) -> None:
    assert english in (await ask(text)).as_text()


async def test_in_private_an_admin_sees_every_channel_and_others_their_own(
    open_world: OpenWorld, slack: LocalSlack
) -> None:
    world: World = await open_world(slack_admins=PERSON)
    await world.subscribe(GENERAL)
    await world.subscribe(PARTNERS, groups={"prompt"})
    await world.changed(42, status="inactive")
    shown = (await (await slack.say("explain 1")).reply()).as_text()
    assert "#C0GENERAL1 · Subscription 1" in shown
    assert "#C0PARTNERS · Subscription 2 (`on:prompt`): not told" in shown
    ben = (await (await slack.say("erkläre 1", user=BEN)).reply()).as_text()
    assert "C0PARTNERS" not in ben
    assert "Hier ist nichts abonniert" in ben


async def test_an_alert_with_a_long_story_and_many_subscriptions_fits(world: World, ask_in: Ask) -> None:
    for number in range(14):
        await world.subscribe(query=AssistantQuery(name=(Choice(include=(f"{'x' * 200}{number}",)),)))
    for number in range(8):
        await world.changed(42, initial_message=f"Good day number {number}!")
    shown = (await ask_in("explain A-1")).as_text()
    assert "earlier changes are not shown" in shown
    assert re.search(r"and \d+ more subscriptions", shown)


async def test_an_alert_of_another_workspace_is_none(world: World, ask_in: Ask) -> None:
    await world.runtime.store.subscriptions.add("T9/C9", PERSON, AssistantQuery(), (), Severity.INFO)
    world.api.change(42, status="inactive")
    await world.poll()
    await world.alerts.tick()
    matters = [await world.runtime.store.matters.get(number) for number in (1, 2)]
    foreign = next(one.id for one in matters if one and one.place == "T9/C9")
    assert f"There is no alert A-{foreign}." in (await ask_in(f"explain A-{foreign}")).as_text()
