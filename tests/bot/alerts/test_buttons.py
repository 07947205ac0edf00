"""What people press on an alert, also after a restart, and what everybody then sees."""

import pytest

from bot.playground import BEN, GENERAL, PARTNERS, PERSON, Interaction, Message
from tests.bot.alerts.conftest import OpenWorld, World


async def press(world: World, post: Message, label: str, *, user: str = PERSON) -> Interaction:
    interaction = await world.slack.press(post, label, user=user)
    assert interaction.acknowledged, interaction
    return interaction


@pytest.fixture
async def post(world: World) -> Message:
    (post,) = await world.changed(42, status="inactive")
    while not world.slack.workspace.feed(GENERAL).empty():
        world.slack.workspace.feed(GENERAL).get_nowait()
    return post


async def settled(world: World) -> Message:
    """The alert once what was pressed has been done, and all is delivered."""
    for _look in range(200):
        await world.drain()
        if not world.slack.workspace.feed(GENERAL).empty():
            return world.slack.workspace.feed(GENERAL).get_nowait()
    raise AssertionError("nothing came of it")


async def test_who_acknowledged_and_when_is_shown_to_all(world: World, post: Message) -> None:
    await press(world, post, "Acknowledge", user=BEN)
    shown = await settled(world)
    assert "👀 *Acknowledged* by" in shown.as_text()
    assert f"<@{BEN}>" in shown.text
    assert not shown.ephemeral
    assert "[Acknowledge]" not in shown.as_text()
    (entry,) = await world.runtime.store.journal.read(limit=10)
    assert (entry.by, entry.action, entry.detail) == (BEN, "acknowledge", "A-1")


async def test_whoever_comes_second_is_told_who_was_first(world: World, post: Message) -> None:
    await press(world, post, "Acknowledge", user=BEN)
    await settled(world)
    late = await world.slack.press(post, "Acknowledge", user=PERSON)
    assert "has acknowledged it already" in (await late.reply()).as_text()


async def test_an_assistant_is_muted_for_two_hours_and_everybody_sees_until_when(world: World, post: Message) -> None:
    interaction = await press(world, post, "Mute for 2 hours")
    shown = await interaction.reply() if interaction.messages else await settled(world)
    assert "🔕 *Muted* here until" in shown.as_text()
    assert "[Unmute]" in shown.as_text()
    (mute,) = await world.runtime.store.mutes.of(world.place)
    assert (mute.assistant, mute.by) == (42, PERSON)
    assert 7190 < (mute.until - world.clock.now()).total_seconds() <= 7200
    await world.changed(42, mode="dualplex")
    assert len(world.posts()) == 1
    world.clock.advance(7200)
    assert len(await world.changed(42, mode="pipeline")) == 2


async def test_the_menu_mutes_for_longer_and_a_button_ends_it(world: World, post: Message) -> None:
    interaction = await world.slack.choose(post, "mute:menu", "Mute for 1 week", user=BEN)
    assert interaction.acknowledged
    shown = await settled(world)
    (mute,) = await world.runtime.store.mutes.of(world.place)
    assert 604_000 < (mute.until - world.clock.now()).total_seconds() <= 604_800
    await press(world, shown, "Unmute", user=PERSON)
    again = await settled(world)
    assert "Muted" not in again.as_text()
    assert await world.runtime.store.mutes.of(world.place) == []
    actions = [entry.action for entry in await world.runtime.store.journal.read(limit=10)]
    assert actions == ["unmute", "mute"]


async def test_details_open_in_a_modal(world: World, post: Message) -> None:
    interaction = await press(world, post, "Details")
    await interaction.view()
    assert "Sales Follow-up" in (await interaction.view()).as_text()


async def test_the_details_of_an_account_are_its_health(world: World) -> None:
    from shared.demo import faults  # noqa: PLC0415

    world.api.always(faults.Unauthorized())
    (post,) = await world.told()
    world.api.clear_faults()
    interaction = await press(world, post, "Details")
    await interaction.view()
    assert "Health" in (await interaction.view()).as_text()
    assert "Mute" not in post.as_text()


async def test_buttons_work_after_a_restart(open_world: OpenWorld) -> None:
    before: World = await open_world()
    await before.subscribe()
    (post,) = await before.changed(42, status="inactive")
    await before.slack.disconnect()
    after: World = await open_world()
    interaction = await after.slack.press(post, "Acknowledge", user=BEN)
    assert interaction.acknowledged
    while not (await after.runtime.store.matters.get(1)).acknowledged_by:  # type: ignore[union-attr]
        await after.drain()
    await after.drain()
    (shown,) = after.posts()
    assert "👀 *Acknowledged*" in shown.as_text()


async def test_only_admins_mute_where_admins_are_named(open_world: OpenWorld) -> None:
    world: World = await open_world(slack_admins=(BEN,))
    await world.subscribe()
    (post,) = await world.changed(42, status="inactive")
    refused = await world.slack.press(post, "Mute for 2 hours", user=PERSON)
    assert "Only admins" in (await refused.reply()).as_text()
    assert await world.runtime.store.mutes.of(world.place) == []


@pytest.mark.parametrize(
    ("action", "value"),
    [
        *(
            (action, value)
            for action in ("acknowledge:", "mute:7200", "unmute:")
            for value in ("A-999", "A-", "x", "-")
        ),
        *(("mute:5", value) for value in ("A-1", "A-1 1", "A-1 99999999999999999999", "A-1 x")),
        ("mute:menu", "A-1"),
        ("mute:", "A-1"),
    ],
)
async def test_a_button_of_nobodys_alert_says_so(world: World, post: Message, value: str, action: str) -> None:
    payload = {
        "text": "x",
        "blocks": [
            {
                "type": "actions",
                "elements": [
                    {
                        "type": "button",
                        "text": {"type": "plain_text", "text": "Go"},
                        "action_id": action,
                        "value": value,
                    }
                ],
            }
        ],
    }
    forged = world.slack.workspace.post(GENERAL, payload)
    interaction = await world.slack.press(forged, "Go", user=PERSON)
    reply = await interaction.reply()
    assert "another version of this app" in reply.as_text()
    assert await world.runtime.store.mutes.of(world.place) == []


async def test_another_channels_alert_is_nobodys_here(world: World, post: Message) -> None:
    elsewhere = world.slack.workspace.post(PARTNERS, post.payload)
    interaction = await world.slack.press(elsewhere, "Acknowledge", user=PERSON)
    assert "another version of this app" in (await interaction.reply()).as_text()
