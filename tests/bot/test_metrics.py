"""What Prometheus is shown of a world in which commands, tools, polls and deliveries succeed and fail."""

import asyncio
import logging
import socket
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import aiohttp
import pytest
from mcp import Client, MCPError
from prometheus_client.parser import text_string_to_metric_families

from bot.alerts.running import Alerts, alerting
from bot.connection import connected
from bot.playground import GENERAL, PERSON, TEAM, LocalSlack, RateLimited
from mcp_server.server import build
from shared.audit import RULES
from shared.core import Core
from shared.demo import DEMO_KEY, DemoApi, faults
from shared.metrics import counting
from shared.models import Severity
from shared.query import AssistantQuery
from shared.runtime import Runtime, open_runtime, watch
from shared.settings import SlackSettings
from shared.watch import Watch
from tests.bot.conftest import Ask, MakeSettings, See
from tests.bot.subprocesses import started
from tests.clocks import ManualClock
from tests.programs import found

FRESH = 5.0
"""Seconds."""


@dataclass(frozen=True)
class Observed:
    """Everything over one core, and what is counted of it."""

    runtime: Runtime[SlackSettings]
    watch: Watch
    alerts: Alerts
    agent: Client
    address: str

    async def text(self) -> str:
        async with aiohttp.ClientSession() as http, http.get(self.address) as answer:
            assert answer.status == 200
            return await answer.text()

    async def figures(self) -> Mapping[tuple[str, str], float]:
        """What is counted, by the metric and the values of its labels with blanks between them."""
        samples = [one for family in text_string_to_metric_families(await self.text()) for one in family.samples]
        return {
            (
                one.name.removeprefix("famulor_"),
                " ".join(value for _name, value in sorted(one.labels.items())),
            ): one.value
            for one in samples
            if one.name.startswith("famulor_")
        }


Observe = Callable[[], AbstractAsyncContextManager[Observed]]


@pytest.fixture
def observe(settings: MakeSettings, slack: LocalSlack, clock: ManualClock, caplog: pytest.LogCaptureFixture) -> Observe:
    """Everything runs while the block does: what agents connect with wants to be left by the task that entered it."""

    @asynccontextmanager
    async def observing() -> AsyncIterator[Observed]:
        given = settings(cache_seconds=FRESH, audit_rules=dict.fromkeys(RULES, "off"))
        caplog.set_level(logging.INFO, "shared.metrics")
        with counting("127.0.0.1", 0, clock) as telemetry:
            address = caplog.messages[-1].removeprefix("Metrics at ")
            async with (
                open_runtime(given, clock, telemetry) as runtime,
                connected(runtime),
                alerting(runtime, chance=lambda: 0.0) as alerts,
            ):
                await slack.connected()

                @asynccontextmanager
                async def same_core() -> AsyncIterator[Core]:
                    yield runtime.core

                async with Client(build(same_core, clock, telemetry=telemetry)) as agent:
                    yield Observed(runtime, watch(runtime), alerts, agent, address)

    return observing


async def test_what_happens_is_counted_where_it_happens(
    observe: Observe, slack: LocalSlack, demo_api: DemoApi, clock: ManualClock, ask_in: Ask, see_in: See
) -> None:
    async with observe() as observed:
        place = f"{TEAM}/{GENERAL}"
        await observed.runtime.store.subscriptions.add(place, PERSON, AssistantQuery(), (), Severity.INFO)

        # Two polls, of which one comes 7 s late and finds a change; Slack takes its alert at the second attempt.
        assert await observed.watch.tick() == 1
        demo_api.change(42, name="Anders")
        clock.advance(67)
        assert await observed.watch.tick() == 1
        slack.next_answers(RateLimited(3), to="chat.postMessage")
        await observed.alerts.tick()
        clock.advance(11)
        await observed.alerts.tick()
        assert (await observed.figures())["outbox_owed", ""] == 1
        assert (await observed.figures())["outbox_oldest_seconds", ""] == 11

        # A fetch whose first attempt fails, a remembered answer, a stale one, and a poll in vain.
        demo_api.next_answers(faults.ServerError(503), path="/api/user/assistants/outbound")
        assert "12 outbound" in (await ask_in("outbound")).as_text()
        await see_in("zeige canary-typed")
        demo_api.always(faults.Unauthorized(), path="/api/user/assistants/outbound")
        clock.advance(FRESH + 1)
        await ask_in("outbound active")
        clock.advance(60)
        assert await observed.watch.tick() == 1

        # An agent's calls: one is answered, the others are not.
        demo_api.clear_faults()
        assert not (await observed.agent.call_tool("list_outbound_assistants", {})).is_error
        assert (await observed.agent.call_tool("get_outbound_assistant", {"assistant": "canary-asked"})).is_error
        assert (await observed.agent.call_tool("canary_tool", {})).is_error

        figures = await observed.figures()
        expected = {
            ("build_info", version("famulor-chatops")): 1,
            ("upstream_retries_total", "default ServerFault"): 1,
            ("upstream_calls_total", "default ServerFault"): 1,
            ("upstream_calls_total", "default KeyRejected"): 2,
            ("answers_total", "default fetched"): 2,
            ("answers_total", "default fresh"): 2,
            ("answers_total", "default stale"): 1,
            ("polls_total", "default ok"): 2,
            ("polls_total", "default KeyRejected"): 1,
            ("poll_lag_seconds_count", ""): 3,
            ("changes_total", "default"): 2,  # the assistant, and that the key was rejected
            ("deliveries_total", "alert TooFast"): 1,
            ("deliveries_total", "alert ok"): 1,
            ("delivery_delay_seconds_count", ""): 1,
            ("commands_total", "listing ok"): 2,
            ("commands_total", "show AssistantUnknown"): 1,
            ("command_seconds_count", "show"): 1,
            ("tools_total", "ok list_outbound_assistants"): 1,
            ("tools_total", "AssistantUnknown get_outbound_assistant"): 1,
            ("tools_total", "ToolUnknown unknown"): 1,
            ("tool_seconds_count", "unknown"): 1,
        }
        assert {name: figures.get(name) for name in expected} == expected
        assert figures["upstream_retry_wait_seconds_total", "default"] == pytest.approx(sum(clock.slept), abs=1)
        assert figures["upstream_call_seconds_count", "default"] == sum(
            value for (name, _labels), value in figures.items() if name == "upstream_calls_total"
        )
        assert 0 <= figures["rate_budget_left", "default 10"] <= 20
        left = figures["rate_budget_left", "default 60"]
        clock.advance(120)
        assert left < (await observed.figures())["rate_budget_left", "default 60"] == 100
        assert figures["last_success_timestamp_seconds", "default"] < clock.now().timestamp() - 120


async def test_nothing_that_was_typed_or_asked_stands_there(
    observe: Observe, slack: LocalSlack, demo_api: DemoApi, ask_in: Ask, see_in: See
) -> None:
    async with observe() as observed:
        demo_api.change(42, name="canary-name")
        await see_in("show canary")
        for typed in ("find canary", "canary", "outbound canary:1", "subscribe canary"):
            await ask_in(typed)
        for tool, arguments in (("canary", {}), ("get_outbound_assistant", {"assistant": "canary", "canary": 1})):
            await observed.agent.call_tool(tool, arguments)
        with pytest.raises(MCPError):
            await observed.agent.read_resource("famulor://canary")
        text = await observed.text()
        assert "canary" not in text
        for personal in (PERSON, TEAM, GENERAL, "42"):
            assert f'"{personal}"' not in text


async def test_prometheus_own_tool_finds_nothing_to_criticise(observe: Observe, ask_in: Ask) -> None:
    async with observe() as observed:
        promtool = found("promtool")
        await ask_in("outbound")
        await observed.watch.tick()
        # Those of Python and the process are the library's own.
        ours = "".join(f"{line}\n" for line in (await observed.text()).splitlines() if "famulor_" in line)
        checked = await asyncio.create_subprocess_exec(
            *(promtool, "check", "metrics"), stdin=PIPE, stdout=PIPE, stderr=STDOUT
        )
        said, _nothing = await checked.communicate(ours.encode())
        assert (checked.returncode, said) == (0, b"")


async def test_a_port_that_is_taken_ends_the_program_as_a_wrong_setting(demo_api: DemoApi, tmp_path: Path) -> None:
    environment = {
        "FAMULOR_API_KEY": DEMO_KEY,
        "FAMULOR_BASE_URL": demo_api.base_url,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'watch.sqlite3'}",
    }
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        async with started(
            *("run", "--only", "watch"), environment=environment | {"METRICS_PORT": port}, folder=tmp_path
        ) as program:
            status, out, err = await program.ended()
    assert (status, out) == (2, "")
    assert err.startswith(f"METRICS_PORT: nobody can listen on port {port} of 127.0.0.1 (Address already in use).")
