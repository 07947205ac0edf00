"""One message for an open matter: brought up to date, its story in the thread, closed for all to see."""

from bot.playground import BEN, GENERAL, PERSON
from tests.bot.alerts.conftest import World


async def test_a_matter_ends_in_the_message_that_began_it(world: World) -> None:
    (post,) = await world.changed(42, status="inactive")
    (closed,) = await world.changed(42, status="active")
    assert (closed.ts, closed.replaced) == (post.ts, True)
    assert "✅ *Over*" in closed.as_text()
    assert "*Closed*" in closed.as_text()
    assert "[Acknowledge]" not in closed.as_text()
    told = [line.partition(": ")[2] for line in closed.as_text().splitlines() if line.startswith("•")]
    assert told == ["*Sales Follow-up* `42` was switched off", "*Sales Follow-up* `42` was switched on"]
    (story,) = world.thread(closed)
    assert "`42` was switched on" in story.as_text()


async def test_what_is_new_after_the_end_is_a_message_of_its_own(world: World) -> None:
    await world.changed(42, status="inactive")
    await world.changed(42, status="active")
    world.clock.advance(3600)
    old, new = await world.changed(42, status="inactive")
    assert "✅ *Over*" in old.as_text()
    assert "was switched off" in new.as_text()


async def test_another_assistant_and_another_kind_are_matters_of_their_own(world: World) -> None:
    world.api.change(57, status="inactive")
    posts = await world.changed(42, status="inactive", mode="dualplex")
    assert len(posts) == 3
    assert len({post.ts for post in posts}) == 3


async def test_an_assistant_that_flips_back_and_forth_is_one_message_until_it_is_quiet(world: World) -> None:
    for flip in range(6):
        (post,) = await world.changed(42, status=("inactive", "active")[flip % 2])
    assert "🔁 *Flapping*" in post.as_text()
    assert "6 times so far" in post.as_text()
    assert len(world.thread(post)) == 1
    world.clock.advance(1800)
    (settled,) = await world.told()
    assert settled.ts == post.ts
    assert "✅ *Settled*" in settled.as_text()
    assert "*Closed*" in settled.as_text()


async def test_a_long_story_is_told_from_its_beginning_and_its_end(world: World) -> None:
    for step in range(12):
        (post,) = await world.changed(42, system_prompt=f"Version {step}.")
    lines = [line for line in post.as_text().splitlines() if line.startswith("•")]
    assert "6 more changes" in lines[1]
    assert len(lines) == 7
    assert len(world.thread(post)) == 11


async def test_a_message_that_somebody_took_away_is_posted_anew_when_there_is_news(world: World) -> None:
    (post,) = await world.changed(42, status="inactive")
    world.slack.workspace.delete(post)
    assert (await world.told()) == []
    (anew,) = await world.changed(42, status="active")
    assert anew.ts != post.ts
    assert "✅ *Over*" in anew.as_text()


async def test_a_message_that_somebody_took_away_stays_away_without_news(world: World) -> None:
    (post,) = await world.changed(42, status="inactive")
    world.slack.workspace.delete(post)
    await world.runtime.store.matters.acknowledge(1, BEN)
    await world.drain()
    assert world.posts() == []
    assert await world.runtime.store.outbox.depth() == 0


async def test_graver_news_in_a_thread_is_shown_to_the_channel_too(world: World) -> None:
    (post,) = await world.changed(42, webhook_url="https://crm.example.com/other")
    await world.changed(42, webhook_url="https://evil.example.net/")
    await world.changed(42, is_webhook_active=False)
    graver, milder = world.thread(post)
    assert (graver.payload.get("reply_broadcast"), milder.payload.get("reply_broadcast")) == (True, None)


async def test_several_changes_at_once_of_one_matter_are_one_reply(world: World) -> None:
    (post,) = await world.changed(42, webhook_url="https://crm.example.com/other")
    await world.changed(42, is_webhook_active=False, webhook_url="https://evil.example.net/")
    (reply,) = world.thread(post)
    assert "was switched off" in reply.as_text()
    assert "was moved to another host" in reply.as_text()
    assert "Nothing is sent there as long as the webhook is switched off" in reply.as_text()


async def test_a_webhook_without_an_address_is_told_as_such(world: World) -> None:
    (post,) = await world.changed(42, webhook_url="")
    assert "The webhook address of" in post.as_text()
    assert "Post-call data is no longer sent" in post.as_text()
    (post,) = await world.changed(42, webhook_url="https://new.example.com:8443/x")
    assert "was given an address on `new.example.com:8443`" in post.as_text()


async def test_the_last_active_assistant_is_missed(world: World) -> None:
    for record in world.api.assistants:
        if record["id"] != 42:
            world.api.change(record["id"], status="inactive")
    await world.told()
    post = (await world.changed(42, status="processing"))[-1]
    assert "No active assistant is left in this account" in post.as_text()
    assert "is no longer active, but processing" in post.as_text()


async def test_two_subscriptions_that_ask_for_the_same_are_one_message(world: World) -> None:
    await world.subscribe(by=BEN)
    await world.subscribe(by=PERSON, groups=["status"])
    assert len(await world.changed(42, status="inactive")) == 1
    assert {post.channel for post in world.posts()} == {GENERAL}
