"""The traces of a program: instrumented libraries, what may leave of their spans, and the collector that gets it."""

import logging
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.aiohttp_client import AioHttpClientInstrumentor
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor
from opentelemetry.instrumentation.starlette import StarletteInstrumentor
from opentelemetry.propagators.textmap import CarrierT, Setter, default_setter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, OTELResourceDetector, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shared.tracing.leaving import cleaned, is_told

_log = logging.getLogger(__name__)

PATIENCE = 3
"""Seconds at the end for the last spans."""


@contextmanager
def exported(service: str, collector: str) -> Iterator[trace.Tracer]:
    """The libraries are instrumented from now on; a collector that can't be reached holds nothing up.

    What is yielded makes spans of our own. `collector`: where the environment says that it is, for people.
    """
    # The names that are stable, and the only ones that leave.
    os.environ["OTEL_SEMCONV_STABILITY_OPT_IN"] = "http,database"
    # They quote what they get wrong (a header with its token, an answer); ours says it once.
    for name in ("opentelemetry", "urllib3"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    exporter = Exporter(OTLPSpanExporter(), collector)
    provider = TracerProvider(resource=_resource(service), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    propagate.set_global_textmap(_Incoming())
    instrumentors: tuple[Any, ...] = (  # their base class is untyped
        HTTPXClientInstrumentor(),
        AioHttpClientInstrumentor(),
        SQLAlchemyInstrumentor(),
        StarletteInstrumentor(),
    )
    for instrumentor in instrumentors:
        # That of SQLAlchemy says that it knows none after 2.0; the tests hold that it does.
        instrumentor.instrument(skip_dep_check=True)
    try:
        yield trace.get_tracer("famulor-chatops", version("famulor-chatops"))
    finally:
        if not exporter.is_failing:
            # The SDK's own patience is half a minute. A thread that is a daemon's ends with the program.
            ending = threading.Thread(target=provider.shutdown, name="last spans", daemon=True)
            ending.start()
            ending.join(PATIENCE)


class Exporter(SpanExporter):
    """Sends what may leave of each span; where that fails, it is said once, and once when it works again."""

    def __init__(self, to: SpanExporter, collector: str) -> None:
        self._to = to
        self._collector = collector
        self.is_failing = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """In the batch's own thread, again and again for ten seconds where it fails."""
        result = self._to.export([cleaned(span) for span in spans if is_told(span)])
        is_failing = result is not SpanExportResult.SUCCESS
        if is_failing and not self.is_failing:
            _log.warning("Traces are lost: the collector at %s does not take them", self._collector)
        elif self.is_failing and not is_failing:
            _log.info("Traces are taken again")
        self.is_failing = is_failing
        return result

    def shutdown(self) -> None:
        self._to.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._to.force_flush(timeout_millis)


class _Incoming(TraceContextTextMapPropagator):
    """Takes a caller's trace up, but hands none to Famulor and Slack: what we do is not theirs to follow."""

    def inject(
        self, carrier: CarrierT, context: Context | None = None, setter: Setter[CarrierT] = default_setter
    ) -> None:
        del carrier, context, setter


def _resource(service: str) -> Resource:
    """What OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say goes first."""
    ours = Resource.create({SERVICE_NAME: service, SERVICE_VERSION: version("famulor-chatops")})
    return ours.merge(OTELResourceDetector().detect())
