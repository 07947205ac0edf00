"""Everything that somebody does ends in one answer, whatever goes wrong, and no more is taken on than can be done."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from bot import connection
from bot.answering import Answering
from bot.connection import connected
from bot.playground import AnswerLost, ConnectionLost, Fault, LocalSlack, RateLimited, Refused, ServerError
from bot.playground.people import BEN, PERSON
from bot.replies import response_urls
from shared.audit import Policy
from shared.core import Core, Page
from shared.demo import DemoApi, faults
from shared.runtime import Runtime, open_runtime
from shared.settings import SlackSettings
from tests.bot.conftest import Ask, MakeSettings, OpenBot
from tests.clocks import ManualClock

OpenWith = Callable[..., Awaitable[None]]


class BrokenCore(Core):
    """A core with a bug."""

    def __init__(self) -> None:
        super().__init__([], Policy(), ManualClock())

    async def find(self, *_question: Any, **_more: Any) -> Page:
        raise RuntimeError("the bug")


class SlowCore(BrokenCore):
    """A core that comes to an end only when it is let go; it counts who asks, and tells when that are `enough`."""

    def __init__(self, enough: int = 1) -> None:
        super().__init__()
        self._enough = enough
        self.asked = 0
        self.most_at_once = 0
        self.some = asyncio.Event()
        self.go = asyncio.Event()
        self._now = 0

    async def find(self, *_question: Any, **_more: Any) -> Page:
        self.asked += 1
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        if self.asked >= self._enough:
            self.some.set()
        try:
            await self.go.wait()
        finally:
            self._now -= 1
        return await super().find()


@pytest.fixture
async def open_with(settings: MakeSettings, slack: LocalSlack, clock: ManualClock) -> AsyncIterator[OpenWith]:
    """Starts the bot with this core."""
    async with AsyncExitStack() as stack:

        async def start(core: Core, *, grace: float = 5) -> None:
            runtime = await stack.enter_async_context(open_runtime(settings(), clock))
            await stack.enter_async_context(connected(replace(runtime, core=core), grace=grace))
            await slack.connected()

        yield start


def limited(monkeypatch: pytest.MonkeyPatch, *, at_once: int, waiting: int) -> None:
    """The bot takes on so much, from its next start on."""
    monkeypatch.setattr(connection, "Answering", partial(Answering, at_once=at_once, waiting=waiting))


@pytest.mark.parametrize(
    ("user", "words", "pattern"),
    [
        (PERSON, "Something went wrong here", r"reference `(\w{8})`"),
        (BEN, "Hier ist etwas schiefgegangen", r"Kennung `(\w{8})`"),
    ],
)
async def test_a_bug_of_ours_is_answered_politely_with_a_reference_that_the_log_has(
    open_with: OpenWith, ask_in: Ask, caplog: pytest.LogCaptureFixture, user: str, words: str, pattern: str
) -> None:
    await open_with(BrokenCore())
    shown = (await ask_in("outbound active", user=user)).as_text()
    assert words in shown
    reference = re.search(pattern, shown)
    assert reference is not None
    (record,) = [record for record in caplog.records if record.exc_info]
    assert record.name.startswith("bot.")
    assert reference[1] in record.getMessage()
    assert "the bug" not in shown


async def test_a_command_of_any_name_means_the_same(bot: Runtime[SlackSettings], manifest: dict[str, Any]) -> None:
    # Whoever installs the app may have named it otherwise in the manifest.
    async with LocalSlack() as another, AsyncExitStack() as stack:
        given = bot.settings.model_copy(update={"slack_api_url": another.api_url})
        await stack.enter_async_context(connected(replace(bot, settings=given)))
        await another.connected()
        reply = await (await another.type_command("/weather outbound active")).reply()
    assert "9 of 12 outbound assistants" in reply.as_text()


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
    answers = await asyncio.gather(*(ask(f"outbound id:{one['id']}") for one in demo_api.assistants for _ in range(5)))
    assert len(answers) == 5 * len(demo_api.assistants)
    assert all("1 of 12 outbound assistants" in answer.as_text() for answer in answers)


async def test_no_more_is_worked_on_at_a_time_than_is_allowed_and_all_get_their_answer(
    open_with: OpenWith, slack: LocalSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(monkeypatch, at_once=2, waiting=10)
    core = SlowCore(enough=2)
    await open_with(core)
    interactions = [await slack.type_command("/assistants outbound") for _ in range(8)]
    assert all(interaction.acknowledged for interaction in interactions)
    await core.some.wait()
    core.go.set()
    for interaction in interactions:
        assert "Something went wrong" in (await interaction.reply()).as_text()
    assert (core.asked, core.most_at_once) == (8, 2)


async def test_who_comes_when_too_many_wait_is_told_so_in_both_languages(
    open_with: OpenWith, slack: LocalSlack, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    limited(monkeypatch, at_once=1, waiting=2)
    core = SlowCore()
    await open_with(core)
    taken = [await slack.type_command("/assistants outbound") for _ in range(3)]
    refused = await slack.type_command("/assistants outbound")
    assert refused.acknowledged
    said = (await refused.reply()).as_text()
    assert "Too many people are asking at once" in said
    assert "bitte gleich noch einmal versuchen" in said
    assert "Too much is under way" in caplog.text
    core.go.set()
    for interaction in taken:
        await interaction.reply()
    # There is room again.
    assert "Something went wrong" in (await (await slack.type_command("/assistants outbound")).reply()).as_text()


async def test_even_the_refusals_have_a_limit(
    open_with: OpenWith, slack: LocalSlack, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    limited(monkeypatch, at_once=1, waiting=0)
    core = SlowCore()
    await open_with(core)
    taken = await slack.type_command("/assistants outbound")
    await core.some.wait()
    # Slack takes no answer for a while: the first refusal stays under way.
    slack.next_answers(RateLimited(retry_after=1), to="response_url")
    for _ in range(5):
        assert (await slack.type_command("/assistants outbound")).acknowledged
    assert "Far too much is under way" in caplog.text
    core.go.set()
    await taken.reply()


async def test_what_slack_delivers_again_is_answered_once(bot: Runtime[SlackSettings], slack: LocalSlack) -> None:
    command = await slack.type_command("/assistants outbound active")
    reply = await command.reply()
    press = await slack.press(reply, "Refresh")
    await press.reply()
    said = await slack.mention("outbound active")
    await said.reply()
    for interaction in (command, press, said):
        assert (await slack.redeliver(interaction)).acknowledged
        assert (await slack.redeliver(interaction)).acknowledged
    await (await slack.type_command("/assistants health")).reply()
    assert [len(one.messages) for one in (command, press, said)] == [1, 1, 1]


async def test_of_several_bots_on_one_store_one_answers(
    settings: MakeSettings, slack: LocalSlack, clock: ManualClock, database_url: str
) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(2):
            runtime = await stack.enter_async_context(open_runtime(settings(database_url=database_url), clock))
            await stack.enter_async_context(connected(runtime))
        await slack.connected()
        said = []
        for number in range(7):
            said.append(await slack.type_command(f"/assistants outbound id:{number}"))
            # Slack's sockets take turns: this goes to the other bot, while the first one is still at it.
            assert (await slack.redeliver(said[-1])).acknowledged
            assert (await slack.redeliver(said[-1])).acknowledged
        for interaction in said:
            await interaction.reply()
    # Both have stopped, and owe nothing.
    assert [len(interaction.messages) for interaction in said] == [1] * 7


@pytest.mark.parametrize(
    "faults_of_slack",
    [
        [RateLimited(retry_after=1)],
        [ConnectionLost()],
        [ServerError()],
        [ServerError(502), ConnectionLost(), RateLimited(retry_after=0), ServerError(503, plain=True)],
        [RateLimited(retry_after=0)] * 3,
    ],
)
async def test_an_answer_that_slack_does_not_take_at_first_is_sent_again(
    bot: Runtime[SlackSettings], slack: LocalSlack, faults_of_slack: Sequence[Fault]
) -> None:
    slack.next_answers(*faults_of_slack, to="response_url")
    interaction = await slack.type_command("/assistants outbound")
    assert "12 outbound assistants" in (await interaction.reply()).as_text()
    assert len(interaction.messages) == 1


async def test_an_answer_whose_receipt_is_lost_is_rather_shown_twice_than_not_at_all(
    slack: LocalSlack, bot: Runtime[SlackSettings]
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
    assert "9 of 12" in answer.text
    assert "Slack refuses the blocks of an answer (invalid_blocks)" in caplog.text


@pytest.mark.parametrize(
    ("faults_of_slack", "logged"),
    [
        ([Refused("expired_url")], "Slack takes no answer any more (404, expired_url)"),
        ([ServerError(), ServerError()], "Slack takes no answer any more (500, <html>Server Error</html>)"),
        ([ConnectionLost(), ConnectionLost()], "An answer could not be sent (ServerDisconnectedError)"),
    ],
)
async def test_an_answer_that_slack_never_takes_is_logged_without_its_address(
    settings: MakeSettings,
    slack: LocalSlack,
    clock: ManualClock,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    faults_of_slack: Sequence[Fault],
    logged: str,
) -> None:
    monkeypatch.setattr(response_urls, "AGAIN", 1)
    caplog.set_level(logging.DEBUG)
    async with open_runtime(settings(), clock) as runtime, connected(runtime):
        await slack.connected()
        slack.next_answers(*faults_of_slack, to="response_url")
        await slack.type_command("/assistants help")
    assert logged in caplog.text
    ours = [record.getMessage() for record in caplog.records if record.name.startswith(("bot", "slack"))]
    assert not re.search(r"/response/|ticket=|xoxb-|xapp-", "\n".join(ours))


async def test_what_was_taken_on_is_answered_before_the_program_stops(
    settings: MakeSettings, slack: LocalSlack, clock: ManualClock
) -> None:
    async with open_runtime(settings(), clock) as runtime:
        async with connected(runtime):
            await slack.connected()
            interactions = [await slack.type_command("/assistants outbound active") for _ in range(5)]
        assert ["9 of 12" in interaction.messages[0].text for interaction in interactions] == [True] * 5


@pytest.mark.parametrize(("user", "words"), [(PERSON, "is being restarted"), (BEN, "wird gerade neu gestartet")])
async def test_who_would_wait_too_long_is_told_that_the_program_stops(
    settings: MakeSettings, slack: LocalSlack, clock: ManualClock, user: str, words: str
) -> None:
    core = SlowCore()
    async with (
        open_runtime(settings(), clock) as runtime,
        connected(replace(runtime, core=core), grace=0.5),
    ):
        await slack.connected()
        interaction = await slack.type_command("/assistants outbound", user=user)
        await core.some.wait()
    assert words in interaction.messages[0].text


async def test_who_still_waits_for_their_turn_is_told_too(
    settings: MakeSettings, slack: LocalSlack, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(monkeypatch, at_once=1, waiting=2)
    core = SlowCore()
    async with (
        open_runtime(settings(), clock) as runtime,
        connected(replace(runtime, core=core), grace=0.5),
    ):
        await slack.connected()
        interactions = [await slack.type_command("/assistants outbound") for _ in range(3)]
        await core.some.wait()
    assert core.asked == 1
    assert ["is being restarted" in interaction.messages[0].text for interaction in interactions] == [True] * 3
