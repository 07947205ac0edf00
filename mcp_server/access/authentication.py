"""Who calls: one of three ways to prove it, chosen by the settings."""

from typing import Protocol

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from mcp_server.access.layers import VISIT, Caller, Layer, method_and_headers
from mcp_server.access.refusals import CredentialsMissing
from shared.logs import bound


class Way(Protocol):
    """A way to prove who calls."""

    async def admit(self, headers: Headers) -> Caller:
        """Who calls. Raises Refusal where that isn't proved."""


class Authentication(Layer):
    """Lets nobody through who hasn't proved who they are."""

    def __init__(self, app: ASGIApp, way: Way) -> None:
        super().__init__(app)
        self._way = way

    async def request(self, scope: Scope, receive: Receive, send: Send) -> None:
        _method, headers = method_and_headers(scope)
        caller = scope["user"] = await self._way.admit(headers)
        scope[VISIT].caller = caller.name
        with bound(user=caller.name):
            await self.app(scope, receive, send)


def bearer_token(headers: Headers) -> str:
    """The token of `Authorization: Bearer …`. Raises CredentialsMissing where there isn't exactly one."""
    given = headers.getlist("authorization")
    scheme, _blank, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    if scheme.lower() != "bearer" or not token.strip():
        raise CredentialsMissing
    return token.strip()
