"""Traces, by OpenTelemetry's own variables: on where OTEL_EXPORTER_OTLP_ENDPOINT says where to; else nothing is loaded.

The libraries' own instrumentation makes the spans: httpx (Famulor), aiohttp (Slack), SQLAlchemy (the store), Starlette
(requests that come in); the MCP SDK makes some of its own, and `span` those under which the others stand.
`exporting.py` puts that together; what of a span may leave is in `leaving.py`.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from shared.errors import SettingsError

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

ENDPOINT, TRACES_ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
PROTOCOL, TRACES_PROTOCOL = "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"
SPOKEN = "http/protobuf"

_tracer: ContextVar["Tracer | None"] = ContextVar("makes spans of our own, where traces are asked for", default=None)


@contextmanager
def tracing(service: str, environment: Mapping[str, str]) -> Iterator[None]:
    """What the block does is traced, where the environment says where to; the last of it is sent at the end.

    To be entered before what is traced is imported or opened, once in a process. `service`: the name in the traces,
    where OTEL_SERVICE_NAME says no other. `environment`: the process's, since the SDK reads it by itself.

    Raises SettingsError where traces are asked for and can't be sent.
    """
    if not asked_for(environment):
        yield
        return
    _check(environment)
    try:
        from shared.tracing.exporting import exported  # noqa: PLC0415 # an extra of the package, and slow
    except ImportError:
        raise SettingsError(
            [
                (
                    f"{_named(environment, TRACES_ENDPOINT, ENDPOINT)}: traces need the extra “tracing”, which is not "
                    "installed. Install it (`pip install '.[tracing]'` in the clone), or unset the variable."
                )
            ]
        ) from None
    with exported(service, urlsplit(_endpoint(environment)).hostname or "") as tracer:
        before = _tracer.set(tracer)
        try:
            yield
        finally:
            _tracer.reset(before)


def span(name: str) -> AbstractContextManager[object]:
    """A span around a piece of work, under which those of the libraries stand; nothing where nobody asks for traces."""
    tracer = _tracer.get()
    return nullcontext() if tracer is None else tracer.start_as_current_span(name)


def asked_for(environment: Mapping[str, str]) -> bool:
    """Whether there is somewhere to send traces to, and nobody has switched them off."""
    is_off = environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    is_none = environment.get("OTEL_TRACES_EXPORTER", "").strip().lower() == "none"
    return bool(_endpoint(environment)) and not is_off and not is_none


def _check(environment: Mapping[str, str]) -> None:
    """The two mistakes that would be noticed by nothing but traces that never come."""
    try:
        parts = urlsplit(_endpoint(environment))
        is_url = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        is_url = False
    if not is_url:
        raise SettingsError(
            [
                (
                    f"{_named(environment, TRACES_ENDPOINT, ENDPOINT)}: is not a URL. "
                    "It begins with http:// or https:// and a host name, such as http://localhost:4318."
                )
            ]
        )
    name = _named(environment, TRACES_PROTOCOL, PROTOCOL)
    if environment.get(name, "").strip() not in {"", SPOKEN}:
        raise SettingsError([f"{name}: only {SPOKEN} is spoken here, to a collector's port 4318. Unset it."])


def _endpoint(environment: Mapping[str, str]) -> str:
    return environment.get(_named(environment, TRACES_ENDPOINT, ENDPOINT), "").strip()


def _named(environment: Mapping[str, str], *names: str) -> str:
    """The first of these variables that is set; the last where none is."""
    return next((name for name in names if environment.get(name, "").strip()), names[-1])
