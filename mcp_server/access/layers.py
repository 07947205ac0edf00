"""What the layers around the protocol have in common: one request passes through all of them, outermost first."""

from abc import ABC, abstractmethod
from collections.abc import Hashable
from dataclasses import dataclass

from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

VISIT = "famulor.visit"


class Layer(ABC):
    """A plain ASGI middleware. It raises Refusal to turn a request away; `visits` answers that in words."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        else:
            await self.request(scope, receive, send)

    @abstractmethod
    async def request(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, answer it, or raise Refusal."""


@dataclass(slots=True)
class Visit:
    """What the log will say of a request: the layers fill it in as they learn it. Never what was asked with."""

    what: str
    caller: str = "anonymous"


class Caller(AuthenticatedUser):
    """Who calls. `name`: for the log. The SDK gives a session to nobody but the caller who opened it.

    No secret is kept in it.
    """

    def __init__(self, name: str, *, client: str, issuer: str = "", subject: str = "") -> None:
        super().__init__(
            AccessToken(token="", client_id=client, scopes=[], subject=subject or None, claims={"iss": issuer})
        )
        self.name = name

    @property
    def principal(self) -> Hashable:
        """Equal for two requests of the same caller only."""
        token = self.access_token
        return (token.client_id, token.claims and token.claims["iss"], token.subject)


def method_and_headers(scope: Scope) -> tuple[str, Headers]:
    """A request's HTTP method and headers."""
    return scope["method"], Headers(scope=scope)


def is_stream(scope: Scope) -> bool:
    """Whether the client asks to be told what happens, for as long as it listens: a GET, in the newer era a method."""
    method, headers = method_and_headers(scope)
    return method == "GET" or headers.get("mcp-method") == "subscriptions/listen"
