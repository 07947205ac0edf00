"""Every way in which a request is turned away before the protocol sees it, in words.

Refusal
├── HostUnknown              421
├── OriginRefused            403
├── Unauthorized             401
│   ├── CredentialsMissing
│   ├── TokenRejected
│   ├── KeyMissing
│   └── KeyMalformed
├── ScopeMissing             403
├── IssuerSilent             503  try again
├── BodyTooLarge             413
├── BodyTooSlow              408  try again
├── NotOneMessage            400
├── CallsUsedUp              429  try again
├── TooManyAtOnce            429  try again
└── ServerBusy               503  try again
"""

import math
from typing import ClassVar

from mcp.types import INTERNAL_ERROR, INVALID_REQUEST
from starlette.responses import JSONResponse

from shared.errors import FamulorError

SERVER_FAULTS = 500
"""The first HTTP status that says: not the caller's fault."""


class Refusal(FamulorError):
    """A request that is turned away. `status`: HTTP's. `challenge`: what WWW-Authenticate says, if anything."""

    status: ClassVar[int]
    challenge: str = ""


class HostUnknown(Refusal):
    """The Host header names no name of ours: a web page may have bent its own name to this address."""

    status = 421
    what = "This server does not answer under that host name."
    cure = "Whoever runs it lists its names in MCP_ALLOWED_HOSTS."


class OriginRefused(Refusal):
    """A web page of somebody else's made a browser send this."""

    status = 403
    what = "This server does not answer pages of that origin."
    cure = "Whoever runs it lists the origins of pages that may call it in MCP_ALLOWED_ORIGINS."


class Unauthorized(Refusal):
    """It is not known who calls."""

    status = 401
    challenge = "Bearer"


class CredentialsMissing(Unauthorized):
    """No token came along."""

    what = "This server answers only callers with a token."
    cure = "Send the header “Authorization: Bearer …” with the token that whoever runs the server gave you."


class TokenRejected(Unauthorized):
    """The token is unknown, expired, or not for this server. Which of them, the log says."""

    what = "The token is not accepted."
    cure = "It may be expired, withdrawn or meant for another server: get a new one."
    challenge = 'Bearer error="invalid_token"'


class KeyMissing(Unauthorized):
    """The caller brought no Famulor key."""

    what = "This server asks Famulor with its callers' own keys, and there is none."
    cure = "Send the header “X-Famulor-Key: …” with an API key of yours; create one in Famulor under API Keys."
    challenge = ""


class KeyMalformed(KeyMissing):
    """What the caller brought is no key."""

    what = "The key in the header X-Famulor-Key {reason}"
    cure = ""


class ScopeMissing(Refusal):
    """The token is good, but not for this."""

    status = 403
    what = "The token lacks a scope. Needed: {scopes}."
    cure = "Sign in again and allow it, or ask whoever runs the authorization server."
    challenge = 'Bearer error="insufficient_scope"'


class IssuerSilent(Refusal):
    """Tokens can't be checked: the authorization server's keys can't be had."""

    status = 503
    what = "Tokens can't be checked now: the authorization server does not hand out its keys."
    retryable = True


class BodyTooLarge(Refusal):
    """More than a request ever needs."""

    status = 413
    what = "The request is larger than {limit} bytes."
    cure = "No question to this server needs that much; whoever runs it sets MCP_BODY_LIMIT."


class BodyTooSlow(Refusal):
    """The rest of the request did not come."""

    status = 408
    what = "The request did not arrive whole within {seconds} s."
    retryable = True


class NotOneMessage(Refusal):
    """JSON, but a batch or a bare value."""

    status = 400
    what = "The request is not one JSON-RPC message."
    cure = "Send one message a request: batches are not taken."


class CallsUsedUp(Refusal):
    """This caller has called too often in the last minute."""

    status = 429
    what = "You have made {limit} calls within a minute, and may not make more."
    retryable = True


class TooManyAtOnce(Refusal):
    """This caller has too many calls under way."""

    status = 429
    what = "You have {limit} calls under way, and may not have more."
    retryable = True


class ServerBusy(Refusal):
    """Everybody together has too many calls under way."""

    status = 503
    what = "This server has as many calls under way as it takes."
    retryable = True


def answer(refusal: Refusal) -> JSONResponse:
    """The refusal as a JSON-RPC error: clients show its message to whoever asked."""
    seconds = math.ceil(refusal.retry_after or 0)
    headers = {"Retry-After": str(seconds)} if seconds else {}
    if refusal.challenge:
        headers["WWW-Authenticate"] = refusal.challenge
    error = {
        "code": INTERNAL_ERROR if refusal.status >= SERVER_FAULTS else INVALID_REQUEST,
        "message": refusal.explain(),
        "data": {"kind": type(refusal).__name__, "retryable": refusal.retryable, "retry_after": seconds},
    }
    return JSONResponse({"jsonrpc": "2.0", "id": None, "error": error}, refusal.status, headers)
