"""Acts out faults: each description in `faults` has its player here."""

import asyncio
import json
import socket
import struct
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import singledispatch
from http import HTTPStatus
from typing import Any, NoReturn, cast

from aiohttp import web

from shared.clock import Clock
from shared.demo import answers, faults
from shared.demo.limits import PER_MINUTE

_MEGABYTE = 2**20


@dataclass(frozen=True)
class Scene:
    """What a player works with; `truth` makes the answer that the request would have had."""

    request: web.Request
    clock: Clock
    truth: Callable[[], web.Response]

    def true_body(self) -> bytes:
        """The bytes of the true answer, whatever its status."""
        return cast("bytes", self.truth().body)


@singledispatch
async def play(fault: faults.Fault, _scene: Scene) -> web.StreamResponse:
    """Answer the request as the fault says; raises CancelledError where nothing is answered at all."""
    raise AssertionError(fault)


@play.register
async def _(fault: faults.Latency, scene: Scene) -> web.StreamResponse:
    await scene.clock.sleep(fault.seconds)
    return scene.truth()


@play.register
async def _(fault: faults.TooManyRequests, scene: Scene) -> web.StreamResponse:
    headers = {"X-RateLimit-Limit": str(PER_MINUTE.requests), "X-RateLimit-Remaining": "0"}
    if fault.header is not None:
        headers["Retry-After"] = fault.header
    if fault.reset_in is not None:
        headers["X-RateLimit-Reset"] = str(round(scene.clock.now().timestamp() + fault.reset_in))
    return answers.too_many_requests(fault.retry_after, headers)


@play.register
async def _(fault: faults.ServerError, _scene: Scene) -> web.StreamResponse:
    headers = {} if fault.retry_after is None else {"Retry-After": fault.retry_after}
    if fault.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return answers.server_error("Server Error", headers=headers)
    return answers.page(_title(fault.status), fault.status, headers)


@play.register
async def _(_fault: faults.Reset, scene: Scene) -> web.StreamResponse:
    await _leave(scene.request, _reset)


@play.register
async def _(_fault: faults.ResetMidway, scene: Scene) -> web.StreamResponse:
    response = _truncated(scene.true_body())
    await response.prepare(scene.request)
    await response.write_eof()
    await _leave(scene.request, _reset)


@play.register
async def _(_fault: faults.Hang, _scene: Scene) -> web.StreamResponse:
    await _until_cancelled()


@play.register
async def _(fault: faults.Drip, scene: Scene) -> web.StreamResponse:
    body = scene.true_body()
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.content_length = len(body)
    await response.prepare(scene.request)
    for position in range(len(body)):
        await response.write(body[position : position + 1])
        await scene.clock.sleep(fault.seconds_between)
    return response


@play.register
async def _(_fault: faults.Truncated, scene: Scene) -> web.StreamResponse:
    return _truncated(scene.true_body())


@play.register
async def _(_fault: faults.TruncatedChunked, scene: Scene) -> web.StreamResponse:
    body = scene.true_body()
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.enable_chunked_encoding()
    await response.prepare(scene.request)
    await response.write(body[: len(body) // 2])
    await _leave(scene.request, lambda transport: transport.close())


@play.register
async def _(_fault: faults.LoginPage, _scene: Scene) -> web.StreamResponse:
    return answers.page("Log in", HTTPStatus.OK)


@play.register
async def _(fault: faults.LoginRedirect, _scene: Scene) -> web.StreamResponse:
    return answers.page("Redirecting", HTTPStatus.FOUND, {"Location": fault.location})


@play.register
async def _(_fault: faults.Unauthorized, _scene: Scene) -> web.StreamResponse:
    return answers.key_invalid()


@play.register
async def _(_fault: faults.Forbidden, _scene: Scene) -> web.StreamResponse:
    return answers.forbidden()


@play.register
async def _(_fault: faults.NotFound, _scene: Scene) -> web.StreamResponse:
    return answers.not_found()


@play.register
async def _(_fault: faults.Invalid, _scene: Scene) -> web.StreamResponse:
    return answers.invalid({"status": ["The selected status is invalid."]})


@play.register
async def _(fault: faults.EchoedKey, scene: Scene) -> web.StreamResponse:
    sent = scene.request.headers.get("Authorization", "")
    return answers.server_error(f"Could not handle the request with Authorization: {sent}", fault.status)


@play.register
async def _(fault: faults.Body, _scene: Scene) -> web.StreamResponse:
    headers = {"Content-Type": fault.content_type}
    return web.Response(body=fault.content, status=fault.status, headers=headers)


@play.register
async def _(_fault: faults.BadRecords, scene: Scene) -> web.StreamResponse:
    content = json.loads(scene.true_body())
    records = content.get("data") if isinstance(content, dict) else content
    if isinstance(records, list):
        records[:] = spoiled(records)
    return answers.found(content)


@play.register
async def _(fault: faults.Oversized, scene: Scene) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    if fault.compressed:
        response.enable_compression(web.ContentCoding.gzip)
    await response.prepare(scene.request)
    blank = b" " * (_MEGABYTE // 4)
    for _ in range(4 * fault.megabytes):
        await response.write(blank)
    await response.write(scene.true_body())
    return response


def spoiled(records: list[Any]) -> list[Any]:
    """The records, the first of them broken in one believable way each, and the last one twice."""
    breaks: tuple[dict[str, Any] | str, ...] = (
        {"id": "forty-two"},
        {"name": None},
        "Sales Follow-up",
        {"is_webhook_active": "perhaps"},
        {"created_at": "yesterday"},
    )
    broken = [
        record | fields if isinstance(fields, dict) else fields for record, fields in zip(records, breaks, strict=False)
    ]
    return [*broken, *records[len(broken) :], *deepcopy(records[-1:])]


def _truncated(body: bytes) -> web.Response:
    """Half a body under a head that promises all of it."""
    headers = {"Content-Length": str(len(body)), "Content-Type": "application/json"}
    response = web.Response(body=body[: len(body) // 2], headers=headers)
    response.force_close()
    return response


def _reset(transport: asyncio.Transport) -> None:
    """End the connection with a TCP reset."""
    # Lingering for zero seconds is how a socket is told to reset instead of closing in order.
    linger = struct.pack("ii", 1, 0)
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()


async def _leave(request: web.Request, end: Callable[[asyncio.Transport], None]) -> NoReturn:
    """End the connection so, unless the client has left by itself; no answer follows."""
    if request.transport is not None:
        end(request.transport)
    await _until_cancelled()


async def _until_cancelled() -> NoReturn:
    """Wait until the server cancels the handler: its client has left, or the server stops."""
    await asyncio.Event().wait()
    raise AssertionError


def _title(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
