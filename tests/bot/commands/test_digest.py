"""`digest`: everything together, once a day."""

import pytest

from bot.playground import BEN, PERSON
from shared.alerts import Daily
from shared.runtime import Runtime
from shared.settings import SlackSettings
from tests.bot.alerts.conftest import PLACE, World
from tests.bot.conftest import Ask

Bot = Runtime[SlackSettings]


async def daily(bot: Bot) -> Daily | None:
    found = await bot.store.places.get(PLACE)
    return found.digest if found else None


@pytest.mark.parametrize(
    "text",
    [
        "digest daily 09:00",
        "digest 9",
        "digest 9am Europe/Berlin",
        "digest every day at 9:00",
        "zusammenfassung täglich 9 Uhr",
        "zusammenfassung jeden Tag um 9.00 Uhr",
    ],
)
async def test_the_hour_is_said_in_many_ways(bot: Bot, ask: Ask, text: str) -> None:
    shown = (await ask(text)).as_text()
    assert "Digest for #C0GENERAL1: everything together, each day at *09:00* (Europe/Berlin)." in shown
    assert "The next time is 2026-03-02 08:00 UTC." in shown
    assert (kept := await daily(bot)) is not None
    assert (f"{kept.at:%H:%M}", kept.zone) == ("09:00", "Europe/Berlin")


async def test_the_day_is_told_at_that_hour_in_one_message(world: World, ask_in: Ask) -> None:
    await ask_in("digest daily 14:00 UTC")
    assert await world.changed(42, status="inactive") == []
    assert await world.changed(57, name="Another") == []
    world.clock.advance(2 * 3600)
    await world.drain()
    assert "2 changes were held back" in world.posts()[0].as_text()


async def test_switched_off_each_change_is_told_when_it_is_seen(world: World, ask_in: Ask) -> None:
    await ask_in("digest daily 9")
    shown = (await ask_in("zusammenfassung aus", user=BEN)).as_text()
    assert "Keine Zusammenfassung mehr für #C0GENERAL1" in shown
    assert await daily(world.runtime) is None
    assert len(await world.changed(42, status="inactive")) == 1
    log = (await ask_in("log")).as_text()
    assert f"@{BEN} set the digest · #C0GENERAL1 · `digest off`" in log
    assert f"@{PERSON} set the digest · #C0GENERAL1 · `digest daily 09:00`" in log


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("digest", "*digest* · "),
        ("digest daily", "*digest* · "),
        ("digest weekly 9", "“weekly 9” is no time of day. Valid: 9, 9.30, 9am, off."),
        ("digest 9 Mars/Base", "“Mars/Base” is no timezone"),
        ("digets 9", "Did you mean `/assistants help digest 9`?"),
    ],
)
async def test_what_is_no_time_of_day_changes_nothing(bot: Bot, ask: Ask, text: str, english: str) -> None:
    assert english in (await ask(text)).as_text()
    assert await daily(bot) is None
