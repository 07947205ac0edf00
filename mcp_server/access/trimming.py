"""Header values without the blanks around them, whichever parser read them."""

from starlette.types import Receive, Scope, Send

from mcp_server.access.layers import Layer


class Trimmed(Layer):
    """Blanks around a value are no part of it (RFC 9110, 5.5). h11 takes them off; httptools leaves those behind it."""

    async def request(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(name, value.strip(b" \t")) for name, value in scope["headers"]]
        await self.app({**scope, "headers": headers}, receive, send)
