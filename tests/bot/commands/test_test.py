"""`test`: a sample alert, so that people see that alerts arrive."""

import pytest

from bot.playground import BEN, GENERAL, PARTNERS, PERSON, RANDOM, TEAM, LocalSlack, RateLimited, Refused
from shared.runtime import Runtime
from shared.settings import SlackSettings
from tests.bot.conftest import OpenBot

Bot = Runtime[SlackSettings]


async def answers(slack: LocalSlack, text: str = "test", *, user: str = PERSON, channel: str = GENERAL) -> list[str]:
    """What is posted for everybody, and what whoever asked is told."""
    interaction = await slack.type_command(f"/assistants {text}", user=user, channel=channel)
    told = await interaction.reply()
    while not told.ephemeral:
        told = await interaction.reply()
    return [*(message.as_text() for message in slack.workspace.messages(channel)), told.as_text()]


async def test_the_channel_sees_a_sample_that_is_marked_as_one(bot: Bot, slack: LocalSlack) -> None:
    sample, told = await answers(slack)
    assert sample.startswith(f"🧪 *This is a test* that @{PERSON} asked for; nothing has changed.")
    assert "*Warning*: *Test* `0` was switched off" in sample
    assert "alerts arrive" in told
    (message,) = slack.workspace.messages(GENERAL)
    assert "This is a test" in message.text
    (entry,) = await bot.store.journal.read(limit=5)
    assert (entry.by, entry.action, entry.place) == (PERSON, "test", f"{TEAM}/{GENERAL}")


async def test_it_is_in_the_channel_s_language_and_the_answer_in_the_asker_s(bot: Bot, slack: LocalSlack) -> None:
    sample, told = await answers(slack, "teste", user=BEN)
    assert "*Das ist ein Test*" in sample
    assert "Meldungen kommen an" in told
    await bot.store.places.set_language(f"{TEAM}/{PARTNERS}", "de", by=BEN)
    sample, _told = await answers(slack, channel=PARTNERS)
    assert "*Das ist ein Test*" in sample


@pytest.mark.parametrize(
    ("channel", "refusal", "english", "german"),
    [
        (RANDOM, None, "alerts would not arrive either", "Auch Meldungen kämen nicht an"),
        (GENERAL, Refused("is_archived"), "(is_archived)", "(is_archived)"),
        (GENERAL, Refused("fatal_error"), "did not take the test (fatal_error)", "nicht angenommen (fatal_error)"),
    ],
)
async def test_where_nothing_can_be_posted_it_is_explained(
    bot: Bot, slack: LocalSlack, channel: str, refusal: Refused | None, english: str, german: str
) -> None:
    for user, words in ((PERSON, english), (BEN, german)):
        if refusal:
            slack.next_answers(refusal, to="chat.postMessage")
        (told,) = await answers(slack, user=user, channel=channel)
        assert words in told
    assert await bot.store.journal.read(limit=5) == []


async def test_a_rate_limit_is_waited_out(bot: Bot, slack: LocalSlack) -> None:
    slack.next_answers(RateLimited(retry_after=0), to="chat.postMessage")
    assert len(await answers(slack)) == 2


async def test_admins_alone_post_it_where_there_are_any(open_bot: OpenBot, slack: LocalSlack) -> None:
    await open_bot(slack_admins=PERSON)
    (told,) = await answers(slack, user=BEN)
    assert "dürfen nur Admins" in told


async def test_a_slip_of_the_pen_posts_nothing(bot: Bot, slack: LocalSlack) -> None:
    for text in ("tets", "tes", "testt", "test42"):
        (told,) = await answers(slack, text)
        assert "I don't understand" in told
