"""Famulor's answers, word for word as its reference documents them; where it does not, as Laravel words them."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web


def found(content: Any) -> web.Response:
    """200 with that JSON."""
    return _json(200, content)


def key_missing() -> web.Response:
    """401 to a request without an `Authorization` header."""
    return _json(
        401,
        {
            "error": "Missing Authorization header",
            "message": "Send your API key as: Authorization: Bearer <API key>",
        },
    )


def key_invalid() -> web.Response:
    """401 to a request whose key is not known (any more)."""
    return _json(401, {"error": "Invalid API key", "message": "The provided API key is invalid or expired"})


def forbidden() -> web.Response:
    """403 to a key without the permission."""
    return _json(
        403,
        {"error": "Insufficient permissions", "message": "The API key has no permission for this resource"},
    )


def not_found(message: str = "The requested resource could not be found.") -> web.Response:
    """404 in words."""
    return _json(404, {"message": message})


def method_not_allowed(method: str, allowed: str) -> web.Response:
    """405 with the methods that are."""
    message = f"The {method} method is not supported for this route. Supported methods: {allowed}."
    return _json(405, {"message": message}, {"Allow": allowed})


def invalid(errors: Mapping[str, list[str]]) -> web.Response:
    """422 with the reasons by field."""
    reasons = [reason for of_field in errors.values() for reason in of_field]
    return _json(422, {"message": " ".join(reasons), "errors": errors})


def too_many_requests(retry_after: float | None = None, headers: Mapping[str, str] | None = None) -> web.Response:
    """429; with the seconds to wait in the body where they are given."""
    content: dict[str, Any] = {
        "error": "Rate limit exceeded",
        "message": "Too many requests. Please slow down.",
    }
    if retry_after is not None:
        content["retry_after"] = retry_after
    return _json(429, content, headers)


def server_error(message: str, status: int = 500, headers: Mapping[str, str] | None = None) -> web.Response:
    """An error that the application itself answers."""
    return _json(status, {"message": message}, headers)


def page(title: str, status: int, headers: Mapping[str, str] | None = None) -> web.Response:
    """HTML where JSON was asked for."""
    html = (
        f"<!DOCTYPE html>\n<html>\n<head><title>{title}</title></head>\n"
        f"<body>\n<center><h1>{title}</h1></center>\n</body>\n</html>\n"
    )
    return web.Response(text=html, content_type="text/html", status=status, headers=headers)


def _json(status: int, content: Any, headers: Mapping[str, str] | None = None) -> web.Response:
    body = json.dumps(content, separators=(",", ":")).encode()
    return web.Response(body=body, status=status, content_type="application/json", headers=headers)
