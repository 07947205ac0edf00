"""A collector of traces on this machine: takes what programs export, and keeps it as it came."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

PATH = "/v1/traces"


@dataclass
class Collector:
    """What came so far: the requests, and each request's headers."""

    url: str = ""
    requests: list[ExportTraceServiceRequest] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def spans(self, service: str) -> Iterator[Span]:
        """Every span of this service's."""
        for request in self.requests:
            for of_resource in request.resource_spans:
                if attributes(of_resource.resource.attributes)["service.name"] == service:
                    for of_scope in of_resource.scope_spans:
                        yield from of_scope.spans

    def text(self) -> str:
        """All that came, as one text that can be searched."""
        return "\n".join(map(str, self.requests))

    async def take(self, request: web.Request) -> web.Response:
        """Answers as a collector does that has taken it all."""
        body = await request.read()  # aiohttp has unpacked it, where it was packed
        self.headers.append({name.lower(): value for name, value in request.headers.items()})
        self.requests.append(ExportTraceServiceRequest.FromString(body))
        return web.Response(
            body=ExportTraceServiceResponse().SerializeToString(), content_type="application/x-protobuf"
        )


def attributes(pairs: Iterator[KeyValue]) -> dict[str, str]:
    """Names and values, as texts."""
    return {
        pair.key: pair.value.string_value
        if pair.value.HasField("string_value")
        else str(getattr(pair.value, pair.value.WhichOneof("value") or "string_value"))
        for pair in pairs
    }


@asynccontextmanager
async def collecting() -> AsyncIterator[Collector]:
    """A collector that listens while the block runs."""
    collector = Collector()
    application = web.Application(client_max_size=64 * 2**20)
    application.router.add_post(PATH, collector.take)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    collector.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield collector
    finally:
        await runner.cleanup()
