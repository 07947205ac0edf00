"""Failures of everything but tools, in the protocol's terms: a client reads a code, a person the same words."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mcp import MCPError
from mcp.types import INTERNAL_ERROR, INVALID_PARAMS

from mcp_server import render
from mcp_server.answers import as_error
from mcp_server.calls import unexpected
from shared.errors import FamulorError, QuestionError, StoreError, UpstreamError

_log = logging.getLogger(__name__)


@contextmanager
def in_protocol_terms(what: str, **data: Any) -> Iterator[None]:
    """Raises MCPError instead of whatever is raised within: -32602 where the asker can help it, else -32603.

    `what` was asked for, for the log; `data` goes with the error, beside what a tool's error tells.
    """
    try:
        yield
    except Exception as error:  # whatever it was: the client gets words, the log the rest
        if isinstance(error, UpstreamError | StoreError):
            _log.warning("%s: %s", what, render.line(str(error)))
        failure = error if isinstance(error, FamulorError) else unexpected(what, error)
        told = as_error(failure).structured_content
        code = INVALID_PARAMS if isinstance(failure, QuestionError) else INTERNAL_ERROR
        details: dict[str, Any] = told["error"] if told else {}
        raise MCPError(code=code, message=details.pop("message"), data={**data, **details}) from error
