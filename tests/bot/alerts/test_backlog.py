"""What is owed, set aside and new, where people look: the Home and the health."""

from bot.playground import BEN, PERSON, ConnectionLost, View
from bot.views.backlog import RETRY
from tests.bot.alerts.conftest import OpenWorld, World


async def open_home(world: World, user: str = PERSON) -> View:
    return await (await world.slack.open_home(user)).view()


async def health(world: World, user: str = PERSON) -> str:
    interaction = await world.slack.type_command("/assistants health", user=user)
    return (await interaction.reply()).as_text()


async def give_up(world: World) -> None:
    """One alert can't be delivered for a day."""
    world.slack.next_answers(*[ConnectionLost()] * 20, to="chat.postMessage")
    world.api.change(42, status="inactive")
    await world.poll()
    while not await world.runtime.store.outbox.aside():
        await world.alerts.tick()
        world.clock.advance(10_000)
    world.slack._faults._waiting.clear()  # noqa: SLF001 # Slack is well again


async def test_the_home_tells_of_the_five_newest_changes(world: World) -> None:
    assert "Newest changes" not in (await open_home(world)).as_text()
    for number in (42, 57):
        for step in range(3):
            await world.changed(number, system_prompt=f"Step {step}")
    english, german = (await open_home(world)).as_text(), (await open_home(world, BEN)).as_text()
    assert english.count("The prompt of") == 5
    assert german.count("Der Prompt von") == 5
    assert "*Newest changes*" in english
    assert "*Neueste Änderungen*" in german


async def test_what_could_not_be_delivered_is_shown_and_tried_again_by_a_button(world: World) -> None:
    await give_up(world)
    home = await open_home(world)
    assert "1 message could not be delivered and is set aside" in home.as_text()
    assert "#C0GENERAL1: `ServerDisconnectedError`, owed since" in home.as_text()
    assert "1 message could not be delivered" in await health(world)
    assert "1 Nachricht konnte nicht zugestellt werden" in await health(world, BEN)
    again = await (await world.slack.press(home, f"{RETRY}:")).view()
    assert "set aside" not in again.as_text()
    await world.drain()
    assert len(world.posts()) == 1
    # What is owed by now can't be owed again.
    assert "set aside" not in (await (await world.slack.press(home, f"{RETRY}:")).view()).as_text()
    assert len(world.posts()) == 1


async def test_only_admins_may_try_again(open_world: OpenWorld) -> None:
    world: World = await open_world(slack_admins=(BEN,))
    await world.subscribe()
    await give_up(world)
    assert "Try again" not in (await open_home(world)).as_text()
    assert "Noch einmal versuchen" in (await open_home(world, BEN)).as_text()


async def test_the_health_tells_what_is_owed_since_when_and_when_was_last_looked(world: World) -> None:
    told = await health(world)
    assert "Alerts: nothing is owed" in told
    assert "Last look at the accounts: 2026-03-01" in told
    world.api.change(42, status="inactive")
    await world.poll()
    world.slack.next_answers(ConnectionLost(), to="chat.postMessage")
    await world.alerts.tick()
    assert "Alerts: 1 message owed, since 2026-03-01" in await health(world)
