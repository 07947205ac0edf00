"""Routing and delivery as they run: beside everything else, through failures of the database, to the end."""

import asyncio
import logging

import pytest
from sqlalchemy import text

from bot.alerts import running
from bot.alerts.delivery import LEASE, SPREAD
from bot.alerts.running import delivering
from bot.playground import GENERAL, PARTNERS, PERSON, RateLimited, Refused, ServerError
from bot.views import alerts
from shared.errors import StoreError
from shared.query import AssistantQuery, Choice
from tests.bot.alerts.conftest import World


async def rename(world: World, table: str, other: str) -> None:
    """As if somebody had broken the database."""
    async with world.runtime.store.database.writing() as connection:
        await connection.execute(text(f"ALTER TABLE {table} RENAME TO {other}"))


async def test_what_is_found_is_told_while_they_run(world: World) -> None:
    async with delivering(world.alerts):
        world.api.change(42, status="inactive")
        await world.poll()
        assert "was switched off" in (await world.slack.next_message()).as_text()


async def test_what_is_being_posted_at_the_end_is_finished(world: World) -> None:
    for number in range(40):
        channel = f"C0END{number:03}"
        world.slack.workspace.add_channel(channel, channel.lower(), members=[PERSON, "U0LOCALBOT"])
        await world.subscribe(channel)
    world.api.change(42, status="inactive")
    await world.poll()
    async with delivering(world.alerts):
        await world.slack.next_message()
    posted = [post for channel in world.slack.workspace.channels for post in world.posts(channel)]
    outbox = world.runtime.store.outbox
    assert len(posted) + await outbox.depth() == 41


async def test_a_database_that_fails_is_asked_again_after_a_while(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.api.change(42, status="inactive")
    await world.poll()
    await rename(world, "deliveries", "hidden")
    with caplog.at_level(logging.WARNING, "bot.alerts"):
        async with delivering(world.alerts):
            while running.STORE_PAUSE not in world.clock.slept:  # noqa: ASYNC110 # a clock tells nobody
                await asyncio.sleep(0)
            await rename(world, "hidden", "deliveries")
            await world.slack.next_message()
    assert "The database refused a statement" in caplog.text


async def test_what_can_not_be_put_together_is_not_claimed_and_what_can_not_be_written_down_is_told_later(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.api.change(42, status="inactive")
    await world.poll()
    await world.alerts._routing.tick()  # noqa: SLF001 # routed, not claimed yet
    await rename(world, "mutes", "hidden")
    with pytest.raises(StoreError):
        await world.alerts.tick()
    await rename(world, "hidden", "mutes")
    async with world.runtime.store.database.writing() as connection:
        await connection.execute(
            text("CREATE TRIGGER refuses BEFORE UPDATE OF error ON deliveries BEGIN SELECT raise(ABORT, 'no'); END")
        )
    world.slack.next_answers(ServerError(500), to="chat.postMessage")
    with caplog.at_level(logging.WARNING, "bot.alerts"):
        assert await world.alerts.tick() == 1
    assert "Delivery 1: The database refused a statement" in caplog.text
    assert await world.alerts.tick() == 0
    world.clock.advance(LEASE.total_seconds())
    assert await world.alerts.tick() == 1
    assert len(world.posts()) == 1


async def test_one_that_we_can_not_render_holds_up_nobody_else(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await world.subscribe(PARTNERS, query=AssistantQuery(ids=Choice.parse("57")))
    # A fault of ours, which no real input is known to cause.
    with monkeypatch.context() as broken, caplog.at_level(logging.ERROR, "bot.alerts"):
        broken.setattr(alerts, "_times", None)
        world.api.change(42, status="inactive")
        await world.poll()
        assert await world.alerts.tick() == 1
    assert "Delivery 1 could not be told." in caplog.text
    world.api.change(57, status="inactive")
    await world.poll()
    await world.drain()
    assert (len(world.posts(GENERAL)), len(world.posts(PARTNERS))) == (2, 1)


async def test_while_slack_takes_no_updates_the_news_are_told_all_the_same(world: World) -> None:
    (post,) = await world.changed(42, status="inactive")
    world.slack.next_answers(RateLimited(retry_after=30), to="chat.update")
    world.api.change(42, status="active")
    await world.poll()
    await world.alerts.tick()
    (reply,) = world.thread(post)
    assert "was switched on" in reply.as_text()
    # Another matter of this channel does not wait, and Slack is not asked for another update.
    world.api.change(57, status="inactive")
    world.clock.advance(2)
    await world.runtime.store.matters.acknowledge(1, PERSON)
    await world.alerts.tick()
    updates = [sent for sent in world.slack.sent if sent.how == "chat.update"]
    assert len(updates) == 1
    world.clock.advance(30 + SPREAD)
    await world.drain()
    closed = world.posts()[0]
    assert "✅ *Over*" in closed.as_text()
    assert len(world.thread(closed)) == 1


async def test_a_mute_that_slack_can_not_show_is_said_to_hold(world: World) -> None:
    (post,) = await world.changed(42, status="inactive")
    world.slack.next_answers(ServerError(500), ServerError(500), to="chat.update")
    interaction = await world.slack.press(post, "Mute for 2 hours")
    assert "It is done, but Slack does not take the new text" in (await interaction.reply()).as_text()
    assert len(await world.runtime.store.mutes.of(world.place)) == 1


async def test_an_alert_that_was_taken_away_is_muted_without_a_word(world: World) -> None:
    (post,) = await world.changed(42, status="inactive")
    world.slack.next_answers(Refused("message_not_found"), to="chat.update")
    await world.slack.press(post, "Mute for 2 hours")
    while not await world.runtime.store.mutes.of(world.place):  # noqa: ASYNC110 # nor does a database
        await asyncio.sleep(0)
