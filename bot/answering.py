"""Everything that somebody does in Slack ends in an answer, once, and no more is taken on than can be done."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.access import NotAllowed
from bot.arrivals import Arrival
from bot.asking import Asker
from bot.desk import Desk
from bot.failures import settled
from bot.translation import LANGUAGES, Say
from bot.views import apologies
from bot.views.answers import Answer

_log = logging.getLogger(__name__)

AT_ONCE = 32
"""Arrivals that are worked on at a time."""
WAITING = 512
"""Arrivals that may wait for their turn; whoever comes then is told that the app is busy, as many again at most."""

Listener = Callable[[Arrival, Asker, Desk], Awaitable[None]]
"""Asks the core and shows the answer."""

LazyListener = Callable[[Mapping[str, Any]], Awaitable[None]]


class Answering:
    """Runs listeners, says so where one fails, and knows what is still under way.

    Bolt runs a lazy listener in a task that nobody holds, and an exception in it becomes one line in the log and
    silence for whoever asked.
    """

    def __init__(self, desk: Desk, *, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        self._desk = desk
        self._turn = asyncio.Semaphore(at_once)
        self._most = at_once + waiting
        self._underway: set[asyncio.Task[Any]] = set()

    def by(self, read: Callable[[Mapping[str, Any]], Arrival], listener: Listener) -> LazyListener:
        """The listener as Bolt takes it; `read` makes one shape of what Slack sends."""

        # Bolt hands over by the argument's name.
        async def answer(body: Mapping[str, Any]) -> None:
            task = asyncio.current_task()
            assert task is not None  # noqa: S101 # a coroutine that runs is in a task
            arrival = read(body)
            if len(self._underway) >= 2 * self._most:
                _log.error("Far too much is under way; somebody got no answer")
                return
            busy = len(self._underway) >= self._most
            self._underway.add(task)
            task.add_done_callback(self._underway.discard)
            if busy:
                _log.warning("Too much is under way; somebody was told to try again")
                await self._tell(arrival, Say(LANGUAGES[0]), apologies.busy())
            else:
                await self._serve(arrival, listener)

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

    async def _serve(self, arrival: Arrival, listener: Listener) -> None:
        say = Say(LANGUAGES[0])
        try:
            async with self._turn:
                if not await self._desk.first(arrival):
                    _log.info("Slack delivered something again that has been answered")
                    return
                say = await self._desk.language(arrival)
                failure = await settled(self._admitted(arrival, say, listener), say)
        except asyncio.CancelledError:
            failure = apologies.interrupted(say)
        if failure is not None:
            await self._tell(arrival, say, failure)

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
