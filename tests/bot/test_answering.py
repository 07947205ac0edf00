"""Every command ends in an answer, whatever goes wrong on the way."""

import asyncio
import logging
import re
from collections.abc import Callable
from typing import Any, Never

import pytest

from bot.connection import connected
from bot.playground import AnswerLost, ConnectionLost, LocalSlack, RateLimited, Refused, ServerError
from bot.playground.limits import problems
from shared.core import Core, Detail, Page
from shared.demo import DemoApi, faults
from shared.runtime import open_core
from shared.settings import SlackSettings
from tests.bot.conftest import Ask, OpenBot
from tests.clocks import ManualClock

MakeSettings = Callable[..., SlackSettings]


class BrokenCore(Core):
    """A core with a bug."""

    async def find(self, *_question: Any, **_more: Any) -> Page:
        raise RuntimeError("the bug")


class SlowCore(Core):
    """A core that never comes to an end."""

    def __init__(self) -> None:
        super().__init__([])
        self.asked = asyncio.Event()

    async def show(self, *_question: Any, **_more: Any) -> Detail:
        self.asked.set()
        await self._never()

    async def _never(self) -> Never:
        while True:
            await asyncio.Event().wait()


async def test_a_bug_of_ours_is_answered_politely_with_a_reference_that_the_log_has(
    settings: MakeSettings, slack: LocalSlack, ask_in: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(settings(), BrokenCore([])):
        shown = (await ask_in("outbound active")).as_text()
    assert "Something went wrong here" in shown
    reference = re.search(r"reference `(\w{8})`", shown)
    assert reference is not None
    (record,) = [record for record in caplog.records if record.name == "bot.answering"]
    assert reference[1] in record.getMessage()
    assert record.exc_info is not None
    assert "the bug" not in shown


async def test_a_command_that_only_slack_knows_is_answered(
    settings: MakeSettings, demo_api: DemoApi, manifest: dict[str, object]
) -> None:
    async with LocalSlack() as slack, connected(settings(slack_api_url=slack.api_url), Core([])):
        await slack.connected()
        reply = await (await slack.type_command("/weather <!here>")).reply()
        assert "This app has no command `/weather`. Try `/assistants help`." in reply.as_text()
        assert problems(reply.payload) == []


async def test_the_acknowledgement_does_not_wait_for_famulor(
    open_bot: OpenBot, demo_api: DemoApi, slack: LocalSlack
) -> None:
    await open_bot(famulor_read_timeout=0.5, famulor_total_timeout=1)
    demo_api.always(faults.Hang())
    interaction = await slack.type_command("/assistants outbound")
    assert interaction.acknowledged
    assert interaction.messages == []
    assert "did not answer in time" in (await interaction.reply()).as_text()


async def test_many_commands_at_once_are_all_answered(ask: Ask, demo_api: DemoApi) -> None:
    answers = await asyncio.gather(*(ask(f"show {record['id']}") for record in demo_api.assistants for _ in range(3)))
    assert [answer.as_text().splitlines()[0] for answer in answers[::3]] == [one["name"] for one in demo_api.assistants]


@pytest.mark.parametrize("fault", [RateLimited(retry_after=1), ConnectionLost()])
async def test_an_answer_that_slack_does_not_take_at_first_is_sent_again(
    ask: Ask, slack: LocalSlack, fault: RateLimited
) -> None:
    slack.next_answers(fault, to="response_url")
    assert "12 outbound assistants" in (await ask("outbound")).as_text()


async def test_an_answer_whose_receipt_is_lost_is_rather_shown_twice_than_not_at_all(
    slack: LocalSlack, ask: Ask
) -> None:
    slack.next_answers(AnswerLost(), to="response_url")
    interaction = await slack.type_command("/assistants help")
    first, second = await interaction.reply(), await interaction.reply()
    assert first.payload == second.payload


async def test_blocks_that_slack_refuses_are_sent_as_text(
    ask: Ask, slack: LocalSlack, caplog: pytest.LogCaptureFixture
) -> None:
    slack.next_answers(Refused("invalid_blocks"), to="response_url")
    answer = await ask("outbound active")
    assert answer.blocks == []
    assert "Real Estate Callback (204), active" in answer.text
    assert "Slack refuses the blocks of an answer (invalid_blocks)" in caplog.text


@pytest.mark.parametrize(
    ("faults_of_slack", "logged"),
    [
        ([Refused("expired_url")], "Slack takes no answer to a command any more (404, expired_url)"),
        ([ServerError()], "Slack takes no answer to a command any more (500, <html>Server Error</html>)"),
        ([ConnectionLost(), ConnectionLost()], "An answer could not be sent (ServerDisconnectedError)"),
    ],
)
async def test_an_answer_that_slack_never_takes_is_logged_without_its_address(
    settings: MakeSettings,
    slack: LocalSlack,
    caplog: pytest.LogCaptureFixture,
    faults_of_slack: list[Refused],
    logged: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    async with connected(settings(), Core([])):
        await slack.connected()
        slack.next_answers(*faults_of_slack, to="response_url")
        await slack.type_command("/assistants help")
    assert logged in caplog.text
    ours = [record.getMessage() for record in caplog.records if record.name.startswith(("bot", "slack"))]
    assert not re.search(r"/response/|ticket=|xoxb-|xapp-", "\n".join(ours))


async def test_what_was_taken_on_is_answered_before_the_program_stops(
    settings: MakeSettings, demo_api: DemoApi, slack: LocalSlack, clock: ManualClock
) -> None:
    async with open_core(settings(), clock) as core:
        async with connected(settings(), core):
            await slack.connected()
            interactions = [await slack.type_command("/assistants outbound active") for _ in range(5)]
        assert ["9 of 12" in interaction.messages[0].text for interaction in interactions] == [True] * 5


async def test_who_would_wait_too_long_is_told_that_the_program_stops(
    settings: MakeSettings, slack: LocalSlack
) -> None:
    core = SlowCore()
    async with connected(settings(), core, grace=0.5):
        await slack.connected()
        interaction = await slack.type_command("/assistants show 42")
        await core.asked.wait()
    assert "This app is being restarted" in interaction.messages[0].text
