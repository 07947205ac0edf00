"""`diff`: one assistant then and now."""

import pytest

from bot.playground import BEN, LocalSlack, View
from shared.demo import faults
from tests.bot.alerts.conftest import OpenWorld, World
from tests.bot.conftest import Ask, See

DAY = 24 * 3600
LONG = "".join(f"{number}. Say sentence number {number} of this prompt.\n" for number in range(900))


@pytest.fixture
async def watched(open_world: OpenWorld) -> World:
    """The baseline is taken, and nobody has subscribed."""
    world: World = await open_world()
    return world


def styled(view: View, style: str) -> list[str]:
    """What is shown in a style."""
    return [
        run["text"]
        for block in view.payload["blocks"]
        if block["type"] == "rich_text"
        for run in block["elements"][0]["elements"]
        if run.get("style", {}).get(style)
    ]


async def test_everything_that_differs_is_shown_with_the_words_of_the_prompt(watched: World, see_in: See) -> None:
    watched.api.change(
        42, system_prompt="# Role\nYou are Alex.\nSay hello.\n", variables={"a": "1", "api_token": "s3cret"}
    )
    await watched.poll()
    watched.clock.advance(5 * DAY)
    watched.api.change(
        42,
        system_prompt="# Role\nYou are Alex.\nSay good morning.\n",
        variables={"a": "2", "api_token": "s3cret2"},
        webhook_url="https://user:pw@elsewhere.example/hook?key=s3cret3",
        status="inactive",
    )
    await watched.poll()
    view = await see_in("diff 42 since:1d")
    text = view.as_text()
    for part in (
        "*4 differences* between then and now:",
        "was switched off",
        "*Before*\n🟢 active\n*After*\n⚪ inactive",
        "Variables of *Sales Follow-up* `42` were changed: other value: `a`; `api_token`",
        "moved to another host",
        "The prompt of",
    ):
        assert part in text
    assert "s3cret" not in text
    assert "pw@" not in text
    assert styled(view, "bold") != []
    assert "good morning" in "".join(styled(view, "bold"))
    german = (await see_in("unterschied 42 seit:1d", user=BEN)).as_text()
    for part in ("Damals und jetzt", "*4 Unterschiede* zwischen damals und jetzt:", "wurde ausgeschaltet", "*Vorher*"):
        assert part in german


async def test_back_and_forth_is_no_difference(watched: World, see_in: See) -> None:
    watched.clock.advance(8 * DAY)
    watched.api.change(42, status="inactive")
    await watched.poll()
    watched.api.change(42, status="active")
    await watched.poll()
    text = (await see_in("diff 42")).as_text()
    assert "*Nothing has changed* since 2026-03-02 12:02 UTC." in text
    assert "The last change that is known, 2026-03-09 12:02 UTC: *Sales Follow-up* `42` was switched on." in text
    untouched = (await see_in("unterschied 57", user=BEN)).as_text()
    assert "*Nichts hat sich geändert* seit 2026-03-02 12:02 UTC." in untouched
    assert "letzte bekannte" not in untouched


async def test_where_the_history_does_not_reach_so_far_back_it_says_so(watched: World, see_in: See) -> None:
    watched.clock.advance(DAY)
    watched.api.change(42, name="Renamed")
    await watched.poll()
    text = (await see_in("diff 42 since:30d")).as_text()
    assert "The history does not reach so far back; it begins 2026-03-01 12:00 UTC." in text
    assert "*1 difference*" in text
    assert "it was called *Sales Follow-up*" in text
    nothing = (await see_in("diff 57 since:30d")).as_text()
    assert "*Nothing has changed* since 2026-03-01 12:00 UTC." in nothing


async def test_one_that_was_created_since_is_compared_with_how_it_was_first(watched: World, see_in: See) -> None:
    watched.clock.advance(DAY)
    watched.api.assistants.append({**watched.api.assistants[0], "id": 4711, "name": "Brand new"})
    await watched.poll()
    watched.api.change(4711, mode="dualplex")
    await watched.poll()
    text = (await see_in("diff 4711 since:1d")).as_text()
    assert "It was created since then, 2026-03-02 12:01 UTC; compared with how it was first." in text
    assert "runs in another mode: pipeline → dualplex" in text


async def test_before_anything_was_watched_nothing_is_known(see: See) -> None:
    assert "nothing is known of how it was" in (await see("diff 42")).as_text()
    assert "wie es früher war, ist nicht bekannt" in (await see("unterschied 42", user=BEN)).as_text()


async def test_a_change_that_nobody_has_polled_yet_is_in_it(watched: World, see_in: See) -> None:
    watched.clock.advance(60)
    watched.api.change(42, timezone="Asia/Tokyo")
    assert "→ Asia/Tokyo" in (await see_in("diff 42 since:1m")).as_text()


async def test_one_that_the_watch_has_not_seen_is_not_known_then(watched: World, see_in: See) -> None:
    watched.clock.advance(60)
    watched.api.assistants.append({**watched.api.assistants[0], "id": 4711, "name": "Brand new"})
    assert "Nothing is known of how it was then." in (await see_in("diff 4711")).as_text()


async def test_a_long_difference_goes_over_pages_and_nothing_of_it_is_lost(
    watched: World, see_in: See, slack: LocalSlack
) -> None:
    watched.api.change(42, system_prompt="")
    await watched.poll()
    watched.clock.advance(DAY)
    watched.api.change(42, system_prompt=LONG)
    await watched.poll()
    view = await see_in("diff 42 since:1h")
    seen = view.as_text()
    while "[Next →]" in view.as_text():
        view = await (await slack.press(view, "Next →")).view()
        seen += view.as_text()
    assert [number for number in range(900) if f"Say sentence number {number} of" not in seen] == []
    assert "continued" in seen


async def test_what_can_t_be_seen_is_said_to_differ(watched: World, see_in: See) -> None:
    watched.clock.advance(60)
    greeting = next(one["initial_message"] for one in watched.api.assistants if one["id"] == 42)
    watched.api.change(42, initial_message=f"\u202e{greeting}")
    assert "The two differ in characters only that can't be seen." in (await see_in("diff 42 since:1m")).as_text()


async def test_its_buttons_lead_to_the_whole(watched: World, see_in: See, slack: LocalSlack) -> None:
    view = await see_in("diff Sales Follow-up")
    opened = await slack.press(view, "History")
    await opened.view()
    assert "*History: 42*" in (await opened.view()).as_text()


async def test_names_that_are_none_or_many_and_stale_data_are_answered_as_elsewhere(
    watched: World, see_in: See, ask_in: Ask
) -> None:
    assert "Several outbound assistants answer" in (await see_in("diff erstberatung")).as_text()
    assert "no outbound assistant “nobody”" in (await see_in("diff nobody")).as_text()
    assert "*diff* · one assistant, then and now" in (await ask_in("diff")).as_text()
    await see_in("diff 42")
    watched.api.next_answers(*[faults.ServerError()] * 50)
    assert "STALE" in (await see_in("diff 42")).as_text()
