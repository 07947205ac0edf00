"""Findings that opened and closed, as `list_outbound_assistant_changes` tells of them."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from mcp_server.answers.differences import brief, details
from mcp_server.calls import FamulorServer
from shared.demo import DemoApi
from shared.models import Change, Kind, Names, Severity
from shared.runtime import open_core
from shared.settings import Settings
from shared.store import open_store
from shared.watch import Auditing, Rhythm, Watch
from tests.clocks import ManualClock
from tests.mcp_server.conftest import connected
from tests.mcp_server.history import TOOL, Past


@pytest.fixture
async def past(demo_api: DemoApi, settings: Settings, sqlite_url: str, clock: ManualClock) -> AsyncIterator[Past]:
    """An account that is audited as it is watched."""
    async with open_store(sqlite_url, clock) as store, open_core(settings, clock) as core:
        auditing = Auditing(core.policy, store.ignores.all)
        watch = Watch(core.sources, store.history, Rhythm(), clock=clock, auditing=auditing, chance=lambda: 0.0)
        past = Past(demo_api, clock, watch)
        await past.poll(0)
        yield past


async def test_findings_are_told_in_a_few_words_and_in_full_and_can_be_asked_for(
    server: FamulorServer, past: Past
) -> None:
    await past.change(42, initial_message="", webhook_url="http://hooks.example.com/x")
    await past.change(42, initial_message="Hi, this is an AI assistant of the sales team.")
    await past.change(57, is_webhook_active=False)
    async with connected(server) as agent:
        for kinds in ("audit", "finding"):
            answer = await agent.call(TOOL, kinds=kinds, assistant="42")
            assert [(row["kind"], row["severity"], row["change"]) for row in answer["changes"]] == [
                ("finding", "info", "closed: greeting-empty; still open: 1"),
                ("finding", "warning", "opened: greeting-empty, webhook-not-https"),
            ]
        assert not (await agent.call(TOOL, kinds="!audit,!prompt,!webhook", assistant="42"))["changes"]
        severe = await agent.call(TOOL, kinds="audit", min_severity="warning")
        assert [row["id"] for row in severe["changes"]] == [42]
        closed, opened = (await agent.call(TOOL, kinds="audit", assistant="42", response_format="detailed"))["changes"]
    assert [(one["rule"], one["severity"]) for one in opened["opened"]] == [
        ("greeting-empty", "warning"),
        ("webhook-not-https", "warning"),
    ]
    assert "hooks.example.com" in opened["opened"][1]["finding"]
    assert all(one["cure"] for one in opened["opened"])
    assert [one["rule"] for one in closed["closed"]] == ["greeting-empty"]
    assert "cure" not in closed["closed"][0]
    assert (closed["still_open"], "opened" in closed, "still_open" in opened) == (1, False, False)


def finding(rule: str, subject: str, **facts: str) -> dict[str, Any]:
    return {"rule": rule, "subject": subject, "severity": "warning", "facts": facts}


def test_of_many_as_many_are_told_as_have_room_and_of_unknown_rules_the_name() -> None:
    opened: list[Any] = [
        finding("undeclared-variable", str(number), variable=f"{{{number}\u202e}}", nearest="x") for number in range(99)
    ]
    change = Change(
        account="default",
        sequence=2,
        kind=Kind.FINDING,
        severity=Severity.WARNING,
        assistant=42,
        before=[finding("of-another-version", "")],
        after=opened,
        seen_at=ManualClock().now(),
    )
    assert brief(change, Names()) == "opened: undeclared-variable (99); closed: of-another-version"
    whole: dict[str, Any] = details(change, Names(), 100_000)
    assert (len(whole["opened"]), whole["closed"]) == (99, [{"rule": "of-another-version", "severity": "warning"}])
    assert "\\u202e" not in json.dumps(whole)
    for room in (0, 300, 3_000):
        part: dict[str, Any] = details(change, Names(), room)
        told = len(part.get("opened", ()))
        assert part["left_out"] == f"{100 - told} findings"
        assert len(json.dumps({"opened": part.get("opened", [])}).encode()) <= room + 100 + 30 * told
