"""The App Home and the settings: what people see of the app itself, and the languages they choose."""

from bot.playground import LocalSlack
from bot.playground.people import BEN, OUTSIDER, PERSON
from bot.playground.workspace import GENERAL
from shared.runtime import Runtime
from shared.settings import SlackSettings
from tests.bot.conftest import Ask, OpenBot, See

Bot = Runtime[SlackSettings]


async def test_the_home_counts_and_says_what_one_may_do_in_each_persons_language(bot: Bot, slack: LocalSlack) -> None:
    english = (await (await slack.open_home(PERSON)).view()).as_text()
    german = (await (await slack.open_home(BEN)).view()).as_text()
    assert "What you may do" in english
    assert "Was du darfst" in german
    assert "12" in english
    assert "12" in german


async def test_a_button_in_the_home_opens_its_answer_in_a_modal_and_leaves_the_home(
    bot: Bot, slack: LocalSlack
) -> None:
    home = await (await slack.open_home()).view()
    pressed = await slack.press(home, "open:health")
    waiting, filled = await pressed.view(), await pressed.view()
    assert waiting.id == filled.id
    assert slack.views.homes[PERSON].as_text() == home.as_text()


async def test_the_language_chosen_in_the_home_holds_for_every_answer_until_it_is_taken_back(
    bot: Bot, slack: LocalSlack, ask: Ask
) -> None:
    home = await (await slack.open_home()).view()
    chosen = await slack.choose(home, f"set:{PERSON}", "de")
    again = await chosen.view()
    assert "Was du darfst" in again.as_text()
    german = (await ask("help")).as_text()
    back = await slack.choose(again, f"set:{PERSON}", "auto")
    assert "What you may do" in (await back.view()).as_text()
    assert (await ask("help")).as_text() != german


async def test_a_channels_language_goes_before_everybodys_own(bot: Bot, slack: LocalSlack, see: See, ask: Ask) -> None:
    before = (await ask("help")).as_text()
    modal = await see("settings")
    interaction = await slack.choose(modal, f"set:{GENERAL}", "de")
    assert "Sprache" in (await interaction.view()).as_text()
    german = (await ask("help")).as_text()
    assert german != before
    assert german == (await ask("help", user=BEN)).as_text()


async def test_it_is_kept_over_a_restart(open_bot: OpenBot, slack: LocalSlack) -> None:
    await open_bot()
    home = await (await slack.open_home()).view()
    await (await slack.choose(home, f"set:{PERSON}", "de")).view()
    await slack.disconnect()
    await open_bot()
    assert "Was du darfst" in (await (await slack.open_home()).view()).as_text()


async def test_only_admins_set_a_channels_language_where_there_are_any(open_bot: OpenBot, slack: LocalSlack) -> None:
    await open_bot(slack_admins=PERSON)
    seen = await slack.type_command("/assistants settings", user=BEN)
    await seen.view()
    modal = await seen.view()
    assert f"set:{GENERAL}" not in str(modal.payload)
    assert "kein Admin" in modal.as_text()
    offered = await slack.type_command("/assistants settings", user=PERSON)
    await offered.view()
    assert f"set:{GENERAL}" in str((await offered.view()).payload)


async def test_a_home_of_who_may_not_ask_says_so(open_bot: OpenBot, slack: LocalSlack) -> None:
    await open_bot(slack_allowed_users=PERSON)
    refused = (await (await slack.open_home(BEN)).view()).as_text()
    assert "Du gehörst nicht zu denen" in refused
    assert "12" not in refused


async def test_somebody_of_another_organisation_is_told_nothing(bot: Bot, slack: LocalSlack) -> None:
    refused = (await (await slack.open_home(OUTSIDER)).view()).as_text()
    assert "its own workspace only" in refused


async def test_a_home_without_famulor_says_why(open_bot: OpenBot, slack: LocalSlack) -> None:
    await open_bot(famulor_api_key="wrong")
    shown = (await (await slack.open_home()).view()).as_text()
    assert "does not accept the API key" in shown


async def test_the_settings_name_who_may_do_what(open_bot: OpenBot, slack: LocalSlack) -> None:
    await open_bot(slack_admins=PERSON, slack_prompts="admins", slack_allowed_channels=GENERAL)
    seen = await slack.type_command("/assistants settings")
    await seen.view()
    shown = (await seen.view()).as_text()
    assert "You are an admin" in shown
    assert "Prompts are shown to admins only" in shown
    assert "general" in shown or GENERAL in shown
