"""`log`: who did what, for admins."""

from bot.playground import BEN, GENERAL, PERSON, TEAM, LocalSlack
from tests.bot.alerts.conftest import World
from tests.bot.conftest import Ask
from tests.bot.reading import buttons


async def test_it_tells_newest_first_who_did_what_and_where(world: World, ask_in: Ask) -> None:
    assert "Nobody has done anything yet." in (await ask_in("log")).as_text()
    await ask_in("mute 42 2h", user=BEN)
    world.clock.advance(60)
    await ask_in("quiet 20-8")
    lines = (await ask_in("log")).as_text().splitlines()
    assert lines[0] == "*Who did what*"
    assert lines[1].endswith(f"@{PERSON} set the quiet hours · #{GENERAL} · `quiet 20:00-08:00`")
    assert f"@{BEN} muted · #{GENERAL} · `mute 42 account:default until:" in lines[2]
    german = (await ask_in("protokoll", user=BEN)).as_text()
    assert "*Wer was getan hat*" in german
    assert "hat stummgeschaltet" in german


async def test_a_long_log_is_turned_page_by_page(world: World, ask_in: Ask, slack: LocalSlack) -> None:
    journal = world.runtime.store.journal
    for number in range(40):
        await journal.write(f"{TEAM}/{GENERAL}", PERSON, "mute", f"entry {number} <!channel> `x`")
    shown, seen = await ask_in("log"), ""
    while True:
        seen += shown.as_text()
        if "Older →" not in buttons(shown):
            break
        shown = await (await slack.press(shown, "Older →")).reply()
    assert [number for number in range(40) if f"entry {number} " not in seen] == []
    assert "entry 39" in (await (await slack.press(shown, "← Newest")).reply()).as_text()
    assert "There is nothing older." in (await ask_in("log after:1")).as_text()


async def test_an_action_of_a_later_version_is_told_as_it_stands_there(world: World, ask_in: Ask) -> None:
    await world.runtime.store.journal.write(f"{TEAM}/D1", PERSON, "dance", "")
    assert "dance · this direct conversation" in (await ask_in("log")).as_text()
