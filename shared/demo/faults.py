"""What can go wrong between a client and Famulor, as plain descriptions; `playback` acts them out.

Everything that takes time takes it from the demo API's clock.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import ConfigDict, Field, TypeAdapter

# The limits hold for whoever asks over HTTP (see `described`); code may build any fault it likes.
Seconds = Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)]
HeaderValue = Annotated[str, Field(pattern=r"^[^\r\n\x00]*$", max_length=200)]
ErrorStatus = Annotated[int, Field(ge=400, le=599)]


@dataclass(frozen=True)
class Fault:
    """One way in which one request is answered otherwise than it should be."""

    __pydantic_config__ = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class Latency(Fault):
    """The true answer, but so many seconds late."""

    seconds: Seconds = 2.0


@dataclass(frozen=True)
class TooManyRequests(Fault):
    """429; says when to come back in the body, in `Retry-After`, in `X-RateLimit-Reset`, or not at all."""

    retry_after: Seconds | None = None
    """Seconds, in the body."""
    header: HeaderValue | None = None
    """`Retry-After` as it is sent: seconds, or an HTTP date."""
    reset_in: Seconds | None = None
    """`X-RateLimit-Reset` is so many seconds from now."""


@dataclass(frozen=True)
class ServerError(Fault):
    """500 with a JSON message, any other status (408, 502, 503, 504 …) with a gateway's HTML page."""

    status: ErrorStatus = 500
    retry_after: HeaderValue | None = None
    """`Retry-After` as it is sent."""


@dataclass(frozen=True)
class Reset(Fault):
    """The connection is reset before anything is answered."""


@dataclass(frozen=True)
class ResetMidway(Fault):
    """The connection is reset after the head and half of the true body."""


@dataclass(frozen=True)
class Hang(Fault):
    """No answer at all until the client leaves or the server stops."""


@dataclass(frozen=True)
class Drip(Fault):
    """The true body byte by byte: each read succeeds in time, the whole never does."""

    seconds_between: Seconds = 1.0


@dataclass(frozen=True)
class Truncated(Fault):
    """The true body without its second half, which `Content-Length` had promised."""


@dataclass(frozen=True)
class TruncatedChunked(Fault):
    """The true body without its second half, in chunks of which the last one never comes."""


@dataclass(frozen=True)
class LoginPage(Fault):
    """200 with the HTML of a login page: how a rejected key is sometimes answered."""


@dataclass(frozen=True)
class LoginRedirect(Fault):
    """302 to a login page: the other way to answer a rejected key."""

    location: HeaderValue = "/login"


@dataclass(frozen=True)
class Unauthorized(Fault):
    """401: the key is invalid or expired."""


@dataclass(frozen=True)
class Forbidden(Fault):
    """403: the key may not do this."""


@dataclass(frozen=True)
class NotFound(Fault):
    """404: there is nothing here."""


@dataclass(frozen=True)
class Invalid(Fault):
    """422: a field of the request is refused, with reasons."""


@dataclass(frozen=True)
class EchoedKey(Fault):
    """An error whose JSON message repeats the whole `Authorization` header."""

    status: ErrorStatus = 500


@dataclass(frozen=True)
class Body(Fault):
    """Any body as it stands: no JSON, another shape, another type."""

    content: bytes = b""
    content_type: HeaderValue = "application/json"
    status: Annotated[int, Field(ge=200, le=599)] = 200


@dataclass(frozen=True)
class BadRecords(Fault):
    """The true list in which some records are broken, and one is there twice."""


@dataclass(frozen=True)
class Oversized(Fault):
    """The true body after so many megabytes of white space; `compressed`, they are few on the way."""

    megabytes: Annotated[int, Field(ge=1, le=1024)] = 64
    compressed: bool = False


def name_of(kind: type[Fault]) -> str:
    """How a fault is asked for: its class in kebab case."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind.__name__).lower()


FAULTS: Mapping[str, type[Fault]] = {
    name_of(kind): kind
    for kind in (
        Latency,
        TooManyRequests,
        ServerError,
        Reset,
        ResetMidway,
        Hang,
        Drip,
        Truncated,
        TruncatedChunked,
        LoginPage,
        LoginRedirect,
        Unauthorized,
        Forbidden,
        NotFound,
        Invalid,
        EchoedKey,
        Body,
        BadRecords,
        Oversized,
    )
}


def described(name: str, parameters: Mapping[str, Any]) -> Fault:
    """The fault of that name, in kebab or snake case.

    Raises:
        LookupError: there is no such fault; says which there are.
        pydantic.ValidationError: a parameter is unknown, or not what it should be.
    """
    kind = FAULTS.get(name.replace("_", "-").lower())
    if kind is None:
        raise LookupError(f"There is no fault “{name}”; there are {', '.join(FAULTS)}.")
    return TypeAdapter(kind).validate_python(dict(parameters))


def parameters(kind: type[Fault]) -> dict[str, Any]:
    """What a fault can be given, as JSON Schema's `properties`."""
    properties: dict[str, Any] = TypeAdapter(kind).json_schema().get("properties", {})
    return properties
