"""The layers around the protocol, composed in the one order in which they make sense."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.types import ASGIApp

from mcp_server.access.authentication import Authentication, Way
from mcp_server.access.bodies import Bodies
from mcp_server.access.health import Health
from mcp_server.access.limits import Limits
from mcp_server.access.names import Names
from mcp_server.access.streams import Streams
from mcp_server.access.trimming import Trimmed
from mcp_server.access.visits import Visits
from shared.clock import Clock
from shared.settings.http import HttpSettings

PAGE_HEADERS = (
    "authorization",
    "content-type",
    "last-event-id",
    "mcp-method",
    "mcp-name",
    "mcp-protocol-version",
    "mcp-session-id",
    "x-famulor-key",
)
"""What a web page on the allow-list may send."""


@dataclass(frozen=True, slots=True)
class Gate:
    """The guarded application; `streams` end when the server is asked to stop."""

    application: ASGIApp
    streams: Streams


def guarded(inner: ASGIApp, settings: HttpSettings, *, way: Way | None, resource: str, clock: Clock) -> Gate:
    """`inner`, behind everything that the settings ask for. Read from below: the last layer is the outermost.

    `way`: how callers prove who they are; None on this machine only. `resource`: our own address, as clients know it.
    """
    streams = Streams(inner)
    # A body is read for callers who may call, and while it comes it holds their place.
    app: ASGIApp = Bodies(streams, settings.mcp_body_limit)
    # Limits are each caller's own, so it must be known who calls.
    app = Limits(app, settings, clock)
    if way is not None:
        app = Authentication(app, way)
    if settings.mcp_oauth_issuer is not None:
        from mcp_server.access.oauth import Metadata  # noqa: PLC0415 # nobody else needs it

        # Clients read there how to prove who they are: so it comes before.
        app = Metadata(app, settings, resource)
    # A page that bent its name to our address learns nothing, not even that it lacks a token.
    app = Names(app, {urlsplit(resource).netloc.lower(), *settings.mcp_allowed_hosts}, settings.mcp_allowed_origins)
    # Everything within is logged, and every refusal put into words.
    app = Visits(app, clock)
    if settings.mcp_allowed_origins:
        app = _open_to_pages(app, settings.mcp_allowed_origins)
    # Whoever watches over the process knows neither our names nor a token, and asks too often for the log.
    return Gate(Health(Trimmed(app)), streams)


def _open_to_pages(app: ASGIApp, origins: tuple[str, ...]) -> ASGIApp:
    """Browsers ask first (CORS), without a token, and let a page read only what they are told it may."""
    from starlette.middleware.cors import CORSMiddleware  # noqa: PLC0415 # nobody else needs it

    return CORSMiddleware(
        app,
        allow_origins=origins,
        allow_methods=("GET", "POST", "DELETE"),
        allow_headers=PAGE_HEADERS,
        expose_headers=("mcp-session-id", "www-authenticate", "retry-after"),
    )
