"""`quiet`: hours in which a channel is left alone."""

from datetime import UTC, datetime

import pytest

from bot.playground import BEN, PERSON, TEAM, LocalSlack, User
from shared.alerts import QuietHours
from shared.models import Severity
from shared.runtime import Runtime
from shared.settings import SlackSettings
from tests.bot.alerts.conftest import PLACE, OpenWorld, World
from tests.bot.conftest import Ask
from tests.clocks import ManualClock

Bot = Runtime[SlackSettings]


async def hours(bot: Bot, place: str = PLACE) -> QuietHours | None:
    found = await bot.store.places.get(place)
    return found.quiet if found else None


@pytest.mark.parametrize(
    "text",
    [
        "quiet 20:00-08:00",
        "ruhe 20-8 Uhr",
        "ruhe von 20 bis 8 Uhr",
        "quiet 8pm-8am",
        "quiet 20:00 – 08:00 except:critical",
        "quiet from 20:00 to 08:00 Europe/Berlin",
        "Ruhezeit 20.00-8.00 zeitzone:europe/berlin außer:kritisch",
    ],
)
async def test_hours_are_said_in_many_ways_in_the_asker_s_timezone(bot: Bot, ask: Ask, text: str) -> None:
    shown = (await ask(text)).as_text()
    assert "Quiet hours for #C0GENERAL1: *20:00–08:00* (Europe/Berlin); critical changes come through" in shown
    kept = await hours(bot)
    assert kept is not None
    assert (f"{kept.start:%H:%M}", f"{kept.end:%H:%M}", kept.zone) == ("20:00", "08:00", "Europe/Berlin")
    assert kept.passes is Severity.CRITICAL


async def test_another_timezone_and_another_exception_are_named(bot: Bot, ask: Ask) -> None:
    shown = (await ask("quiet 8-20 uhr except:warning America/New_York")).as_text()
    assert "*08:00–20:00* (America/New_York); warnings and critical changes come through" in shown
    assert "It is not quiet now." in shown
    shown = (await ask("ruhe 0-24 Uhr außer:nichts UTC", user=BEN)).as_text()
    assert "*00:00–00:00* (UTC); nichts kommt durch" in shown
    assert "Jetzt ist Ruhe, bis 2026-03-02 00:00 UTC." in shown
    assert (kept := await hours(bot)) is not None
    assert kept.passes is None


async def test_somebody_elsewhere_means_their_own_evening(bot: Bot, ask: Ask, slack: LocalSlack) -> None:
    slack.workspace.add_user(User("U0TOKYO", "kei", tz="Asia/Tokyo"), channels=["C0GENERAL1"])
    slack.workspace.add_user(User("U0NOWHERE", "no", tz="Mars/Base"), channels=["C0GENERAL1"])
    assert "(Asia/Tokyo)" in (await ask("quiet 20-8", user="U0TOKYO")).as_text()
    assert "(UTC)" in (await ask("quiet 20-8", user="U0NOWHERE")).as_text()


async def test_what_happens_meanwhile_is_told_afterwards_and_what_is_critical_at_once(
    world: World, ask_in: Ask
) -> None:
    await ask_in("quiet 12:00-16:00")
    assert await world.changed(42, status="inactive") == []
    (critical,) = await world.changed(57, webhook_url="https://elsewhere.example/x")
    assert "Critical" in critical.as_text()
    world.clock.advance(4 * 3600)
    await world.drain()
    assert "1 change was held back" in world.posts()[-1].as_text()


async def test_switched_off_what_was_held_back_is_told_now(world: World, ask_in: Ask) -> None:
    await ask_in("quiet 0-0")
    assert await world.changed(42, status="inactive") == []
    assert "Keine Ruhezeit mehr" in (await ask_in("ruhe aus", user=BEN)).as_text()
    await world.drain()
    assert len(world.posts()) == 1
    assert await hours(world.runtime) is None


async def test_on_the_night_when_clocks_change_it_is_quiet_until_the_clock_on_the_wall_says_so(
    open_world: OpenWorld, ask_in: Ask, clock: ManualClock
) -> None:
    clock.advance((datetime(2026, 3, 28, 21, tzinfo=UTC) - clock.now()).total_seconds())
    await open_world()
    shown = (await ask_in("quiet 20:00-08:00")).as_text()
    assert "It is quiet now, until 2026-03-29 06:00 UTC." in shown
    clock.advance((datetime(2026, 10, 24, 21, tzinfo=UTC) - clock.now()).total_seconds())
    assert "until 2026-10-25 07:00 UTC" in (await ask_in("quiet 20:00-08:00")).as_text()


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("quiet", "*quiet* · "),
        ("quiet 25-3", "“25-3” is no time span. Valid: 20-8, 20.00-8.00"),
        ("quiet 13pm-2am", "is no time span"),
        ("quiet sometimes", "“sometimes” is no time span"),
        ("quiet 20-8 please", "“20-8 please” is no time span"),
        ("quiet 20-8 Mars/Base", "“Mars/Base” is no timezone"),
        ("quiet 20-8 except:huge", "“huge” is no severity"),
        ("quiet 20-8 except:", "*20:00–08:00*"),
        ("quite 20-8", "Did you mean `/assistants help quiet 20-8`?"),
    ],
)
async def test_what_is_no_time_span_changes_nothing(bot: Bot, ask: Ask, text: str, english: str) -> None:
    assert english in (await ask(text)).as_text()
    assert (await hours(bot) is None) is ("*20:00" not in english)


async def test_who_set_it_stands_in_the_log_and_in_the_list(ask: Ask, bot: Bot) -> None:
    await ask("quiet 20-8 except:nothing")
    assert (
        f"@{PERSON} set the quiet hours · #C0GENERAL1 · `quiet 20:00-08:00 except:nothing`"
        in (await ask("log")).as_text()
    )
    assert "Quiet hours: *20:00–08:00* (Europe/Berlin); nothing comes through" in (await ask("subscriptions")).as_text()


async def test_a_direct_message_has_its_own(bot: Bot, slack: LocalSlack) -> None:
    await (await slack.say("ruhe 20-8", user=BEN)).reply()
    assert await hours(bot) is None
    assert await hours(bot, f"{TEAM}/{slack.workspace.direct_channel(BEN).id}") is not None
