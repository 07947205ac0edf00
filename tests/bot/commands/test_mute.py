"""`mute` and `unmute`: no alerts about one assistant for a while, and never by a guess."""

from datetime import timedelta

import pytest

from bot.playground import BEN, GENERAL, PARTNERS, PERSON, TEAM, LocalSlack, Message
from shared.alerts import Mute
from shared.demo import DemoApi, faults
from shared.runtime import Runtime
from shared.settings import SlackSettings
from tests.bot.alerts.conftest import PLACE, World
from tests.bot.conftest import Ask
from tests.bot.reading import buttons
from tests.clocks import ManualClock

Bot = Runtime[SlackSettings]

DAY = 24 * 3600


async def standing(bot: Bot, place: str = PLACE) -> list[Mute]:
    return await bot.store.mutes.of(place)


async def pressed(slack: LocalSlack, where: Message, action: str, **given: str) -> Message:
    return await (await slack.press(where, action, **given)).reply()


async def test_a_muted_assistant_is_not_told_of_until_the_mute_ends(world: World, ask_in: Ask) -> None:
    told = (await ask_in('mute 42 2h "campaign test"')).as_text()
    assert "Muted for #C0GENERAL1 until 2026-03-01 14:00 UTC: *Sales Follow-up* `42`" in told
    assert "Reason: campaign test" in told
    assert await world.changed(42, status="inactive") == []
    assert len(await world.changed(57, status="inactive")) == 1
    world.clock.advance(7200)
    assert len(await world.changed(42, status="active")) == 2


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("mute 42 30m", "2026-03-01 12:30"),
        ("mute 42 2h", "2026-03-01 14:00"),
        ("stumm 42 1 Tag", "2026-03-02 12:00"),
        ("mute 42 1w", "2026-03-08 12:00"),
        ("mute 42 for 2 weeks", "2026-03-15 12:00"),
        ("mute 42 31d", "2026-04-01 12:00"),
        ("mute 42", "2026-03-02 12:00"),
        ("mute 42 until 18:00", "2026-03-01 17:00"),
        ("stumm 42 bis 18 Uhr", "2026-03-01 17:00"),
        ("stumm 42 bis 9.30", "2026-03-02 08:30"),
        ("mute 42 until 9pm", "2026-03-01 20:00"),
        ("mute 42 until:2026-03-05", "2026-03-04 23:00"),
        ("mute 42 until 2026-03-29T12:00", "2026-03-29 10:00"),
        ("mute 42 until 2026-03-05T18:00:00Z", "2026-03-05 18:00"),
    ],
)
async def test_until_when_is_said_in_many_ways_and_shown_by_the_asker_s_clock(
    bot: Bot, ask: Ask, text: str, until: str
) -> None:
    assert f"until {until} UTC" in (await ask(text)).as_text()
    (mute,) = await standing(bot)
    assert f"{mute.until:%Y-%m-%d %H:%M}" == until
    assert (mute.account, mute.assistant, mute.by) == ("default", 42, PERSON)


@pytest.mark.parametrize(
    ("text", "english", "german"),
    [
        ("mute 42 32d", "for 31 days at most", "höchstens 31 Tage"),
        ("mute 42 9999w", "for 31 days at most", "höchstens 31 Tage"),
        ("mute 42 until 9999-12-31", "for 31 days at most", "höchstens 31 Tage"),
        ("mute 42 until 2026-02-28", "That moment is over.", "Dieser Zeitpunkt ist vorbei."),
        ("mute 42 until 0001-01-01", "That moment is over.", "Dieser Zeitpunkt ist vorbei."),
        ("mute 42 0m", "That moment is over.", "Dieser Zeitpunkt ist vorbei."),
        ("mute 42 until:whenever", "“whenever” is no date or time", "„whenever“ ist nicht gültig"),
        ("mute", "*mute* · ", "*stumm* · "),
        ("mute 42 2hours?", "no outbound assistant", "keinen Outbound-Assistenten"),
        ("mute nobody 2h", "no outbound assistant “nobody”", "keinen Outbound-Assistenten „nobody“"),
        ("mute 42 2h account:nowhere", "no account “nowhere”", "kein Konto „nowhere“"),
        ("mutee 42 2h", "Did you mean `/assistants help mute 42 2h`?", "`/assistants help mute 42 2h`"),
    ],
)
async def test_what_can_t_be_done_is_explained_and_nothing_is_muted(
    bot: Bot, ask: Ask, text: str, english: str, german: str
) -> None:
    assert english in (await ask(text)).as_text()
    assert german in (await ask(text, user=BEN)).as_text()
    assert await standing(bot) == []


async def test_several_that_may_be_meant_are_offered_and_muted_only_when_chosen_and_confirmed(
    bot: Bot, ask: Ask, slack: LocalSlack
) -> None:
    offered = await ask("stumm erstberatung 3d „Wartung“", user=BEN)
    assert await standing(bot) == []
    element = next(one for block in offered.blocks if block["type"] == "actions" for one in block["elements"])
    assert element["confirm"]["title"]["text"] == "Ist dieser gemeint?"
    done = await pressed(slack, offered, "Solar-Erstberatung (57)", user=BEN)
    assert "Stummgeschaltet für #C0GENERAL1 bis 2026-03-04 12:00 UTC: *Solar-Erstberatung* `57`" in done.as_text()
    (mute,) = await standing(bot)
    assert (mute.assistant, mute.reason, mute.by) == (57, "Wartung", BEN)


async def test_a_near_miss_is_offered_not_muted(bot: Bot, ask: Ask) -> None:
    offered = await ask("mute Sales Folow-up 2h")
    assert list(buttons(offered)) == ["Sales Follow-up (42)"]
    assert await standing(bot) == []
    assert list(buttons(await ask("unmute Sales Folow-up"))) == ["Sales Follow-up (42)"]


async def test_a_name_that_looks_like_a_time_is_told_apart(bot: Bot, ask: Ask, demo_api: DemoApi) -> None:
    demo_api.change(42, name="2h until 18:00 for 3d <!channel>")
    told = await ask('mute "2h until 18:00 for 3d <!channel>" 1h')
    assert "until 2026-03-01 13:00 UTC" in told.as_text() or "no outbound assistant" in told.as_text()
    await ask("mute 42 1h")
    (mute,) = await standing(bot)
    assert f"{mute.until:%H:%M}" == "13:00"
    assert "<!channel>" not in (await ask("subscriptions")).text


async def test_muted_again_the_last_one_holds_and_unmuted_it_is_told_of_again(
    world: World, ask_in: Ask, slack: LocalSlack
) -> None:
    await ask_in("mute 42 2h")
    muted = await ask_in("mute 42 3d", user=BEN)
    (mute,) = await standing(world.runtime)
    assert (f"{mute.until:%d}", mute.by) == ("04", BEN)
    done = await pressed(slack, muted, "Stummschaltung aufheben", user=BEN)
    assert "Nicht mehr stummgeschaltet für #C0GENERAL1: *Sales Follow-up* `42`" in done.as_text()
    assert await standing(world.runtime) == []
    assert len(await world.changed(42, status="inactive")) == 1
    assert "Not muted for #C0GENERAL1: *Sales Follow-up* `42`" in (await ask_in("unmute Sales Follow-up")).as_text()
    log = (await ask_in("log")).as_text()
    assert log.count(" muted · ") == 2
    assert log.count(" unmuted · ") == 1
    assert "`unmute 42 account:default`" in log


async def test_a_mute_is_of_one_channel(world: World, ask_in: Ask) -> None:
    await world.subscribe(PARTNERS)
    await ask_in("mute 42")
    assert await world.changed(42, status="inactive") == []
    assert len(world.posts(PARTNERS)) == 1
    assert await standing(world.runtime, f"{TEAM}/{PARTNERS}") == []


async def test_the_list_shows_mutes_with_their_end_and_unmutes_them(
    world: World, ask_in: Ask, slack: LocalSlack
) -> None:
    for number in (42, 57, 63, 101, 118, 119, 140, 163, 204, 221):
        await ask_in(f'mute {number} {number}h "because of {number}"')
    shown, seen = await ask_in("subscriptions"), ""
    while True:
        seen += shown.as_text()
        if "Next →" not in buttons(shown):
            break
        shown = await pressed(slack, shown, "Next →")
    assert "*Sales Follow-up* `42` is muted until 2026-03-03 06:00 UTC" in seen
    assert all(f"because of {number}" in seen for number in (42, 57, 221))
    done = await pressed(slack, shown, "run:unmutedefault/221")
    assert "No longer muted" in done.as_text()
    assert len(await standing(world.runtime)) == 9


async def test_one_that_is_gone_is_unmuted_by_its_number_also_while_famulor_is_down(world: World, ask_in: Ask) -> None:
    await ask_in("mute 42 2d")
    world.api.assistants[:] = [one for one in world.api.assistants if one["id"] != 42]
    await world.poll()
    assert "`42` is muted" in (await ask_in("subscriptions")).as_text()
    world.api.next_answers(*[faults.ServerError()] * 50)
    assert "No longer muted for #C0GENERAL1: `42`" in (await ask_in("unmute #42")).as_text()
    assert await standing(world.runtime) == []


async def test_while_famulor_never_answered_mutes_are_listed_by_number(
    bot: Bot, ask: Ask, demo_api: DemoApi, clock: ManualClock
) -> None:
    until = clock.now() + timedelta(hours=2)
    await bot.store.mutes.mute(Mute(place=PLACE, account="default", assistant=42, until=until, by=PERSON))
    demo_api.next_answers(*[faults.Unauthorized()] * 50)
    assert "🔕 `42` is muted until 2026-03-01 14:00 UTC" in (await ask("subscriptions")).as_text()


async def test_in_a_direct_message_it_mutes_there(bot: Bot, slack: LocalSlack) -> None:
    direct = slack.workspace.direct_channel(BEN).id
    said = await (await slack.say("stumm 42 2h", user=BEN)).reply()
    assert "Stummgeschaltet für diesen direkten Chat" in said.as_text()
    assert len(await standing(bot, f"{TEAM}/{direct}")) == 1
    assert await standing(bot, f"{TEAM}/{GENERAL}") == []
