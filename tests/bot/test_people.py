"""Who people are, as Slack says: their language, and what is done where Slack does not say."""

import asyncio

import pytest

from bot import people
from bot.people import KNOWN_FOR
from bot.playground import Interaction, LocalSlack, Refused, ServerError
from bot.playground.people import BEN, BOT_USER, PERSON, TEAM, User
from bot.playground.workspace import GENERAL
from shared.runtime import Runtime
from shared.settings import SlackSettings
from tests.bot.conftest import Ask
from tests.clocks import ManualClock

ENGLISH, GERMAN = "All is well.", "Alles in Ordnung."


async def said_to(interaction: Interaction) -> str:
    return (await interaction.reply()).as_text()


@pytest.mark.parametrize(
    ("locale", "words"),
    [("en-US", ENGLISH), ("en-GB", ENGLISH), ("de-DE", GERMAN), ("de-AT", GERMAN), ("fr-FR", ENGLISH), ("", ENGLISH)],
)
async def test_a_person_is_answered_in_the_language_of_their_slack(
    ask: Ask, slack: LocalSlack, locale: str, words: str
) -> None:
    slack.workspace.add_user(User("U0SOMEBODY", "somebody", locale=locale), channels=[GENERAL])
    assert words in (await ask("health", user="U0SOMEBODY")).as_text()


async def test_the_language_does_not_depend_on_the_words_that_are_typed(ask: Ask) -> None:
    assert ENGLISH in (await ask("zustand")).as_text()
    assert GERMAN in (await ask("health", user=BEN)).as_text()


async def test_what_a_person_chose_goes_before_their_slack_and_a_channels_before_both(
    bot: Runtime[SlackSettings], slack: LocalSlack
) -> None:
    places = bot.store.places
    await places.set_language(f"{TEAM}/{PERSON}", "de", by=PERSON)
    assert GERMAN in await said_to(await slack.type_command("/assistants health"))
    assert GERMAN in await said_to(await slack.say("health"))
    await places.set_language(f"{TEAM}/{GENERAL}", "en", by=PERSON)
    assert ENGLISH in await said_to(await slack.type_command("/assistants health"))
    assert ENGLISH in await said_to(await slack.type_command("/assistants health", user=BEN))
    assert GERMAN in await said_to(await slack.say("health"))
    for place in (PERSON, GENERAL):
        await places.set_language(f"{TEAM}/{place}", None, by=PERSON)
    assert ENGLISH in await said_to(await slack.type_command("/assistants health"))
    assert GERMAN in await said_to(await slack.type_command("/assistants health", user=BEN))


async def test_slack_is_asked_again_after_a_while(
    bot: Runtime[SlackSettings], slack: LocalSlack, clock: ManualClock
) -> None:
    assert ENGLISH in await said_to(await slack.type_command("/assistants health"))
    slack.workspace.set_locale(PERSON, "de-DE")
    assert ENGLISH in await said_to(await slack.type_command("/assistants health"))
    clock.advance(KNOWN_FOR)
    assert GERMAN in await said_to(await slack.type_command("/assistants health"))


async def test_of_very_many_people_the_ones_asked_about_longest_ago_are_forgotten(
    bot: Runtime[SlackSettings], slack: LocalSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "MOST_KNOWN", 1)
    assert ENGLISH in await said_to(await slack.type_command("/assistants health"))
    assert GERMAN in await said_to(await slack.type_command("/assistants health", user=BEN))
    slack.workspace.set_locale(PERSON, "de-DE")
    slack.workspace.set_locale(BEN, "en-US")
    assert GERMAN in await said_to(await slack.type_command("/assistants health"))
    assert ENGLISH in await said_to(await slack.type_command("/assistants health", user=BEN))


@pytest.mark.parametrize("fault", [Refused("internal_error"), ServerError(500), ServerError(503, plain=True)])
async def test_a_slack_that_does_not_say_who_somebody_is_costs_them_their_language_alone(
    bot: Runtime[SlackSettings], slack: LocalSlack, caplog: pytest.LogCaptureFixture, fault: Refused
) -> None:
    slack.next_answers(fault, fault, to="users.info")
    assert ENGLISH in await said_to(await slack.type_command("/assistants health", user=BEN))
    assert f"Slack does not say who {BEN} is" in caplog.text
    assert GERMAN in await said_to(await slack.type_command("/assistants health", user=BEN))


async def test_what_was_known_is_good_enough_while_slack_does_not_say(
    bot: Runtime[SlackSettings], slack: LocalSlack, clock: ManualClock
) -> None:
    assert GERMAN in await said_to(await slack.type_command("/assistants health", user=BEN))
    clock.advance(KNOWN_FOR)
    slack.next_answers(Refused("internal_error"), Refused("internal_error"), to="users.info")
    assert GERMAN in await said_to(await slack.type_command("/assistants health", user=BEN))


async def test_many_people_at_once_get_each_their_own_language(bot: Runtime[SlackSettings], slack: LocalSlack) -> None:
    many = [User(f"U0MANY{number:04d}", f"p{number}", locale=("de-DE", "en-US")[number % 2]) for number in range(20)]
    for person in many:
        slack.workspace.add_user(person, channels=[GENERAL])
    typed = await asyncio.gather(*(slack.type_command("/assistants health", user=one.id) for one in many))
    for number, interaction in enumerate(typed):
        assert (GERMAN, ENGLISH)[number % 2] in await said_to(interaction)


async def test_the_bot_does_not_answer_itself(bot: Runtime[SlackSettings], slack: LocalSlack) -> None:
    before = len(slack.workspace.messages(GENERAL))
    assert (await slack.mention("health", user=BOT_USER)).acknowledged
    await said_to(await slack.type_command("/assistants health"))
    assert len(slack.workspace.messages(GENERAL)) == before + 1
