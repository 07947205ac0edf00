"""Channels that can't be posted to: their subscriptions pause, and whoever made them hears of it once."""

from collections.abc import Callable

import pytest

from bot.playground import BEN, BOT_USER, GENERAL, PARTNERS, PERSON, Refused
from shared.models import Severity
from tests.bot.alerts.conftest import World

ADA_DIRECT, BEN_DIRECT = f"D{PERSON[1:]}", f"D{BEN[1:]}"


def archive(world: World) -> None:
    world.slack.workspace.channels[GENERAL].is_archived = True


def remove_the_bot(world: World) -> None:
    world.slack.workspace.channels[GENERAL].members.discard(BOT_USER)


def make_private(world: World) -> None:
    remove_the_bot(world)
    world.slack.workspace.channels[GENERAL].is_private = True


@pytest.mark.parametrize(
    ("closed", "english", "german"),
    [
        (archive, "The channel is archived", "Der Kanal ist archiviert"),
        (remove_the_bot, "I am not in this channel", "Ich bin nicht in diesem Kanal"),
        (make_private, "I am not in this channel", "Ich bin nicht in diesem Kanal"),
    ],
)
async def test_a_channel_that_is_closed_pauses_and_each_creator_is_told_once_in_their_language(
    world: World, closed: Callable[[World], None], english: str, german: str
) -> None:
    await world.subscribe(by=BEN, groups=["prompt"])
    await world.subscribe(by=BEN, groups=["webhook"])
    await world.subscribe(PARTNERS)
    closed(world)
    await world.changed(42, status="inactive")
    await world.changed(57, status="inactive")
    assert world.posts() == []
    assert len(world.posts(PARTNERS)) == 2
    (to_ada,) = world.posts(ADA_DIRECT)
    (to_ben,) = world.posts(BEN_DIRECT)
    assert "I can't post into #C0GENERAL1 any more, so your subscription 1 there is paused" in to_ada.as_text()
    assert english in to_ada.as_text()
    assert "die Abonnements 2, 3 dort pausiert" in to_ben.as_text()
    assert german in to_ben.as_text()
    paused = [bool(one.paused) for one in await world.runtime.store.subscriptions.of()]
    assert paused == [True, True, True, False]
    (aside,) = await world.runtime.store.outbox.aside()
    assert aside.place == world.place


async def test_a_channel_that_is_open_again_hears_of_what_happens_from_then_on(world: World) -> None:
    archive(world)
    await world.changed(42, status="inactive")
    world.slack.workspace.channels[GENERAL].is_archived = False
    assert len(await world.runtime.store.subscriptions.resume(world.place)) == 1
    (post,) = await world.changed(57, status="inactive")
    assert "`57`" in post.as_text()


async def test_a_person_who_takes_no_messages_holds_nothing_up(world: World) -> None:
    archive(world)
    await world.subscribe(PARTNERS)
    world.api.change(42, status="inactive")
    await world.poll()
    # Of both channels and then of the person.
    await world.alerts.tick()
    world.slack.next_answers(Refused("user_disabled"), to="chat.postMessage")
    await world.drain()
    assert world.posts(ADA_DIRECT) == []
    assert len(world.posts(PARTNERS)) == 1
    assert {one.error for one in await world.runtime.store.outbox.aside()} == {"is_archived", "user_disabled"}


async def test_a_channel_that_only_some_may_post_to_is_told_with_slacks_word(world: World) -> None:
    world.slack.next_answers(Refused("restricted_action_read_only_channel"), to="chat.postMessage")
    await world.changed(42, status="inactive")
    (told,) = world.posts(ADA_DIRECT)
    assert "`restricted_action_read_only_channel`" in told.as_text()


async def test_a_subscription_to_direct_messages_is_told_there(world: World) -> None:
    world.slack.workspace.direct_channel(BEN)
    await world.subscribe(BEN_DIRECT, by=BEN, minimum=Severity.WARNING)
    await world.changed(42, status="inactive")
    assert len(world.posts(BEN_DIRECT)) == 1


async def test_who_chose_a_language_is_told_in_that_one(world: World) -> None:
    await world.runtime.store.places.set_language(world.place.replace(GENERAL, PERSON), "de", by=PERSON)
    archive(world)
    await world.changed(42, status="inactive")
    (told,) = world.posts(ADA_DIRECT)
    assert "Der Kanal ist archiviert" in told.as_text()
