"""The demo Famulor API: what it knows, how it is started, and what it is told to answer."""

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from types import MappingProxyType
from typing import Any, Self

from aiohttp import web

from shared.clock import Clock, SystemClock
from shared.demo import answers, control, page, playback
from shared.demo.assistants import PROVIDERS_OF_MODE, demo_assistants, demo_languages, demo_voices
from shared.demo.faults import Fault
from shared.demo.limits import Allowance, RateLimits
from shared.demo.script import Script

DEMO_KEY = "demo-key-for-loopback-only"
OUTBOUND = "/api/user/assistants/outbound"

# A demo may run for days: the oldest requests are forgotten.
_REQUESTS_KEPT = 20_000

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Received:
    """A request under /api as it came, header names in lower case; `status` is 0 while none was answered."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    status: int = 0


@dataclass(frozen=True)
class _Underway:
    """A request that is being answered, and what its key has left."""

    received: Received
    allowance: Allowance


_UNDERWAY = web.RequestKey("underway", _Underway)


class DemoApi:
    """Famulor's outbound assistants, served on loopback over HTTP as the real API documents it.

    `assistants` are wire records, the twelve of the demo when None; `keys` are accepted as bearer tokens.
    Time, rate limits, `Date` and whatever a fault waits for come from `clock`. Each request with an accepted
    key counts towards the limits, however it is answered; not `limited`, none does. `wrapped` chooses between
    the two shapes that the reference documents for the list: a bare array, or `{"data": [...]}`. Use it as an
    async context manager, or `start` and `stop` it.
    """

    def __init__(
        self,
        assistants: Iterable[Mapping[str, Any]] | None = None,
        *,
        keys: Iterable[str] = (DEMO_KEY,),
        clock: Clock | None = None,
        limited: bool = True,
    ) -> None:
        self._clock = clock or SystemClock()
        self.assistants: list[dict[str, Any]] = (
            demo_assistants(self._clock.now().date())
            if assistants is None
            else [deepcopy(dict(record)) for record in assistants]
        )
        self._at_first = deepcopy(self.assistants)
        self.languages: list[dict[str, Any]] = demo_languages()
        self.voices: list[dict[str, Any]] = demo_voices()
        self.keys = set(keys)
        self.requests: list[Received] = []
        self.wrapped = False
        self._limits = RateLimits(self._clock, enforced=limited)
        self._next: list[tuple[str | None, Fault]] = []
        self._always: dict[str | None, Fault] = {}
        self._endpoints: Mapping[str, Callable[[Mapping[str, str]], web.Response]] = {
            OUTBOUND: self._list_assistants,
            "/api/user/assistants/languages": self._list_languages,
            "/api/user/assistants/voices": self._list_voices,
            "/api/user/me": self._show_owner,
        }
        self._script = Script()
        self._runner: web.AppRunner | None = None
        self._port = 0

    @property
    def base_url(self) -> str:
        """Where it listens, without a slash at the end.

        Raises:
            RuntimeError: it does not listen.
        """
        if self._runner is None:
            raise RuntimeError("The demo API has not been started.")
        return f"http://127.0.0.1:{self._port}"

    async def start(self, port: int = 0) -> None:
        """Listen on loopback; port 0 takes a free one.

        Raises:
            OSError: the port is taken.
        """
        application = web.Application()
        application.on_response_prepare.append(self._complete_head)
        application.add_routes([*control.routes(self), *page.routes(self)])
        application.router.add_route("*", "/{path:.*}", self._answer)
        # A client that leaves, and stop(), cancel a handler that hangs; nothing here is worth waiting for.
        runner = web.AppRunner(application, handler_cancellation=True, shutdown_timeout=0.01, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", port).start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner, self._port = runner, runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop listening and drop what is unanswered; may be called at any time, also twice."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.stop()

    def count(self, path: str = OUTBOUND) -> int:
        """How many requests to that path came so far."""
        return sum(received.path == path for received in self.requests)

    def next_answers(self, *answers: Fault, path: str | None = None) -> None:
        """Answer the coming requests to `path`, to any path under /api when None, so: one each, in order."""
        self._next.extend((path, fault) for fault in answers)

    def always(self, answer: Fault | None, path: str | None = None) -> None:
        """Answer every request to `path` so, after what `next_answers` has queued; None ends it."""
        if answer is None:
            self._always.pop(path, None)
        else:
            self._always[path] = answer

    def clear_faults(self) -> None:
        """Tell the truth again."""
        self._next.clear()
        self._always.clear()

    def reset(self) -> None:
        """Everything as it was at first: the assistants, the script, and no faults."""
        self.assistants = deepcopy(self._at_first)
        self._script = Script()
        self.clear_faults()

    def queued(self) -> tuple[tuple[str | None, Fault], ...]:
        """The faults that are still to come, with their paths."""
        return tuple(self._next)

    def standing(self) -> Mapping[str | None, Fault]:
        """The faults that `always` has set, by path."""
        return MappingProxyType(self._always)

    def active_names(self) -> list[str]:
        """The names of the active assistants in the order of the list."""
        return [record["name"] for record in self.assistants if record.get("status") == "active"]

    def change(self, assistant_id: int, **fields: Any) -> None:
        """Set fields of an assistant, and its `updated_at` to now.

        Raises:
            LookupError: there is no such assistant.
        """
        for record in self.assistants:
            if record.get("id") == assistant_id:
                record.update({"updated_at": timestamp(self._clock.now())} | fields)
                return
        raise LookupError(f"There is no assistant {assistant_id}.")

    def step(self) -> str:
        """Let the next thing of the script happen; says what it was."""
        return self._script.step(self.assistants, self.voices, timestamp(self._clock.now()))

    async def run_script(self, every: float) -> None:
        """Step every so many seconds until cancelled."""
        while True:
            await self._clock.sleep(every)
            _log.info("%s", self.step())

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if not request.path.startswith("/api/"):
            return answers.not_found()
        received = Received(
            request.method,
            request.path,
            MappingProxyType(dict(request.query)),
            MappingProxyType({name.lower(): value for name, value in request.headers.items()}),
        )
        del self.requests[: -_REQUESTS_KEPT + 1]
        self.requests.append(received)
        key = _bearer(request)
        allowance = self._limits.take(key) if key in self.keys else self._limits.untouched()
        request[_UNDERWAY] = _Underway(received, allowance)
        fault = self._fault_for(request.path)
        if fault is None:
            return self._truth(request)
        return await playback.play(fault, playback.Scene(request, self._clock, lambda: self._truth(request)))

    def _fault_for(self, path: str) -> Fault | None:
        for position, (of_path, fault) in enumerate(self._next):
            if of_path in {None, path}:
                del self._next[position]
                return fault
        return self._always.get(path) or self._always.get(None)

    def _truth(self, request: web.Request) -> web.Response:
        """The answer that no fault has spoiled."""
        response = self._decide(request, request[_UNDERWAY].allowance)
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            response.enable_compression(web.ContentCoding.gzip)
        return response

    def _decide(self, request: web.Request, allowance: Allowance) -> web.Response:
        endpoint = self._endpoints.get(request.path)
        if endpoint is None:
            return answers.not_found(f"The route {request.path[1:]} could not be found.")
        if request.method != "GET":
            return answers.method_not_allowed(request.method, allowed="GET")
        if "Authorization" not in request.headers:
            return answers.key_missing()
        if _bearer(request) not in self.keys:
            return answers.key_invalid()
        if allowance.retry_after is not None:
            return answers.too_many_requests(allowance.retry_after, {"Retry-After": str(allowance.retry_after)})
        return endpoint(request.query)

    def _list_assistants(self, _query: Mapping[str, str]) -> web.Response:
        return answers.found({"data": self.assistants} if self.wrapped else self.assistants)

    def _list_languages(self, _query: Mapping[str, str]) -> web.Response:
        return answers.found(self.languages)

    def _list_voices(self, query: Mapping[str, str]) -> web.Response:
        mode, language = query.get("mode", ""), query.get("language_id", "")
        errors = {}
        if mode and mode not in PROVIDERS_OF_MODE:
            errors["mode"] = ["The selected mode is invalid."]
        if language and not language.isdecimal():
            errors["language_id"] = ["The language id field must be an integer."]
        if errors:
            return answers.invalid(errors)
        return answers.found(
            [
                voice
                for voice in self.voices
                if not mode or voice["synthesizer_provider_id"] in PROVIDERS_OF_MODE[mode]
                if not language or voice["language_id"] == int(language)
            ]
        )

    def _show_owner(self, _query: Mapping[str, str]) -> web.Response:
        return answers.found({"name": "Demo Agency", "email": "demo@example.com", "total_balance": 184.2})

    async def _complete_head(self, request: web.Request, response: web.StreamResponse) -> None:
        """Add what every answer carries, and write down its status, before any of it is sent."""
        response.headers["Date"] = format_datetime(self._clock.now(), usegmt=True)
        underway = request.get(_UNDERWAY)
        if underway is None:
            return
        if "X-RateLimit-Limit" not in response.headers:
            response.headers.update(underway.allowance.headers())
        for position in reversed(range(len(self.requests))):
            if self.requests[position] is underway.received:
                self.requests[position] = replace(underway.received, status=response.status)
                break


def timestamp(moment: datetime) -> str:
    """A UTC time as Famulor writes it, with microseconds."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _bearer(request: web.Request) -> str:
    """The key that was sent, "" when none was."""
    match = re.fullmatch(r"Bearer +(\S+)", request.headers.get("Authorization", ""), re.IGNORECASE)
    return match[1] if match else ""
