"""Many changes at once, and what was held back: one message, with the details in its thread."""

from datetime import time, timedelta

from bot.playground import GENERAL, PERSON, ServerError
from shared.alerts import Daily, QuietHours
from shared.demo import many_assistants
from tests.bot.alerts.conftest import World

BERLIN = "Europe/Berlin"


def change_all(world: World, count: int, **fields: object) -> list[int]:
    numbers = [record["id"] for record in world.api.assistants][:count]
    for number in numbers:
        world.api.change(number, **fields)
    return numbers


async def test_more_than_five_changes_of_one_poll_are_one_message(world: World) -> None:
    numbers = change_all(world, 8, timezone="Asia/Tokyo")
    world.api.change(42, webhook_url="https://evil.example.net/x?token=canary")
    (post,) = await world.told()
    assert "📦 *9 changes at once* · account default" in post.as_text()
    assert "timezone changed 8" in post.as_text()
    # The gravest stands in the message itself.
    assert post.as_text().index("🚨 *Critical*") < post.as_text().index("The details are in the thread")
    (details,) = world.thread(post)
    assert all(f"`{number}`" in details.as_text() for number in numbers)
    assert "canary" not in str((post.payload, details.payload))


async def test_five_are_five_messages(world: World) -> None:
    change_all(world, 5, timezone="Asia/Tokyo")
    assert len(await world.told()) == 5


async def test_thousands_of_changes_are_one_message_whose_thread_is_bounded(world: World) -> None:
    world.api.assistants[:] = many_assistants(2_000)
    # So many that were not there, and so many that are gone: believed when the second poll says the same.
    await world.told()
    (post,) = await world.told()
    (details,) = world.thread(post)
    assert "2,012 changes at once" in post.as_text()
    assert len(details.blocks) <= 50
    assert "more changes are not shown" in details.as_text()


async def test_the_head_of_a_summary_is_not_posted_twice_when_its_details_fail(world: World) -> None:
    change_all(world, 7, timezone="Asia/Tokyo")
    await world.poll()
    # The head is posted; the details are refused twice.
    posting = world.alerts._deliveries._telling._posting  # noqa: SLF001
    whole = posting.post
    refusals = [ServerError(500), ServerError(500)]

    async def post(channel: str, message: object, *, thread: str = "", broadcast: bool = False) -> str:
        if thread and refusals:
            world.slack.next_answers(refusals.pop(), to="chat.postMessage")
        return await whole(channel, message, thread=thread, broadcast=broadcast)  # type: ignore[arg-type]

    posting.post = post  # type: ignore[method-assign]
    await world.drain()
    (head,) = world.posts()
    assert len(world.thread(head)) == 1
    assert refusals == []


async def test_quiet_hours_hold_back_all_but_what_is_critical_and_end_in_a_digest(world: World) -> None:
    # The clock says 13:00 in Berlin.
    quiet = QuietHours(start=time(13), end=time(15), zone=BERLIN)
    await world.runtime.store.places.set_quiet(world.place, quiet, by=PERSON)
    change_all(world, 3, timezone="Asia/Tokyo")
    assert await world.told() == []
    (critical,) = await world.changed(42, webhook_url="https://evil.example.net/")
    assert "🚨 *Critical*" in critical.as_text()
    await world.speak_german()
    await world.changed(42, status="inactive")
    world.clock.advance(timedelta(hours=2).total_seconds())
    _critical, digest = await world.told()
    assert "🗞️ *4 Änderungen wurden zurückgehalten* · Konto default" in digest.as_text()
    assert "Zeitzone geändert 3 · ausgeschaltet 1" in digest.as_text()
    (details,) = world.thread(digest)
    assert details.as_text().count("•") == 0
    assert "`42` wurde ausgeschaltet" in details.as_text()


async def test_a_daily_digest_tells_everything_together(world: World) -> None:
    await world.runtime.store.places.set_digest(world.place, Daily(at=time(9), zone=BERLIN), by=PERSON)
    change_all(world, 7, timezone="Asia/Tokyo")
    assert await world.told() == []
    await world.changed(42, status="inactive")
    assert world.posts() == []
    world.clock.advance(timedelta(hours=20).total_seconds())
    (digest,) = await world.told()
    assert "8 changes were held back" in digest.as_text()
    assert digest.channel == GENERAL
