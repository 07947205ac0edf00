"""Counts what is told of the programs' work, for Prometheus; prometheus_client is loaded where somebody asks for it."""

import logging
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from typing import ClassVar

from shared.clock import Clock, SystemClock
from shared.errors import SettingsError
from shared.telemetry import OK, SILENT, Telemetry, Use

_log = logging.getLogger(__name__)

CALL_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
"""Up to the total deadline of a call to Famulor."""
ANSWER_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
"""Slack gives up on what takes 3 s to acknowledge; people give up on what takes 10."""
LATE_SECONDS = (0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600)
"""From the pace at which somebody looks what is due, to what nobody waits for any more."""


@contextmanager
def counting(host: str, port: int | None, clock: Clock | None = None) -> Iterator[Telemetry]:
    """Whoever is to be told what happens: counts served at http://host:port/metrics, or nobody where there is no port.

    Port 0 takes a free one; the log says which. Raises SettingsError where nobody can listen there.
    """
    if port is None:
        yield SILENT
        return
    import prometheus_client  # noqa: PLC0415 # only who asks for it

    metrics = Metrics(clock or SystemClock())
    try:
        server, thread = prometheus_client.start_http_server(port, host, registry=metrics.registry)
    except OSError as error:
        reason = error.strerror if isinstance(error, socket.gaierror) else os.strerror(error.errno or 0)
        raise SettingsError(
            [f"METRICS_PORT: nobody can listen on port {port} of {host} ({reason}). Choose another, or METRICS_HOST."]
        ) from error
    try:
        shown = f"[{host}]" if ":" in host else host
        _log.info("Metrics at http://%s:%d/metrics", shown, server.server_port)
        yield metrics
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Metrics(Telemetry):
    """Counts in a registry of its own. Labels hold accounts of the settings, and names of this code, nothing else."""

    listens: ClassVar[bool] = True

    def __init__(self, clock: Clock) -> None:
        from prometheus_client import (  # noqa: PLC0415 # only who counts
            CollectorRegistry,
            Counter,
            Gauge,
            GCCollector,
            Histogram,
            Info,
            PlatformCollector,
            ProcessCollector,
        )

        self._clock = clock
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)

        def counter(name: str, words: str, *labels: str) -> Counter:
            return Counter(f"famulor_{name}", words, labels, registry=self.registry)

        def gauge(name: str, words: str, *labels: str) -> Gauge:
            return Gauge(f"famulor_{name}", words, labels, registry=self.registry)

        def histogram(name: str, words: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
            return Histogram(f"famulor_{name}", words, labels, buckets=buckets, registry=self.registry)

        build = Info("famulor_build", "The running program.", registry=self.registry)
        build.info({"version": version("famulor-chatops")})
        self._calls = counter("upstream_calls", "Requests to Famulor, each attempt by itself.", "account", "result")
        self._call_seconds = histogram(
            "upstream_call_seconds", "How long requests to Famulor took.", CALL_SECONDS, "account"
        )
        self._retries = counter("upstream_retries", "Requests asked again, by why.", "account", "result")
        self._retry_waits = counter("upstream_retry_wait_seconds", "Seconds waited before asking again.", "account")
        self._budget_waits = counter("rate_budget_wait_seconds", "Seconds waited for Famulor's rate limits.", "account")
        self._budget_left = gauge(
            "rate_budget_left", "Requests that Famulor's rate limit of so many seconds leaves.", "account", "window"
        )
        self._answers = counter(
            "answers", "Answers from what is known of an account, by its freshness.", "account", "use"
        )
        self._age = gauge("cache_age_seconds", "How old the data of the account's last answer was.", "account")
        self._polls = counter("polls", "Polls that the watch has ended.", "account", "result")
        self._poll_lag = histogram("poll_lag_seconds", "How late polls began.", LATE_SECONDS)
        self._success = gauge("last_success_timestamp_seconds", "When the watch last read the account.", "account")
        self._changes = counter("changes", "Changes that polls found.", "account")
        self._owed = gauge("outbox_owed", "Deliveries that should have been made by now.")
        self._oldest = gauge("outbox_oldest_seconds", "For how long the oldest of them has been due.")
        self._deliveries = counter("deliveries", "Attempts at deliveries to Slack.", "kind", "result")
        self._delay = histogram("delivery_delay_seconds", "From when it was due until Slack had it.", LATE_SECONDS)
        self._commands = counter("commands", "What people did in Slack, by how it ended.", "command", "outcome")
        self._command_seconds = histogram(
            "command_seconds", "From its arrival until it was answered.", ANSWER_SECONDS, "command"
        )
        self._tools = counter("tools", "Tool calls, by how they ended.", "tool", "outcome")
        self._tool_seconds = histogram("tool_seconds", "How long tool calls took.", ANSWER_SECONDS, "tool")

    def upstream_call(self, account: str, result: str, seconds: float) -> None:
        self._calls.labels(account, result).inc()
        self._call_seconds.labels(account).observe(seconds)

    def upstream_retry(self, account: str, result: str, wait: float) -> None:
        self._retries.labels(account, result).inc()
        self._retry_waits.labels(account).inc(wait)

    def upstream_wait(self, account: str, seconds: float) -> None:
        self._budget_waits.labels(account).inc(seconds)

    def upstream_budget(self, account: str, left: Callable[[], Mapping[int, int]]) -> None:
        for window in left():
            # Asked for when somebody looks: it grows while nothing happens.
            self._budget_left.labels(account, window).set_function(partial(_left_of, left, window))

    def answered(self, account: str, use: Use, age: float) -> None:
        self._answers.labels(account, use).inc()
        if use != "failed":
            self._age.labels(account).set(age)

    def polled(self, account: str, result: str, lag: float, changes: int) -> None:
        self._polls.labels(account, result).inc()
        self._poll_lag.observe(lag)
        self._changes.labels(account).inc(changes)
        if result == OK:
            self._success.labels(account).set(self._clock.now().timestamp())

    def outbox(self, owed: int, oldest: float) -> None:
        self._owed.set(owed)
        self._oldest.set(oldest)

    def delivered(self, kind: str, result: str, delay: float) -> None:
        self._deliveries.labels(kind, result).inc()
        if result == OK:
            self._delay.observe(delay)

    def command(self, verb: str, outcome: str, seconds: float) -> None:
        self._commands.labels(verb, outcome).inc()
        self._command_seconds.labels(verb).observe(seconds)

    def tool(self, name: str, outcome: str, seconds: float) -> None:
        self._tools.labels(name, outcome).inc()
        self._tool_seconds.labels(name).observe(seconds)


def _left_of(left: Callable[[], Mapping[int, int]], window: int) -> int:
    return left()[window]
