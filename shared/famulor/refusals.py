"""An answer that is no answer → the error that says why. Nothing of a body is passed on but a short message."""

import json
import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import httpx

from shared.errors import (
    EndpointMissing,
    KeyRejected,
    PermissionMissing,
    RateLimited,
    RequestRefused,
    ServerFault,
    UpstreamError,
)

MESSAGE_LENGTH = 200
"""Characters of Famulor's own message that an error carries at most."""


def refusal(  # noqa: PLR0911 # one return for each line of the table
    response: httpx.Response, body: bytes, *, account: str, key: str, now: datetime
) -> UpstreamError | None:
    """The error that this answer stands for; None for a 200 that isn't HTML."""
    status = response.status_code
    if status == HTTPStatus.OK:
        page = is_html(response, body)
        return KeyRejected(account=account, evidence="an HTML page came instead of data") if page else None
    message = _message(body, key)
    match status:
        case HTTPStatus.UNAUTHORIZED:
            return KeyRejected(account=account, evidence=f"401{message}")
        case HTTPStatus.FORBIDDEN:
            return PermissionMissing(account=account, evidence=f"403{message}")
        case HTTPStatus.NOT_FOUND:
            return EndpointMissing(host=response.url.host, path=response.url.path, message=message)
        case HTTPStatus.TOO_MANY_REQUESTS:
            return RateLimited(account=account, evidence="429", retry_after=asked_wait(response, body, now))
        case _ if response.is_redirect:
            place = _clean(_place(response.headers.get("location", "")), key)
            return KeyRejected(account=account, evidence=f"{status}, a redirect to {place}")
        case _ if response.is_server_error or status == HTTPStatus.REQUEST_TIMEOUT:
            return ServerFault(status=status, message=message, retry_after=asked_wait(response, body, now))
        case _:
            return RequestRefused(status=status, message=message)


def asked_wait(response: httpx.Response, body: bytes, now: datetime) -> float | None:
    """The seconds that the server asks us to wait; None where it doesn't say.

    Read from `Retry-After` (seconds or HTTP date), else the body's `retry_after` (seconds), else, with a 429,
    `X-RateLimit-Reset` (Unix seconds). Dates are read by the server's own clock where it shows one, because
    ours may be wrong.
    """
    server_now = _date(response.headers.get("date", "")) or now
    header = response.headers.get("retry-after", "")
    if (seconds := _seconds(header)) is not None:
        return seconds
    if (moment := _date(header)) is not None:
        return max((moment - server_now).total_seconds(), 0.0)
    document = _document(body)
    if (seconds := _seconds(document.get("retry_after"))) is not None:
        return seconds
    reset = _seconds(response.headers.get("x-ratelimit-reset", ""))
    if reset is not None and response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        return max(reset - server_now.timestamp(), 0.0)
    return None


def is_html(response: httpx.Response, body: bytes) -> bool:
    """Whether a page for people came where data was asked for."""
    return "html" in response.headers.get("content-type", "") or body.lstrip()[:1] == b"<"


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _message(body: bytes, key: str) -> str:
    """`: what Famulor says`, one short line; "" where it says nothing that is meant for us."""
    document = _document(body)
    said = document.get("message") or document.get("error")
    if not isinstance(said, str):
        return ""
    faulty = document.get("errors")
    fields = f" ({', '.join(map(str, faulty))})" if isinstance(faulty, dict) and faulty else ""
    return f": {_clean(said + fields, key)}"


def _clean(text: str, key: str) -> str:
    """One line of at most MESSAGE_LENGTH characters, without the key, even where the server echoes it."""
    without_key = text.replace(key, "[key]")
    without_bearer = re.sub(r"(?i)bearer\s+(?!\[key\])\S+", "Bearer [key]", without_key)
    line = " ".join("".join(c if c.isprintable() else " " for c in without_bearer).split())
    return line if len(line) <= MESSAGE_LENGTH else f"{line[: MESSAGE_LENGTH - 1]}…"


def _place(location: str) -> str:
    """A redirect's host and path: its query may hold anything."""
    url = httpx.URL(location)
    return f"{url.host}{url.path}" or "nowhere"
