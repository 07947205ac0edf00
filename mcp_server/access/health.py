"""`/healthz`: whether the process answers, for whoever watches over it."""

from importlib.metadata import version

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from mcp_server.access.layers import Layer

PATH = "/healthz"


class Health(Layer):
    """Answers it without asking anybody; it says nothing about Famulor."""

    async def request(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == PATH and scope["method"] in {"GET", "HEAD"}:
            await JSONResponse({"status": "ok", "version": version("famulor-chatops")})(scope, receive, send)
        else:
            await self.app(scope, receive, send)
