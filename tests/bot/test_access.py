"""Who may do what: each rule, as people of either language meet it in Slack, and as the log tells it."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.access import NotAllowed, Outsider, Prompts, Rules, rights
from bot.connection import connected
from bot.playground import Interaction, LocalSlack
from bot.playground.people import BEN, BOT_USER, OTHER_TEAM, OUTSIDER, PERSON, TEAM, User
from bot.playground.workspace import GENERAL, OPERATORS, PARTNERS
from shared.runtime import open_runtime
from tests.bot.conftest import MakeSettings, OpenBot
from tests.clocks import ManualClock

OPS = "C0OPERATE1"
NOT_ON_THE_LIST = {
    PERSON: "You are not among those who may use this app. Whoever runs it can add you.",
    BEN: "Du gehörst nicht zu denen, die diese App benutzen dürfen. Wer sie betreibt, kann dich hinzufügen.",
}
NOT_HERE = {PERSON: "This app does not answer in this channel.", BEN: "Diese App antwortet nicht in diesem Kanal."}


async def said_to(interaction: Interaction) -> str:
    """The answer, which nobody else sees."""
    assert interaction.acknowledged
    reply = await interaction.reply()
    assert reply.ephemeral or reply.channel.startswith("D")
    return reply.as_text()


@pytest.mark.parametrize(("refused", "allowed"), [(PERSON, BEN), (BEN, PERSON)])
async def test_only_the_people_who_are_named_may_ask(
    open_bot: OpenBot, slack: LocalSlack, caplog: pytest.LogCaptureFixture, refused: str, allowed: str
) -> None:
    await open_bot(slack_allowed_users=allowed)
    for tried in (
        await slack.type_command("/assistants show 42", user=refused),
        await slack.mention("outbound", user=refused),
        await slack.say("outbound", user=refused),
    ):
        assert NOT_ON_THE_LIST[refused] in await said_to(tried)
    assert f"Refused {refused} in {GENERAL}: You are not among those" in caplog.text
    shown = await said_to(await slack.type_command("/assistants outbound", user=allowed))
    assert "Outbound" in shown.replace("outbound", "Outbound")
    assert NOT_ON_THE_LIST[allowed] not in shown


@pytest.mark.parametrize("user", [PERSON, BEN])
async def test_a_button_on_an_old_message_is_no_way_around_new_rules(
    settings: MakeSettings, slack: LocalSlack, clock: ManualClock, user: str
) -> None:
    async with open_runtime(settings(), clock) as runtime, connected(runtime):
        await slack.connected()
        listed = await (await slack.type_command("/assistants outbound", user=user)).reply()
    others = settings(slack_allowed_users="U0SOMEBODY")
    async with open_runtime(others, clock) as runtime, connected(runtime):
        await slack.connected()
        pressed = await slack.press(listed, "refresh:")
        assert NOT_ON_THE_LIST[user] in await said_to(pressed)
        assert "Sales Follow-up" not in pressed.messages[0].as_text()


async def test_the_members_of_a_user_group_may_ask(
    open_bot: OpenBot, slack: LocalSlack, caplog: pytest.LogCaptureFixture
) -> None:
    await open_bot(slack_allowed_usergroups=OPERATORS)
    assert "12 outbound assistants" in await said_to(await slack.type_command("/assistants outbound"))
    assert NOT_ON_THE_LIST[BEN] in await said_to(await slack.type_command("/assistants outbound", user=BEN))
    assert f"Refused {BEN}" in caplog.text


async def test_a_group_that_slack_does_not_tell_of_lets_nobody_in(
    open_bot: OpenBot, slack: LocalSlack, caplog: pytest.LogCaptureFixture
) -> None:
    await open_bot(slack_allowed_usergroups="S0UNKNOWN1")
    assert NOT_ON_THE_LIST[PERSON] in await said_to(await slack.type_command("/assistants outbound"))
    assert "who is in the user group S0UNKNOWN1 (no_such_subteam)" in caplog.text


@pytest.mark.parametrize("user", [PERSON, BEN])
async def test_it_answers_in_the_channels_that_are_named_and_in_direct_messages(
    open_bot: OpenBot, slack: LocalSlack, caplog: pytest.LogCaptureFixture, user: str
) -> None:
    slack.workspace.add_channel(OPS, "operations", members=(PERSON, BEN, BOT_USER))
    await open_bot(slack_allowed_channels=OPS)
    assert NOT_HERE[user] in await said_to(await slack.type_command("/assistants outbound", user=user))
    assert NOT_HERE[user] in await said_to(await slack.mention("outbound", user=user))
    assert f"Refused {user} in {GENERAL}" in caplog.text
    for interaction in (
        await slack.type_command("/assistants outbound", user=user, channel=OPS),
        await slack.mention("outbound", user=user, channel=OPS),
        await slack.say("outbound", user=user),
    ):
        assert NOT_HERE[user] not in await said_to(interaction)


async def test_admins_may_ask_everywhere(open_bot: OpenBot, slack: LocalSlack) -> None:
    await open_bot(slack_allowed_users=BEN, slack_allowed_channels=OPS, slack_admins=PERSON)
    assert "12 outbound assistants" in await said_to(await slack.type_command("/assistants outbound"))


@pytest.mark.parametrize(
    ("user", "words"),
    [(PERSON, "people of its own workspace only"), (BEN, "nur Personen aus ihrem eigenen Workspace")],
)
async def test_people_of_other_organisations_are_outsiders_whatever_the_rules_say(
    open_bot: OpenBot, slack: LocalSlack, caplog: pytest.LogCaptureFixture, user: str, words: str
) -> None:
    await open_bot(slack_allowed_users=OUTSIDER, slack_admins=f"{OUTSIDER},{user}")
    refused = await slack.mention("outbound", user=OUTSIDER, channel=PARTNERS)
    said = await said_to(refused)
    assert "This app answers people of its own workspace only." in said
    assert "Sales Follow-up" not in said
    assert f"Refused {OUTSIDER} in {PARTNERS}" in caplog.text
    # What an outsider is told, in the language that the shared channel has chosen.
    assert words in await _in_language(slack, "de" if user == BEN else "en", open_bot)


async def _in_language(slack: LocalSlack, language: str, open_bot: OpenBot) -> str:
    runtime = await open_bot()
    await runtime.store.places.set_language(f"{TEAM}/{PARTNERS}", language, by=PERSON)
    return await said_to(await slack.mention("outbound", user=OUTSIDER, channel=PARTNERS))


async def test_a_stranger_is_an_outsider_even_where_slack_does_not_say_who_they_are(
    open_bot: OpenBot, slack: LocalSlack
) -> None:
    stranger = slack.workspace.add_user(User("U0STRANGER", "mallory", team_id=OTHER_TEAM), channels=[PARTNERS])
    await open_bot()
    said = await said_to(await slack.mention("outbound", user=stranger.id, channel=PARTNERS))
    assert "of its own workspace only" in said


@pytest.mark.parametrize(
    ("user", "admins", "shown"), [(PERSON, BEN, False), (BEN, PERSON, False), (PERSON, PERSON, True)]
)
async def test_prompts_may_be_kept_to_admins(
    open_bot: OpenBot, slack: LocalSlack, user: str, admins: str, *, shown: bool
) -> None:
    await open_bot(slack_prompts="admins", slack_admins=admins)
    interaction = await slack.type_command("/assistants find appointment", user=user)
    said = await said_to(interaction)
    refusal = {PERSON: "Prompts are shown to admins of this app only.", BEN: "Prompts sehen nur Admins dieser App."}
    assert (refusal[user] not in said) is shown


async def test_nothing_of_a_refused_question_is_logged(
    open_bot: OpenBot, slack: LocalSlack, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await open_bot(slack_allowed_users=BEN)
    await (await slack.type_command("/assistants find canary")).reply()
    ours = [record.getMessage() for record in caplog.records if record.name.startswith(("bot", "slack"))]
    assert any("Refused" in line for line in ours)
    assert not any("canary" in line for line in ours)


ids = st.sampled_from(["U1", "U2", "U3"])


@given(
    user=ids,
    users=st.frozensets(ids),
    admins=st.frozensets(ids),
    channels=st.frozensets(st.sampled_from(["C1", "C2"])),
    channel=st.sampled_from(["", "C1", "C2", "D1"]),
    groups=st.frozensets(st.just("S1")),
    outsider=st.booleans(),
    prompts=st.sampled_from(Prompts),
)
def test_whoever_gets_in_is_no_outsider_and_an_admin_or_named_or_nobody_is(
    user: str,
    users: frozenset[str],
    admins: frozenset[str],
    channels: frozenset[str],
    channel: str,
    groups: frozenset[str],
    *,
    outsider: bool,
    prompts: Prompts,
) -> None:
    rules = Rules(users=users, groups=frozenset({"S1"}), channels=channels, admins=admins, prompts=prompts)
    try:
        allowed = rights(rules, user, channel, groups=groups, outsider=outsider)
    except Outsider:
        assert outsider
    except NotAllowed:
        assert user not in admins
        assert (user not in users and not groups) or channel in {"C1", "C2"} - channels
    else:
        assert not outsider
        assert user in admins or user in users or groups
        assert user in admins or channel in {"", "D1"} or not channels or channel in channels
        assert allowed.admin == (user in admins or not admins)
        assert allowed.sees_prompts == (allowed.admin or prompts is Prompts.EVERYONE)
