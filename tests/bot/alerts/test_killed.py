"""Two replicas on PostgreSQL, killed (SIGKILL) at random moments while Slack answers 429, 500 and nothing in turn."""

import asyncio
import os
import random
import re
import sys
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any

import pytest

from bot.playground import (
    GENERAL,
    PARTNERS,
    PERSON,
    TEAM,
    AnswerLost,
    ConnectionLost,
    Fault,
    LocalSlack,
    RateLimited,
    ServerError,
)
from shared.clock import SystemClock
from shared.demo import DEMO_KEY, DemoApi, many_assistants
from shared.models import Severity
from shared.query import AssistantQuery
from shared.store import Store, open_store
from tests.bot.alerts.replicas import started

KILLS = int(os.environ.get("FAMULOR_KILLS", "8"))
"""`make kills` asks for a hundred."""
PATIENCE = 120 + 6 * KILLS
CHANNELS = (GENERAL, PARTNERS)
FAULTS: tuple[Fault, ...] = (RateLimited(retry_after=1), ServerError(500), AnswerLost(), ConnectionLost())


@pytest.fixture
async def slack(manifest: Mapping[str, Any]) -> AsyncIterator[LocalSlack]:
    """In real time: so live the replicas."""
    async with LocalSlack(manifest=manifest) as slack:
        yield slack


async def test_no_change_is_lost_and_only_a_lost_answer_makes_a_message_twice(
    slack: LocalSlack, postgresql_url: str
) -> None:
    # So many assistants that no moment has two changes of one.
    async with DemoApi(many_assistants(3 * KILLS + 50), limited=False) as api:
        settings = {
            "famulor_api_key": DEMO_KEY,
            "famulor_base_url": api.base_url,
            "database_url": postgresql_url,
            "slack_bot_token": slack.bot_token,
            "slack_app_token": slack.app_token,
            "slack_api_url": slack.api_url,
        }
        async with open_store(postgresql_url, SystemClock()) as store, asyncio.timeout(PATIENCE):
            for channel in CHANNELS:
                await store.subscriptions.add(f"{TEAM}/{channel}", PERSON, AssistantQuery(), (), Severity.INFO)
            changed, lost_answers = await _disturbed(api, slack, store, settings)
    told = {channel: Counter(_told(slack, channel)) for channel in CHANNELS}
    lost = {channel: changed - set(counts) for channel, counts in told.items()}
    twice = sum(count - 1 for counts in told.values() for count in counts.values())
    sys.stdout.write(f"\n{KILLS} kills, {len(changed)} changes, {lost_answers} lost answers: told twice {twice}\n")
    assert lost == {channel: set() for channel in CHANNELS}
    # Who is killed between Slack's answer and writing it down has lost it too: at most one for each channel.
    assert twice <= lost_answers + KILLS * len(CHANNELS)


async def _disturbed(
    api: DemoApi, slack: LocalSlack, store: Store, settings: Mapping[str, Any]
) -> tuple[set[int], int]:
    """Changes, kills and faults in turn; then peace until all is told. What was changed, and how many answers lost."""
    chance, changed, faults = random.Random(), set[int](), cycle(FAULTS)  # noqa: S311 # no secret
    lost_answers, spent = 0, -1
    replicas = [started(settings), started(settings)]
    try:
        while (await store.history.state("default")).succeeded_at is None:  # noqa: ASYNC110 # other processes' doing
            await asyncio.sleep(0.05)
        active = [record["id"] for record in api.assistants if record["status"] == "active"]
        for kill in range(KILLS):
            number = active[kill]
            api.change(number, status="inactive")
            changed.add(number)
            if len(slack.sent) > spent:
                # One at a time, in turn: what fails again and again waits longer and longer.
                spent, fault = len(slack.sent), next(faults)
                lost_answers += isinstance(fault, AnswerLost)
                slack.next_answers(fault, to="chat.postMessage")
            # The moment is random on purpose: it falls into polls, commits, claims, posts and what is between them.
            await asyncio.sleep(chance.uniform(0.0, 2.5))
            victim = chance.randrange(len(replicas))
            replicas[victim].kill()
            await asyncio.to_thread(replicas[victim].join)
            replicas[victim] = started(settings)
        while not await _settled(store, changed):  # noqa: ASYNC110 # the same
            await asyncio.sleep(0.1)
    finally:
        for replica in replicas:
            replica.kill()
            await asyncio.to_thread(replica.join)
    return changed, lost_answers


async def _settled(store: Store, changed: set[int]) -> bool:
    """Everything was seen, decided on and told."""
    found = await store.history.changes(limit=10_000)
    recently = datetime.now(UTC) - timedelta(seconds=2)
    seen = {stored.change.assistant for stored in found if stored.change.seen_at < recently}
    return changed <= seen and not await store.outbox.depth()


def _told(slack: LocalSlack, channel: str) -> list[int]:
    """The assistants that a message, or the details of a summary, says were switched off; each as often as it does."""
    posts = slack.workspace.messages(channel)
    alerts = [post for post in posts if not post.text.startswith("📦")]
    details = [reply for post in posts if post not in alerts for reply in slack.workspace.replies(channel, post.ts)]
    return [
        int(found[1])
        for message in (*alerts, *details)
        for found in re.finditer(r"`(\d+)` was switched off", message.as_text())
    ]
