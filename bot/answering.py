"""Everything that somebody does in Slack ends in an answer, once, and no more is taken on than can be done."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck

from bot.access import NotAllowed
from bot.arrivals import Arrival
from bot.asking import Asker
from bot.desk import Desk
from bot.failures import settled
from bot.happenings import failed, happening
from bot.translation import LANGUAGES, Say
from bot.views import apologies
from bot.views.answers import Answer
from shared.logs import bound, new_request
from shared.telemetry import SILENT, Telemetry
from shared.tracing import span

_log = logging.getLogger(__name__)

AT_ONCE = 32
"""Arrivals that are worked on at a time."""
WAITING = 512
"""Arrivals that may wait for their turn; whoever comes then is told that the app is busy, as many again at most."""

Listener = Callable[[Arrival, Asker, Desk], Awaitable[None]]
"""Asks the core and shows the answer."""

Body = Mapping[str, Any]
Acknowledge = Callable[[AsyncAck, Body], Awaitable[None]]
"""Tells Slack that it has been heard, and what a form becomes meanwhile."""
BoltListener = Callable[[AsyncAck, Body], Awaitable[None]]


class Answering:
    """Runs listeners, says so where one fails, and knows what is still under way.

    Bolt would run a lazy listener on a deep copy of the request, in a task that nobody holds, and an exception in it
    becomes one line in the log and silence for whoever asked.
    """

    def __init__(
        self, desk: Desk, *, at_once: int = AT_ONCE, waiting: int = WAITING, telemetry: Telemetry = SILENT
    ) -> None:
        self._desk = desk
        self._telemetry = telemetry
        self._turn = asyncio.Semaphore(at_once)
        self._most = at_once + waiting
        self._underway: set[asyncio.Task[Any]] = set()

    def by(
        self, read: Callable[[Body], Arrival], listener: Listener, acknowledge: Acknowledge | None = None
    ) -> BoltListener:
        """The listener as Bolt takes it: it acknowledges, and the answer follows in a task of its own.

        `read` makes one shape of what Slack sends. Without `acknowledge`, that is done without a word.
        """
        verb = _name(listener)

        # Bolt hands over by the arguments' names.
        async def answer(ack: AsyncAck, body: Body) -> None:
            await (acknowledge(ack, body) if acknowledge else ack())
            task = asyncio.create_task(self._answer(read, body, listener, verb))
            self._underway.add(task)
            task.add_done_callback(self._ended)

        return answer

    async def finish(self, within: float) -> None:
        """Wait for the answers that are owed; after so many seconds each is told that the program stops."""
        if self._underway:
            await asyncio.wait(self._underway, timeout=within)
        # The answer that they give instead is short; it gets as long again.
        for task in self._underway:
            task.cancel()
        if self._underway:
            await asyncio.wait(self._underway, timeout=within)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._underway.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _log.error("Something of Slack's got no answer", exc_info=task.exception())

    async def _answer(self, read: Callable[[Body], Arrival], body: Body, listener: Listener, verb: str) -> None:
        arrival = read(body)
        with span("command"), bound(request=new_request(), team=arrival.team, user=arrival.user, command=verb):
            await self._take_on(arrival, listener, verb)

    async def _take_on(self, arrival: Arrival, listener: Listener, verb: str) -> None:
        """Answer it, or say that there is too much to do; what has become of it is told."""
        if len(self._underway) > 2 * self._most:
            _log.error("Far too much is under way; somebody got no answer")
            self._telemetry.command(verb, "unanswered", 0)
            return
        if len(self._underway) > self._most:
            _log.warning("Too much is under way; somebody was told to try again")
            self._telemetry.command(verb, "busy", 0)
            await self._tell(arrival, Say(LANGUAGES[0]), apologies.busy())
            return
        monotonic = self._desk.runtime.clock.monotonic
        began = monotonic()
        with happening(verb) as what:
            if await self._serve(arrival, listener):
                self._telemetry.command(what.verb, what.outcome, monotonic() - began)

    async def _serve(self, arrival: Arrival, listener: Listener) -> bool:
        """Whether it was answered now, not before."""
        say = Say(LANGUAGES[0])
        try:
            async with self._turn:
                known = await self._desk.taken(arrival)
                if known is None:
                    _log.info("Slack delivered something again that has been answered")
                    return False
                say = known
                failure = await settled(self._admitted(arrival, say, listener), say)
        except asyncio.CancelledError as error:
            failed(error)
            failure = apologies.interrupted(say)
        if failure is not None:
            await self._tell(arrival, say, failure)
        return True

    async def _admitted(self, arrival: Arrival, say: Say, listener: Listener) -> None:
        try:
            asker = await self._desk.asker(arrival, say)
        except NotAllowed as refusal:
            _log.warning("Refused %s in %s: %s", arrival.user, arrival.place or "no channel", refusal)
            raise
        await listener(arrival, asker, self._desk)

    async def _tell(self, arrival: Arrival, say: Say, answer: Answer) -> None:
        if arrival.links:
            return  # somebody showed a link to somebody; nobody asked us
        await self._desk.route(arrival, Asker(arrival.user, say)).show(answer)


def _name(listener: Listener) -> str:
    """What is counted where nobody typed a command: `alerts.mute`, `homes.home`."""
    return f"{listener.__module__.rpartition('.')[2]}.{listener.__qualname__}"
