"""Serves any number of clients over streamable HTTP."""

import asyncio
import logging
import os
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings
from sse_starlette.sse import AppStatus

from mcp_server.access.authentication import Way
from mcp_server.access.gate import Gate, guarded
from mcp_server.access.health import PATH as HEALTH
from mcp_server.calls import FamulorServer
from shared.clock import Clock, SystemClock
from shared.errors import SettingsError
from shared.settings import is_loopback
from shared.settings.http import HttpSettings

PATIENCE = 5
"""Seconds that calls under way get when the server is asked to stop."""

ANYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 # compared with, not listened on

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Serving:
    """What the command line says. Port 0 takes a free one.

    `stateless`: no sessions, so that any replica may answer any request; clients of the older era can't be told of
    changes then. `json`: every answer in one piece, half as fast again for the older era, but without progress.
    """

    host: str
    port: int
    path: str
    stateless: bool = False
    json: bool = False


def serve(server: FamulorServer, serving: Serving, settings: HttpSettings) -> int:
    """Serve until a signal asks to stop; the exit code. Raises SettingsError.

    Uvicorn takes the signals over, and at the end raises them again for whoever handled them before.
    """
    try:
        listening = listener(serving.host, serving.port)
    except OSError as error:
        print(  # noqa: T201 # the one who started the program reads it
            f"famulor-mcp: can't listen on port {serving.port} of {serving.host} ({reason(error)}). "
            "Choose another one with --port, or another --host.",
            file=sys.stderr,
        )
        return 1
    shown = f"[{serving.host}]" if ":" in serving.host else serving.host
    address = f"http://{shown}:{listening.getsockname()[1]}{serving.path}"
    gate = application(server, serving, settings, address=address)
    config = uvicorn.Config(
        gate.application,
        lifespan="on",
        ws="none",
        log_config=None,
        log_level="warning",
        access_log=False,  # ours names the caller and the tool; a query may hold what somebody searched for
        server_header=False,
        proxy_headers=False,  # nobody is told apart by an address
        timeout_graceful_shutdown=PATIENCE,
    )
    logging.getLogger("uvicorn.error").addFilter(_is_news)
    # Else a signal would cut off answers that travel as events; the gate ends what would stay open.
    AppStatus.enable_automatic_graceful_drain = False
    if serving.host in ANYWHERE and not (settings.mcp_allowed_hosts or settings.mcp_public_url):
        _log.warning("Only requests for localhost are answered: set MCP_PUBLIC_URL or MCP_ALLOWED_HOSTS.")
    with suppress(SystemExit):  # the signal, raised again
        AnnouncedServer(config, address, gate).run(sockets=[listening])
    return 0


def application(
    server: FamulorServer,
    serving: Serving,
    settings: HttpSettings,
    *,
    address: str,
    clock: Clock | None = None,
) -> Gate:
    """The server as a guarded ASGI application. Raises SettingsError where callers can't be told apart as asked."""
    clock = clock or SystemClock()
    resource = settings.mcp_public_url or address
    way = _way(server, settings, resource, clock)
    inner = server.streamable_http_app(
        streamable_http_path=serving.path,
        stateless_http=serving.stateless,
        json_response=serving.json,
        max_request_body_size=settings.mcp_body_limit,
        # Its own check comes after the question who calls, and says less; the gate's comes first.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    return guarded(inner, settings, way=way, resource=resource, clock=clock)


def _way(server: FamulorServer, settings: HttpSettings, resource: str, clock: Clock) -> Way | None:
    """How callers prove who they are; what the other ways need is not imported."""
    if settings.mcp_tokens_file is not None:
        from mcp_server.access.tokens import TokensFile  # noqa: PLC0415

        return TokensFile(settings.mcp_tokens_file)
    if settings.mcp_oauth_issuer is not None:
        from mcp_server.access.oauth import OAuth  # noqa: PLC0415

        return OAuth(settings, resource, clock)
    if settings.mcp_caller_keys:
        from mcp_server.access.caller_keys import CallerKeys  # noqa: PLC0415

        keys = CallerKeys(settings, server.telemetry)
        server.middleware.append(keys.with_core)
        return keys
    return None


def check(serving: Serving, settings: HttpSettings) -> None:
    """Raises SettingsError where serving so would let in whoever comes, or could not work."""
    if serving.path == HEALTH:
        raise SettingsError([f"--path {HEALTH}: that is where the server says how it is. Choose another one."])
    if is_loopback(serving.host):
        return
    if not settings.demands_auth:
        raise SettingsError(
            [
                (
                    f"--host {serving.host}: other machines could call then, so callers must prove who they are. Set "
                    "MCP_TOKENS_FILE (`famulor-mcp token NAME` makes tokens), or MCP_OAUTH_ISSUER, or "
                    "MCP_CALLER_KEYS=true (each brings a Famulor key), or serve this machine alone on 127.0.0.1."
                )
            ]
        )
    if settings.mcp_oauth_issuer is not None and settings.mcp_public_url is None:
        raise SettingsError(
            ["MCP_PUBLIC_URL: is missing. Tokens are issued for the address under which clients know this server."]
        )


def listener(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 takes a free one. Raises OSError."""
    family, _type, _protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    return socket.create_server((str(address[0]), port), family=family)


def reason(error: OSError) -> str:
    """The operating system's word for why nobody can listen there."""
    words = error.strerror if isinstance(error, socket.gaierror) else os.strerror(error.errno or 0)
    return words or "no such address"


def _is_news(record: logging.LogRecord) -> bool:
    """All but the tracebacks of calls that were cut off because somebody stops the server."""
    return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))


class AnnouncedServer(uvicorn.Server):
    """Says where it serves as soon as it does; when it is asked to stop, it ends the streams that would stay open."""

    def __init__(self, config: uvicorn.Config, address: str, gate: Gate) -> None:
        super().__init__(config)
        self._address = address
        self._gate = gate

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print(f"famulor-mcp: serving at {self._address}", file=sys.stderr, flush=True)  # noqa: T201 # for people

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._gate.streams.end()
        await super().shutdown(sockets)
