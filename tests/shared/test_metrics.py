"""Where counts are served, and what becomes of it where they can't be."""

import asyncio
import logging
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families

from shared.errors import SettingsError
from shared.famulor.budget import RateBudget
from shared.metrics import Metrics, counting
from shared.telemetry import SILENT, Telemetry
from tests.clocks import ManualClock


@pytest.fixture
def scraped(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    """What is served where the log says."""
    caplog.set_level(logging.INFO, "shared.metrics")

    def read() -> str:
        with urlopen(caplog.messages[-1].removeprefix("Metrics at ")) as answer:  # noqa: S310 # our own address
            text: str = answer.read().decode()
        return text

    return read


def test_without_a_port_nobody_listens_and_nothing_is_loaded() -> None:
    with counting("127.0.0.1", None) as telemetry:
        assert telemetry is SILENT
        assert not telemetry.listens
    program = (
        "import sys; from shared.metrics import counting; from shared.logs import configure_logging, bound\n"
        "with counting('127.0.0.1', None), bound(account='a'): configure_logging('INFO', 'json')\n"
        "print(*(name for name in ('prometheus_client', 'structlog', 'rich') if name in sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603 # ours
    assert said.stdout == "\n"


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_it_is_served_while_the_program_runs_and_no_longer(host: str, scraped: Callable[[], str]) -> None:
    with counting(host, 0) as telemetry:
        telemetry.tool("list_outbound_assistants", "ok", 0.2)
        text = scraped()
    assert 'famulor_tools_total{outcome="ok",tool="list_outbound_assistants"} 1.0' in text
    assert "process_resident_memory_bytes" in text
    assert "python_gc_collections_total" in text
    with pytest.raises(URLError):
        scraped()


@pytest.mark.parametrize(
    ("host", "words"), [("127.0.0.1", "Address already in use"), ("192.0.2.1", "Cannot assign"), ("no.invalid", "")]
)
def test_where_nobody_can_listen_that_is_a_wrong_setting(host: str, words: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError) as caught, counting(host, port):
            raise AssertionError
    (problem,) = caught.value.problems
    assert problem.startswith(f"METRICS_PORT: nobody can listen on port {port} of {host} ({words}")


def test_hostile_values_break_no_line(scraped: Callable[[], str]) -> None:
    hostile = ['a"b\\c\nfamulor_up 1\x1b', "", "ü" * 5_000]
    with counting("127.0.0.1", 0) as telemetry:
        for account in hostile:
            telemetry.upstream_call(account, "ok", float("nan"))
            telemetry.polled(account, "ok", 1e300, 10**6)
        families = {family.name: family.samples for family in text_string_to_metric_families(scraped())}
    calls = [one for one in families["famulor_upstream_calls"] if one.name.endswith("_total")]
    assert sorted(one.labels["account"] for one in calls) == sorted(hostile)
    assert "famulor_up" not in families


async def test_what_a_rate_limit_leaves_may_be_asked_while_requests_are_counted(
    scraped: Callable[[], str],
) -> None:
    clock = ManualClock()
    with counting("127.0.0.1", 0, clock) as telemetry, ThreadPoolExecutor(2) as readers:
        budget = RateBudget("default", clock, telemetry)
        reading = [asyncio.get_running_loop().run_in_executor(readers, scraped) for _time in range(20)]
        for _request in range(300):
            await budget.take(until=10_000)
        texts = await asyncio.gather(*reading)
        text = await asyncio.get_running_loop().run_in_executor(readers, scraped)
    left = {
        sample.labels["window"]: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "famulor_rate_budget_left"
    }
    assert left == {str(window): requests for window, requests in budget.left().items()}
    assert all("famulor_rate_budget_left" in one for one in texts)
    assert sum(clock.slept) == pytest.approx(
        next(
            sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == "famulor_rate_budget_wait_seconds_total"
        )
    )


def test_whoever_counts_nothing_takes_everything() -> None:
    told = [name for name in vars(Telemetry) if not name.startswith("_") and callable(getattr(SILENT, name))]
    assert all(name in vars(Metrics) for name in told)
    for name in told:
        method = getattr(SILENT, name)
        assert method(*range(method.__code__.co_argcount - 1)) is None
