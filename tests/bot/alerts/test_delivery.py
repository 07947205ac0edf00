"""Whatever goes wrong between us and Slack: nothing is lost, and nothing is told twice but what can't be known."""

import logging
from datetime import timedelta

import pytest

from bot.alerts import running
from bot.alerts.delivery import GIVEN_UP_AFTER, LONGEST_WAIT
from bot.playground import (
    BEN,
    GENERAL,
    PARTNERS,
    PERSON,
    AnswerLost,
    ConnectionLost,
    Fault,
    RateLimited,
    Refused,
    ServerError,
)
from shared.errors import StoreError
from shared.query import AssistantQuery, Choice
from shared.watch import watch as watch_module
from tests.bot.alerts.conftest import World

POST, UPDATE = "chat.postMessage", "chat.update"


FAULTS: tuple[Fault, ...] = (
    *(ServerError(500), ServerError(503), ConnectionLost(), RateLimited(retry_after=2)),
    *(Refused("internal_error"), Refused("token_revoked"), Refused("missing_scope")),
)


async def test_what_slack_does_not_take_is_told_later_and_once(world: World) -> None:
    numbers = [record["id"] for record in world.api.assistants]
    for count, (number, fault) in enumerate(zip(numbers, FAULTS, strict=False), 1):
        world.slack.next_answers(fault, fault, fault, to=POST)
        assert len(await world.changed(number, mode="new")) == count


async def test_an_update_that_fails_is_made_later_and_its_story_is_told_once(world: World) -> None:
    (post,) = await world.changed(42, system_prompt="0")
    for count, fault in enumerate((*FAULTS, AnswerLost()), 1):
        world.slack.next_answers(fault, fault, to=UPDATE)
        (post,) = await world.changed(42, system_prompt=f"{count}")
        assert len(world.thread(post)) == count


async def test_only_an_answer_that_is_lost_makes_a_message_twice(world: World) -> None:
    world.slack.next_answers(AnswerLost(), to=POST)
    posts = await world.changed(42, status="inactive")
    assert [post.text for post in posts] == [posts[0].text] * 2
    # From then on the matter is found under the second.
    first, second = await world.changed(42, status="active")
    assert ("✅" in first.as_text(), "✅" in second.as_text()) == (False, True)


async def test_the_wait_that_slack_asks_for_is_kept_to_the_second(world: World) -> None:
    world.slack.next_answers(RateLimited(retry_after=40), to=POST)
    world.api.change(42, status="inactive")
    await world.poll()
    assert await world.alerts.tick() == 1
    world.clock.advance(39.9)
    assert await world.alerts.tick() == 0
    world.clock.advance(0.2)
    assert await world.alerts.tick() == 1
    assert len(world.posts()) == 1


async def test_waits_grow_and_end_at_a_limit(world: World) -> None:
    world.slack.next_answers(*[ServerError(500)] * 30, to=POST)
    world.api.change(42, status="inactive")
    await world.poll()
    waits = []
    for _attempt in range(14):
        since = world.clock.now()
        while not await world.alerts.tick():
            world.clock.advance(1)
        waits.append((world.clock.now() - since).total_seconds())
    # Without any luck, half of what it may be.
    assert waits[:7] == [0, 1, 1, 2, 4, 8, 16]
    assert waits[-1] == LONGEST_WAIT / 2


async def test_a_channel_gets_one_message_a_second_and_no_channel_waits_for_another(world: World) -> None:
    await world.subscribe(PARTNERS)
    for number in (42, 57):
        world.api.change(number, mode="multimodal-next")
    await world.poll()
    assert await world.alerts.tick() == 2
    assert (len(world.posts(GENERAL)), len(world.posts(PARTNERS))) == (1, 1)
    world.clock.advance(0.5)
    assert await world.alerts.tick() == 0
    world.clock.advance(0.6)
    assert await world.alerts.tick() == 2


async def test_what_fails_in_one_channel_holds_up_its_own_alone_and_their_order_is_kept(world: World) -> None:
    await world.subscribe(PARTNERS, query=AssistantQuery(ids=Choice.parse("57")))
    world.slack.next_answers(RateLimited(retry_after=90), to=POST)
    world.api.change(42, mode="multimodal-next")
    await world.poll()
    await world.alerts.tick()
    world.api.change(57, status="inactive")
    await world.poll()
    await world.alerts.tick()
    assert len(world.posts(PARTNERS)) == 1
    assert world.posts(GENERAL) == []
    await world.drain()
    assert [post.text.split("`")[1] for post in world.posts(GENERAL)] == ["42", "57"]


async def test_blocks_that_slack_does_not_take_give_way_to_their_text(world: World) -> None:
    world.slack.next_answers(Refused("invalid_blocks"), to=POST)
    (post,) = await world.changed(42, status="inactive")
    assert post.blocks == []
    assert "was switched off" in post.text


async def test_after_a_day_it_is_set_aside_where_people_see_it_and_not_dropped(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.slack.next_answers(*[ServerError(500)] * 1000, to=POST)
    world.api.change(42, status="inactive")
    await world.poll()
    ends = world.clock.now() + GIVEN_UP_AFTER + timedelta(minutes=10)
    with caplog.at_level(logging.ERROR, "bot.alerts"):
        while world.clock.now() < ends:
            await world.alerts.tick()
            world.clock.advance(600)
    (aside,) = await world.runtime.store.outbox.aside()
    assert aside.error == "HTTP 500"
    assert "is set aside after a day: HTTP 500" in caplog.text
    assert await world.runtime.store.outbox.depth() == 0
    world.slack._faults._waiting.clear()  # noqa: SLF001 # Slack is well again
    # Those behind it come, and it comes when somebody asks for it.
    assert len(await world.changed(57, status="inactive")) == 1
    assert await world.runtime.store.outbox.retry(aside.id)
    await world.drain()
    assert len(world.posts()) == 2


async def test_a_database_that_is_away_for_a_moment_makes_nothing_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Only the moment between Slack's answer and its being written down is of interest, and no real fault hits it.
    outbox = type(world.runtime.store.outbox)
    posted, refusals = outbox.posted, [1, 2, 3]

    async def unwilling(*arguments: object) -> bool:
        if refusals:
            refusals.pop()
            raise StoreError.__subclasses__()[0](evidence="test")
        return await posted(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(outbox, "posted", unwilling)
    assert len(await world.changed(42, status="inactive")) == 1
    await world.drain()
    assert (refusals, len(world.posts())) == ([], 1)


async def test_a_hundred_subscriptions_are_told_within_two_seconds_of_the_poll(world: World) -> None:
    channels = [f"C0HUNDRED{number:03}" for number in range(100)]
    for channel in channels:
        world.slack.workspace.add_channel(channel, channel.lower(), members=[PERSON, BEN, "U0LOCALBOT"])
        await world.subscribe(channel)
    world.api.change(42, status="inactive")
    await world.poll()
    # No wait is part of it but those between two looks: the watch's at the accounts, ours at what there is to tell.
    while await world.alerts.tick():
        pass
    assert all(len(world.posts(channel)) == 1 for channel in channels)
    assert watch_module.PACE + running.PACE <= 1
