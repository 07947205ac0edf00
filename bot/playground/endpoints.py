"""The local Slack's HTTP: who may call, how a request is read and how an answer is written."""

import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.playground.faults import AnswerLost, ConnectionLost, Faults, RateLimited, Refused, ServerError
from bot.playground.files import Files
from bot.playground.passes import ResponseUrls
from bot.playground.record import Record
from bot.playground.refusal import SlackRefusesError
from bot.playground.web_api import WebApi

LOOPBACK_NAMES = {"127.0.0.1", "localhost", "::1"}


@web.middleware
async def only_from_this_machine(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns away web pages from elsewhere.

    A page that rebinds its name to 127.0.0.1 comes with its own name as Host; one
    that posts across sites comes with its own Origin.
    """
    if request.url.host not in LOOPBACK_NAMES:
        raise web.HTTPForbidden(text="This is only for this machine: use 127.0.0.1 or localhost.\n")
    if request.headers.get("Origin", f"http://{request.host}") != f"http://{request.host}":
        raise web.HTTPForbidden(text="This is not for other web pages.\n")
    return await handler(request)


class Endpoints:
    """Slack's own addresses: the Web API, the response URLs, and where files are brought to."""

    def __init__(
        self, web_api: WebApi, responses: ResponseUrls, uploads: Files, faults: Faults, record: Record
    ) -> None:
        self._web_api = web_api
        self._responses = responses
        self._uploads = uploads
        self._faults = faults
        self._record = record

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/api/{method}", self._call),
            # Slack's clients read with GET.
            web.get("/api/{method}", self._call),
            web.post("/response/{secret}", self._respond),
            web.post("/upload/{secret}", self._upload),
        ]

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            arguments = await _arguments(request)

            async def answer() -> web.Response:
                return self._json(self._web_api.call(method, _token(request, arguments), arguments))

            with self._record.noting(method, arguments):
                return await self._disturbed(method, request, answer)
        except SlackRefusesError as refusal:
            return self._refusal(refusal)

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        try:
            payload = await _json_object(request, "invalid_payload")

            async def answer() -> web.Response:
                self._responses.respond(request.match_info["secret"], payload)
                return web.Response(text="ok")

            with self._record.noting("response_url", payload):
                return await self._disturbed("response_url", request, answer)
        except SlackRefusesError as refusal:
            gone = refusal.error in {"expired_url", "used_url", "no_service"}
            status = 429 if refusal.retry_after is not None else 404 if gone else 400
            return web.Response(status=status, text=refusal.error, headers=_retry_after(refusal))

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        content = await _uploaded(request)

        async def answer() -> web.Response:
            file = self._uploads.receive(request.match_info["secret"], content)
            return web.Response(text=f"OK - {file.length}")

        try:
            return await self._disturbed("upload", request, answer)
        except SlackRefusesError as refusal:
            status = 429 if refusal.retry_after is not None else 400
            return web.Response(status=status, text=refusal.error, headers=_retry_after(refusal))

    async def _disturbed(
        self, method: str, request: web.Request, answer: Callable[[], Awaitable[web.Response]]
    ) -> web.Response:
        """The answer, unless a fault was asked for."""
        match self._faults.next_for(method):
            case RateLimited(retry_after):
                raise SlackRefusesError("ratelimited", retry_after=retry_after)
            case Refused(error):
                raise SlackRefusesError(error)
            case ServerError(status, plain):
                kind = "text/plain" if plain else "text/html"
                return web.Response(status=status, text="<html>Server Error</html>", content_type=kind)
            case ConnectionLost():
                return _cut_off(request)
            case AnswerLost():
                with suppress(SlackRefusesError):
                    await answer()
                return _cut_off(request)
        return await answer()

    def _refusal(self, refusal: SlackRefusesError) -> web.Response:
        body = {"ok": False, "error": refusal.error, **refusal.details}
        return self._json(body, status=429 if refusal.retry_after is not None else 200, headers=_retry_after(refusal))

    def _json(
        self, body: Mapping[str, Any], *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> web.Response:
        return web.json_response(
            body, status=status, headers={"X-OAuth-Scopes": self._web_api.scopes, **(headers or {})}
        )


async def _arguments(request: web.Request) -> dict[str, Any]:
    """The arguments of a call: in the address, in a form, or as JSON."""
    if request.content_type == "application/json":
        return {**request.query, **await _json_object(request, "invalid_json")}
    return {**request.query, **await request.post()}


async def _json_object(request: web.Request, error: str) -> dict[str, Any]:
    try:
        body = json.loads(await request.read() or b"{}")
    except (ValueError, RecursionError) as reason:
        raise SlackRefusesError(error) from reason
    if not isinstance(body, dict):
        raise SlackRefusesError("json_not_object" if error == "invalid_json" else error)
    return body


async def _uploaded(request: web.Request) -> bytes:
    """The bytes of a file, which are the body, or the first file of a form."""
    if not request.content_type.startswith("multipart/"):
        # request.read() takes no more than aiohttp's one megabyte.
        return await request.content.read()
    for part in (await request.post()).values():
        if isinstance(part, web.FileField):
            return part.file.read()
    return b""


def _token(request: web.Request, arguments: Mapping[str, Any]) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else str(arguments.get("token", ""))


def _retry_after(refusal: SlackRefusesError) -> dict[str, str]:
    return {} if refusal.retry_after is None else {"Retry-After": str(refusal.retry_after)}


def _cut_off(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
