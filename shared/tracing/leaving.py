"""What of a span may leave this machine: what is on a list, and nothing that somebody typed or that opens something.

Libraries put more into their spans than a reader of traces may know: response URLs, a socket's ticket, texts of errors,
a database's path; and with each version more of it. So what is not known to be harmless stays here.
"""

import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.trace import Status
from opentelemetry.util.types import AttributeValue

UNKNOWN = "…"

_API_PATH = re.compile(r"/api/[A-Za-z_./]+$")
"""Famulor's and Slack's methods: words, never a number or a token. Response URLs and uploads have other paths."""
_HTTP_METHOD = re.compile(r"[A-Z]{3,7}|_OTHER")
_MCP_METHOD = re.compile(
    r"initialize|ping|(?:completion|logging|notifications|prompts|resources|server|subscriptions|tools)/[a-zA-Z_/]{1,40}"
)
_TOOL = re.compile(r"[a-z]{1,20}_outbound_assistants?(?:_[a-z]{1,20})?|execute_tool")
_WORD = re.compile(r"\w{1,60}(?:\.\w{1,60}){0,5}|-?\d{1,10}")


def cut(url: str) -> str:
    """Scheme and host, and the path where it names a method of an API."""
    try:
        parts = urlsplit(url)
        where = f"{parts.scheme}://{parts.hostname or UNKNOWN}{f':{parts.port}' if parts.port else ''}"
    except ValueError:
        return UNKNOWN
    method = _API_PATH.search(parts.path)
    return where + (method[0] if method else f"/{UNKNOWN}")


def _fitting(pattern: re.Pattern[str]) -> Callable[[AttributeValue], AttributeValue]:
    """What a caller may write as they like leaves where it is what it should be."""
    return lambda value: str(value) if pattern.fullmatch(str(value)) else UNKNOWN


def _as_it_is(value: AttributeValue) -> AttributeValue:
    return value


KEPT: Mapping[str, Callable[[AttributeValue], AttributeValue]] = {
    # HTTP, either way. A route is a pattern of our own code; where a request went is said of those that go out alone.
    "http.request.method": _fitting(_HTTP_METHOD),
    "http.response.status_code": _as_it_is,
    "http.route": _as_it_is,
    "url.full": lambda value: cut(str(value)),
    "error.type": _fitting(_WORD),
    # SQL has its values apart, as parameters.
    "db.system.name": _as_it_is,
    "db.query.text": _as_it_is,
    # MCP.
    "mcp.method.name": _fitting(_MCP_METHOD),
    "gen_ai.operation.name": _fitting(_TOOL),
    "gen_ai.tool.name": _fitting(_TOOL),
    "rpc.response.status_code": _as_it_is,
    "exception.type": _as_it_is,
}
"""The attributes that may leave, by their names in OpenTelemetry's stable conventions, and what is made of each."""


def is_told(span: ReadableSpan) -> bool:
    """Whether it says more than that a piece of a body was passed on."""
    return "asgi.event.type" not in (span.attributes or {})


def cleaned(span: ReadableSpan) -> ReadableSpan:
    """The same span as far as it may leave: its times and its place, and of its texts those that are KEPT."""
    attributes = _kept(span.attributes)
    return ReadableSpan(
        name=_name(span.name, attributes),
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=attributes,
        # Of an exception, its class: its words and its traceback may quote anything.
        events=[Event(event.name, _kept(event.attributes), event.timestamp) for event in span.events],
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _kept(attributes: Mapping[str, AttributeValue] | None) -> dict[str, AttributeValue]:
    return {name: KEPT[name](value) for name, value in (attributes or {}).items() if name in KEPT}


def _name(name: str, kept: Mapping[str, AttributeValue]) -> str:
    """Named by what leaves: the libraries put what callers wrote into the name, and a database's path."""
    if "db.system.name" in kept:
        return name.partition(" ")[0]
    for method, target in (("mcp.method.name", "gen_ai.tool.name"), ("http.request.method", "http.route")):
        if method in kept:
            return " ".join(str(kept[one]) for one in (method, target) if one in kept)
    return name
