"""Every command ends in an answer: the listener's, or words for why there is none."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot import views
from bot.replies import reply
from bot.views import Message
from shared.core import Core
from shared.errors import FamulorError

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Typed:
    """A slash command as somebody typed it: `/assistants` and the text after it."""

    command: str
    text: str


Listener = Callable[[Typed, Core], Awaitable[Message]]
"""Asks the core and says what to show. Failures are raised: they are answered here."""

LazyListener = Callable[[Mapping[str, Any]], Awaitable[None]]


class Answering:
    """Runs listeners, answers for those that fail, and knows what is still under way.

    Bolt runs a lazy listener in a task that nobody holds, and an exception in it becomes one line in the log and
    silence for whoever asked.
    """

    def __init__(self, core: Core) -> None:
        self._core = core
        self._underway: set[asyncio.Task[Any]] = set()

    def by(self, listener: Listener) -> LazyListener:
        """The listener as Bolt takes it."""

        # Bolt hands over by the argument's name.
        async def answer(command: Mapping[str, Any]) -> None:
            task = asyncio.current_task()
            assert task is not None  # noqa: S101 # a coroutine that runs is in a task
            self._underway.add(task)
            task.add_done_callback(self._underway.discard)
            message = await self._message(listener, command)
            await reply(str(command.get("response_url", "")), message)

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

    async def _message(self, listener: Listener, command: Mapping[str, Any]) -> Message:
        try:
            return await listener(Typed(command["command"], command.get("text") or ""), self._core)
        except FamulorError as error:
            return views.problem(error)
        except asyncio.CancelledError:
            # Only `finish` cancels. Whoever asked is still told.
            return views.interrupted()
        except Exception:  # noqa: BLE001 # whatever it is, whoever asked must not wait for ever
            reference = secrets.token_hex(4)
            _log.exception("A command could not be answered; reference %s", reference)
            return views.accident(reference)
