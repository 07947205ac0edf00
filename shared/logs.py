"""Logging to standard error, for people or as JSON; set up once by each program."""

import logging
import sys
from typing import Literal

NOISY = (
    "alembic",
    "httpx",
    "httpcore",
    "slack_bolt.RequestVerification",
    "aiohttp.access",
    "mcp.server.streamable_http",
    "mcp.server.streamable_http_manager",
    "mcp.server._streamable_http_modern",
    "sse_starlette.sse",
    "httpx2",
    "httpcore2",
    "aiosqlite",
    "matplotlib",
    "PIL",
)
"""They log addresses, session ids or whole requests and answers; below WARNING they say nothing that is for a log."""


def configure_logging(level: str, form: Literal["console", "json"]) -> None:
    """One handler on standard error (standard output may be a protocol); repeated calls replace it."""
    handler = logging.StreamHandler(sys.stderr)
    if form == "json":
        from pythonjsonlogger.json import JsonFormatter  # noqa: PLC0415 # only who asks for JSON pays for it

        handler.setFormatter(JsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-8s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in NOISY:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))
