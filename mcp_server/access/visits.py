"""One line in the log for every request: who, what, how it ended, how long it took. Never what was asked with."""

import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mcp_server.access.layers import VISIT, Layer, Visit
from mcp_server.access.refusals import Refusal, answer
from shared.clock import Clock
from shared.logs import bound, new_request

_log = logging.getLogger(__name__)


class Visits(Layer):
    """Logs, and answers the refusals of the layers within in words."""

    def __init__(self, app: ASGIApp, clock: Clock) -> None:
        super().__init__(app)
        self._clock = clock

    async def request(self, scope: Scope, receive: Receive, send: Send) -> None:
        visit = scope[VISIT] = Visit(what=scope["method"])
        began = self._clock.monotonic()
        ending = "hung up"

        async def watched(message: Message) -> None:
            nonlocal ending
            if message["type"] == "http.response.start":
                ending = str(message["status"])
            await send(message)

        with bound(request=new_request()):
            try:
                await self.app(scope, receive, watched)
            except Refusal as refusal:
                await answer(refusal)(scope, receive, watched)
                ending = f"{refusal.status} {type(refusal).__name__}"
            finally:
                milliseconds = (self._clock.monotonic() - began) * 1000
                _log.info("%s: %s → %s in %.0f ms", visit.caller, visit.what, ending, milliseconds)
