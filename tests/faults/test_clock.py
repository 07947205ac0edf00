"""A wall clock that somebody sets, or that stood wrong: answers go on, and what happens is told soon, once."""

import pytest

from bot.playground import ServerError
from tests.bot.alerts.conftest import World
from tests.bot.conftest import Ask
from tests.faults.conftest import SettableClock

HOUR, DAY = 3600.0, 86_400.0
SOON = 300
"""Seconds within which whatever happens in Famulor is told, whatever became of the clock."""


async def told_soon(world: World, count: int) -> None:
    """The watch and the alerts run as they do, until so many messages stand in the channel."""
    for _step in range(SOON // 10):
        await world.watch.tick()
        await world.alerts.tick()
        if len(world.posts()) >= count:
            return
        world.clock.advance(10)
    raise AssertionError(f"{len(world.posts())} of {count} messages within {SOON} s")


@pytest.fixture
async def world(world: World) -> World:
    """As it is when it has run for some days: the channel subscribed before the time that a clock is set back to."""
    await world.poll(after=3 * DAY)
    return world


@pytest.mark.parametrize("jump", [HOUR, -HOUR, DAY, -DAY])
async def test_whenever_the_clock_is_set_what_happens_is_told_soon_and_once(
    world: World, clock: SettableClock, ask_in: Ask, jump: float
) -> None:
    assert len(await world.changed(42, status="inactive")) == 1
    # Seen, and decided on by nobody yet.
    world.api.change(57, status="inactive")
    await world.poll()
    clock.set_by(jump)
    assert "4 of 12" in (await ask_in("outbound inactive")).as_text()
    await told_soon(world, 2)
    world.api.change(101, mode="multimodal-next")
    await told_soon(world, 3)
    # Somebody sets it right again.
    clock.set_by(-jump)
    world.api.change(42, mode="multimodal-next")
    await told_soon(world, 4)
    for _quarter in range(5):
        clock.advance(DAY / 4)
        await world.watch.tick()
        await world.alerts.tick()
    assert len(world.posts()) == len(await world.runtime.store.history.changes(limit=99)) == 4
    assert await world.runtime.store.outbox.depth() == 0


@pytest.mark.parametrize("jump", [-HOUR, -DAY])
async def test_what_was_owed_when_the_clock_was_set_back_waits_until_it_is_there_again_and_is_told_once(
    world: World, clock: SettableClock, jump: float
) -> None:
    world.slack.next_answers(ServerError(500), to="chat.postMessage")
    world.api.change(42, status="inactive")
    await world.poll()
    await world.alerts.tick()
    clock.set_by(jump)
    world.api.change(57, status="inactive")
    await told_soon(world, 1)
    assert "`57`" in world.posts()[0].text
    clock.advance(-jump)
    await told_soon(world, 2)
    assert "`42`" in world.posts()[1].text
    await world.told()
    assert len(world.posts()) == 2
