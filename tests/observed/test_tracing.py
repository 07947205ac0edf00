"""Traces: on and off by OpenTelemetry's own variables; what leaves; and a collector that is not there."""

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import Status, StatusCode

from shared.demo import DEMO_KEY, DemoApi
from shared.errors import SettingsError
from shared.tracing import ENDPOINT, PROTOCOL, TRACES_ENDPOINT, tracing
from shared.tracing.exporting import Exporter
from shared.tracing.leaving import UNKNOWN, cleaned, cut, is_told
from tests.observed.running import PATIENCE, running, said

CLOSED = "http://127.0.0.1:9"


def test_where_nobody_asks_for_traces_nothing_of_them_is_loaded() -> None:
    for variables in ({}, {ENDPOINT: " "}, {ENDPOINT: CLOSED, "OTEL_SDK_DISABLED": "TRUE"}):
        code = (
            "import sys; from shared.tracing import span, tracing\n"
            f"with tracing('it', {variables!r}), span('command'): pass\n"
            "sys.exit('opentelemetry' in sys.modules)"
        )
        subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603 # our own interpreter


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({ENDPOINT: "localhost:4318"}, f"{ENDPOINT}: is not a URL"),
        ({ENDPOINT: CLOSED, TRACES_ENDPOINT: "http://[canary"}, f"{TRACES_ENDPOINT}: is not a URL"),
        ({ENDPOINT: CLOSED, PROTOCOL: "grpc"}, f"{PROTOCOL}: only http/protobuf"),
    ],
)
def test_what_would_never_send_a_trace_is_told_at_the_start(variables: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError) as told, tracing("it", variables):
        raise AssertionError("It must not begin.")
    assert words in told.value.explain()
    assert "canary" not in told.value.explain()


def test_without_the_extra_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "shared.tracing.exporting", None)
    with pytest.raises(SettingsError) as told, tracing("it", {ENDPOINT: CLOSED}):
        raise AssertionError("It must not begin.")
    assert "pip install '.[tracing]'" in told.value.explain()


async def test_a_collector_that_is_not_there_costs_one_line_of_the_log_and_no_time(tmp_path: Path) -> None:
    async with DemoApi(limited=False) as demo_api:
        environment = {
            "FAMULOR_API_KEY": DEMO_KEY,
            "FAMULOR_BASE_URL": demo_api.base_url,
            "DATABASE_URL": f"sqlite:///{tmp_path / 'bot.sqlite3'}",
            "WATCH_INTERVAL": "1",
            "LOG_LEVEL": "DEBUG",
            ENDPOINT: CLOSED,
            "OTEL_EXPORTER_OTLP_HEADERS": "canary without a name",
            "OTEL_EXPORTER_OTLP_TIMEOUT": "0.2",
            "OTEL_BSP_SCHEDULE_DELAY": "50",
        }
        async with running("bot", "run", "--only", "watch", environment=environment, folder=tmp_path) as program:
            await program.says("Traces are lost: the collector at 127.0.0.1 does not take them")
            polled = demo_api.count()
            async with asyncio.timeout(PATIENCE):
                while demo_api.count() < polled + 2:  # noqa: ASYNC110 # the demo API tells nobody
                    await asyncio.sleep(0.02)
            assert await program.ended() == 0
        log = said(program.log)
    assert log.count("Traces are lost") == 1
    for unwanted in ("canary", "Traceback", "Max retries", "Queue full", "urllib3"):
        assert unwanted not in log


def span_of(name: str, **attributes: str | int) -> ReadableSpan:
    with_dots = {key.replace("__", "."): value for key, value in attributes.items()}
    failure = Event("exception", {"exception.type": "KeyError", "exception.message": "canary"})
    status = Status(StatusCode.ERROR, "canary")
    return ReadableSpan(name, attributes=with_dots, events=[failure], status=status)


@pytest.mark.parametrize(
    ("span", "name"),
    [
        (span_of("POST", http__request__method="POST", url__full="https://hooks.slack.com/T0/canary?x=canary"), "POST"),
        (span_of("CANARY", http__request__method="_OTHER", url__path="/canary"), "_OTHER"),
        (span_of("canary", http__request__method="canary", user_agent__original="canary"), UNKNOWN),
        (span_of("SELECT /home/canary", db__system__name="sqlite", db__namespace="/home/canary"), "SELECT"),
        (span_of("tools/call canary", mcp__method__name="tools/call", gen_ai__tool__name="canary"), "tools/call …"),
        (span_of("canary", mcp__method__name="canary", jsonrpc__request__id="canary"), UNKNOWN),
        (span_of("POST /mcp", http__request__method="POST", http__route="/mcp", error__type="can ary"), "POST /mcp"),
        (span_of("poll", error__type="KeyError"), "poll"),
    ],
)
def test_of_what_a_caller_wrote_or_an_error_said_nothing_leaves(span: ReadableSpan, name: str) -> None:
    left = cleaned(span)
    assert left.name == name
    assert "canary" not in left.to_json().casefold()
    assert [dict(event.attributes or {}) for event in left.events] == [{"exception.type": "KeyError"}]
    assert left.status.status_code is StatusCode.ERROR


def test_pieces_of_a_body_are_no_news() -> None:
    assert is_told(span_of("POST /mcp", http__route="/mcp"))
    assert not is_told(span_of("POST /mcp http send", asgi__event__type="http.response.body"))


@pytest.mark.parametrize(
    ("url", "left"),
    [
        ("https://slack.com/api/chat.postMessage", "https://slack.com/api/chat.postMessage"),
        ("https://app.famulor.de/api/user/me?key=canary", "https://app.famulor.de/api/user/me"),
        ("https://user:canary@hooks.slack.com:8443/commands/T0/1/canary", "https://hooks.slack.com:8443/…"),
        ("wss://wss-primary.slack.com/link/?ticket=canary", "wss://wss-primary.slack.com/…"),
        ("https://files.slack.com/upload/v1/canary#canary", "https://files.slack.com/…"),
        ("http://[canary", UNKNOWN),
    ],
)
def test_of_an_address_its_host_leaves_and_the_method_of_an_api(url: str, left: str) -> None:
    assert cut(url) == left


@given(st.text(), st.from_regex(r"https?://[a-z]{1,9}(:[0-9]{1,4})?/[ -~]{0,40}", fullmatch=True))
def test_no_address_breaks_it_and_nothing_with_a_number_in_its_path_leaves(text: str, url: str) -> None:
    assert isinstance(cut(text), str)
    assert not any(letter.isdigit() for letter in urlsplit(cut(url)).path)


class Flaky(SpanExporter):
    """A collector's door that is open as often as it is said."""

    def __init__(self, *results: SpanExportResult) -> None:
        self.results = list(results)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self.results.pop(0)

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return not self.results


def test_that_traces_are_lost_and_taken_again_is_said_once_each(caplog: pytest.LogCaptureFixture) -> None:
    lost, taken = SpanExportResult.FAILURE, SpanExportResult.SUCCESS
    exporter = Exporter(Flaky(taken, lost, lost, lost, taken, taken), "collector.example.com")
    with caplog.at_level("INFO"):
        assert [exporter.export([span_of("poll")]) for _ in range(6)] == [taken, lost, lost, lost, taken, taken]
    assert [record.getMessage() for record in caplog.records] == [
        "Traces are lost: the collector at collector.example.com does not take them",
        "Traces are taken again",
    ]
    assert exporter.force_flush()
    exporter.shutdown()
