"""Serves any number of clients over streamable HTTP, on this machine only."""

import asyncio
import logging
import os
import socket
import sys
from contextlib import suppress

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings

from mcp_server.calls import FamulorServer

PATIENCE = 2
"""Seconds that answers under way get when the server is asked to stop; open streams would wait for ever."""


def serve(server: FamulorServer, host: str, port: int, path: str) -> int:
    """Serve until a signal asks to stop; the exit code. Port 0 takes a free one.

    Uvicorn takes the signals over, and at the end raises them again for whoever handled them before.
    """
    try:
        listener = _listener(host, port)
    except OSError as error:
        print(  # noqa: T201 # the one who started the program reads it
            f"famulor-mcp: can't listen on port {port} of {host} ({os.strerror(error.errno or 0)}). "
            "Choose another one with --port.",
            file=sys.stderr,
        )
        return 1
    shown = f"[{host}]" if ":" in host else host
    application = server.streamable_http_app(
        streamable_http_path=path,
        # Twice as fast as a stream of events for each answer; what it can't carry, progress, no tool reports.
        json_response=True,
        transport_security=_only_from_here(shown),
    )
    config = uvicorn.Config(
        application,
        lifespan="on",
        ws="none",
        log_config=None,
        log_level="warning",
        access_log=False,  # a query may hold what somebody searched for
        server_header=False,
        timeout_graceful_shutdown=PATIENCE,
    )
    logging.getLogger("uvicorn.error").addFilter(_is_news)
    announced = AnnouncedServer(config, f"http://{shown}:{listener.getsockname()[1]}{path}")
    with suppress(SystemExit):  # the signal, raised again
        asyncio.run(announced.serve(sockets=[listener]))
    return 0


def _listener(host: str, port: int) -> socket.socket:
    family, _type, _protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    return socket.create_server((str(address[0]), port), family=family)


def _only_from_here(host: str) -> TransportSecuritySettings:
    """Refuse what a web page makes a browser send here (DNS rebinding).

    The SDK does so by itself for three ways to write loopback; 127.0.0.2 would go unprotected.
    """
    names = {"127.0.0.1", "localhost", "[::1]", host}
    return TransportSecuritySettings(
        allowed_hosts=[f"{name}:*" for name in names], allowed_origins=[f"http://{name}:*" for name in names]
    )


def _is_news(record: logging.LogRecord) -> bool:
    """All but the tracebacks of calls that were cut off because somebody stops the server."""
    return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))


class AnnouncedServer(uvicorn.Server):
    """Says where it serves as soon as it does."""

    def __init__(self, config: uvicorn.Config, address: str) -> None:
        super().__init__(config)
        self._address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print(f"famulor-mcp: serving at {self._address}", file=sys.stderr, flush=True)  # noqa: T201 # for people
