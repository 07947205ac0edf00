"""HTTP for Slack, and for those who watch over the program: signed events come in; are we alive, are we ready?"""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from importlib.metadata import version

import uvicorn
from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk import signature
from starlette import applications
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from shared.clock import Clock
from shared.errors import FamulorError

_log = logging.getLogger(__name__)

EVENTS = "/slack/events"
"""Where Slack sends everything: commands, events, and what people press."""
ALIVE, READY = "/healthz", "/readyz"
BODY_LIMIT = 1_048_576
"""Bytes of one request; what Slack sends is far below."""
BODY_PATIENCE = 10
"""Seconds for one request to come."""
PROBE_PATIENCE = 5
"""Seconds for whether we are ready."""
GOODBYE = 5
"""Seconds at the end for requests that are being acknowledged."""

Probe = Callable[[], Awaitable[str]]
"""What is wrong with one thing that we need, "" when nothing is."""

# Of the headers of a request, what Bolt reads but what steers it from inside (x-slack-bolt-…).
_FOR_BOLT = ("content-type", "x-slack-retry-num", "x-slack-retry-reason")
_LONGEST_TIMESTAMP = 12


class CannotListen(FamulorError):
    """The port is taken, or the address is none of this machine's."""

    what = "The app can't listen on port {port} of {host} ({reason})."
    cure = "Set SLACK_HTTP_HOST and SLACK_HTTP_PORT to an address of this machine that is free."


class SignedEvents:
    """Takes what Slack has signed, within ±300 s, and hands it to the app.

    Bolt reads a body before it looks at the signature, and fails at what is none of Slack's; so the signature is
    looked at here, with the SDK's own verifier.
    """

    def __init__(self, app: AsyncApp, secret: str, clock: Clock) -> None:
        self._app = app
        self._verifier = signature.SignatureVerifier(secret, _Seconds(clock))

    async def receive(self, request: Request) -> Response:
        """Acknowledged at once; the answer follows by itself."""
        body = await _body(request)
        if not self._is_signed(body, request.headers):
            _log.warning(
                "Refused a request that does not carry Slack's signature of now; if Slack sent it, check "
                "SLACK_SIGNING_SECRET and this machine's clock"
            )
            return Response(status_code=401)
        headers = {name: request.headers[name] for name in _FOR_BOLT if name in request.headers}
        try:
            # Bolt's types know no str, as all of Slack's headers are.
            read = AsyncBoltRequest(body=body.decode(), headers={**headers})
            return to_starlette_response(await self._app.async_dispatch(read))
        except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
            # Our own listeners' failures don't come so far: Bolt found no object, or no text, where Slack has one.
            _log.warning("Refused a signed request that has not the shape of Slack's")
            raise HTTPException(400, "Not a request of Slack's.") from None

    def _is_signed(self, body: bytes, headers: Headers) -> bool:
        timestamp, signed = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
        # The verifier fails at what no request of Slack's has.
        if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= _LONGEST_TIMESTAMP):
            return False
        with suppress(UnicodeDecodeError):
            return signed.isascii() and self._verifier.is_valid(body, timestamp, signed)
        return False


def application(probes: Mapping[str, Probe], events: SignedEvents | None = None) -> applications.Starlette:
    """`/healthz` and `/readyz` and, where there are events, Slack's way in; nothing else.

    `probes`: what must be well for the app to be ready, by its name in the answer.
    """

    async def alive(_request: Request) -> Response:
        return JSONResponse({"status": "ok", "version": version("famulor-chatops")})

    async def ready(_request: Request) -> Response:
        states = await asyncio.gather(*(_state(probe) for probe in probes.values()))
        failing = any(states)
        said = {name: state or "ok" for name, state in zip(probes, states, strict=True)}
        return JSONResponse(
            {"status": "not ready" if failing else "ready", **said}, status_code=503 if failing else 200
        )

    routes = [Route(ALIVE, alive), Route(READY, ready)]
    if events is not None:
        routes.append(Route(EVENTS, events.receive, methods=["POST"]))
    # Looked up only now: where traces are asked for, it is the instrumented one.
    serving = applications.Starlette(routes=routes)
    serving.router.redirect_slashes = False
    return serving


@asynccontextmanager
async def listening(serving: ASGIApp, host: str, port: int) -> AsyncIterator[str]:
    """Serves while the block runs, at the address that it is handed; port 0 takes one that is free.

    At the end nothing new is taken, and what is being acknowledged is finished. Raises CannotListen.
    """
    try:
        listener = _listener(host, port)
    except OSError as error:
        reason = error.strerror if isinstance(error, socket.gaierror) else os.strerror(error.errno or 0)
        raise CannotListen(host=host, port=port, reason=reason or "no such address") from error
    config = uvicorn.Config(
        serving,
        lifespan="off",
        ws="none",
        log_config=None,
        log_level="warning",
        access_log=False,  # Slack's requests are logged by what comes of them
        server_header=False,
        proxy_headers=False,  # nobody is told apart by an address
        timeout_graceful_shutdown=GOODBYE,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await server.ready.wait()
        shown = f"[{host}]" if ":" in host else host
        yield f"http://{shown}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


async def _state(probe: Probe) -> str:
    try:
        async with asyncio.timeout(PROBE_PATIENCE):
            return await probe()
    except TimeoutError:
        return f"no answer within {PROBE_PATIENCE} s"


async def _body(request: Request) -> bytes:
    """All of it. Raises HTTPException for what is too large, too slow or broken off."""
    announced = request.headers.get("content-length", "0")
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_PATIENCE):
            async for piece in request.stream():
                body += piece
                if len(body) > BODY_LIMIT or not announced.isdecimal() or int(announced) > BODY_LIMIT:
                    raise HTTPException(413, "Larger than anything that Slack sends.")
    except TimeoutError:
        raise HTTPException(408, "Too slow.") from None
    except ClientDisconnect:
        raise HTTPException(400, "Broken off.") from None
    return bytes(body)


def _listener(host: str, port: int) -> socket.socket:
    family, _type, _protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    return socket.create_server((str(address[0]), port), family=family)


class _Seconds(signature.Clock):
    """Our clock as the SDK asks it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock.now().timestamp()


class _Server(uvicorn.Server):
    """Leaves the signals to the program, and tells when it takes requests."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()
