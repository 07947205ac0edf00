"""Streams that stay open for as long as a client listens: they end when the server is asked to stop."""

import anyio
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mcp_server.access.layers import Layer, is_stream


class Streams(Layer):
    """Ends them in order; calls that are under way are left to finish."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app)
        self._open: set[anyio.CancelScope] = set()

    def end(self) -> None:
        """End every open stream."""
        for stream in self._open:
            stream.cancel()

    async def request(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not is_stream(scope):
            await self.app(scope, receive, send)
            return
        unfinished = False

        async def watched(message: Message) -> None:
            nonlocal unfinished
            unfinished = message["type"] == "http.response.start" or message.get("more_body", False)
            await send(message)

        with anyio.CancelScope() as stream:
            self._open.add(stream)
            try:
                await self.app(scope, receive, watched)
            finally:
                self._open.discard(stream)
        if stream.cancelled_caught and unfinished:
            await send({"type": "http.response.body", "body": b"", "more_body": False})
