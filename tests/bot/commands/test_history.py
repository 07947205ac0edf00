"""`history`: what has changed, newest first."""

import json
import re

import pytest

from bot.playground import BEN, PERSON, LocalSlack, Message
from shared.demo import DEMO_KEY, DemoApi, faults, many_assistants
from shared.runtime import Runtime
from shared.settings import SlackSettings
from tests.bot.alerts.conftest import OpenWorld, World
from tests.bot.conftest import Ask, See
from tests.bot.reading import buttons

Bot = Runtime[SlackSettings]


@pytest.fixture
async def watched(open_world: OpenWorld) -> World:
    """The baseline is taken, and nobody has subscribed."""
    world: World = await open_world()
    return world


def numbers(shown: Message) -> list[int]:
    return [int(found) for found in re.findall(r"· #(\d+) ·", shown.as_text())]


async def pressed(slack: LocalSlack, where: Message, action: str, **given: str) -> Message:
    return await (await slack.press(where, action, **given)).reply()


async def test_one_assistant_s_changes_are_told_newest_first_with_both_times(watched: World, ask_in: Ask) -> None:
    watched.clock.advance(100)
    watched.api.change(42, status="inactive")
    watched.api.change(57, status="inactive")
    await watched.poll()
    watched.api.change(42, status="active", voice_id=202)
    await watched.poll()
    shown = await ask_in("history 42")
    text = shown.as_text()
    assert "*History: Sales Follow-up (42)*" in text
    assert text.index("voice") < text.index("was switched off")
    assert "Warning · #" in text
    assert "changed in Famulor 2026-03-01 12:01 UTC · seen 2026-03-01 12:02 UTC" in text
    assert "57" not in re.sub(r"http\S+|:\d\d", "", text)
    german = (await ask_in("verlauf Sales Follow-up", user=BEN)).as_text()
    assert "*Verlauf: Sales Follow-up (42)*" in german
    assert "wurde ausgeschaltet" in german
    assert "Der Verlauf beginnt 2026-03-01 12:00 UTC" in german


async def test_a_long_history_is_turned_page_by_page_and_each_change_is_seen_once(
    watched: World, ask_in: Ask, slack: LocalSlack
) -> None:
    watched.api.assistants += many_assistants(43)
    await watched.poll()
    shown = await ask_in("history")
    seen = numbers(shown)
    assert "← Newest" not in buttons(shown)
    while "Older →" in buttons(shown):
        shown = await pressed(slack, shown, "Older →")
        assert shown.replaced
        seen += numbers(shown)
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == len(seen) == 43
    newest = await pressed(slack, shown, "← Newest")
    assert numbers(newest) == seen[:10]
    assert "There is nothing older." in (await ask_in("history after:1")).as_text()


async def test_since_when_is_said_as_people_do(watched: World, ask_in: Ask) -> None:
    watched.api.change(42, status="inactive")
    await watched.poll()
    watched.clock.advance(3 * 24 * 3600)
    watched.api.change(42, status="active")
    await watched.poll()
    assert "switched off" in (await ask_in("history 42 since:7d")).as_text()
    recent = (await ask_in("verlauf 42 seit:2d", user=BEN)).as_text()
    assert "wurde eingeschaltet" in recent
    assert "ausgeschaltet" not in recent
    assert "Verlauf seit 2026-03-02 12:02 UTC: Sales Follow-up (42)" in recent
    assert "Nothing has changed." in (await ask_in("history 57 since:2026-03-02")).as_text()
    assert "“soon” is no date or time" in (await ask_in("history since:soon")).as_text()
    assert "“x” is no number" in (await ask_in("history after:x")).as_text()


async def test_what_nobody_sees_is_no_change(watched: World, ask_in: Ask) -> None:
    watched.clock.advance(60)
    watched.api.change(42)
    await watched.poll()
    assert "Nothing has changed." in (await ask_in("history")).as_text()


async def test_before_anything_was_watched_it_says_so(ask: Ask) -> None:
    assert "Nothing has been watched yet." in (await ask("history")).as_text()
    assert "Bisher ist nichts beobachtet worden." in (await ask("verlauf", user=BEN)).as_text()


async def test_one_that_is_gone_is_known_by_its_number_also_while_famulor_is_down(watched: World, ask_in: Ask) -> None:
    watched.api.assistants[:] = [one for one in watched.api.assistants if one["id"] != 42]
    await watched.poll()
    assert "was deleted" in (await ask_in("history 42")).as_text()
    assert "no outbound assistant “4711”" in (await ask_in("history 4711")).as_text()
    assert "no outbound assistant" in (await ask_in("history " + "9" * 40)).as_text()
    watched.api.next_answers(*[faults.ServerError()] * 50)
    assert "was deleted" in (await ask_in("history #42")).as_text()


async def test_names_that_are_none_or_many_are_answered_as_elsewhere(watched: World, ask_in: Ask) -> None:
    assert "Several outbound assistants answer to “erstberatung”" in (await ask_in("history erstberatung")).as_text()
    assert "There is no account “x”" in (await ask_in("history account:x")).as_text()
    assert "*History: account default*" in (await ask_in("history account:default")).as_text()
    assert "*History: all assistants*" in (await ask_in("verlauf alle")).as_text()


async def test_several_accounts_are_told_apart(open_world: OpenWorld, ask_in: Ask, demo_api: DemoApi) -> None:
    one = {"api_key": DEMO_KEY, "base_url": demo_api.base_url}
    world: World = await open_world(famulor_api_key=None, famulor_accounts=json.dumps({"agency": one, "client": one}))
    world.api.change(42, status="inactive")
    world.clock.advance(60)
    await world.watch.tick()
    everything = (await ask_in("history")).as_text()
    assert everything.count("was switched off") == 2
    assert "agency · " in everything
    assert len(numbers(await ask_in("history 42 account:client"))) == 1
    assert "2026-03-01 12:00 UTC (agency)" in everything


async def test_each_line_says_what_came_of_it(world: World, ask_in: Ask, slack: LocalSlack) -> None:
    await world.changed(42, status="inactive")
    shown = await ask_in("history")
    opened = await slack.press(shown, "Explain")
    await opened.view()
    assert "posted 2026-03-01 12:01 UTC, as A-1" in (await opened.view()).as_text()


async def test_hostile_names_do_nothing(watched: World, ask_in: Ask) -> None:
    watched.api.change(42, name="<!channel> *a* =1+1 \u202e" + "x" * 400)
    await watched.poll()
    shown = await ask_in("history")
    assert "<!channel>" not in shown.text
    assert "\u202e" not in shown.as_text()


async def test_prompts_are_counted_not_told(open_world: OpenWorld, ask_in: Ask, see_in: See, slack: LocalSlack) -> None:
    world: World = await open_world(slack_prompts="admins", slack_admins=PERSON)
    world.api.change(42, system_prompt="canary in a prompt")
    await world.poll()
    for user, seen in ((PERSON, True), (BEN, False)):
        assert "canary" not in (await ask_in("history 42", user=user)).as_text()
        assert ("canary" in (await ask_in("explain 1", user=user)).as_text()) is seen
        assert ("canary" in (await see_in("diff 42", user=user)).as_text()) is seen


async def test_on_postgresql_it_is_the_same(
    open_world: OpenWorld, ask_in: Ask, slack: LocalSlack, postgresql_url: str
) -> None:
    world: World = await open_world(database_url=postgresql_url)
    preview = await (await slack.type_command("/assistants subscribe active")).reply()
    await pressed(slack, preview, "subscribe:")
    await ask_in("mute 57 2h")
    await ask_in("quiet 22-23 UTC")
    assert len(await world.changed(42, status="inactive")) == 1
    await world.changed(57, status="inactive")
    assert numbers(await ask_in("history")) == [2, 1]
    assert "as A-1" in (await ask_in("explain A-1")).as_text()
    assert "the assistant was muted until 2026-03-01 14:00 UTC" in (await ask_in("explain 2")).as_text()
    log = (await ask_in("log")).as_text()
    assert [word in log for word in ("subscribed", "muted", "set the quiet hours")] == [True] * 3
    assert "1 subscription has ended" in (await ask_in("unsubscribe all")).as_text()
