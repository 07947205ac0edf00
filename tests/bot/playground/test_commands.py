import asyncio
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from bot.playground import LocalSlack
from tests.bot.playground.bots import RunBot, acknowledge


def greets(app: AsyncApp) -> None:
    async def greet(respond: AsyncRespond, command: dict[str, Any]) -> None:
        await respond(text=f"You typed {command['text']}")

    app.command("/assistants")(ack=acknowledge, lazy=[greet])


async def test_a_command_is_acknowledged_and_answered(slack: LocalSlack, run_bot: RunBot) -> None:
    await run_bot(slack, greets)
    interaction = await slack.type_command("/assistants outbound active ")
    reply = await interaction.reply()
    assert (interaction.acknowledged, interaction.error) == (True, "")
    assert interaction.acknowledgement is None
    assert interaction.messages == [reply]
    assert (reply.text, reply.as_text()) == ("You typed outbound active", "You typed outbound active")


async def test_a_reply_is_seen_only_by_who_typed_the_command(slack: LocalSlack, run_bot: RunBot) -> None:
    await run_bot(slack, greets)
    reply = await (await slack.type_command("/assistants")).reply()
    assert reply.ephemeral
    assert slack.workspace.messages(reply.channel) == []
    assert slack.workspace.messages(reply.channel, seen_by=reply.user) == [reply]


async def test_an_acknowledgement_with_a_text_is_a_reply(slack: LocalSlack, run_bot: RunBot) -> None:
    async def answer(ack: AsyncAck) -> None:
        await ack({"response_type": "in_channel", "text": "At once."})

    await run_bot(slack, lambda app: app.command("/assistants")(answer))
    interaction = await slack.type_command("/assistants")
    reply = await interaction.reply()
    assert interaction.acknowledgement == {"response_type": "in_channel", "text": "At once."}
    assert (reply.as_text(), reply.ephemeral) == ("At once.", False)
    assert slack.workspace.messages(reply.channel) == [reply]


async def test_an_acknowledgement_that_says_nothing_is_no_message(slack: LocalSlack, run_bot: RunBot) -> None:
    async def answer(ack: AsyncAck) -> None:
        await ack({"response_type": "in_channel"})

    await run_bot(slack, lambda app: app.command("/assistants")(answer))
    interaction = await slack.type_command("/assistants")
    assert (interaction.acknowledged, interaction.messages) == (True, [])


async def test_an_acknowledgement_over_a_limit_shows_as_an_invalid_response(slack: LocalSlack, run_bot: RunBot) -> None:
    async def answer(ack: AsyncAck) -> None:
        await ack({"blocks": [{"type": "actions", "elements": []}]})

    await run_bot(slack, lambda app: app.command("/assistants")(answer))
    interaction = await slack.type_command("/assistants")
    assert interaction.error == '/assistants failed with the error "invalid_command_response"'
    assert interaction.messages == []


async def test_the_payload_of_a_command_is_complete(slack: LocalSlack) -> None:
    interaction = await slack.type_command("/assistants\toutbound  active", channel="C0RANDOM01")
    payload = interaction.envelope["payload"]
    assert payload.pop("response_url").startswith(f"{slack.url}response/")
    assert payload.pop("trigger_id").count(".") == 2
    assert payload == {
        "token": "local-verification-token",
        "team_id": "T0LOCAL001",
        "team_domain": "local",
        "channel_id": "C0RANDOM01",
        "channel_name": "random",
        "user_id": "U0LOCALADA",
        "user_name": "ada",
        "command": "/assistants",
        "text": "outbound  active",
        "api_app_id": "A0LOCAL001",
        "is_enterprise_install": "false",
    }


async def test_the_payload_hides_the_names_of_channels_that_are_not_public(slack: LocalSlack) -> None:
    slack.workspace.add_channel("C0PRIVATE1", "secret", is_private=True)
    direct = slack.workspace.direct_channel("U0LOCALADA")
    private = await slack.type_command("/assistants", channel="C0PRIVATE1")
    alone = await slack.type_command("/assistants", channel=direct.id)
    assert private.envelope["payload"]["channel_name"] == "privategroup"
    assert alone.envelope["payload"]["channel_name"] == "directmessage"


async def test_a_late_acknowledgement_shows_as_a_time_out_and_the_reply_still_comes(
    impatient_slack: LocalSlack, run_bot: RunBot
) -> None:
    released = asyncio.Event()

    async def dawdle(ack: AsyncAck, respond: AsyncRespond) -> None:
        await released.wait()
        await ack()
        await respond("Sorry for the wait.")

    await run_bot(impatient_slack, lambda app: app.command("/assistants")(dawdle))
    interaction = await impatient_slack.type_command("/assistants outbound")
    assert not interaction.acknowledged
    assert interaction.error == '/assistants failed with the error "operation_timeout"'
    released.set()
    assert (await interaction.reply()).text == "Sorry for the wait."


async def test_a_listener_that_raises_shows_as_a_time_out(impatient_slack: LocalSlack, run_bot: RunBot) -> None:
    async def fail(ack: AsyncAck) -> None:
        raise RuntimeError("broken")

    await run_bot(impatient_slack, lambda app: app.command("/assistants")(fail))
    interaction = await impatient_slack.type_command("/assistants")
    assert interaction.failed_because == "operation_timeout"


async def test_a_listener_that_never_acknowledges_shows_as_a_time_out(
    impatient_slack: LocalSlack, run_bot: RunBot
) -> None:
    async def ignore(command: dict[str, Any]) -> None:
        pass

    await run_bot(impatient_slack, lambda app: app.command("/assistants")(ignore))
    interaction = await impatient_slack.type_command("/assistants")
    assert interaction.failed_because == "operation_timeout"


async def test_a_command_that_the_bot_does_not_listen_to_shows_as_a_time_out(
    impatient_slack: LocalSlack, run_bot: RunBot
) -> None:
    await run_bot(impatient_slack, greets)
    interaction = await impatient_slack.type_command("/other")
    assert interaction.error == '/other failed with the error "operation_timeout"'


async def test_without_a_bot_the_command_cannot_be_dispatched(slack: LocalSlack) -> None:
    interaction = await slack.type_command("/assistants")
    assert not interaction.acknowledged
    assert interaction.error == '/assistants failed with the error "dispatch_failed"'


@pytest.mark.parametrize("scopes", [["chat:write"], ["chat:write", "commands"]])
async def test_a_command_is_valid_only_when_manifest_and_scopes_have_it(scopes: list[str]) -> None:
    manifest = {
        "oauth_config": {"scopes": {"bot": scopes}},
        "features": {"slash_commands": [{"command": "/assistants"}]},
    }
    slack = LocalSlack(manifest=manifest)
    listed = await slack.type_command("/assistants")
    other = await slack.type_command("/other things")
    assert listed.failed_because == ("dispatch_failed" if "commands" in scopes else "unknown_command")
    assert other.error.startswith("/other is not a valid command. In Slack,")
    assert not other.acknowledged


async def test_what_does_not_begin_with_a_slash_is_no_command(slack: LocalSlack) -> None:
    with pytest.raises(ValueError, match="begins with a slash"):
        await slack.type_command("assistants")


async def test_waiting_for_a_reply_that_does_not_come_ends_with_a_clear_text(slack: LocalSlack) -> None:
    interaction = await slack.type_command("/assistants outbound")
    with pytest.raises(TimeoutError) as raised:
        await interaction.reply(within=0.01)
    assert str(raised.value) == (
        "No reply to '/assistants outbound' within 0.01 s."
        ' Slack shows: /assistants failed with the error "dispatch_failed"'
    )
    assert repr(interaction) == (
        "<Interaction '/assistants outbound': /assistants failed with the error \"dispatch_failed\", 0 messages>"
    )


async def test_each_reply_is_handed_out_once_and_in_order(slack: LocalSlack, run_bot: RunBot) -> None:
    async def answer(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack("first")
        await respond("second")

    async def later(respond: AsyncRespond) -> None:
        await respond("third")

    await run_bot(slack, lambda app: app.command("/assistants")(ack=answer, lazy=[later]))
    interaction = await slack.type_command("/assistants")
    texts = {(await interaction.reply()).text for _ in range(3)}
    assert texts == {"first", "second", "third"}
    with pytest.raises(TimeoutError, match=r"within 0\.01 s\.$"):
        await interaction.reply(within=0.01)


async def test_an_envelope_that_is_delivered_again_says_so(slack: LocalSlack, run_bot: RunBot) -> None:
    requests = []

    async def note(_client: Any, request: Any) -> None:
        requests.append(request)

    handler = await run_bot(slack, greets)
    handler.client.socket_mode_request_listeners.insert(0, note)
    interaction = await slack.type_command("/assistants")
    await slack.redeliver(interaction)
    await slack.redeliver(interaction)
    assert [request.retry_attempt for request in requests] == [None, 1, 2]
    assert len({request.envelope_id for request in requests}) == 1
    assert interaction.acknowledged
    assert [(await interaction.reply()).text for _ in range(3)] == ["You typed "] * 3
